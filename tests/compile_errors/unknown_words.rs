//! A word that no one knows: which it may have been, and which there are.

use mock_core::mock_provider;

mock_provider!(
    Weather = opnai("gpt-4o"),
    lateny = 80ms..120ms,
    delay = 20ms,
    tools = [get_weather { city: strng, days: Vec, note: String }],
    script = [
        on(usr("x")).reply("a"),
        on(user("x")).repply("b"),
        reply("c").evry(20ms),
        repl("d"),
        user("e").reply("e"),
        fail(rate_limt),
        fail(rate_limit { retry_in: 2s }),
    ],
);

mock_provider!(
    chat = openai("gpt-4o"),
    reply("Hi."),
);

fn main() {
    let _ = Weather::new();
}
