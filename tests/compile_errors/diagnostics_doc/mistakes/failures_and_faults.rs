//! What `docs/diagnostics.md` shows as wrong under "Failures and faults".

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

fn unknown_failure() {
    {
        mock_provider!(fail(rate_limited), fail("rate limit"), fail(ErrorKind::Auth));
    }
    {
        mock_provider!(reply("Hi.").error_after(auth, 1), reply("Hi.").error_after(1, fail(auth)));
    }
    {
        mock_provider!(fail(rate_limit(retry_after: 2s)));
    }
}

fn failure_field() {
    {
        mock_provider!(fail(rate_limit { reason: "too fast", status: "429" }), fail(auth { status: 42 }));
    }
    {
        mock_provider!(fail(auth { headers: "server: gateway" }), fail(auth { headers: ["server"] }), fail(auth { code: "" }));
    }
}

fn no_retry_after() {
    {
        mock_provider!(fail(auth { retry_after: 2s }));
    }
}

fn invalid_header() {
    {
        mock_provider!(fail(auth { headers: [("x id", "a"), ("content-length", "5"), ("x-note", "a\nb")] }));
    }
}

fn no_reply() {
    {
        mock_provider!(fail(timeout { body: "late" }), reply("Hi.").error_after(1, overloaded { headers: [("x-a", "b")] }));
    }
    {
        mock_provider!(fail(generic { status: 204, body: "" }));
    }
    {
        mock_provider!(raw("a").status(204), hang().headers([("x-a", "b")]));
    }
}

fn raw_answer() {
    {
        mock_provider!(raw("a").reply("b"), reply("Hi.").status(201), frames(["a"]).finish(stop));
    }
    {
        mock_provider!(raw("a").every(20ms), raw("a").end_after(1), frames(["a"]).stall_after(done));
    }
}

fn embeddings() {
    {
        mock_provider!(embed(0.5, 1.0), embed([]), embed([[0.5], [1.0]]), embed([1e39]), embed(["a"]));
    }
    {
        mock_provider!(embed().reply("Hi."), embed().ttft(300ms).every(20ms), embed().finish(stop));
    }
    {
        mock_provider!(embed().embed([0.5]), embed([0.5, 1.0]).embed([0.5]));
    }
}

fn second_fault() {
    {
        mock_provider!(reply("One two three.").cut_after(1).stall_after(2));
    }
    {
        mock_provider!(reply("One two three.").hang().end_after(2));
    }
}

fn late_fault() {
    {
        mock_provider!(stream(["Hel", "lo"]).cut_after(3));
    }
    {
        mock_provider!(reply("Hi.").end_after(done), reply("Hi.").hang().stall_after(finish));
    }
}

fn main() {}
