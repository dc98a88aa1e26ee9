//! What `docs/diagnostics.md` shows as wrong under "Rules".

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

fn invalid_rule() {
    {
        mock_provider!(rules = match input { user("hi") => reply("ho") });
    }
    {
        mock_provider!(rules = match request { user("hi"), });
    }
    {
        mock_provider!(rules = match request { user("hi") -> reply("ho") });
    }
    {
        mock_provider!(rules = match request { user("hello") && system("terse") => reply("Hi.") });
    }
    {
        mock_provider!(rules = match request { user("hello") || user("hi") => reply("Hi.") });
    }
    {
        mock_provider!(rules = match request { _ if system("terse") => reply("Hi.") });
    }
    {
        mock_provider!(rules = match request { !user("hello") => reply("Hi.") });
    }
    {
        mock_provider!(rules = match request {});
    }
    {
        mock_provider!(rules = match request { _ => { reply("Hi."); } });
    }
    {
        mock_provider!(rules = match request { _ => [reply("Hi."), reply("Ho.")] });
    }
}

fn when_in_rule() {
    {
        mock_provider!(rules = match request { when(|request| request.messages.len() > 2) => reply("ho") });
    }
    {
        mock_provider!(lanes = match request { when(|request| request.messages.len() > 2) => [reply("ho")] });
    }
}

fn outside_the_script() {
    {
        mock_provider!(rules = match request { user("hi") => reply("ho").times(3), _ => on(user("a")).reply("b") });
    }
    {
        mock_provider!(otherwise = on(user("a")).reply("b"));
    }
}

fn catch_all() {
    {
        mock_provider!(rules = match request { hello => reply("a") });
    }
    {
        mock_provider!(rules = match request { user("a") | _ => reply("a") });
    }
}

fn unreachable_rule() {
    {
        mock_provider!(rules = match request { _ => reply("a"), user("b") => reply("b") });
    }
    {
        mock_provider!(rules = match request { user("b") => reply("b"), user("b") if request.tools.is_empty() => reply("c") });
    }
    {
        mock_provider!(script = [reply("a").forever()], rules = match request { user("b") => reply("b") });
    }
    {
        mock_provider!(rules = match request { _ => reply("a") }, otherwise = reply("b"));
    }
    {
        mock_provider!(script = [on(user("a")).reply("a").forever()], rules = match request { user("a") => reply("b") });
    }
    {
        mock_provider!(script = [reply("a").forever()], otherwise = reply("b"));
    }
}

fn nothing_to_repeat() {
    {
        mock_provider!(otherwise = cycle);
    }
}

fn unknown_otherwise() {
    {
        mock_provider!(script = [reply("a")], otherwise = repeat);
    }
    {
        mock_provider!(reply("Hi."), otherwise = repeat_last());
    }
    {
        mock_provider!(script = [reply("a")], otherwise = "cycle");
    }
}

fn main() {}
