//! What `docs/diagnostics.md` shows as wrong under "Lanes and instances".

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

fn invalid_lane() {
    {
        mock_provider!(lanes = match input { _ => [reply("a")] });
    }
    {
        mock_provider!(lanes = match request { _ = [reply("a")] });
    }
    {
        mock_provider!(lanes = match request { _ => reply("a") });
    }
    {
        mock_provider!(lanes = match request { system("a") && model("b") => [reply("a")] });
    }
    {
        mock_provider!(lanes = match request { system("a") => [] });
    }
    {
        mock_provider!(lanes = match request { user("a") => [reply("a")], _ => [reply("b")] });
    }
    {
        mock_provider!(lanes = match request { not(tool_result(look)) => [reply("a")] });
    }
    {
        mock_provider!(lanes = match request { !system("a") => [reply("a")] });
    }
    {
        mock_provider!(lanes = match request {});
    }
}

fn unreachable_lane() {
    {
        mock_provider!(lanes = match request { _ => [reply("a")], system("b") => [reply("b")] });
    }
    {
        mock_provider!(lanes = match request { system("b") => [reply("a")], all_of(system("b"), model("c")) => [reply("b")] });
    }
}

fn invalid_per() {
    {
        mock_provider!(per = session, script = [reply("a")]);
    }
    {
        mock_provider!(per = system("session"), script = [reply("a")]);
    }
    {
        mock_provider!(per = header(1), script = [reply("a")]);
    }
    {
        mock_provider!(per = header("x session"), script = [reply("a")]);
    }
    {
        mock_provider!(per = conversation(), script = [reply("a")]);
    }
    {
        mock_provider!(per = "model", script = [reply("a")]);
    }
}

fn main() {}
