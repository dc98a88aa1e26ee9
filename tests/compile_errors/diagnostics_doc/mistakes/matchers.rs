//! What `docs/diagnostics.md` shows as wrong under "Matchers".

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

fn unknown_matcher() {
    {
        mock_provider!(on("hello").reply("a"), on(usr("hello")).reply("b"), on(user("a") | user("b")).reply("c"));
    }
    {
        mock_provider!(rules = match request { on(user("hello")) => reply("Hi.") });
    }
    {
        mock_provider!(on(any_of([user("a"), user("b")])).reply("c"));
    }
}

fn empty_matcher() {
    {
        mock_provider!(on().reply("a"), on(user()).reply("b"));
    }
    {
        mock_provider!(on(user("")).reply("Hi."));
    }
}

fn never_holds() {
    {
        mock_provider!(on(user("hi"), not(user("hi"))).reply("a"), on(model("gpt-4o"), model("gpt-4.1")).reply("b"));
    }
    {
        mock_provider!(on(any_of(user("hi"), all_of(model("gpt-4o"), model("gpt-4.1")))).reply("a"));
    }
    {
        mock_provider!(lanes = match request { all_of(model("gpt-4o"), model("gpt-4.1")) => [reply("a")], _ => [reply("b")] });
    }
}

fn pattern_literal() {
    {
        mock_provider!(on(user(GREETING)).reply("Hi."));
    }
    {
        mock_provider!(on(header(NAME, "eu")).reply("Hi."));
    }
}

fn model_name() {
    {
        mock_provider!(on(model("gpt-4o ")).reply("Hi."), on(model("")).reply("Ho."));
    }
}

fn invalid_path() {
    {
        mock_provider!(rules = match request { path("health") => raw("ok"), path("get /health") => raw("ok") });
    }
}

fn path_in_script() {
    {
        mock_provider!(on(path("/health")).reply("ok"));
    }
    {
        mock_provider!(lanes = match request { _ => [reply("Hi."), on(path("POST /oauth/token")).raw("{}")] });
    }
}

fn invalid_capture() {
    {
        mock_provider!(on(user("in {city:line}")).reply("a"), on(user("{0}")).reply("b"));
    }
    {
        mock_provider!(on(user("from {city} to {city}")).reply("c"));
    }
    {
        mock_provider!(on(user("say {all:rest} twice")).reply("d"));
    }
    {
        mock_provider!(on(user("{days:word}s of rain")).reply("e"));
    }
    {
        mock_provider!(on(user("I am {first}{last}")).reply("f"));
    }
}

fn reserved_capture() {
    {
        mock_provider!(on(user("I am {user}")).reply("Hi."));
    }
}

fn invalid_regex() {
}

fn regex_feature() {
    {
        mock_provider!(on(user(regex(r"in (?<city>\w+)"))).reply("{city}"));
    }
}

fn main() {}
