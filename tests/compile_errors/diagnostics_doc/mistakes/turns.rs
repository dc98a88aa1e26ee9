//! What `docs/diagnostics.md` shows as wrong under "Turns".

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

fn expected_turn() {
    {
        mock_provider!(script = ["Hi."]);
    }
    {
        mock_provider!(reply("Hi.")?);
    }
    {
        mock_provider!(reply!("Hi."), builder::reply("Hi."), reply("Hi.").await, reply("Hi.")..times(2));
    }
}

fn unknown_action() {
    {
        mock_provider!(reply("Hi.").delay(20ms), user("hi").reply("ho"), repply("Hi."));
    }
}

fn wrong_order() {
    {
        mock_provider!(reply("ho").on(user("hi")), times(3).reply("Hi."));
    }
    {
        mock_provider!(on(user("hi")).forever().reply("ho"));
    }
    {
        mock_provider!(reasoning("Let me see."), signature("c2lnbmVk"));
    }
}

fn empty_turn() {
    {
        mock_provider!(on(user("hi")));
    }
}

fn not_alone() {
    {
        mock_provider!(reply("Hi.").fail(server_error), respond_with(|_| answer()).reply("Hi."));
    }
}

fn after_the_end() {
    {
        mock_provider!(hang().reply("Hi."));
    }
}

fn unused_turn() {
    {
        mock_provider!(reply("Hi.").times(0));
    }
}

fn unreachable_turn() {
    {
        mock_provider!(reply("Hi.").forever(), reply("Bye."));
    }
    {
        mock_provider!(on(user("hi")).reply("Hi.").forever(), on(user("hi"), model("gpt-4o")).reply("Hello."));
    }
}

fn turn_name() {
    {
        mock_provider!(reply("Hi.").named("first"), reply("a").named(second), reply("b").named(second));
    }
}

fn needs_argument() {
    {
        mock_provider!(reply().ttft(), reply("Hi.").cut_after(), reply("Hi.").split(chars));
    }
    {
        mock_provider!(reply("Hi.").forever);
    }
    {
        mock_provider!(reply { "Hi." });
    }
    {
        mock_provider!(stream["Hi ", "there."]);
    }
    {
        mock_provider!(on user("hello").reply("Hi."));
    }
    {
        mock_provider!(expect = [calls: 2..=4], script = [reply("Hi.")]);
    }
}

fn extra_argument() {
    {
        mock_provider!(reply("Hi.", "Ho."), hang(5), on(user("a", "b")).reply("c"), reply("Hi.").split(words(2)));
    }
    {
        mock_provider!(fail(rate_limit, retry_after = 2s));
    }
    {
        mock_provider!(tools = [a, b, c], script = [reply("Hi.")], expect = [order(a, b, c)]);
    }
}

fn expected_text() {
    {
        mock_provider!(name = 5, script = [reply(42), reply(verbatim())]);
    }
    {
        mock_provider!(Guide, script = [reply(format!("Hi, {}.", "Ada"))]);
    }
    {
        mock_provider!(reply("Hi " "there."));
    }
    {
        mock_provider!(gate("").reply("Hi."));
    }
    {
        mock_provider!(reply("Hi, " + "Ada."));
    }
    {
        mock_provider!(name = "", script = [reply(template("Hi.")), reply(verbatm("{42}"))]);
    }
    {
        mock_provider!(script = [gate(5).reply("Hi.").finish(other(5)), raw({ "temp": 5 })]);
    }
    {
        mock_provider!(fail(auth { body: 5, code: 5, headers: [(5, "a")] }), reply("Hi.").keepalive(5s, 5));
    }
    {
        mock_provider!(models = [5], reply("Hi."));
    }
    {
        mock_provider!(frames([5]), raw("Hi.").headers([("x-id", 5)]));
    }
    {
        mock_provider!(reply("Hi."s));
    }
}

fn stream_pieces() {
    {
        mock_provider!(stream("Hello"), stream([]));
    }
    {
        mock_provider!(frames("data: [DONE]"), frames([]));
    }
}

fn expected_closure() {
    {
        mock_provider!(respond_with(answer()), on(when(async |_| true)).reply("Hi."));
    }
    {
        mock_provider!(respond_with(|| Response::from(Message::assistant("Hi."))));
    }
    {
        mock_provider!(respond_with(|request| async move { look_up(request).await }));
    }
    {
        mock_provider!(respond_with(|request|));
    }
}

fn main() {}
