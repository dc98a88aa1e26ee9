//! The exact JSON of the wire, and what cannot be said on it.

mod stream;

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::request::{Request, ToolDefinition};
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::WriteError;

fn conversation() -> Value {
    json!({
        "model": "claude",
        "max_tokens": 100,
        "system": [{ "type": "text", "text": "Be brief.", "cache_control": { "type": "ephemeral" } }],
        "messages": [
            { "role": "user", "content": [
                { "type": "text", "text": "What is this?" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aGk=" } },
                { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png", "x": 1 } },
                { "type": "image", "source": { "type": "file", "file_id": "file_1" } },
                { "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "x" } },
            ] },
            { "role": "assistant", "content": [
                { "type": "thinking", "thinking": "Hm.", "signature": "seal" },
                { "type": "redacted_thinking", "data": "sealed" },
                { "type": "text", "text": "Let me look." },
                { "type": "tool_use", "id": "toolu_1", "name": "look", "input": { "x": 1 } },
                { "type": "tool_use", "id": "toolu_2", "name": "listen", "input": {} },
            ] },
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "toolu_1", "content": "a cat" },
                { "type": "tool_result", "tool_use_id": "toolu_2", "is_error": true, "content": [
                    { "type": "text", "text": "no" }, { "type": "image", "source": { "type": "url", "url": "u" } },
                ] },
                { "type": "text", "text": "So?" },
            ] },
            { "role": "system", "content": "Answer in Spanish." },
            { "role": "assistant", "content": "Un gato." },
        ],
        "tools": [
            { "name": "look", "description": "Looks.", "input_schema": { "type": "object" }, "strict": true },
            { "type": "web_search_20250305", "name": "web_search" },
        ],
        "tool_choice": { "type": "any" },
        "thinking": { "type": "enabled", "budget_tokens": 1_024 },
        "output_config": { "format": { "type": "json_schema", "schema": {} } },
        "stop_sequences": ["END"],
        "temperature": 0.5,
        "stream": true,
    })
}

#[test]
fn a_request_is_read_whole() {
    let request = read_request(conversation()).expect("it can be read");
    let roles: Vec<_> = request
        .messages
        .iter()
        .map(|message| message.role.as_str())
        .collect();
    let expected = [
        "system",
        "user",
        "assistant",
        "tool",
        "tool",
        "user",
        "system",
        "assistant",
    ];
    assert_eq!(roles, expected);
    assert!(
        matches!(&request.messages[0].parts[1], Part::Extra(extra) if extra.contains_key("cache_control"))
    );
    let user = &request.messages[1];
    let image = Image::Base64 {
        media_type: "image/png".into(),
        data: "aGk=".into(),
    };
    assert_eq!(user.parts[1], Part::Image(image));
    assert_eq!(user.parts[4], Part::Image(Image::File("file_1".into())));
    assert!(matches!(&user.parts[5], Part::Other(document) if document["type"] == "document"));
    let reasoning = Reasoning {
        text: "Hm.".into(),
        signature: Some("seal".into()),
    };
    let model = &request.messages[2];
    assert_eq!(model.parts[0], Part::Reasoning(reasoning));
    assert_eq!(model.parts[1], Part::RedactedReasoning("sealed".into()));
    assert_eq!(
        model.tool_calls().next(),
        Some(&ToolCall::new("toolu_1", "look", "{\"x\":1}"))
    );
    let result = request.messages[4]
        .tool_results()
        .next()
        .expect("it has a result");
    assert_eq!(
        (&*result.call_id, &*result.text(), result.is_error),
        ("toolu_2", "no", true)
    );
    assert_eq!(request.messages[5].text(), "So?");
    assert_eq!(request.tools[0].extra["strict"], true);
    assert!(request.tools[1].parameters.is_null());
    assert_eq!(
        (request.temperature, request.max_tokens),
        (Some(0.5), Some(100))
    );
    for kept in ["tool_choice", "thinking", "output_config", "stop_sequences"] {
        assert_eq!(request.extra[kept], conversation()[kept]);
    }
}

