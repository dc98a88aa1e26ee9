//! What a stream sends before its first content, on each wire.

use std::time::Duration;

use hyper::body::Incoming;
use mock_core::builder::*;
use mock_core::scenario::{Flush, Scenario, Turn};
use mock_core::{Allow, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::raw_client::{CHAT, Client, chat, streamed};
use crate::stream_helpers::read_for;

/// A time that is longer than any answer here that comes, and shorter than one that is to come later.
const LONG: Duration = Duration::from_secs(20);

struct Wire {
    path: &'static str,
    request: Value,
    /// The names of the events that open a stream.
    opening: &'static [&'static str],
    /// How the frame of an error begins.
    error: &'static str,
}

/// The table of `docs/wires.md`.
fn wires() -> [Wire; 6] {
    let messages = json!([{ "role": "user", "content": "a" }]);
    [
        Wire {
            path: "/v1/chat/completions",
            request: json!({ "model": "m", "messages": messages, "stream": true }),
            opening: &[],
            error: "data: {\"error\":",
        },
        Wire {
            path: "/v1/responses",
            request: json!({ "model": "m", "input": "a", "stream": true }),
            opening: &["response.created", "response.in_progress"],
            error: "event: response.failed\n",
        },
        Wire {
            path: "/v1/messages",
            request: json!({ "model": "m", "max_tokens": 9, "messages": messages, "stream": true }),
            opening: &[],
            error: "event: error\n",
        },
        Wire {
            path: "/v1beta/models/m:streamGenerateContent?alt=sse",
            request: json!({ "contents": [{ "role": "user", "parts": [{ "text": "a" }] }] }),
            opening: &[],
            error: "data: {\"error\":",
        },
        Wire {
            path: "/v1beta/interactions",
            request: json!({ "model": "m", "input": "a", "stream": true }),
            opening: &["interaction.created", "interaction.status_update"],
            error: "event: error\n",
        },
        Wire {
            path: "/api/chat",
            request: json!({ "model": "m", "messages": messages }),
            opening: &[],
            error: "{\"error\":",
        },
    ]
}

impl Wire {
    async fn head(&self, server: &MockServer) -> Option<Incoming> {
        let mut client = Client::new(server).await;
        let asked = client.send("POST", self.path, self.request.to_string());
        let reply = timeout(LONG, asked).await.ok()?.expect("a head");
        assert_eq!(reply.status(), 200, "{}", self.path);
        Some(reply.into_body())
    }

    /// Splits what was sent into the names of the events that open a stream, and the rest.
    fn split<'t>(&self, text: &'t str) -> (Vec<&'t str>, &'t str) {
        let mut rest = text;
        let mut opening = Vec::new();
        while let Some((frame, after)) = rest.split_once("\n\n") {
            let name = frame
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("event: "));
            let Some(name) = name.filter(|name| self.opening.contains(name)) else {
                break;
            };
            opening.push(name);
            rest = after;
        }
        (opening, rest)
    }
}

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario))
}

#[provider_test]
async fn a_stream_is_opened_at_once_and_before_whatever_keeps_its_content_back() {
    let hi = || reply("Hi.");
    let turns: [(Turn, &str); 9] = [
        (hi().stall_after(0), "silence"),
        (hi().cut_after(0), "cut"),
        (hi().end_after(0), "end"),
        (hi().ttft(secs(30)), "silence"),
        (hi().ttft(secs(30)).end_after(ms(1)), "end"),
        (hi().ttft(secs(30)).cut_after(ms(1)), "cut"),
        (gate("open").reply("Hi."), "silence"),
        (pause(secs(30)).reply("Hi."), "silence"),
        (driven("live"), "silence"),
    ];
    for (turn, ended_by) in turns {
        for wire in wires() {
            let what = format!("{}, {turn:?}", wire.path);
            let server = serve(script([turn.clone()]));
            let body = wire.head(&server).await.expect("a head");
            let (text, how) = read_for(body, LONG).await;
            let (opening, rest) = wire.split(&text);
            assert_eq!((how, rest), (ended_by, ""), "{what}");
            assert_eq!(opening, wire.opening, "{what}");
        }
    }
}

#[provider_test]
async fn an_error_in_place_of_the_first_content_is_one_of_the_stream() {
    for flush in [Flush::Together, Flush::Each, Flush::Bytes] {
        let turns: [Turn; 4] = [
            reply("Hi.").error_after(0, overloaded()),
            reply("Hi.").error_after(0, overloaded().retry_after(secs(2))),
            reply("Hi.").ttft(secs(30)).error_after(ms(1), overloaded()),
            hang().error_after(ms(1), overloaded()),
        ];
        for turn in turns {
            for wire in wires() {
                let what = format!("{}, {turn:?}", wire.path);
                let server = serve(script([turn.clone().flush(flush)]));
                let body = wire.head(&server).await.expect("a head");
                let (text, how) = read_for(body, LONG).await;
                let (opening, rest) = wire.split(&text);
                assert_eq!((how, &*opening), ("end", wire.opening), "{what}");
                assert!(rest.starts_with(wire.error), "{what}: {rest}");
                assert_eq!(rest.matches("error\":").count(), 1, "{what}: {rest}");
            }
        }
    }
}

