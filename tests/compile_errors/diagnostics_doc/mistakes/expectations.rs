//! What `docs/diagnostics.md` shows as wrong under "Expectations".

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

fn unknown_expectation() {
    {
        mock_provider!(expect = [call(2), system("terse")], script = [reply("Hi.")]);
    }
    {
        mock_provider!(expect = [calls >= 2, "within"], script = [reply("Hi.")]);
    }
}

fn impossible_expectation() {
    {
        mock_provider!(script = [reply("a"), reply("b")], expect = [calls(..=1)]);
    }
    {
        mock_provider!(script = [reply("a")], expect = [calls(0)]);
    }
    {
        mock_provider!(max_calls = 1, script = [reply("a"), reply("b")]);
    }
    {
        mock_provider!(max_calls = 3, otherwise = reply("a"), expect = [calls(4..)]);
    }
    {
        mock_provider!(script = [on(user("hi")).reply("a")], expect = [never_sent(user("hi"))]);
    }
    {
        mock_provider!(script = [reply("a")], expect = [sent(user("hi")), never_sent(user("hi"))]);
    }
    {
        mock_provider!(script = [reply("a")], expect = [waited_retry_after]);
    }
    {
        mock_provider!(tools = [a, b, c], script = [reply("a")], expect = [order(a, b), order(b, c), order(c, a)]);
    }
    {
        mock_provider!(tools = [a], script = [reply("a")], expect = [order(a, a)]);
    }
}

fn main() {}