#[test]
fn a_request_that_is_read_is_written_as_it_was() {
    let request = read_request(conversation()).expect("it can be read");
    assert_eq!(write_request(&request), Ok(conversation()));
}

#[test]
fn a_field_that_is_not_known_is_kept_at_each_level_and_a_known_one_that_is_null_is_not_there() {
    let image = json!({ "type": "url", "url": "u", "u": null });
    let written = json!({ "model": "m", "u": null, "messages": [
        { "role": "user", "u": null, "content": [
            { "type": "text", "text": "a", "u": null },
            { "type": "image", "source": image, "u": null },
        ] },
        { "role": "assistant", "u": null, "content": [
            { "type": "tool_use", "id": "toolu_1", "name": "f", "input": {}, "u": null },
        ] },
        { "role": "user", "u": null, "content": [
            { "type": "tool_result", "tool_use_id": "toolu_1", "content": "noon", "u": null },
        ] },
    ], "tools": [{ "name": "f", "u": null }] });
    let mut sent = written.clone();
    sent["messages"][2]["content"][0]["is_error"] = Value::Null;
    sent["tools"][0]["description"] = Value::Null;
    sent["system"] = Value::Null;
    let request = read_request(sent).expect("it can be read");
    assert_eq!(write_request(&request), Ok(written));
    let result = &request.messages[2].parts;
    let extra = json!({ "u": null });
    assert!(matches!(&result[1], Part::Extra(kept) if extra == Value::from(kept.clone())));
}

#[test]
fn a_result_holds_all_that_its_tool_returned() {
    let data = json!({ "type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo=" });
    let content = json!([
        { "type": "text", "text": "A cat." },
        { "type": "image", "source": data, "cache_control": { "type": "ephemeral" } },
        { "type": "search_result", "source": "a", "title": "b", "content": [] },
    ]);
    let block = |content: Value| json!({ "type": "tool_result", "tool_use_id": "toolu_1", "content": content });
    let body =
        |block| json!({ "model": "m", "messages": [{ "role": "user", "content": [block] }] });
    let read = |body| {
        let request = read_request(body).expect("it can be read");
        let result = request.messages[0].tool_results().next();
        (result.expect("it is a result").clone(), request)
    };
    let written = body(block(content));
    let (result, request) = read(written.clone());
    let names: Vec<_> = result.content.iter().map(Part::name).collect();
    assert_eq!(names, ["text", "image", "extra", "other"]);
    assert_eq!(result.text(), "A cat.");
    assert_eq!(write_request(&request), Ok(written));

    // A list of one text stays a list, and an empty list stays one.
    let list = body(block(json!([{ "type": "text", "text": "noon" }])));
    let (result, request) = read(list.clone());
    assert_eq!(result, ToolResult::new("toolu_1", "noon"));
    assert_eq!(write_request(&request), Ok(list));
    let (result, request) = read(body(block(json!([]))));
    assert_eq!(result.content, []);
    assert_eq!(write_request(&request), Ok(body(block(json!([])))));
    let none = json!({ "type": "tool_result", "tool_use_id": "toolu_1" });
    let (result, request) = read(body(none.clone()));
    assert_eq!(
        (result.content, write_request(&request)),
        (vec![], Ok(body(none)))
    );

    let nested = ToolResult::new("toolu_1", "a").with(Part::ToolResult(ToolResult::new("b", "c")));
    let message = Message::new(Role::Tool, vec![Part::ToolResult(nested)]);
    let error =
        write_request(&Request::new("m").with_message(message)).expect_err("it has no place");
    let text = error.to_string();
    assert!(
        text.starts_with("Anthropic Messages has no place for a tool result in a tool's result"),
        "{text}"
    );
}