#[provider_test]
async fn a_malformed_frame_in_place_of_the_first_content_comes_after_the_opening() {
    for wire in wires() {
        let server = serve(script([reply("Hi.").malformed_after(0)]));
        let body = wire.head(&server).await.expect("a head");
        let (text, how) = read_for(body, LONG).await;
        let (opening, rest) = wire.split(&text);
        assert_eq!((how, &*opening), ("end", wire.opening), "{}", wire.path);
        let data = rest
            .trim_start_matches("event: ")
            .split_once("data: ")
            .map_or(rest, |(_, data)| data);
        assert!(
            serde_json::from_str::<Value>(data.trim()).is_err(),
            "{rest}"
        );
        assert!(!rest.is_empty());
    }
}

#[provider_test]
async fn a_hang_sends_the_opening_and_no_byte_on_a_wire_without_one() {
    for wire in wires() {
        let server = serve(script([hang()]));
        let text = match wire.head(&server).await {
            Some(body) => Some(read_for(body, LONG).await.0),
            None => None,
        };
        let opening = text.as_deref().map(|text| wire.split(text));
        let expected = (!wire.opening.is_empty()).then(|| (wire.opening.to_vec(), ""));
        assert_eq!(opening, expected, "{}", wire.path);
    }
}

#[provider_test]
async fn keepalives_come_after_the_opening() {
    for (scenario, times) in [
        (script([reply("Hi.").ttft(secs(25)).keepalive(secs(10))]), 2),
        (
            script([reply("Hi.").keepalive(secs(10))]).latency(secs(25)),
            2,
        ),
        (script([hang().keepalive(secs(10)).end_after(secs(25))]), 2),
    ] {
        for wire in wires()
            .into_iter()
            .filter(|wire| wire.path == "/v1/responses")
        {
            let server = serve(scenario.clone());
            let body = wire.head(&server).await.expect("a head");
            let (text, _) = read_for(body, LONG).await;
            let (opening, rest) = wire.split(&text);
            assert_eq!(opening, wire.opening, "{text}");
            assert!(
                rest.starts_with(&": keep-alive\n\n".repeat(times)),
                "{rest}"
            );
        }
    }
}

#[provider_test]
async fn an_http_failure_has_no_opening() {
    for wire in wires() {
        for turn in [fail(overloaded()), gate("open").fail(overloaded())] {
            let server = serve(
                script([turn, gate("open").reply("Hi.")]).allow(Allow::NONE.with_unused_turns()),
            );
            server.gate("open").open();
            let reply = Client::new(&server)
                .await
                .post(wire.path, &wire.request)
                .await;
            assert!(matches!(reply.status, 503 | 529), "{reply:?}");
            assert!(reply.json()["error"].is_object() || reply.json()["error"].is_string());
        }
    }
}

#[test]
fn the_openings_are_those_of_the_table_in_the_docs() {
    const DOCS: &str = include_str!("../../docs/wires.md");
    let (_, section) = DOCS
        .split_once("## Before the first content\n")
        .expect("it is there");
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let documented: Vec<Vec<&str>> = rows
        .map(|row| {
            let cell = row.split('|').nth(2).expect("a cell");
            cell.split('`').skip(1).step_by(2).collect()
        })
        .collect();
    let opening: Vec<_> = wires().iter().map(|wire| wire.opening.to_vec()).collect();
    assert_eq!(documented, opening);
}

#[provider_test]
async fn raw_frames_are_opened_by_nothing_else() {
    let raw = || frames(["data: 1\n\n", "data: 2\n\n"]);
    for wire in wires() {
        for (turn, how, fails) in [
            (raw().error_after(0, overloaded()), "end", true),
            (raw().cut_after(0), "cut", false),
            (raw().stall_after(0), "silence", false),
            (raw().malformed_after(0), "end", false),
        ] {
            let what = format!("{}, {turn:?}", wire.path);
            let server = serve(script([turn.headers([("x-a", "b")])]));
            let body = wire.head(&server).await.expect("a head");
            let (text, ended_by) = read_for(body, LONG).await;
            assert_eq!(ended_by, how, "{what}: {text}");
            assert_eq!(wire.split(&text).0, [""; 0], "{what}");
            assert_eq!(text.contains("error"), fails, "{what}: {text}");
        }
    }
}

#[provider_test]
async fn parallel_calls_begin_with_a_frame_of_the_role_alone(
    #[mock(openai("gpt-4o"), script = [call(f {}), call(f {}).call(g {})])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let tools = ["f", "g"].map(|name| json!({ "type": "function", "function": { "name": name } }));
    let mut request = streamed(chat("a"));
    request["tools"] = json!(tools);
    for (first, second) in [(true, false), (false, true)] {
        let reply = client.post(CHAT, &request).await;
        let data = reply.event_data();
        let deltas = data.iter().take(2).map(|data| {
            let chunk: Value = serde_json::from_str(data).expect("it is JSON");
            chunk["choices"][0]["delta"].clone()
        });
        let deltas: Vec<Value> = deltas.collect();
        assert_eq!(deltas[0]["role"], "assistant");
        assert_eq!(deltas[0]["tool_calls"].is_array(), first);
        assert_eq!(deltas[1]["tool_calls"][0]["id"].is_string(), second);
    }
}
