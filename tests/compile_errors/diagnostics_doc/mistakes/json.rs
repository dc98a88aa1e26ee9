//! What `docs/diagnostics.md` shows as wrong under "JSON".

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

fn json_notation() {
    {
        mock_provider!(json(place { city: "Paris" }), call(find { days: 3u32 }), json({ "city": "Paris" }));
    }
    {
        mock_provider!(json({ city: "Paris" }));
    }
    {
        mock_provider!(json(object(city: "Paris")));
    }
    {
        mock_provider!(metadata = object { limit: 1e400 }, script = [call(find { city: {}, days: -"three" })]);
    }
}

fn json_not_known() {
    {
        mock_provider!(Guide, script = [json(object { city: city() })]);
    }
}

fn main() {}
