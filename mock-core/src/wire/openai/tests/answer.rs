//! Whole answers, and models.

use super::*;

fn answer(parts: Vec<Part>, reason: FinishReason) -> Response {
    let mut response = Response::new("chatcmpl-1", "m");
    response.message.parts = parts;
    response.finish_reason = Some(reason);
    response.usage = Some(Usage::new(1, 1));
    response
        .metadata
        .insert("system_fingerprint".into(), "fp_1".into());
    response
}

fn body(message: Value, reason: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "m", "system_fingerprint": "fp_1",
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": reason }],
        "usage": {
            "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2,
            "prompt_tokens_details": { "cached_tokens": 0 }, "completion_tokens_details": { "reasoning_tokens": 0 },
        },
    })
}

#[test]
fn an_answer_has_the_exact_json_of_the_wire() {
    let both = |parts, reason: FinishReason, message| {
        let written = body(message, reason.as_str());
        let response = answer(parts, reason);
        assert_eq!(
            write_response(&response, 1_700_000_000),
            Ok(written.clone())
        );
        assert_eq!(read_response(written), Ok(response));
    };
    both(
        vec![Part::Text("Hi".into())],
        FinishReason::Stop,
        json!({ "role": "assistant", "content": "Hi", "refusal": null }),
    );
    both(
        vec![Part::ToolCall(ToolCall::new("call_1", "f", "{\"a\":1}"))],
        FinishReason::ToolCalls,
        json!({ "role": "assistant", "content": null, "refusal": null, "tool_calls": [
            { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{\"a\":1}" } },
        ] }),
    );
    both(
        vec![Part::Refusal("No.".into())],
        FinishReason::Stop,
        json!({ "role": "assistant", "content": null, "refusal": "No." }),
    );
    let reasoning = Reasoning {
        text: "Hm.".into(),
        signature: None,
    };
    both(
        vec![Part::Reasoning(reasoning)],
        FinishReason::Length,
        json!({ "role": "assistant", "content": "", "refusal": null, "reasoning_content": "Hm." }),
    );
    both(
        vec![],
        FinishReason::ContentFilter,
        json!({ "role": "assistant", "content": "", "refusal": null }),
    );
    both(
        vec![],
        FinishReason::Other("function_call".into()),
        json!({ "role": "assistant", "content": "", "refusal": null }),
    );
}

#[test]
fn usage_counts_cached_tokens_among_those_of_the_prompt() {
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
            "prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
            "prompt_tokens_details": { "cached_tokens": 60, "cache_write_tokens": 30 },
            "completion_tokens_details": { "reasoning_tokens": 40 },
        })
    );
    assert_eq!(read_response(body), Ok(response));
}

#[test]
fn extra_fields_of_a_call_stay_with_it() {
    let extra = |name: &str| Part::Extra([(name.to_owned(), json!(1))].into_iter().collect());
    let text = Part::Text("Hi".into());
    let call = Part::ToolCall(ToolCall::new("call_1", "f", "{}"));
    let parts = vec![text, call, extra("index"), extra("more")];
    let body = write_response(&answer(parts, FinishReason::ToolCalls), 0).expect("it has a place");
    let message = &body["choices"][0]["message"];
    assert_eq!(message["content"], "Hi");
    assert_eq!(
        (
            &message["tool_calls"][0]["index"],
            &message["tool_calls"][0]["more"]
        ),
        (&json!(1), &json!(1))
    );
    let read = read_response(body).expect("it can be read");
    let extra = json!({ "index": 1, "more": 1 });
    let calls: Vec<_> = read.tool_calls().collect();
    assert_eq!((read.message.parts.len(), calls.len()), (2, 1));
    assert_eq!(Value::from(calls[0].extra.clone()), extra);
}

#[test]
fn an_answer_that_broke_off_has_no_reason_and_no_usage() {
    let mut response = answer(vec![Part::Text("Hi".into())], FinishReason::Stop);
    (response.finish_reason, response.usage) = (None, None);
    let body = write_response(&response, 0).expect("it can be written");
    assert_eq!(
        (&body["choices"][0]["finish_reason"], body.get("usage")),
        (&Value::Null, None)
    );
    assert_eq!(read_response(body), Ok(response));
}

