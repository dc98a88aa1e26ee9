//! Lengths of time, and how often a turn answers.

use mock_core::mock_provider;

mock_provider!(
    Times,
    latency = 120,
    script = [
        reply("a").every("20ms"),
        reply("a").ttft(20sec),
        reply("a").every(-5ms),
        fail(rate_limit { retry_after: 2 }),
    ],
);

mock_provider!(Latency, latency = 120ms..80ms, reply("a"));

mock_provider!(
    Counts,
    reply("a").times(0),
    reply("b").times(1..3),
    reply("c").times(3..=1),
    reply("d").times(..=3),
    reply("e").times("twice"),
    reply("f").times(2).times(3),
    reply("g").forever(3),
);

fn main() {}
