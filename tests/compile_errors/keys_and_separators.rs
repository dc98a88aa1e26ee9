//! Keys, values, and what joins them.

use mock_core::mock_provider;

mock_provider!(
    Weather = openai("gpt-4o", "gpt-5") latency: 120ms,
    latency = 80ms,
    tools = get_weather,
    vis = private,
    script = [
        reply("a" "b"),
        reply("c") reply("d"),
        reply("{city}") + 1,
    ],
);

mock_provider!(pub struct Storm = plain, reply("Hi."));

mock_provider!(Rain, script =);

fn main() {
    let _ = (Weather::new(), Storm::new(), Rain::new());
    let _ = mock_provider!(vis = pub, reply("Hi."));
}
