//! Values that are known only when the test runs, and are of another type.

use mock_core::mock_provider;

const BIG: u64 = 5;
const SMALL: i32 = 5;

mock_provider!(Constant, reply("a b c").cut_after(BIG));

mock_provider!(
    Constants,
    latency = growing(SMALL, SMALL),
    seed = SMALL,
    models = [SMALL],
    script = [
        reply(None),
        reply("b").every(SMALL).usage(SMALL, BIG),
        reply("c")
            .tokens_per_second(SMALL)
            .split(chars(SMALL))
            .usage(SMALL),
        raw("d").status(SMALL),
        fail(rate_limit { retry_after: SMALL }),
        embed([SMALL]),
        embed(SMALL),
        pause(SMALL).reply("e"),
    ],
    expect = [within(SMALL)],
);

fn main() {
    let words = vec!["a"];
    let _ = mock_provider!(
        reply("a").times(words.len()),
        reply(words.len()),
        stream([words[0], BIG]),
        reply("b").stall_after(words.len()),
        reply("c").every(BIG).usage(BIG, SMALL),
        fail(overloaded { retry_after: BIG }),
        fail(auth {
            body: words.len(),
            headers: [("a", BIG)]
        }),
    );
}
