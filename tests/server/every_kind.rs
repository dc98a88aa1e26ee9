//! One declared mock that answers in every way, told by the name of the model, on each wire.

use std::time::Duration;

use mock_core::{MockServer, mock_provider, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, streamed, wires};
use crate::silence::read_for;

mock_provider!(
    Kinds,
    per = model,
    allow = [unused_turns],
    script = [
        on(model("limited-*")).fail(rate_limit).times(2),
        on(model("limited-*")).reply("At last.").forever(),
    ],
    rules = match request {
        model("text") => reply("It is fine."),
        model("json") => json(object { temp: 18 }),
        all_of(model("loop"), tool_result(get_weather)) => {
            reply("It is {get_weather.temp} degrees.")
        }
        model("call") | model("loop") => call(get_weather { city: "Oslo" }),
        model("calls") => call(get_weather { city: "Oslo" }).call(get_weather { city: "Rome" }),
        model("reasoning") => reasoning("Let me see.").reply("Yes."),
        model("length") => reply("Shortened").finish(length),
        model("filter") => reply("Filtered").finish(content_filter),
        model("400") => fail(bad_request),
        model("401") => fail(auth),
        model("403") => fail(permission),
        model("404") => fail(not_found),
        model("500") => fail(server_error),
        model("overloaded") => fail(overloaded),
        model("context") => fail(context_length),
        model("hang") => hang(),
        model("stall") => stream(["One ", "two."]).stall_after(1),
        model("reset") => fail(connection),
        model("malformed") => stream(["One ", "two."]).malformed_after(1),
        model("cut") => stream(["One ", "two."]).cut_after(1),
        model("error") => stream(["One ", "two."]).error_after(1, overloaded),
        model("text-embedding-*") => embed(),
    },
);

#[provider_test]
async fn the_same_mock_embeds(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    let mut request = json!({ "model": "text-embedding-3-small", "input": ["a", "b"] });
    let mut client = Client::new(&server).await;
    let reply = client.post("/v1/embeddings", &request).await;
    assert_eq!(reply.json()["data"].as_array().map(Vec::len), Some(2));

    request["model"] = "limited-e".into();
    for _ in 0..2 {
        let reply = client.post("/v1/embeddings", &request).await;
        assert_eq!(reply.status, 429);
    }
}

/// How long a client waits for a word.
const PATIENCE: Duration = Duration::from_secs(60);

/// The path and a request of each wire, for this model.
fn all_wires(model: &str) -> Vec<(&'static str, Value)> {
    let responses = ("/v1/responses", json!({ "input": "hello" }));
    let wires = wires("hello").into_iter().chain([responses]);
    let of_model = wires.map(|(path, mut request)| {
        request["model"] = model.into();
        (path, request)
    });
    of_model.collect()
}

/// What comes of a request: the status, the text, and how it ends.
async fn ask(server: &MockServer, path: &str, request: &Value) -> (u16, String, &'static str) {
    let mut client = Client::new(server).await;
    let head = client.send("POST", path, request.to_string());
    match tokio::time::timeout(PATIENCE, head).await {
        Err(_) => (0, String::new(), "silence"),
        Ok(Err(_)) => (0, String::new(), "reset"),
        Ok(Ok(reply)) => {
            let status = reply.status().as_u16();
            let (text, how) = read_for(reply.into_body(), PATIENCE).await;
            (status, text, how)
        }
    }
}

#[provider_test]
async fn one_mock_answers_in_every_way_on_each_wire(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    // The statuses of Chat Completions, Messages and Responses.
    let same = |status: u16| [status; 3];
    for (model, status, part, how) in [
        ("text", same(200), "fine", "end"),
        ("json", same(200), "18", "end"),
        ("call", same(200), "get_weather", "end"),
        ("calls", same(200), "Rome", "end"),
        ("loop", same(200), "Oslo", "end"),
        ("reasoning", same(200), "see.", "end"),
        ("length", same(200), "Shortened", "end"),
        ("filter", same(200), "Filtered", "end"),
        ("400", same(400), "invalid_request_error", "end"),
        ("401", same(401), "error", "end"),
        ("403", same(403), "error", "end"),
        ("404", [404, 404, 400], "not_found", "end"),
        ("500", same(500), "error", "end"),
        ("overloaded", [503, 529, 503], "error", "end"),
        ("context", same(400), "error", "end"),
        ("reset", same(0), "", "reset"),
        ("limited-1", same(429), "error", "end"),
        ("limited-2", same(429), "error", "end"),
    ] {
        for ((path, request), status) in all_wires(model).into_iter().zip(status) {
            for request in [request.clone(), streamed(request)] {
                server.rewind();
                let (came, text, ended) = ask(&server, path, &request).await;
                let told = format!("{model}, {path}: {text}");
                assert_eq!((came, ended), (status, how), "{told}");
                assert!(text.contains(part), "{told}");
            }
        }
    }
}

#[provider_test]
async fn what_breaks_off_does_so_on_each_wire(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    for (model, whole, of_stream) in [
        ("hang", "silence", "silence"),
        ("stall", "silence", "silence"),
        ("cut", "cut", "cut"),
        ("malformed", "end", "end"),
        ("error", "end", "end"),
    ] {
        for (path, request) in all_wires(model) {
            let (_, text, how) = ask(&server, path, &request).await;
            assert_eq!(how, whole, "{model}, {path}: {text}");
            let (_, text, how) = ask(&server, path, &streamed(request)).await;
            assert_eq!(how, of_stream, "{model}, {path}: {text}");
            assert_eq!(
                text.contains("One"),
                model != "hang",
                "{model}, {path}: {text}"
            );
            assert!(!text.contains("two."), "{model}, {path}: {text}");
            let is_told = text.contains("overloaded") || text.contains("service_unavailable");
            assert_eq!(is_told, model == "error", "{model}, {path}: {text}");
        }
    }
}

#[provider_test]
async fn the_first_two_calls_of_each_model_are_limited(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    for model in ["limited-a", "limited-b"] {
        // A name of a model is one, whatever the wire.
        let expected = [(429, "error"), (429, "error"), (200, "last.")];
        for ((path, request), (status, part)) in all_wires(model).into_iter().zip(expected) {
            let (came, text, _) = ask(&server, path, &request).await;
            assert_eq!(came, status, "{path}: {text}");
            assert!(text.contains(part), "{path}: {text}");
        }
    }
}

#[test]
fn the_mock_has_at_most_70_lines() {
    let source = include_str!("every_kind.rs");
    let mock = source.split("mock_provider!(\n").nth(1).expect("a mock");
    let lines = mock.lines().take_while(|line| *line != ");").count() + 2;
    assert!(lines <= 70, "{lines}");
}
