//! Ollama's endpoints, as its clients see them.

use mock_core::builder::{
    embed_with, fail, frames, not_found, on, overloaded, rate_limit, raw, reply, script, secs,
    stream, tool_result, usage, user,
};
use mock_core::scenario::{After, Profile, Scenario};
use mock_core::wire::ollama::{StreamReader, embeddings, read_models, read_response};
use mock_core::{Ending, FinishReason, MockProvider, MockServer, StreamEvent, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, Reply, ended, until_silent};

pub(crate) const CHAT: &str = "/api/chat";
const GENERATE: &str = "/api/generate";

fn request(text: &str) -> Value {
    json!({ "model": "llama3.2", "messages": [{ "role": "user", "content": text }] })
}

pub(crate) fn whole(text: &str) -> Value {
    let mut request = request(text);
    request["stream"] = false.into();
    request
}

pub(crate) fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario.profile(Profile::Ollama)))
}

pub(crate) async fn post(server: &MockServer, path: &str, request: &Value) -> Reply {
    Client::new(server).await.post(path, request).await
}

/// The events in the lines of a reply, up to the first error.
fn events(reply: &Reply) -> (Vec<StreamEvent>, Option<String>) {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for line in reply.text.lines() {
        match reader.read(line) {
            Ok(read) => events.extend(read),
            Err(error) => return (events, Some(error.message)),
        }
    }
    (events, None)
}

#[provider_test]
async fn a_request_that_does_not_say_gets_a_stream_of_lines() {
    let server = serve(script([stream(["Hel", "lo"]).usage(usage(3, 2))]));
    let reply = post(&server, CHAT, &request("hi")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/x-ndjson"));
    let begin = r#"{"model":"llama3.2","created_at":"2023-11-14T22:13:20Z","message":{"role":"assistant","content":"#;
    let lines: Vec<_> = reply.text.lines().collect();
    assert_eq!(lines[0], format!("{begin}\"Hel\"}},\"done\":false}}"));
    let end = r#"""},"done":true,"done_reason":"stop","total_duration":24000000,"load_duration":1000000,"prompt_eval_count":3,"prompt_eval_duration":3000000,"eval_count":2,"eval_duration":20000000}"#;
    assert_eq!(lines[2], format!("{begin}{end}"));
    assert!(reply.text.ends_with("}\n"));
    assert_eq!(server.calls()[0].request().stream, Some(true));
}

#[provider_test]
async fn an_answer_that_is_not_streamed_is_one_object() {
    let server = serve(script([reply("Hi.")]));
    let answer = post(&server, CHAT, &whole("hi")).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = read_response(answer.json()).expect("it is an answer");
    assert_eq!(answer.text(), "Hi.");
    assert_eq!(answer.finish_reason, Some(FinishReason::Stop));
    assert_eq!(server.calls()[0].request().stream, Some(false));
}

#[provider_test]
async fn a_tool_turn_goes_on_by_the_name_of_the_tool() {
    let server = serve(script([
        on(user("weather")).call("get_weather", json!({ "city": "Oslo" })),
        on(tool_result("get_weather")).reply("18 °C."),
    ]));
    let answer = post(&server, CHAT, &whole("weather")).await.json();
    let called = &answer["message"]["tool_calls"][0];
    assert_eq!(
        called["function"],
        json!({"index": 0, "name": "get_weather", "arguments": {"city": "Oslo"}})
    );
    assert_eq!(answer["done_reason"], "stop");
    let mut next = whole("weather");
    let history = next["messages"].as_array_mut().expect("a list");
    // As clients do that have no ids.
    history.push(json!({"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Oslo"}}}]}));
    history.push(json!({"role": "tool", "tool_name": "get_weather", "content": "18"}));
    let answer = post(&server, CHAT, &next).await.json();
    assert_eq!(answer["message"]["content"], "18 °C.");
}

