//! `respond_with` over the wire: every part of the response of a closure is in the whole answer and in the stream, or the test fails; and the
//! errors of closures.

use mock_core::builder::{reply, respond_with, script};
use mock_core::{
    ErrorKind, FinishReason, Image, Message, MockProvider, MockServer, Part, ProviderError,
    RawResponse, Reasoning, Request, Response, Role, ToolCall, ToolResult, Usage, mock_provider,
    provider_test,
};
use serde_json::{Map, Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}

fn parts(parts: Vec<Part>) -> Response {
    Message::new(Role::Assistant, parts).into()
}

fn text() -> Part {
    Part::Text("It is green.".into())
}

/// A server whose mock answers two calls so.
fn server(response: Response) -> MockServer {
    let turn = respond_with(move |_| response.clone()).times(2);
    MockServer::new(MockProvider::script([turn]))
}

/// The whole answer of a server, and the data of the events of its stream but `[DONE]`.
pub(crate) async fn both(server: &MockServer, path: &str, request: Value) -> (Value, Vec<Value>) {
    let mut client = Client::new(server).await;
    let whole = client.post(path, &request).await.json();
    let mut request = streamed(request);
    if path == CHAT {
        request["stream_options"] = json!({ "include_usage": true });
    }
    let stream = client.post(path, &request).await.event_data();
    let events = stream.iter().filter(|data| *data != "[DONE]");
    let events = events.map(|data| serde_json::from_str(data).expect("it is JSON"));
    (whole, events.collect())
}

/// What a path in the events has, from first to last.
pub(crate) fn at<'e>(events: &'e [Value], pointer: &str) -> Vec<&'e Value> {
    let found = events.iter().filter_map(|event| event.pointer(pointer));
    found.filter(|value| !value.is_null()).collect()
}

#[provider_test]
async fn citations_of_a_text_come_as_deltas() {
    let citations = json!([{ "cited_text": "grass is green" }, { "cited_text": "so it is" }]);
    let extra = Part::Extra(map(json!({ "citations": citations })));
    let server = server(parts(vec![text(), extra, Part::Text("Yes.".into())]));
    let (whole, events) = both(&server, MESSAGES, message("a")).await;

    assert_eq!(whole["content"][0]["citations"], citations);
    let deltas = at(&events, "/delta/citation");
    assert_eq!(
        deltas,
        citations
            .as_array()
            .expect("a list")
            .iter()
            .collect::<Vec<_>>()
    );
    let kinds = at(&events, "/delta/type");
    let kinds: Vec<_> = kinds.iter().filter_map(|kind| kind.as_str()).collect();
    let deltas = ["text_delta"; 3].into_iter().chain(["citations_delta"; 2]);
    assert_eq!(kinds, deltas.chain(["text_delta"]).collect::<Vec<_>>());
    assert_eq!(
        at(&events, "/content_block/type").len(),
        2,
        "two texts are two blocks"
    );
}

#[provider_test]
async fn log_probabilities_come_with_their_piece_of_text() {
    let token = |token: &str| json!({ "token": token, "logprob": -0.5 });
    let logprobs =
        json!({ "content": [token("Hel"), token("lo "), token("you.")], "refusal": null });
    let scenario = script([reply("Hello you.").times(2)])
        .metadata(json!({ "choices": [{ "logprobs": logprobs }] }));
    let server = MockServer::new(MockProvider::new(scenario));
    let (whole, events) = both(&server, CHAT, chat("a")).await;

    assert_eq!(whole["choices"][0]["logprobs"], logprobs);
    let tokens = at(&events, "/choices/0/logprobs/content");
    assert_eq!(
        tokens,
        [
            &json!([token("Hel"), token("lo ")]),
            &json!([token("you.")])
        ]
    );
    for chunk in events
        .iter()
        .filter(|event| event.pointer("/choices/0/logprobs/content").is_some())
    {
        assert!(
            chunk["choices"][0]["delta"]["content"].is_string(),
            "{chunk}"
        );
    }
}

#[provider_test]
async fn a_model_in_the_metadata_is_the_model_of_the_answer_on_every_wire() {
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            let scenario = script([reply("Hi.")]).metadata(json!({ "model": "dated-2026" }));
            let server = MockServer::new(MockProvider::new(scenario));
            let reply = Client::new(&server).await.post(path, &request).await;
            assert_eq!(reply.status, 200, "{path}: {reply:?}");
            assert!(reply.text.contains(":\"dated-2026\""), "{path}: {reply:?}");
        }
    }
}

