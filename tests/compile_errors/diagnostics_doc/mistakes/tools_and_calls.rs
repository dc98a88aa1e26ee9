//! What `docs/diagnostics.md` shows as wrong under "Tools and calls".

#![allow(unused)]

use std::sync::Arc;

use mock_core::*;

#[derive(serde::Serialize)]
struct SearchArgs {
    query: String,
}

fn answer() -> Response {
    Message::assistant("Hi.").into()
}

async fn look_up(request: Request) -> Response {
    answer()
}

fn city() -> &'static str {
    "Paris"
}

fn expected_tool() {
    {
        mock_provider!(tools = ["find"], script = [reply("a")]);
    }
    {
        mock_provider!(call("find"), on(tool_result("find")).reply("a"), call(tools::find));
    }
    {
        mock_provider!(tools = [get_weather(city: string)]);
    }
    {
        mock_provider!(call("get_weather" { city: "Paris" }));
    }
    {
        mock_provider!(call(get_weather, { city: "Paris" }));
    }
    {
        mock_provider!(call(get-weather { city: "Paris" }));
    }
    {
        mock_provider!(call(find.named("find-it") { city: "Paris" }));
    }
}

fn undeclared_tool() {
    {
        mock_provider!(tools = [find], script = [call(fnd), on(has_tool(search)).reply("{lookup.temp}")]);
    }
}

fn duplicate_tool() {
    {
        mock_provider!(tools = [find { city: string }, find { country: string }], script = [call(find { city: "Paris" })]);
    }
    {
        mock_provider!(tools = [find.named("look"), look], script = [call(find)]);
    }
}

fn unknown_tool_word() {
    {
        mock_provider!(tools = [find.describe("finds"), look { city: string.optional() }], script = [call(find.json("{"))]);
    }
    {
        mock_provider!(tools = [find { city: string } -> object { days: integer }]);
    }
}

fn unknown_type() {
    {
        mock_provider!(tools = [find { city: String, days: u32, near: Vec(string) }], script = [reply("a")]);
    }
    {
        mock_provider!(tools = [find { cities: Vec<String> }]);
    }
    {
        mock_provider!(tools = [find { city: "string" }]);
    }
}

fn incomplete_type() {
    {
        mock_provider!(tools = [find { city, near: list, unit: one_of(), place: object(string), days: integer(3), all: one_of(5) }], script = [reply("a")]);
    }
    {
        mock_provider!(tools = [get_weather { unit: one_of(["celsius", "fahrenheit"]) }]);
    }
}

fn typed_tool() {
    {
        mock_provider!(tools = [find(string), search(SearchArgs, Options)], script = [reply("a")]);
    }
    {
        mock_provider!(tools = [find(Vec<SearchArgs>)], script = [reply("a")]);
    }
    {
        mock_provider!(tools = [find(SearchArgs)], script = [call(find { query: null, near: [Some(object { query: "a" })] })]);
    }
}

fn keyword_name() {
    {
        mock_provider!(tools = [find { type: string }], script = [reply("a")]);
    }
    {
        mock_provider!(call(find { self: "me" }));
    }
    {
        mock_provider!(reply("Hi.").named(self));
    }
}

fn field_names() {
    {
        mock_provider!(tools = [find { 0: string, ..all }], script = [reply("a")]);
    }
    {
        mock_provider!(call(get_weather { "city": "Paris" }));
    }
    {
        mock_provider!(call(get_user { user-id: "ada" }));
    }
}

fn wire_name() {
    {
        mock_provider!(tools = [find.named(get)], script = [call(find.named("find-it"))]);
    }
    {
        mock_provider!(call(find.named("find-it")), call(find.named("find-them")));
    }
    {
        mock_provider!(tools = [find { user: string.named("id"), id: string }], script = [call(find { user: "a", id: "b" })]);
    }
    {
        mock_provider!(tools = [find.named("")], script = [call(find)]);
    }
}

fn unknown_argument() {
    {
        mock_provider!(tools = [find { city: string }], script = [call(find { city: "Paris", days: 3 })]);
    }
    {
        mock_provider!(
            tools = [find { place: object { city: string } }],
            script = [call(find { place: object { city: "Paris", country: "France" } })],
        );
    }
}

fn missing_arguments() {
    {
        mock_provider!(tools = [find { city: string, days: integer }], script = [call(find { city: "Paris" })]);
    }
    {
        mock_provider!(
            tools = [find { city: string, days: integer }, look { place: object { city: string, country: string } }],
            script = [call(find), call(look { place: object { city: "Paris" } }), call(look { place: object {} })],
        );
    }
}

fn argument_type() {
    {
        mock_provider!(
            tools = [find { days: integer, unit: one_of("celsius", "fahrenheit") }],
            script = [call(find { days: "3", unit: "kelvin" })],
        );
    }
}

fn raw_and_arguments() {
    {
        mock_provider!(call(find { city: "Paris" }.raw("{")));
    }
}

fn call_id() {
    {
        mock_provider!(call(find.id("")), call(find.id("call_7")).times(2));
    }
    {
        mock_provider!(per = model, script = [call(find.id("call_7"))]);
    }
    {
        mock_provider!(call(find.id("call_7")), call(find.id("call_7")));
    }
}

fn main() {}