#[provider_test]
async fn texts_are_generated_whole_and_streamed() {
    let server = serve(script([on(user("hi")).reply("Hi.").times(2)]));
    let request = json!({"model": "llama3.2", "prompt": "hi"});
    let reply = post(&server, GENERATE, &request).await;
    assert!(
        reply.text.contains(r#""response":"Hi.","done":false"#),
        "{reply:?}"
    );
    let (read, error) = events(&reply);
    assert_eq!((&read[0], error), (&StreamEvent::Text("Hi.".into()), None));
    let mut request = request;
    request["stream"] = false.into();
    let answer = post(&server, GENERATE, &request).await.json();
    assert_eq!(
        (&answer["response"], &answer["done"]),
        (&"Hi.".into(), &true.into())
    );
}

#[provider_test]
async fn faults_break_a_stream_off_as_on_other_wires() {
    let two = || stream(["a", "b"]);
    for (turn, texts, error, ending) in [
        (two().end_after(1), 1, None, Ending::Truncated),
        (two().end_after(After::Finish), 2, None, Ending::Completed),
        (
            two().error_after(1, overloaded()),
            1,
            Some("server busy"),
            Ending::Completed,
        ),
        (
            two().malformed_after(1),
            1,
            Some("the body is not JSON"),
            Ending::Malformed,
        ),
    ] {
        let server = serve(script([turn]));
        let reply = post(&server, CHAT, &request("hi")).await;
        let (read, problem) = events(&reply);
        let said = |event: &&StreamEvent| matches!(event, StreamEvent::Text(_));
        assert_eq!(read.iter().filter(said).count(), texts, "{reply:?}");
        let problem = problem.unwrap_or_default();
        assert!(problem.starts_with(error.unwrap_or_default()), "{problem}");
        server.wait_for_exchanges(1).await;
        assert_eq!(server.exchanges()[0].ending(), Some(ending));
    }
}

#[provider_test]
async fn failures_are_a_text_with_the_status_of_their_kind() {
    for (failure, status, text) in [
        (fail(not_found()), 404, "model not found"),
        (
            fail(overloaded()),
            503,
            "server busy, please try again.  maximum pending requests exceeded",
        ),
        (
            fail(rate_limit().retry_after(secs(2))),
            429,
            "rate limit reached",
        ),
    ] {
        let server = serve(script([failure]));
        let reply = post(&server, CHAT, &request("hi")).await;
        assert_eq!(
            (reply.status, reply.json()),
            (status, json!({ "error": text }))
        );
        let wait = (status == 429).then_some("2");
        assert_eq!(reply.header("retry-after"), wait);
    }
}

#[provider_test]
async fn ollama_rejects_requests_with_its_messages() {
    let server = serve(script([reply("Hi.").times(0..)]));
    for (path, body, text) in [
        (CHAT, json!({"messages": []}), "model is required"),
        (
            CHAT,
            json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}),
            "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
        ),
        (
            CHAT,
            json!({"model": "m", "contents": [{"parts": [{"text": "hi"}]}]}),
            "messages is required [mock: this is a request in the format of Gemini",
        ),
        (
            GENERATE,
            json!({"model": "m", "prompt": "hi", "raw": true, "template": "x"}),
            "raw mode does not support template, system, or context",
        ),
        (
            "/api/embed",
            json!({"model": "m", "input": [1]}),
            "invalid input type",
        ),
        ("/api/show", json!({}), "model is required"),
    ] {
        let reply = post(&server, path, &body).await;
        let error = reply.json();
        let message = error["error"].as_str().expect("a text");
        assert!(
            reply.status == 400 && message.starts_with(text),
            "{path}: {message}"
        );
    }
    let reply = Client::new(&server).await.get(CHAT).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    let reply = post(&server, "/api/pull", &json!({})).await;
    assert!(reply.status == 404 && reply.text.contains("there is no POST /api/pull"));
    assert_eq!(server.calls().len(), 0);
}

