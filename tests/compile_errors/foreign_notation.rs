//! What is written in the notation of something else, and values of the wrong types.

use std::time::Duration;

use mock_core::mock_provider;

struct NotSerde;

const LENGTH: usize = 3;
const PAUSE: Duration = Duration::from_millis(5);

mock_provider!(
    Latency,
    latency = (80ms..120ms).timeout_ovr(150ms),
    script = [reply("x").ttft(twice(5ms))],
);

mock_provider!(Joined, latency 5 ms, script = [json({ city: "Paris" })]);

mock_provider!(
    Types,
    tools = [find { cities: Vec<String>, at: { lat: number } }],
);

mock_provider!(
    Values,
    tools = [find { a: json }],
    script = [
        call(find { a: NotSerde }),
        reply("x").cut_after(LENGTH),
        reply("x").stall_after(PAUSE),
    ],
);

mock_provider!(Json, script = [json(json!({ "a": 1 }))]);

mock_provider!(let W = openai, script = [reply("x")]);

mock_provider!(
    Signs,
    tools = [look { at: string }],
    script = [
        on(user("a") | user("b") | any_user_message("c")).reply("x"),
        on(user("a" | "b")).reply("x"),
        call(look { at: "y" }).id("c1"),
        fail(server_error(500)),
        fail(rate_limit { retry_after: 2s }).status(430),
        fail(auth).reply("x"),
        reply("x").times(2..4),
    ],
);

fn twice(time: Duration) -> Duration {
    time * 2
}

fn main() {
    let length = LENGTH;
    mock_provider!(reply("x").cut_after(length), json(NotSerde));
}
