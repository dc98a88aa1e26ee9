//! What `docs/diagnostics.md` shows as wrong under "Modifiers".

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

fn contradiction() {
    {
        mock_provider!(reply("a").times(3).forever(), reply("b").every(20ms).tokens_per_second(50));
    }
}

fn no_answer() {
    {
        mock_provider!(fail(rate_limit).ttft(300ms), fail(auth).every(5ms).cut_after(2), hang().finish(length));
    }
    {
        mock_provider!(reply("Hi there.").finish(length).cut_after(1));
    }
    {
        mock_provider!(fail(overloaded).keepalive(10s).flush(each));
    }
}

fn invalid_number() {
    {
        mock_provider!(reply("a").times("twice"), reply("b").split(chars(0)), reply("c").tokens_per_second(0));
    }
    {
        mock_provider!(reply("a").cut_after(99999999999), call(find).pieces(1.5), reply("b").times(3u8));
    }
    {
        mock_provider!(latency = growing(100ms, -1), reply("a"));
    }
    {
        mock_provider!(reply("a").times(-1), reply("b").cut_after("1"));
    }
    {
        mock_provider!(reply("Hi.").cut_after(1..3));
    }
    {
        mock_provider!(reply("Hi.").ttft(.5s), reply("Ho.").ttft(1.5.2s));
    }
    {
        mock_provider!(reply("Hi.").cut_after("one"));
    }
    {
        mock_provider!(latency = growing(100ms, 10%), script = [reply("a").times(+2), call(find).pieces(0)]);
    }
    {
        mock_provider!(reply("Hi.").ttft(1. 5s));
    }
    {
        mock_provider!(max_calls = 0, script = [reply("Hi.")]);
    }
}

fn invalid_range() {
    {
        mock_provider!(reply("a").times(1..3), reply("b").times(..=3), reply("c").times(3..=1));
    }
    {
        mock_provider!(reply("a").split(random(3)), reply("b").split(random(1..)), reply("c").split(random(1..5)));
    }
    {
        mock_provider!(reply("a").split(random(5..=1)));
    }
    {
        mock_provider!(reply("Hi.").times(1..=));
    }
    {
        mock_provider!(reply("a").times(1...3));
    }
    {
        mock_provider!(expect = [calls(..), tokens(0..)], script = [reply("a")]);
    }
}

fn unknown_split() {
    {
        mock_provider!(reply("Hi.").split(lines), reply("Hi.").split("words"));
    }
}

fn nothing_to_split() {
    {
        mock_provider!(stream(["Hel", "lo"]).split(chars(1)), reply("Hi.").pieces(3));
    }
}

fn unknown_finish() {
    {
        mock_provider!(reply("Hi.").finish(max_tokens), reply("Hi.").finish("stop"), reply("Hi.").finish(other));
    }
}

fn keepalive_text() {
    {
        mock_provider!(reply("Hi.").ttft(9s).keepalive(5s, "busy"));
    }
    {
        mock_provider!(reply("Hi.").ttft(9s).keepalive(5s, ""));
    }
    {
        mock_provider!(reply("Hi.").ttft(9s).keepalive(5s, ": a\n\n: b"));
    }
}

fn unknown_flush() {
    {
        mock_provider!(reply("Hi.").flush(eahc), reply("Hi.").flush("each"));
    }
}

fn main() {}