#[provider_test]
async fn models_and_the_version_are_listed() {
    let server = serve(script([reply("Hi.").times(0..)]).model("llama3.2"));
    let mut client = Client::new(&server).await;
    let models = read_models(client.get("/api/tags").await.json()).expect("a list");
    assert_eq!(models[0].id, "llama3.2");
    let version = client.get("/api/version").await.json();
    assert!(version["version"].is_string());
    let shown = client
        .post("/api/show", &json!({"model": "llama3.2"}))
        .await;
    assert_eq!(shown.json()["capabilities"][0], "completion");
    let listed = client.get("/v1/models").await.json();
    assert_eq!(listed["data"][0]["id"], "llama3.2");
}

#[provider_test]
async fn texts_are_embedded() {
    let server = serve(script([embed_with([1.0, -0.5])]));
    let body = json!({"model": "all-minilm", "input": "a cat"});
    let answer = post(&server, "/api/embed", &body).await.json();
    let answer = embeddings::read_response(answer).expect("it is an answer");
    assert_eq!(answer.embeddings, [[1.0, -0.5]]);
}

#[provider_test]
async fn a_prompt_is_embedded_at_the_older_path() {
    const OLD: &str = "/api/embeddings";
    let server = serve(script([embed_with([1.0, -0.5])]));
    let body = json!({"model": "all-minilm", "prompt": "a cat", "keep_alive": "5m"});
    let answer = post(&server, OLD, &body).await.json();
    assert_eq!(answer, json!({"embedding": [1.0, -0.5]}));
    let answer = embeddings::read_response(answer).expect("it is an answer");
    assert_eq!(answer.embeddings, [[1.0, -0.5]]);
    let asked = server.calls()[0].embedding().expect("it embeds").clone();
    assert_eq!(asked.inputs[0].text(), "a cat");
    assert_eq!(
        asked,
        embeddings::read_request(body).expect("it is a request")
    );
    for (body, message) in [
        (json!({"prompt": "a"}), "model is required"),
        (
            json!({"model": "m", "input": "a"}),
            "`prompt` is missing: give it a text: an `input` goes to `/api/embed`",
        ),
        (
            json!({"model": "m", "promt": "a"}),
            "`prompt` is missing: give it a text, or rename `promt`",
        ),
        (
            json!({"model": "m", "prompt": ["a"]}),
            "`prompt` is a list: give it a text",
        ),
    ] {
        let reply = post(&server, OLD, &body).await;
        assert_eq!(
            (reply.status, reply.json()["error"].as_str()),
            (400, Some(message))
        );
    }
    server.reset();
    let asks = json!({"model": "all-minilm", "prompt": "a cat"});
    post(&server, OLD, &asks).await;
}

#[provider_test]
async fn cuts_and_stalls_have_their_places() {
    let two = || stream(["a", "b"]);
    for path in [CHAT, GENERATE] {
        for (turn, lines, is_done, is_cut) in [
            (two().cut_after(1), 1, false, true),
            (two().cut_after(After::All), 2, false, true),
            (two().cut_after(After::Finish), 3, true, true),
            (two().stall_after(1), 1, false, false),
            (two().stall_after(After::Finish), 3, true, false),
            // The line with `done` is the end mark.
            (two().stall_after(After::Done), 3, true, false),
        ] {
            let server = serve(script([turn]));
            let body = match path {
                GENERATE => json!({ "model": "llama3.2", "prompt": "hi" }),
                _ => request("hi"),
            };
            let (text, broken) = until_silent(&server, path, &body).await;
            let last = text.lines().last().unwrap_or_default();
            assert_eq!(
                (
                    text.lines().count(),
                    last.contains(r#""done":true"#),
                    broken
                ),
                (lines, is_done, is_cut),
                "{path}: {text}"
            );
            let ending = if is_cut {
                Ending::Cut
            } else {
                Ending::ClientClosed
            };
            assert_eq!(ended(&server).await, ending);
        }
    }
}

#[provider_test]
async fn a_whole_answer_breaks_off_in_its_middle() {
    for (turn, ending) in [
        (reply("Hi.").malformed_after(1), Ending::Malformed),
        (reply("Hi.").end_after(1), Ending::Truncated),
    ] {
        let server = serve(script([turn]));
        let answer = post(&server, CHAT, &whole("hi")).await;
        let body: Result<Value, _> = serde_json::from_str(&answer.text);
        assert_eq!(body.is_ok(), ending == Ending::Truncated, "{}", answer.text);
        if let Ok(body) = body {
            assert_eq!(body["done_reason"], Value::Null);
        }
        assert_eq!(ended(&server).await, ending);
    }
    let server = serve(script([reply("Hi.").cut_after(1)]));
    let (text, broken) = until_silent(&server, CHAT, &whole("hi")).await;
    assert!(
        broken && serde_json::from_str::<Value>(&text).is_err(),
        "{text}"
    );
}

#[provider_test]
async fn raw_answers_and_raw_lines_are_sent_as_they_are() {
    let line =
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}\n";
    let server = serve(script([
        raw("{\"error\":\"loading\"}").status(503),
        frames([line, "not JSON\n"]),
    ]));
    let answer = post(&server, CHAT, &whole("hi")).await;
    assert_eq!(
        (answer.status, &*answer.text),
        (503, "{\"error\":\"loading\"}")
    );
    let answer = post(&server, CHAT, &request("hi")).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.text, format!("{line}not JSON\n"));
}