#[test]
fn the_input_of_a_call_is_a_text_in_the_order_in_which_it_came() {
    let many = (0..100).rev().map(|n| format!("\"{n}\":{n}"));
    let many = many.collect::<Vec<_>>().join(",");
    for (input, text) in [
        (r#"{"b":1,"a":{"d":[1.5,null,true],"c":"\n"}}"#, None),
        (&*format!("{{{many}}}"), None),
        (
            r#"{ "b": 1.50, "a": 1, "b": 2e1 }"#,
            Some(r#"{"a":1,"b":20.0}"#),
        ),
    ] {
        let block = format!(r#"{{"type":"tool_use","id":"toolu_1","name":"f","input":{input}}}"#);
        let body = format!(r#"{{"messages":[{{"role":"assistant","content":[{block}]}}]}}"#);
        let request = read_checked(body.as_bytes(), None).expect("it can be read");
        let call = request.messages[0].tool_calls().next();
        let call = call.expect("it has a call");
        assert_eq!(call.arguments, text.unwrap_or(input));
    }
}

#[test]
fn results_at_the_end_are_the_trailing_ones() {
    let mut body = conversation();
    body["messages"]
        .as_array_mut()
        .expect("it is a list")
        .truncate(3);
    body["messages"][2]["content"]
        .as_array_mut()
        .expect("it is a list")
        .truncate(2);
    let request = read_request(body).expect("it can be read");
    let results: Vec<_> = request
        .trailing_tool_results()
        .map(|result| &*result.call_id)
        .collect();
    assert_eq!(results, ["toolu_1", "toolu_2"]);
    assert_eq!(request.tool_of_call("toolu_2"), Some("listen"));
}

#[test]
fn a_body_that_cannot_be_read_is_reported_with_its_place() {
    let error = |body| {
        read_request(body)
            .expect_err("it cannot be read")
            .to_string()
    };
    assert_eq!(
        error(json!({ "messages": [{ "role": "tool", "content": "" }] })),
        "`messages[0].role` is `tool`, which is not known here: use `user`, `assistant` or `system`; tool results are blocks of `user`"
    );
    let block = json!({ "type": "tool_result", "content": 4, "tool_use_id": "a" });
    assert_eq!(
        error(json!({ "messages": [{ "role": "user", "content": [block] }] })),
        "`messages[0].content[0].content` is a number: give it a text or a list of blocks"
    );
    assert_eq!(
        error(json!({ "system": [{ "type": "text" }] })),
        "`system[0].text` is missing: give it a text"
    );
    assert_eq!(
        error(json!({ "tools": [{}] })),
        "`tools[0].name` is missing: give it a text"
    );
}

#[test]
fn whether_a_tool_failed_is_true_or_false() {
    let result = json!({ "type": "tool_result", "tool_use_id": "a", "is_error": "no" });
    let message = json!({ "role": "user", "content": [result] });
    let error = read_request(json!({ "messages": [message] })).expect_err("it is a text");
    assert_eq!(
        error.to_string(),
        "`messages[0].content[0].is_error` is a text: give it a boolean"
    );
}

#[test]
fn a_part_without_a_place_is_not_left_out() {
    let place = |message: Message| {
        let error =
            write_request(&Request::new("m").with_message(message)).expect_err("it has none");
        error.to_string()
    };
    let refusal = Message::new(Role::Assistant, vec![Part::Refusal("No.".into())]);
    assert_eq!(
        place(refusal),
        "Anthropic Messages has no place for refusal in a message of the model: leave it out, or speak another wire"
    );
    let mut named = Message::user("?");
    named.name = Some("ada".into());
    assert!(place(named).contains("a name"));
    let mut instructions = Message::system("Be brief.");
    instructions.extra.insert("x".into(), 1.into());
    assert!(place(instructions).contains("extra fields in instructions"));
    let call = || Part::ToolCall(ToolCall::new("a", "b", "{}"));
    assert!(place(Message::new(Role::User, vec![call()])).contains("tool call"));
    assert!(place(Message::new(Role::Tool, vec![call()])).contains("needs a tool's result"));
    let half = Message::assistant("").with_tool_calls([ToolCall::new("toolu_1", "f", "{\"a")]);
    assert_eq!(
        place(half),
        "the arguments of the tool call `toolu_1` are not JSON, which Anthropic Messages can only stream: stream the answer, or give arguments that are JSON"
    );
    let mut response = Response::new("", "");
    let image = Part::Image(Image::Url("x".into()));
    response.message.parts.push(image);
    let error = write_response(&response, 0).expect_err("it has none");
    assert!(error.to_string().contains("image in an answer"), "{error}");
    let mut response = Response::new("", "");
    response.usage = Some(Usage::new(1, 1).cache_read(2));
    assert!(matches!(
        write_response(&response, 0),
        Err(WriteError::NoPlace { .. })
    ));
}

fn answer(parts: Vec<Part>, reason: FinishReason) -> Response {
    let mut response = Response::new("msg_1", "m");
    response.message.parts = parts;
    response.finish_reason = Some(reason);
    response.usage = Some(Usage::new(1, 1));
    response
}

fn body(content: Value, reason: &str) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": content,
        "stop_reason": reason, "stop_sequence": null, "stop_details": null, "container": null,
        "usage": {
            "input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens_details": null, "server_tool_use": null, "cache_creation": null, "inference_geo": null,
            "service_tier": null,
        },
    })
}

#[test]
fn an_answer_has_the_exact_json_of_the_wire() {
    let both = |response: Response, written: Value| {
        assert_eq!(write_response(&response, 0), Ok(written.clone()));
        assert_eq!(read_response(written), Ok(response));
    };
    let text = || vec![Part::Text("Hi".into())];
    let content = json!([{ "type": "text", "text": "Hi" }]);
    both(
        answer(text(), FinishReason::Stop),
        body(content.clone(), "end_turn"),
    );
    both(
        answer(text(), FinishReason::Length),
        body(content.clone(), "max_tokens"),
    );
    both(
        answer(text(), FinishReason::ContentFilter),
        body(content.clone(), "refusal"),
    );
    for reason in ["pause_turn", "model_context_window_exceeded"] {
        let other = FinishReason::Other(reason.into());
        both(answer(text(), other), body(content.clone(), reason));
    }

    let mut stopped = answer(text(), FinishReason::Other("stop_sequence".into()));
    stopped
        .metadata
        .insert("stop_sequence".into(), "END".into());
    let mut written = body(content, "stop_sequence");
    written["stop_sequence"] = "END".into();
    both(stopped, written);

    let reasoning = Reasoning {
        text: "Hm.".into(),
        signature: Some("seal".into()),
    };
    let call = ToolCall::new("toolu_1", "f", "{\"a\":1}");
    both(
        answer(
            vec![
                Part::Reasoning(reasoning),
                Part::RedactedReasoning("x".into()),
                Part::ToolCall(call),
            ],
            FinishReason::ToolCalls,
        ),
        body(
            json!([
                { "type": "thinking", "thinking": "Hm.", "signature": "seal" },
                { "type": "redacted_thinking", "data": "x" },
                { "type": "tool_use", "id": "toolu_1", "name": "f", "input": { "a": 1 }, "caller": { "type": "direct" } },
            ]),
            "tool_use",
        ),
    );
}

#[test]
fn a_refusal_is_explained_in_the_details_of_the_stop() {
    let response = answer(vec![Part::Refusal("No.".into())], FinishReason::Stop);
    let mut written = body(json!([]), "refusal");
    written["stop_details"] = json!({ "type": "refusal", "category": null, "explanation": "No." });
    assert_eq!(write_response(&response, 0), Ok(written.clone()));
    assert_eq!(read_response(written.clone()), Ok(response));

    written["stop_details"]["category"] = "cyber".into();
    let response = read_response(written.clone()).expect("it can be read");
    assert_eq!(response.metadata["stop_details"]["category"], "cyber");
    assert_eq!(write_response(&response, 0), Ok(written));
}

#[test]
fn input_tokens_are_those_that_no_cache_has_to_do_with() {
    let mut response = answer(vec![], FinishReason::Stop);
    response.usage = Some(
        Usage::new(100, 50)
            .cache_read(60)
            .cache_write(30)
            .reasoning(40),
    );
    let body = write_response(&response, 0).expect("it can be written");
    assert_eq!(
        body["usage"],
        json!({
            "input_tokens": 10, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 60,
            "output_tokens": 50, "output_tokens_details": { "thinking_tokens": 40 }, "server_tool_use": null,
            "cache_creation": null, "inference_geo": null, "service_tier": null,
        })
    );
    assert_eq!(read_response(body), Ok(response));
}

#[test]
fn further_fields_of_an_answer_are_kept_at_their_place() {
    let content =
        json!([{ "type": "text", "text": "Hi", "citations": [{ "type": "page_location" }] }]);
    let mut written = body(content, "end_turn");
    written["usage"]["service_tier"] = "standard".into();
    written["container"] = json!({ "id": "c" });
    let response = read_response(written.clone()).expect("it can be read");
    assert_eq!(response.text(), "Hi");
    assert_eq!(response.metadata["usage"]["service_tier"], "standard");
    assert_eq!(write_response(&response, 0), Ok(written));
}

#[test]
fn extra_fields_of_an_answers_message_are_fields_of_the_answer() {
    let mut response = answer(vec![], FinishReason::Stop);
    response.message.extra.insert("x".into(), 1.into());
    let mut written = body(json!([]), "end_turn");
    written["x"] = 1.into();
    assert_eq!(write_response(&response, 0), Ok(written));
}

#[test]
fn no_arguments_are_an_empty_object() {
    let call = Part::ToolCall(ToolCall::new("toolu_1", "f", ""));
    let response = answer(vec![call], FinishReason::ToolCalls);
    let content = json!([{
        "type": "tool_use", "id": "toolu_1", "name": "f", "input": {}, "caller": { "type": "direct" },
    }]);
    let written = body(content, "tool_use");
    assert_eq!(write_response(&response, 0), Ok(written));
}

#[test]
fn models_are_all_on_one_page() {
    let model = |id: &str| json!({ "type": "model", "id": id, "display_name": id, "created_at": "1970-01-01T00:00:07Z" });
    let expected = json!({
        "data": [model("a"), model("b")], "has_more": false, "first_id": "a", "last_id": "b",
    });
    assert_eq!(write_models(["a", "b"], 7), expected);
}

#[test]
fn a_rate_limit_says_when_to_try_again() {
    let mut error = ProviderError::at(Profile::Anthropic, ErrorKind::RateLimit);
    error.retry_after = Some(Duration::from_millis(1_500));
    let reply = write_error(&error, "req_1", 1_700_000_000).expect("it has a status");
    let expected = [
        ("request-id", "req_1"),
        ("retry-after", "2"),
        ("retry-after-ms", "1500"),
        ("anthropic-ratelimit-requests-remaining", "0"),
        ("anthropic-ratelimit-requests-reset", "2023-11-14T22:13:22Z"),
    ];
    let headers: Vec<_> = reply
        .headers
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    assert_eq!((reply.status, headers), (429, expected.to_vec()));
    assert_eq!(reply.body["request_id"], "req_1");
    error.retry_after = Some(Duration::MAX);
    assert!(write_error(&error, "req_1", u64::MAX).is_some());
}

#[test]
fn each_error_has_the_status_and_type_of_the_provider() {
    let expected = [
        (ErrorKind::BadRequest, 400, "invalid_request_error"),
        (ErrorKind::Auth, 401, "authentication_error"),
        (ErrorKind::Quota, 402, "billing_error"),
        (ErrorKind::Permission, 403, "permission_error"),
        (ErrorKind::NotFound, 404, "not_found_error"),
        (ErrorKind::RateLimit, 429, "rate_limit_error"),
        (ErrorKind::ServerError, 500, "api_error"),
        (ErrorKind::Overloaded, 529, "overloaded_error"),
    ];
    for (kind, status, of) in expected {
        let error = ProviderError::at(Profile::Anthropic, kind);
        let reply = write_error(&error, "r", 0).expect("it has a status");
        assert_eq!(
            (reply.status, &reply.body["error"]["type"]),
            (status, &json!(of))
        );
    }
    let gateway = read_error(504, [], "<html>Gateway</html>");
    assert_eq!(
        (gateway.kind, &*gateway.message),
        (ErrorKind::Timeout, "<html>Gateway</html>")
    );
    let large = r#"{"type":"error","error":{"type":"request_too_large","message":""}}"#;
    assert_eq!(read_error(413, [], large).kind, ErrorKind::BadRequest);
}

#[test]
fn a_request_is_rejected_as_the_provider_would() {
    let good = || Request::new("m").user("?").with_max_tokens(1);
    let check = |request: &Request| {
        let body = write_request(request).expect("it can be written");
        check(&body, Profile::Anthropic)
    };
    let rejected = |request: Request| check(&request).expect_err("it is rejected").message;
    assert_eq!(check(&good()), Ok(()));
    assert_eq!(
        rejected(Request::new("m").user("?")),
        "max_tokens: Field required"
    );
    assert_eq!(check(&good().with_max_tokens(0)), Ok(()));
    assert_eq!(
        rejected(Request::new("").user("?")),
        "model: Field required"
    );
    let silent = Request::new("m").system("?").with_max_tokens(1);
    assert_eq!(
        rejected(silent),
        "messages: at least one message is required"
    );
    assert!(rejected(good().with_temperature(1.1)).starts_with("temperature: range: 0..1"));
    for most in [0.0, 1.0] {
        assert_eq!(check(&good().with_temperature(most)), Ok(()));
    }
    let longest = |length| good().with_tool(ToolDefinition::new("a".repeat(length)));
    assert_eq!(check(&longest(128)), Ok(()));
    assert!(check(&longest(129)).is_err());
    assert!(
        rejected(good().with_tool(ToolDefinition::new("a.b"))).starts_with("tools.0.custom.name: ")
    );
    for schema in [json!(true), json!({ "type": "string" })] {
        let tool = ToolDefinition::new("f").with_parameters(schema);
        assert!(rejected(good().with_tool(tool)).starts_with("tools.0.custom.input_schema.type: "));
    }
    let mut own = ToolDefinition::new("web_search").with_parameters(Value::Null);
    own.extra
        .insert("type".into(), "web_search_20250305".into());
    assert_eq!(check(&good().with_tool(own)), Ok(()));
    let choice = json!({ "type": "any" });
    assert!(rejected(good().with_extra("tool_choice", choice)).contains("while providing tools"));
    let choice = json!({ "type": "auto" });
    assert_eq!(check(&good().with_extra("tool_choice", choice)), Ok(()));
    assert!(rejected(good().user("")).contains("non-empty"));
    assert!(rejected(good().with_message(Message::tool("toolu_1", ""))).contains("`toolu_1`"));
    let call = ToolCall::new("toolu_1", "f", "{}");
    let open = good().with_message(Message::assistant("").with_tool_calls([call]));
    assert!(rejected(open.user("?")).contains("immediately after: `toolu_1`"));
}

#[test]
fn deep_arguments_are_written_with_extra_fields_too() {
    let arguments = format!("{{\"a\":{}{}}}", "[".repeat(124), "]".repeat(124));
    let call = ToolCall::new("toolu_1", "f", arguments);
    let mut response = Response::new("msg_1", "m");
    response.message = Message::assistant("").with_tool_calls([call]);
    let plain = write_response(&response, 0).expect("it can be written");
    response.metadata.insert("a".into(), 1.into());
    let extra_fields = write_response(&response, 0).expect("it can be written");
    assert_eq!(extra_fields["content"], plain["content"]);
    assert!(extra_fields["content"][0]["input"]["a"].is_array());
}
