//! One declared mock with a turn for each kind of answer, selected by the name of the model, on each wire.

use std::time::Duration;

use mock_core::{MockServer, mock_provider, provider_test};
use serde_json::{Value, json};

use crate::raw_client::Client;
use crate::stream_helpers::read_for;

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
    let mut client = Client::new(&server).await;
    for (path, list) in [("/v1/embeddings", "data"), ("/api/embed", "embeddings")] {
        let mut request = json!({ "model": "text-embedding-3-small", "input": ["a", "b"] });
        let reply = client.post(path, &request).await;
        assert_eq!(reply.json()[list].as_array().map(Vec::len), Some(2));

        request["model"] = format!("limited-{list}").into();
        for _ in 0..2 {
            let reply = client.post(path, &request).await;
            assert_eq!(reply.status, 429);
        }
    }
}

/// How long a client waits for a word.
const PATIENCE: Duration = Duration::from_secs(60);

/// A wire: the path and the body of a request.
pub(super) type Wire = fn(&Asked<'_>) -> (String, Value);

/// What is asked of a model.
pub(super) struct Asked<'m> {
    pub(super) model: &'m str,
    pub(super) streamed: bool,
    /// Whether the conversation goes on with the result of a tool call.
    pub(super) has_result: bool,
}

pub(super) const ALL_WIRES: [Wire; 6] = [chat, responses, messages, gemini, interactions, ollama];

fn chat(asked: &Asked<'_>) -> (String, Value) {
    let call = json!({
        "id": "call_1", "type": "function",
        "function": { "name": "get_weather", "arguments": "{\"city\":\"Oslo\"}" },
    });
    let mut history = vec![json!({ "role": "user", "content": "hello" })];
    if asked.has_result {
        history.push(json!({ "role": "assistant", "content": null, "tool_calls": [call] }));
        let result = "{\"temp\":18}";
        history.push(json!({ "role": "tool", "tool_call_id": "call_1", "content": result }));
    }
    let body = json!({ "model": asked.model, "stream": asked.streamed, "messages": history });
    ("/v1/chat/completions".into(), body)
}

fn responses(asked: &Asked<'_>) -> (String, Value) {
    let mut input = vec![json!({ "role": "user", "content": "hello" })];
    if asked.has_result {
        input.push(json!({
            "type": "function_call", "call_id": "call_1", "name": "get_weather",
            "arguments": "{\"city\":\"Oslo\"}",
        }));
        input.push(json!({
            "type": "function_call_output", "call_id": "call_1", "output": "{\"temp\":18}",
        }));
    }
    let body = json!({ "model": asked.model, "stream": asked.streamed, "input": input });
    ("/v1/responses".into(), body)
}

fn messages(asked: &Asked<'_>) -> (String, Value) {
    let mut history = vec![json!({ "role": "user", "content": "hello" })];
    if asked.has_result {
        history.push(json!({ "role": "assistant", "content": [{
            "type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": { "city": "Oslo" },
        }] }));
        history.push(json!({ "role": "user", "content": [{
            "type": "tool_result", "tool_use_id": "toolu_1", "content": "{\"temp\":18}",
        }] }));
    }
    let tool = json!({ "name": "get_weather", "input_schema": { "type": "object" } });
    let body = json!({
        "model": asked.model, "stream": asked.streamed, "max_tokens": 100, "messages": history,
        "tools": [tool],
    });
    ("/v1/messages".into(), body)
}

fn gemini(asked: &Asked<'_>) -> (String, Value) {
    let mut contents = vec![json!({ "role": "user", "parts": [{ "text": "hello" }] })];
    if asked.has_result {
        contents.push(json!({ "role": "model", "parts": [{
            "functionCall": { "name": "get_weather", "args": { "city": "Oslo" } },
        }] }));
        contents.push(json!({ "role": "user", "parts": [{
            "functionResponse": { "name": "get_weather", "response": { "temp": 18 } },
        }] }));
    }
    let method = match asked.streamed {
        true => "streamGenerateContent?alt=sse",
        false => "generateContent",
    };
    let path = format!("/v1beta/models/{}:{method}", asked.model);
    (path, json!({ "contents": contents }))
}

fn interactions(asked: &Asked<'_>) -> (String, Value) {
    let text = json!({ "type": "text", "text": "hello" });
    let mut input = vec![json!({ "type": "user_input", "content": [text] })];
    if asked.has_result {
        input.push(json!({
            "type": "function_call", "id": "c1", "name": "get_weather",
            "arguments": { "city": "Oslo" },
        }));
        input.push(json!({
            "type": "function_result", "call_id": "c1", "result": { "temp": 18 },
        }));
    }
    let body = json!({ "model": asked.model, "stream": asked.streamed, "input": input });
    ("/v1beta/interactions".into(), body)
}

fn ollama(asked: &Asked<'_>) -> (String, Value) {
    let mut history = vec![json!({ "role": "user", "content": "hello" })];
    if asked.has_result {
        let call = json!({ "name": "get_weather", "arguments": { "city": "Oslo" } });
        history.push(json!({
            "role": "assistant", "content": "", "tool_calls": [{ "function": call }],
        }));
        let result = "{\"temp\":18}";
        history.push(json!({ "role": "tool", "tool_name": "get_weather", "content": result }));
    }
    let body = json!({ "model": asked.model, "stream": asked.streamed, "messages": history });
    ("/api/chat".into(), body)
}