#[provider_test]
async fn the_models_that_run_are_listed_and_only_ollama_says_that_it_runs() {
    let scenario = || script([reply("Hi.").times(0..)]).models(["llama3.2", "qwen3:4b"]);
    let server = serve(scenario());
    let mut client = Client::new(&server).await;
    let running = client.get("/api/ps").await.json();
    let names = running["models"].as_array().expect("a list").iter();
    let names: Vec<_> = names.filter_map(|model| model["name"].as_str()).collect();
    assert_eq!(names, ["llama3.2", "qwen3:4b"]);
    assert_eq!(running["models"][0]["expires_at"], "2023-11-14T22:18:20Z");
    let wrong = client
        .ask("DELETE", "/api/ps", "")
        .await
        .expect("an answer");
    assert_eq!(
        (wrong.status, wrong.header("allow")),
        (405, Some("GET, HEAD"))
    );
    assert_eq!(client.get("/").await.status, 200);
    let plain = MockServer::new(MockProvider::new(scenario()));
    assert_eq!(Client::new(&plain).await.get("/").await.status, 404);
}

#[provider_test]
async fn a_request_without_a_prompt_loads_or_unloads_the_model(
    #[mock(ollama, script = [reply("Hi.")])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let system = json!([{ "role": "system", "content": "Be brief." }]);
    for (path, fields, reason) in [
        ("/api/chat", json!({}), "load"),
        (
            "/api/chat",
            json!({ "messages": [], "stream": true }),
            "load",
        ),
        ("/api/chat", json!({ "keep_alive": "10m" }), "load"),
        ("/api/chat", json!({ "keep_alive": 0 }), "unload"),
        ("/api/chat", json!({ "keep_alive": "0s" }), "unload"),
        ("/api/generate", json!({}), "load"),
        (
            "/api/generate",
            json!({ "prompt": "", "keep_alive": -1 }),
            "load",
        ),
        ("/api/generate", json!({ "keep_alive": "0" }), "unload"),
        ("/api/generate", json!({ "system": "Be brief." }), "load"),
    ] {
        let mut request = fields.clone();
        request["model"] = json!("llama3.2");
        let reply = client.post(path, &request).await;
        let mut expected = json!({
            "model": "llama3.2", "created_at": "2023-11-14T22:13:20Z", "done": true,
            "done_reason": reason,
        });
        match path {
            "/api/chat" => expected["message"] = json!({ "role": "assistant", "content": "" }),
            _ => expected["response"] = json!(""),
        }
        assert_eq!(reply.json(), expected, "{path} {fields}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
    }
    assert!(server.calls().is_empty());
    let asked = json!({ "model": "llama3.2", "messages": system, "stream": false });
    let reply = client.post("/api/chat", &asked).await;
    assert_eq!(reply.json()["message"]["content"], "Hi.");
}