#[test]
fn further_fields_of_an_answer_are_kept_at_their_place() {
    let mut written = body(
        json!({ "role": "assistant", "content": "Hi", "refusal": null }),
        "stop",
    );
    written["choices"][0]["logprobs"] = json!({ "content": [] });
    written["choices"][0]["message"]["annotations"] = json!([{ "type": "url_citation" }]);
    let second = json!({ "index": 1, "message": { "content": "Ho" }, "finish_reason": "stop" });
    written["choices"]
        .as_array_mut()
        .expect("it is a list")
        .push(second);
    written["usage"]["completion_tokens_details"]["audio_tokens"] = 3.into();
    let response = read_response(written.clone()).expect("it can be read");
    assert_eq!(response.text(), "Hi");
    assert_eq!(
        response.metadata["usage"]["completion_tokens_details"]["audio_tokens"],
        3
    );
    assert_eq!(write_response(&response, 1_700_000_000), Ok(written));
}

#[test]
fn fields_that_a_provider_adds_to_each_message_are_left_out() {
    let call = json!({ "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{}" } });
    let mut message =
        json!({ "role": "assistant", "content": null, "refusal": null, "tool_calls": [call] });
    let plain = read_response(body(message.clone(), "tool_calls")).expect("it can be read");
    message["annotations"] = json!([]);
    message["tool_calls"][0]["index"] = 0.into();
    let read = read_response(body(message, "tool_calls")).expect("it can be read");
    assert_eq!(read, plain);
}

#[test]
fn further_answers_are_kept() {
    let mut written = body(
        json!({ "role": "assistant", "content": "Hi", "refusal": null }),
        "stop",
    );
    let second = json!({ "index": 1, "message": { "content": "Ho" }, "finish_reason": "stop" });
    let choices = written["choices"].as_array_mut().expect("it is a list");
    choices.push(second);
    let response = read_response(written.clone()).expect("it can be read");
    assert_eq!(write_response(&response, 1_700_000_000), Ok(written));
}

#[test]
fn without_usage_only_its_extra_fields_are_written() {
    let mut response = answer(vec![], FinishReason::Stop);
    response.usage = None;
    let known = json!({ "audio_tokens": 3 });
    response.metadata.insert("usage".into(), known);
    let body = write_response(&response, 0).expect("it can be written");
    assert_eq!(body["usage"], json!({ "audio_tokens": 3 }));
    response.metadata.clear();
    let body = write_response(&response, 0).expect("it can be written");
    assert_eq!(body.get("usage"), None);
}

#[test]
fn the_fields_of_a_call_are_its_own() {
    let call = json!({
        "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{}", "x": 1 },
        "extra_content": { "google": { "thought_signature": "c2ln" } },
    });
    let written = json!({ "model": "m", "messages": [
        { "role": "assistant", "content": null, "tool_calls": [call] },
    ] });
    let request = read_request(written.clone()).expect("it can be read");
    assert_eq!(request.messages[0].parts.len(), 1);
    let extra = &request.messages[0]
        .tool_calls()
        .next()
        .expect("a call")
        .extra;
    assert_eq!(
        extra["extra_content"]["google"]["thought_signature"],
        "c2ln"
    );
    assert_eq!(extra["function"], json!({ "x": 1 }));
    assert_eq!(write_request(&request), Ok(written));

    let twice = ToolCall::new("call_1", "f", "{}").with_extra("id", "call_2");
    let message = Message::assistant("").with_tool_calls([twice]);
    let error = write_request(&Request::new("m").with_message(message)).expect_err("two ids");
    assert!(
        error
            .to_string()
            .contains("a second value of `id` of a tool call"),
        "{error}"
    );
}

#[test]
fn models_have_the_time_that_is_given() {
    let expected = json!({ "object": "list", "data": [
        { "id": "m", "object": "model", "created": 7, "owned_by": "openai" },
    ] });
    assert_eq!(write_models(["m"], 7), expected);
}