/// What comes of a request.
#[derive(Debug)]
struct Came {
    status: u16,
    text: String,
    /// How it ends.
    how: &'static str,
}

async fn ask(server: &MockServer, wire: Wire, asked: &Asked<'_>) -> Came {
    let (path, request) = wire(asked);
    let mut client = Client::new(server).await;
    let head = client.send("POST", &path, request.to_string());
    let (status, text, how) = match tokio::time::timeout(PATIENCE, head).await {
        Err(_) => (0, String::new(), "silence"),
        Ok(Err(_)) => (0, String::new(), "reset"),
        Ok(Ok(reply)) => {
            let status = reply.status().as_u16();
            let (text, how) = read_for(reply.into_body(), PATIENCE).await;
            (status, text, how)
        }
    };
    Came { status, text, how }
}

fn whole(model: &str) -> Asked<'_> {
    Asked {
        model,
        streamed: false,
        has_result: false,
    }
}

fn streamed(model: &str) -> Asked<'_> {
    Asked {
        streamed: true,
        ..whole(model)
    }
}

#[provider_test]
async fn one_mock_answers_in_every_way_on_each_wire(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    // The statuses on Chat Completions, Responses, Messages, Gemini, Interactions and Ollama.
    let same = |status: u16| [status; 6];
    for (model, status, part, how) in [
        ("text", same(200), "fine", "end"),
        ("json", same(200), "18", "end"),
        ("call", same(200), "get_weather", "end"),
        ("calls", same(200), "Rome", "end"),
        ("loop", same(200), "Oslo", "end"),
        ("reasoning", same(200), "see.", "end"),
        ("length", same(200), "Shortened", "end"),
        ("filter", same(200), "Filtered", "end"),
        ("400", same(400), "error", "end"),
        ("401", [401, 401, 401, 400, 401, 401], "error", "end"),
        ("403", same(403), "error", "end"),
        ("404", [404, 400, 404, 404, 404, 404], "error", "end"),
        ("500", same(500), "error", "end"),
        ("overloaded", [503, 503, 529, 503, 503, 503], "error", "end"),
        ("context", same(400), "error", "end"),
        ("reset", same(0), "", "reset"),
        ("limited-1", same(429), "error", "end"),
        ("limited-2", same(429), "error", "end"),
    ] {
        for (wire, status) in ALL_WIRES.into_iter().zip(status) {
            for asked in [whole(model), streamed(model)] {
                server.rewind();
                let came = ask(&server, wire, &asked).await;
                let path = wire(&asked).0;
                assert_eq!((came.status, came.how), (status, how), "{path}: {came:?}");
                assert!(came.text.contains(part), "{model}, {path}: {came:?}");
            }
        }
    }
}

#[provider_test]
async fn a_loop_goes_on_with_the_result_on_each_wire(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    for wire in ALL_WIRES {
        for asked in [whole("loop"), streamed("loop")] {
            let asked = Asked {
                has_result: true,
                ..asked
            };
            let came = ask(&server, wire, &asked).await;
            let path = wire(&asked).0;
            assert_eq!(came.status, 200, "{path}: {came:?}");
            // A stream says it in words.
            let words = if asked.streamed {
                &["18 "][..]
            } else {
                &["It is 18 degrees."]
            };
            let says = |word: &&str| came.text.contains(*word);
            assert!(words.iter().all(says), "{path}: {came:?}");
        }
    }
}

#[provider_test]
async fn an_answer_with_a_fault_breaks_off_on_each_wire(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    let error = [
        "server_is_overloaded",
        "server_is_overloaded",
        "overloaded",
        "UNAVAILABLE",
        "service_unavailable",
        "server busy",
    ];
    for (model, how) in [
        ("hang", "silence"),
        ("stall", "silence"),
        ("cut", "cut"),
        ("malformed", "end"),
        ("error", "end"),
    ] {
        for (wire, error) in ALL_WIRES.into_iter().zip(error) {
            let came = ask(&server, wire, &whole(model)).await;
            let path = wire(&whole(model)).0;
            assert_eq!(came.how, how, "{model}, {path}: {came:?}");
            let came = ask(&server, wire, &streamed(model)).await;
            assert_eq!(came.how, how, "{model}, {path}: {came:?}");
            let says = |part| came.text.contains(part);
            assert_eq!(says("One"), model != "hang", "{model}, {path}: {came:?}");
            assert!(!says("two."), "{model}, {path}: {came:?}");
            assert_eq!(says(error), model == "error", "{model}, {path}: {came:?}");
        }
    }
}

#[provider_test]
async fn the_first_two_calls_of_each_model_are_limited(llm: Kinds) {
    let server = MockServer::new((*llm).clone());
    for model in ["limited-a", "limited-b"] {
        // A name of a model is one, whatever the wire.
        let answered = (200, "last.");
        let expected = [
            (429, "error"),
            (429, "error"),
            answered,
            answered,
            answered,
            answered,
        ];
        for (wire, (status, part)) in ALL_WIRES.into_iter().zip(expected) {
            let came = ask(&server, wire, &whole(model)).await;
            assert_eq!(came.status, status, "{model}: {came:?}");
            assert!(came.text.contains(part), "{model}: {came:?}");
        }
    }
}

#[test]
fn the_mock_has_at_most_70_lines() {
    let source = include_str!("every_wire.rs");
    let mock = source.split("mock_provider!(\n").nth(1).expect("a mock");
    let lines = mock.lines().take_while(|line| *line != ");").count() + 2;
    assert!(lines <= 70, "{lines}");
}
