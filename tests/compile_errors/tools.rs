//! Tools, the types of their arguments, and calls.

use mock_core::mock_provider;

const CITY: &str = "Paris";

mock_provider!(
    Weather,
    tools = [
        get_weather {
            city: string,
            unit: optional(one_of("celsius", "fahrenheit")),
            place: optional(object { lat: number, lon: number }),
        },
        get_time { zone },
        get_time { zone: list },
        get_date(string),
    ],
    script = [
        call(get_weather { town: "Paris", unit: "kelvin" }),
        call(get_weather { city: 5 }),
        call(get_weather { city: "Paris", city: "Rome" }),
        call(get_weather { city: "Paris", place: object { lat: "north", long: 1.5 } }),
        call(get_weather { city: CITY }),
        call(get_weather("Paris")),
        call(get_weather { unit: "celsius" }),
    ],
);

mock_provider!(
    Declared,
    tools = [get_weather { city: string }],
    script = [
        call(get_wether { city: "Paris" }),
        on(tool_result(get_wether)).reply("a"),
        on(tool_result("get_weather")).reply("b"),
    ],
);

fn main() {}
