//! What `docs/diagnostics.md` shows as wrong under "Templates".

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

fn stray_brace() {
    {
        mock_provider!(reply("a { b"), reply("a } b"));
    }
}

fn unknown_variable() {
    {
        mock_provider!(reply("{}"), reply("{a b}"), reply("{find[0]}"));
    }
    {
        mock_provider!(on(user("in {city}")).reply("{city.name} {user.id}"));
    }
}

fn json_in_text() {
    {
        mock_provider!(reply("{\"city\": \"Paris\"}"));
    }
    {
        mock_provider!(json("{}"), json("{\"city\": \"Paris\"}"));
    }
}

fn unbound_variable() {
    {
        mock_provider!(on(user("in {city}")).reply("It rains in {ctiy}."));
    }
}

fn unknown_result_field() {
    {
        mock_provider!(
            tools = [find { city: string }.returns(object { temp: number })],
            script = [on(tool_result(find)).reply("{find.tmep} °C")],
        );
    }
}

fn main() {}