#[provider_test]
async fn further_fields_are_in_both_at_each_depth() {
    let annotations = json!([{ "type": "url_citation", "url_citation": { "url": "https://a" } }]);
    let details = json!([{ "type": "reasoning.text", "text": "Hm." }]);
    let mut response = parts(vec![text()]);
    response.message.extra = map(json!({ "annotations": annotations }));
    response.metadata = map(json!({
        "system_fingerprint": "fp_1",
        "service_tier": "default",
        "choices": [{
            "native_finish_reason": "STOP",
            "content_filter_results": { "hate": { "filtered": false } },
            "message": { "reasoning_details": details },
        }],
        "usage": { "cost": 0.5, "prompt_tokens_details": { "audio_tokens": 3 } },
    }));
    response.usage = Some(Usage::new(9, 5).cache_read(2).cache_write(1).reasoning(3));
    let (whole, events) = both(&server(response), CHAT, chat("a")).await;

    let choice = &whole["choices"][0];
    assert_eq!(choice["message"]["annotations"], annotations);
    assert_eq!(at(&events, "/choices/0/delta/annotations"), [&annotations]);
    assert_eq!(choice["message"]["reasoning_details"], details);
    assert_eq!(
        at(&events, "/choices/0/delta/reasoning_details"),
        [&details]
    );
    for field in ["native_finish_reason", "content_filter_results"] {
        assert!(!choice[field].is_null(), "{choice}");
        assert_eq!(
            at(&events, &format!("/choices/0/{field}")),
            [&choice[field]]
        );
    }
    for field in ["system_fingerprint", "service_tier"] {
        assert!(
            events.iter().all(|event| event[field] == whole[field]),
            "{events:?}"
        );
    }
    let usage = json!({
        "prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14, "cost": 0.5,
        "prompt_tokens_details": { "cached_tokens": 2, "cache_write_tokens": 1, "audio_tokens": 3 },
        "completion_tokens_details": {
            "reasoning_tokens": 3, "audio_tokens": 0, "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    });
    assert_eq!(
        (&whole["usage"], at(&events, "/usage")),
        (&usage, vec![&usage])
    );
}

#[provider_test]
async fn fields_of_the_stop_come_at_the_end_and_others_at_the_beginning() {
    let mut response = parts(vec![text()]);
    response.finish_reason = Some(FinishReason::Other("stop_sequence".into()));
    response.message.extra = map(json!({ "x_message": 1 }));
    response.metadata = map(json!({
        "container": { "id": "container_1" }, "stop_sequence": "END", "x_metadata": { "a": [1] },
        "stop_details": { "category": null, "type": "x" }, "usage": { "service_tier": "batch" },
    }));
    let (whole, events) = both(&server(response), MESSAGES, message("a")).await;

    for field in ["container", "stop_sequence", "stop_details"] {
        assert!(!whole[field].is_null(), "{whole}");
        assert_eq!(at(&events, &format!("/delta/{field}")), [&whole[field]]);
    }
    for field in ["x_message", "x_metadata"] {
        assert!(!whole[field].is_null(), "{whole}");
        assert_eq!(at(&events, &format!("/message/{field}")), [&whole[field]]);
    }
    assert_eq!(whole["usage"]["service_tier"], "batch");
    let tiers = at(&events, "/message/usage/service_tier");
    assert_eq!(
        (tiers, at(&events, "/usage/service_tier")),
        (vec![&json!("batch")], vec![])
    );
}

#[provider_test]
async fn blocks_of_the_provider_keep_their_place() {
    let search = json!({
        "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search",
        "input": { "query": "grass" },
    });
    let results = json!({
        "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1",
        "content": [{ "type": "web_search_result", "url": "https://a" }],
    });
    let redacted = Part::RedactedReasoning("c2VjcmV0".into());
    let others = [search.clone(), results.clone()].map(Part::Other);
    let given = [vec![redacted], others.to_vec(), vec![text()]].concat();
    let (whole, events) = both(&server(parts(given)), MESSAGES, message("a")).await;

    let text = json!({ "type": "text", "text": "It is green." });
    let redacted = json!({ "type": "redacted_thinking", "data": "c2VjcmV0" });
    assert_eq!(whole["content"], json!([redacted, search, results, text]));
    let begun =
        json!({ "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {} });
    let empty = json!({ "type": "text", "text": "" });
    assert_eq!(
        at(&events, "/content_block"),
        [&redacted, &begun, &results, &empty]
    );
    let input: String = at(&events, "/delta/partial_json")
        .iter()
        .filter_map(|piece| piece.as_str())
        .collect();
    assert_eq!(input, r#"{"query":"grass"}"#);
    let starts = events
        .iter()
        .filter(|event| event["type"] == "content_block_start");
    assert!(
        starts
            .enumerate()
            .all(|(index, event)| event["index"] == index)
    );
}

#[provider_test]
async fn texts_that_are_empty_or_in_a_row_are_blocks_of_their_own() {
    let texts = ["", "a b", "c"].map(|text| Part::Text(text.into()));
    let (whole, events) = both(&server(parts(texts.to_vec())), MESSAGES, message("a")).await;

    let texts = whole["content"].as_array().expect("a list").iter();
    let texts: Vec<_> = texts.map(|block| &block["text"]).collect();
    assert_eq!(texts, ["", "a b", "c"]);
    let mut streamed = vec![String::new(); at(&events, "/content_block").len()];
    for event in &events {
        if let Some(text) = event.pointer("/delta/text").and_then(Value::as_str) {
            streamed[event["index"].as_u64().expect("a number") as usize] += text;
        }
    }
    assert_eq!(streamed, ["", "a b", "c"]);
}

#[provider_test]
async fn a_refusal_and_a_text_have_both_a_place_in_any_order() {
    let refusal = Part::Refusal("I cannot.".into());
    let given = parts(vec![refusal, text()]);
    let (whole, events) = both(&server(given), CHAT, chat("a")).await;
    let said = &whole["choices"][0]["message"];
    assert_eq!(
        (&said["content"], &said["refusal"]),
        (&json!("It is green."), &json!("I cannot."))
    );
    for field in ["content", "refusal"] {
        let pieces = at(&events, &format!("/choices/0/delta/{field}"));
        let all: String = pieces.iter().filter_map(|piece| piece.as_str()).collect();
        assert_eq!(all, said[field]);
    }
}

#[provider_test]
async fn fields_of_a_tool_call_are_in_both() {
    let extra = json!({ "extra_content": { "google": { "thought_signature": "abc" } } });
    let given = vec![
        Part::ToolCall(
            ToolCall::new("call_1", "f", "{}")
                .with_extra("extra_content", extra["extra_content"].clone()),
        ),
        Part::ToolCall(ToolCall::new("call_2", "f", "{}")),
    ];
    let (whole, events) = both(&server(parts(given)), CHAT, chat("a")).await;
    let calls = &whole["choices"][0]["message"]["tool_calls"];
    assert_eq!(calls[0]["extra_content"], extra["extra_content"]);
    assert_eq!(calls[1].get("extra_content"), None);
    let with_extra = events.iter().filter(|event| {
        event.pointer("/choices/0/delta/tool_calls/0/extra_content")
            == Some(&extra["extra_content"])
    });
    let indexes: Vec<_> = with_extra
        .map(|event| &event["choices"][0]["delta"]["tool_calls"][0]["index"])
        .collect();
    assert_eq!(indexes, [0]);
    let begins = &events[1]["choices"][0]["delta"]["tool_calls"][0];
    assert_eq!(begins["function"]["name"], "f");
    assert_eq!(begins["extra_content"], extra["extra_content"]);
}

#[provider_test]
async fn fields_of_each_block_of_anthropic_are_in_its_beginning() {
    let extra = |name: &str| Part::Extra(map(json!({ name: { "a": [1] } })));
    let block = json!({ "type": "server_tool_use", "id": "a", "name": "b", "input": {}, "f4": { "a": [1] } });
    let given = vec![
        Part::Reasoning(Reasoning::new("Hm.").with_signature("seal")),
        extra("f0"),
        text(),
        extra("f1"),
        Part::Text(String::new()),
        extra("f2"),
        extra("g2"),
        Part::Text("Yes.".into()),
        Part::Other(block.clone()),
        Part::RedactedReasoning("abc".into()),
        extra("f5"),
        Part::Text("No.".into()),
        extra("f6"),
    ];
    let (whole, events) = both(&server(parts(given)), MESSAGES, message("a")).await;
    let begun = at(&events, "/content_block");
    let whole = whole["content"].as_array().expect("a list");
    assert_eq!((whole.len(), begun.len()), (7, 7));
    for fields in [
        vec!["f0"],
        vec!["f1"],
        vec!["f2", "g2"],
        vec![],
        vec!["f4"],
        vec!["f5"],
        vec!["f6"],
    ]
    .iter()
    .enumerate()
    {
        let (index, fields) = fields;
        for name in ["f0", "f1", "f2", "g2", "f4", "f5", "f6"] {
            let has = |block: &Value| block.get(name).is_some();
            assert_eq!(
                has(&whole[index]),
                fields.contains(&name),
                "{name} of {index}"
            );
            assert_eq!(
                has(begun[index]),
                fields.contains(&name),
                "{name} of {index}"
            );
        }
    }
}

#[provider_test]
async fn fields_of_a_tool_call_are_in_both_of_anthropic() {
    let caller = json!({ "type": "code_execution_20250825", "tool_id": "srvtoolu_1" });
    // Further fields behind a call are the call's.
    let given = vec![
        Part::ToolCall(ToolCall::new("toolu_1", "f", "{}")),
        Part::Extra(map(json!({ "caller": caller }))),
    ];
    let (whole, events) = both(&server(parts(given)), MESSAGES, message("a")).await;
    assert_eq!(whole["content"][0]["caller"], caller);
    let starts = at(&events, "/content_block/caller");
    assert_eq!(starts, [&caller]);
}

/// What a test says that answers so to a call of this wire, whole or streamed.
async fn failure(response: Response, path: &str, request: &Value) -> String {
    let turn = respond_with(move |_| response.clone());
    let server = MockServer::new(MockProvider::script([turn]));
    Client::new(&server).await.post(path, request).await;
    let report = server.verify().expect_err("it has no place").to_string();
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_part_without_a_place_fails_the_test_and_is_named() {
    let image = || Part::Image(Image::Url("https://a/cat.png".into()));
    let result = || Part::ToolResult(ToolResult::new("call_1", "noon"));
    let extra = |name: &str| Part::Extra(map(json!({ name: 1 })));
    let signed = Part::Reasoning(Reasoning::new("Hm.").with_signature("seal"));
    let block =
        Part::Other(json!({ "type": "server_tool_use", "id": "a", "name": "b", "input": {} }));
    let anthropic = [(image(), "an image"), (result(), "a tool result")];
    let openai = [
        (image(), "an image"),
        (result(), "a tool result"),
        (signed, "a signature"),
        (Part::RedactedReasoning("abc".into()), "redacted reasoning"),
        (block, "a part of the type `server_tool_use`"),
        (extra("annotations"), "`annotations`"),
    ];
    let cases = anthropic.map(|(part, name)| (MESSAGES, "Anthropic Messages", part, name));
    let cases = cases
        .into_iter()
        .chain(openai.map(|(part, name)| (CHAT, "OpenAI Chat Completions", part, name)));
    for (path, wire, part, name) in cases {
        let request = match path {
            CHAT => chat("a"),
            _ => message("a"),
        };
        for request in [request.clone(), streamed(request)] {
            let report = failure(parts(vec![text(), part.clone()]), path, &request).await;
            assert!(report.contains(wire), "{report}");
            assert!(report.contains(&format!("no place for {name}")), "{report}");
        }
    }
}

#[tokio::test]
async fn fields_that_the_answer_has_itself_fail_the_test_and_are_named() {
    let mut named = parts(vec![text()]);
    named.message.name = Some("ada".into());
    let mut users = parts(vec![text()]);
    users.message.role = Role::User;
    let mut twice = parts(vec![text()]);
    twice.metadata = map(json!({ "id": "another" }));
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            for (response, what) in [(&named, "a name"), (&users, "a role"), (&twice, "`id`")] {
                let report = failure(response.clone(), path, &request).await;
                assert!(report.contains(what), "{report}");
            }
        }
    }
}

#[provider_test]
async fn a_verbatim_answer_stays_blank_at_openai() {
    let call = Part::ToolCall(ToolCall::new("", "f", ""));
    let mut given = parts(vec![call]).verbatim();
    let (whole, events) = both(&server(given.clone()), CHAT, chat("a")).await;
    assert_eq!((&whole["id"], &whole["model"]), (&json!(""), &json!("")));
    let choice = &whole["choices"][0];
    assert_eq!(choice["finish_reason"], Value::Null);
    assert_eq!(choice["message"]["tool_calls"][0]["id"], "");
    assert_eq!(
        choice["message"]["tool_calls"][0]["function"]["arguments"],
        ""
    );
    assert_eq!(whole.get("usage"), None);

    assert!(
        events
            .iter()
            .all(|event| event["id"] == "" && event["model"] == "")
    );
    assert_eq!(at(&events, "/choices/0/finish_reason"), [&Value::Null; 0]);
    assert_eq!(at(&events, "/choices/0/delta/tool_calls/0/id"), [""]);
    assert_eq!(at(&events, "/usage"), [&Value::Null; 0]);

    given.finish_reason = Some(FinishReason::Other("eos".into()));
    let (whole, events) = both(&server(given), CHAT, chat("a")).await;
    assert_eq!(whole["choices"][0]["finish_reason"], "eos");
    assert_eq!(at(&events, "/choices/0/finish_reason"), ["eos"]);
}

#[provider_test]
async fn a_verbatim_answer_stays_blank_at_anthropic() {
    let given = parts(vec![
        Part::Reasoning(Reasoning::new("Hm.")),
        Part::ToolCall(ToolCall::new("", "f", "{}")),
    ]);
    let (whole, events) = both(&server(given.verbatim()), MESSAGES, message("a")).await;
    assert_eq!((&whole["id"], &whole["model"]), (&json!(""), &json!("")));
    assert_eq!(whole["stop_reason"], Value::Null);
    assert_eq!(whole["content"][0]["signature"], "");
    assert_eq!(whole["content"][1]["id"], "");
    assert_eq!(at(&events, "/message/id"), [""]);
    assert_eq!(at(&events, "/delta/stop_reason"), [&Value::Null; 0]);
    assert_eq!(at(&events, "/delta/signature"), [&Value::Null; 0]);
    assert_eq!(at(&events, "/content_block/id"), [""]);
    assert_eq!(
        events.last().map(|event| &event["type"]),
        Some(&json!("message_stop"))
    );
    // The format requires a usage.
    for usage in [vec![&whole["usage"]], at(&events, "/usage")].concat() {
        assert_eq!(
            (&usage["input_tokens"], &usage["output_tokens"]),
            (&json!(0), &json!(0))
        );
    }
}

#[provider_test]
async fn a_code_that_an_error_sets_stays_on_another_wire(
    #[mock(
        openai("gpt-4o"),
        script = [respond_with(|_| -> Result<Response, ProviderError> {
            let mut error = ProviderError::new(ErrorKind::Overloaded);
            error.message = "Later.".into();
            error.status = Some(555);
            error.code = Some("of_my_own".into());
            Err(error)
        })]
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client.post(MESSAGES, &message("a")).await;
    let expected = json!({ "type": "of_my_own", "message": "Later." });
    assert_eq!(
        (reply.status, reply.json()["error"].take()),
        (555, expected)
    );
}

mock_provider!(
    Broke = openai("gpt-4o"),
    script = [respond_with(|_| Err(ProviderError::new(ErrorKind::Quota)))],
);

#[provider_test]
async fn an_error_of_a_closure_has_the_code_of_its_kind() {
    let server = MockServer::new(Broke::new().handle());
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.json()["error"]["code"], "insufficient_quota");
}

#[tokio::test]
async fn an_error_of_a_closure_that_cannot_be_sent_fails_the_test() {
    let errors: [fn(&mut ProviderError); 4] = [
        |error| error.status = Some(100),
        |error| error.status = Some(0),
        |error| with_header(error, ("content-length", "3")),
        |error| with_header(error, ("x-ok", "a\nb")),
    ];
    for change in errors {
        let turn = respond_with(move |_| -> Result<Response, ProviderError> {
            let mut error = ProviderError::new(ErrorKind::ServerError);
            change(&mut error);
            Err(error)
        });
        let server = MockServer::new(MockProvider::script([turn]));
        let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains("cannot be sent"), "{}", reply.text);
        let report = server.verify().expect_err("it cannot be sent");
        assert!(report.to_string().contains("cannot be sent"), "{report}");
    }
}

fn with_header(error: &mut ProviderError, (name, value): (&'static str, &'static str)) {
    let mut raw = RawResponse::default();
    raw.headers.push((name.into(), value.into()));
    raw.body = Some("body".into());
    error.raw = Some(Box::new(raw));
}

#[provider_test]
async fn an_error_of_a_closure_without_a_status_is_a_500() {
    let turn = respond_with(|_: &Request| {
        let mut error = ProviderError::new(ErrorKind::BadRequest);
        error.status = None;
        Err::<Response, _>(error)
    });
    let server = MockServer::new(MockProvider::script([turn.times(2)]));
    for (path, request) in wires("a") {
        let reply = Client::new(&server).await.post(path, &request).await;
        let of = reply.json()["error"]["type"].take();
        assert_eq!((reply.status, of), (500, json!("invalid_request_error")));
    }
}
