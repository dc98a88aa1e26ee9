//! Templates and patterns.

use mock_core::mock_provider;

mock_provider!(
    Unbound,
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}")).call(get_weather { city: "{ctiy}" }),
        reply("In {town} and {town}, {user}."),
        on(tool_result(get_weather)).stream(["It is ", "{get_wether.temp}", "."]),
        fail(auth { message: "not {allowed}" }),
        reply("{get_weather.temp} in {twon}"),
        reply("a word of Rust: {type}"),
    ],
);

mock_provider!(
    Braces,
    reply("{\"a\": 1}"),
    reply("a { b"),
    reply("a } b"),
    stream(["{}", 5]),
);

mock_provider!(
    Patterns,
    on(user("in {city")).reply("{city}"),
    on(user("in {city:line}")).reply("{city}"),
    on(user("in {1}")).reply("a"),
    on(user("I am {first}{last}")).reply("a"),
    on(user(NAME)).reply("a"),
);

fn main() {}
