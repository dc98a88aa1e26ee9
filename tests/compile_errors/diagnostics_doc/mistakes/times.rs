//! What `docs/diagnostics.md` shows as wrong under "Times".

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

fn time_without_unit() {
    {
        mock_provider!(latency = 120, script = [reply("Hi.").ttft(1.5)]);
    }
    {
        mock_provider!(reply("Hi.").every(5 ms));
    }
}

fn time_in_quotes() {
    {
        mock_provider!(latency = "120ms", script = [reply("Hi.").ttft("2 seconds")]);
    }
}

fn invalid_time() {
    {
        mock_provider!(latency = 5min, script = [reply("Hi.").every(-20ms), reply("Ho.").every(20days).ttft(true)]);
    }
    {
        mock_provider!(reply("Hi.").ttft(5ms..300ms));
    }
    {
        mock_provider!(reply("Hi.").ttft(twice(5ms)));
    }
    {
        mock_provider!(reply("Hi.").ttft(1e3s).every(0.0001us));
    }
}

fn no_time() {
    {
        mock_provider!(latency = 0ms, script = [reply("Hi.").every(0s), reply("Ho.").ttft(0us)]);
    }
}

fn latency_range() {
    {
        mock_provider!(latency = 120ms..80ms, reply("Hi."));
    }
    {
        mock_provider!(latency = 80ms.., reply("Hi."));
    }
    {
        mock_provider!(latency = 80ms..120ms.timeout_over(150ms), reply("Hi."));
    }
    {
        mock_provider!(latency = (80ms, 120ms), reply("Hi."));
    }
    {
        mock_provider!(latency = 80ms, 120ms, reply("Hi."));
    }
    {
        mock_provider!(latency = 80ms..120ms.timeout_ovr(150ms), reply("Hi."));
    }
}

fn unknown_latency() {
    {
        mock_provider!(latency = exponential(100ms, 2), reply("Hi."));
    }
    {
        mock_provider!(latency = growing(100ms), reply("Hi."));
    }
    {
        mock_provider!(latency = 80ms.timeout_ovr(150ms), reply("Hi."));
    }
    {
        mock_provider!(latency = growing(0.10, 100ms), reply("Hi."));
    }
}

fn main() {}
