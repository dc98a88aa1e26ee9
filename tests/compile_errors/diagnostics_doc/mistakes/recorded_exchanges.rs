//! What `docs/diagnostics.md` shows as wrong under "Recorded exchanges".

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

fn replayed_answer() {
    {
        mock_provider!(replay(3));
    }
    {
        mock_provider!(replay(three));
    }
}

fn cassette_feature() {
}

fn cassette_file() {
}

fn cassette_format() {
}

fn cassette_wire() {
}

fn cassette_secret() {
}

fn cassette_call() {
}

fn main() {}
