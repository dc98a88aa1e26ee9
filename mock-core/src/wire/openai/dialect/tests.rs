//! Tests of the dialects of Chat Completions.

mod documented;
mod recorded;

use serde_json::{Value, json};

use super::Dialect;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::openai::{StreamReader, StreamWriter, read_error, read_response};

const ALL: [Profile; 7] = [
    Profile::Azure,
    Profile::Openrouter,
    Profile::Deepseek,
    Profile::Mistral,
    Profile::Groq,
    Profile::Xai,
    Profile::Llamacpp,
];

fn finish(reason: FinishReason) -> StreamEvent {
    StreamEvent::Finish {
        reason: Some(reason),
        usage: Some(Usage::new(11, 7)),
    }
}

fn text() -> Vec<StreamEvent> {
    vec![
        StreamEvent::Reasoning("Hm.".into()),
        StreamEvent::Text("Hi".into()),
        finish(FinishReason::Stop),
    ]
}

fn call() -> Vec<StreamEvent> {
    vec![
        StreamEvent::ToolCallStart {
            index: 0,
            id: "call_1".into(),
            name: "get_time".into(),
            extra: None,
        },
        StreamEvent::ToolCallDelta {
            index: 0,
            arguments: "{}".into(),
        },
        finish(FinishReason::ToolCalls),
    ]
}

/// The frames of a stream, without those of the end mark.
fn stream(profile: Profile, asks_for_usage: bool, events: &[StreamEvent]) -> Vec<Value> {
    let head = Response::new("id-1", "m");
    let mut writer = StreamWriter::new(&head, 7)
        .dialect(Dialect::from_profile(profile))
        .include_usage(asks_for_usage);
    let frames = events
        .iter()
        .flat_map(|event| writer.write(event).expect("it can be written"));
    frames
        .map(|frame| {
            let data = frame.strip_prefix("data: ").expect("it is a data line");
            serde_json::from_str(data).expect("it is JSON")
        })
        .collect()
}

fn deltas(frames: &[Value]) -> Vec<Value> {
    let deltas = frames
        .iter()
        .map(|frame| frame["choices"][0]["delta"].clone());
    deltas.collect()
}

fn whole(profile: Profile, events: Vec<StreamEvent>) -> Value {
    let mut response = Response::new("id-1", "m");
    events.into_iter().for_each(|event| response.push(event));
    let body = Dialect::from_profile(profile).write_response(&response, 7);
    body.expect("it can be written")
}

fn error_body(profile: Profile, kind: ErrorKind) -> Value {
    let error = ProviderError::at(profile, kind);
    let reply = Dialect::from_profile(profile).write_error(&error, "1", 0);
    reply.expect("it has a status").body
}

#[test]
fn a_row_belongs_to_each_dialect_and_openai_has_the_rest() {
    for profile in ALL {
        assert!(profile.is_dialect());
        assert_eq!(Dialect::from_profile(profile).profile, profile);
    }
    for profile in [Profile::Plain, Profile::Openai, Profile::Anthropic] {
        assert!(!profile.is_dialect());
        assert_eq!(Dialect::from_profile(profile).profile, Profile::Openai);
    }
}

#[test]
fn a_client_reads_the_same_from_each_dialect() {
    for profile in ALL {
        for asks in [false, true] {
            for events in [text(), call()] {
                let mut reader = StreamReader::new();
                let mut read = Response::new("", "");
                for frame in stream(profile, asks, &events) {
                    let said = reader.read(&frame.to_string());
                    let said = said.unwrap_or_else(|error| panic!("{profile:?}: {error}"));
                    said.into_iter().for_each(|event| read.push(event));
                }
                let end = reader.read("[DONE]").expect("it ends");
                end.into_iter().for_each(|event| read.push(event));

                let mut said = Response::new("", "");
                events.into_iter().for_each(|event| said.push(event));
                assert_eq!(read.message.parts, said.message.parts, "{profile:?}");
                assert_eq!(read.finish_reason, said.finish_reason, "{profile:?}");
                let dialect = Dialect::from_profile(profile);
                let is_in_usage = profile != Profile::Groq || asks;
                if (asks || dialect.usage_unasked) && is_in_usage {
                    assert_eq!(read.usage, said.usage, "{profile:?}");
                }
            }
        }
        for events in [text(), call()] {
            let body = whole(profile, events.clone());
            let read = read_response(body).expect("it can be read");
            let mut said = Response::new("id-1", "m");
            events.into_iter().for_each(|event| said.push(event));
            assert_eq!(read.message.parts, said.message.parts, "{profile:?}");
            assert_eq!(read.usage, said.usage, "{profile:?}");
        }
    }
}

#[test]
fn reasoning_has_the_name_of_the_dialect() {
    for (profile, name) in [
        (Profile::Openai, "reasoning_content"),
        (Profile::Openrouter, "reasoning"),
        (Profile::Groq, "reasoning"),
        (Profile::Deepseek, "reasoning_content"),
        (Profile::Llamacpp, "reasoning_content"),
        (Profile::Xai, "reasoning_content"),
    ] {
        let frames = stream(profile, false, &text());
        let streamed = frames.iter().filter(|frame| {
            let delta = &frame["choices"][0]["delta"];
            delta[name] == "Hm."
        });
        assert_eq!(streamed.count(), 1, "{profile:?}");
        let answer = whole(profile, text());
        assert_eq!(answer["choices"][0]["message"][name], "Hm.", "{profile:?}");
    }
}

#[test]
fn mistral_has_its_reasoning_in_a_part_of_the_content() {
    let thinking =
        |text: &str| json!({ "type": "thinking", "thinking": [{ "type": "text", "text": text }] });
    let frames = stream(Profile::Mistral, false, &text());
    let deltas = deltas(&frames);
    let content: Vec<_> = deltas.iter().map(|delta| &delta["content"]).collect();
    let thought = json!([thinking("Hm.")]);
    assert!(content.contains(&&thought), "{content:?}");
    assert!(
        content
            .iter()
            .all(|content| !content.is_array() || **content == thought)
    );

    let answer = whole(Profile::Mistral, text());
    let said: Vec<_> = answer["choices"][0]["message"]["content"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(said[0], &thinking("Hm."));
    assert_eq!((said.len(), &said[1]["type"]), (2, &json!("text")));

    let call = json!({ "role": "assistant", "content": [thinking("Hm.")], "tool_calls": [{
        "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" },
    }] });
    let body =
        json!({ "choices": [{ "index": 0, "message": call, "finish_reason": "tool_calls" }] });
    let read = read_response(body).expect("it is an answer");
    assert!(
        matches!(&read.message.parts[..], [Part::Reasoning(thought), Part::ToolCall(_)] if thought.text == "Hm.")
    );
    let dialect = Dialect::from_profile(Profile::Mistral);
    let written = dialect.write_response(&read, 7).expect("it can be written");
    assert_eq!(
        written["choices"][0]["message"]["content"],
        json!([thinking("Hm.")])
    );
}

/// As Mistral is recorded, and as microsoft/semantic-kernel#6316 and comet-ml/opik#7385 report.
#[test]
fn mistral_streams_all_calls_whole_with_the_finish_reason() {
    let start = |index, id: &str| StreamEvent::ToolCallStart {
        index,
        id: id.into(),
        name: "look".into(),
        extra: None,
    };
    let piece = |index, arguments: &str| StreamEvent::ToolCallDelta {
        index,
        arguments: arguments.into(),
    };
    let call = |index: usize, id: &str, arguments: &str| {
        json!({
            "index": index, "id": id, "type": "function",
            "function": { "name": "look", "arguments": arguments },
        })
    };
    let events = [
        start(0, "aaaaaaaaa"),
        piece(0, "{\"at\":"),
        start(1, "bbbbbbbbb"),
        piece(1, "{}"),
        piece(0, "1}"),
        finish(FinishReason::ToolCalls),
    ];
    let frames = stream(Profile::Mistral, false, &events);
    let calls = json!([
        call(0, "aaaaaaaaa", "{\"at\":1}"),
        call(1, "bbbbbbbbb", "{}")
    ]);
    assert_eq!(
        deltas(&frames),
        [
            json!({ "role": "assistant", "content": "" }),
            json!({ "tool_calls": calls }),
        ]
    );
    let last = &frames[1];
    assert_eq!(last["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(last["usage"]["total_tokens"], 18);

    // A stream that breaks off before its end has none of them.
    let frames = stream(Profile::Mistral, false, &events[..5]);
    assert_eq!(
        deltas(&frames),
        [json!({ "role": "assistant", "content": "" })]
    );

    // Text after a call comes after it.
    let events = [
        start(0, "aaaaaaaaa"),
        piece(0, "{}"),
        StreamEvent::Text("So.".into()),
        finish(FinishReason::Stop),
    ];
    assert_eq!(
        deltas(&stream(Profile::Mistral, false, &events)),
        [
            json!({ "role": "assistant", "content": "" }),
            json!({ "tool_calls": [call(0, "aaaaaaaaa", "{}")] }),
            json!({ "content": "So." }),
            json!({ "content": "" }),
        ]
    );
}

#[test]
fn a_thought_with_anything_else_in_it_stays_a_part_of_its_own() {
    for part in [
        json!({ "type": "thinking", "thinking": [{ "type": "text", "text": "" }] }),
        json!({ "type": "thinking", "thinking": [{ "type": "text", "text": "a" }], "closed": true }),
        json!({ "type": "thinking", "thinking": [{ "type": "reference", "reference_ids": [1] }] }),
        json!({ "type": "thinking", "thinking": "a" }),
    ] {
        let message = json!({ "role": "assistant", "content": [part] });
        let body =
            json!({ "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] });
        let read = read_response(body).expect("it is an answer");
        assert_eq!(read.message.parts, [Part::Other(part)]);
    }
}

#[test]
fn the_role_comes_alone_or_with_each_delta() {
    let alone = json!({ "role": "assistant", "content": "" });
    for profile in [
        Profile::Deepseek,
        Profile::Mistral,
        Profile::Groq,
        Profile::Llamacpp,
    ] {
        for events in [text(), call()] {
            let deltas = deltas(&stream(profile, false, &events));
            assert_eq!(deltas[0], alone, "{profile:?}");
            let others = &deltas[1..];
            assert!(
                others.iter().all(|delta| delta["role"].is_null()),
                "{profile:?}"
            );
        }
    }
    for (profile, others) in [
        (Profile::Openrouter, json!("assistant")),
        (Profile::Xai, Value::Null),
    ] {
        for events in [text(), call()] {
            let deltas = deltas(&stream(profile, false, &events));
            assert_eq!(deltas[0]["role"], "assistant", "{profile:?}");
            assert!(
                deltas[1..].iter().all(|delta| delta["role"] == others),
                "{profile:?}"
            );
            assert!(
                !deltas[0]["reasoning"].is_null()
                    || !deltas[0]["reasoning_content"].is_null()
                    || !deltas[0]["tool_calls"].is_null(),
                "{profile:?}"
            );
        }
    }
}

/// The frames that have a usage: whether they have a choice, and its finish reason.
fn usages(profile: Profile, asks: bool) -> Vec<(bool, Value)> {
    let frames = stream(profile, asks, &text());
    let with_usage = frames.iter().filter(|frame| frame["usage"].is_object());
    with_usage
        .map(|frame| {
            let choice = &frame["choices"][0];
            (choice.is_object(), choice["finish_reason"].clone())
        })
        .collect()
}

#[test]
fn the_usage_has_its_place() {
    let own = [(false, Value::Null)];
    let beside = [(true, json!("stop"))];
    for profile in [Profile::Openai, Profile::Azure, Profile::Llamacpp] {
        assert_eq!(usages(profile, false), [], "{profile:?}");
        assert_eq!(usages(profile, true), own, "{profile:?}");
    }
    for profile in [Profile::Deepseek, Profile::Mistral] {
        for asks in [false, true] {
            assert_eq!(usages(profile, asks), beside, "{profile:?}");
        }
    }
    for asks in [false, true] {
        assert_eq!(usages(Profile::Xai, asks), own);
    }
    for asks in [false, true] {
        assert_eq!(usages(Profile::Openrouter, asks), beside);
        let frames = stream(Profile::Openrouter, asks, &text());
        let finishes = frames
            .iter()
            .filter(|frame| frame["choices"][0]["finish_reason"] == "stop");
        assert_eq!(finishes.count(), 2);
    }
    assert_eq!(usages(Profile::Groq, true), [&beside[..], &own].concat());
    assert_eq!(usages(Profile::Groq, false), []);
    for asks in [false, true] {
        let frames = stream(Profile::Groq, asks, &text());
        let counts = frames
            .iter()
            .map(|frame| &frame["x_groq"]["usage"]["completion_tokens"]);
        assert_eq!(counts.filter(|count| **count == 7).count(), 1);
    }
}

#[test]
fn a_field_is_null_only_where_the_dialect_has_it() {
    for profile in ALL {
        let nulls = Dialect::from_profile(profile).nulls;
        let answer = whole(profile, text());
        let choice = answer["choices"][0].as_object().expect("an object");
        assert_eq!(
            choice.contains_key("logprobs"),
            nulls.logprobs,
            "{profile:?}"
        );
        let message = choice["message"].as_object().expect("an object");
        assert_eq!(
            message.contains_key("refusal"),
            nulls.refusal,
            "{profile:?}"
        );
        let frames = stream(profile, true, &text());
        let has_null = |frame: &&Value| frame.get("usage").is_some_and(Value::is_null);
        assert_eq!(
            frames.iter().any(|frame| has_null(&frame)),
            nulls.usage,
            "{profile:?}"
        );
        let unfinished = |frame: &&Value| {
            let choice = &frame["choices"][0];
            choice.get("finish_reason").is_some_and(Value::is_null)
        };
        assert_eq!(
            frames.iter().any(|frame| unfinished(&frame)),
            nulls.finish_reason,
            "{profile:?}"
        );
    }
}

#[test]
fn the_tokens_of_reasoning_come_beside_those_of_xais_completion() {
    let usage = Usage {
        reasoning_tokens: 290,
        ..Usage::new(12, 291)
    };
    let mut response = Response::new("id", "grok-3-mini");
    response.usage = Some(usage);
    let body = Dialect::from_profile(Profile::Xai).write_response(&response, 0);
    let body = body.expect("it is written");
    let counts = ["prompt_tokens", "completion_tokens", "total_tokens"];
    assert_eq!(counts.map(|name| body["usage"][name].clone()), [12, 1, 303]);
    let read = read_response(body).expect("it is read");
    assert_eq!(read.usage, Some(usage));
}

#[test]
fn azure_says_which_filter_a_text_ran_into() {
    let frames = stream(Profile::Azure, false, &text());
    let results = |frame: &Value| frame["choices"][0]["content_filter_results"].clone();
    assert_eq!(
        frames[0]["prompt_filter_results"][0]["content_filter_results"]["jailbreak"]["detected"],
        false
    );
    let has_text = |frame: &&Value| {
        let content = frame["choices"][0]["delta"]["content"].as_str();
        content.is_some_and(|text| !text.is_empty())
    };
    for frame in &frames[1..] {
        let is_empty = results(frame) == json!({});
        assert_eq!(is_empty, !has_text(&frame), "{frame}");
    }
    let error = error_body(Profile::Azure, ErrorKind::ContentFilter);
    let inner = &error["error"]["innererror"];
    assert_eq!(inner["code"], "ResponsibleAIPolicyViolation");
    assert_eq!(inner["content_filter_result"]["violence"]["filtered"], true);
}

#[test]
fn an_error_has_the_form_of_the_dialect() {
    use ErrorKind::{Auth, NotFound, RateLimit};
    for (profile, kind, expected) in [
        (
            Profile::Openrouter,
            RateLimit,
            json!({ "error": { "message": "rate limit reached", "code": 429 } }),
        ),
        (
            Profile::Openrouter,
            NotFound,
            json!({ "error": { "message": "the model does not exist", "code": 400 } }),
        ),
        (
            Profile::Deepseek,
            Auth,
            json!({ "error": {
                "message": "the API key is not valid", "type": "invalid_request_error",
                "param": null, "code": "invalid_request_error",
            } }),
        ),
        (
            Profile::Mistral,
            Auth,
            json!({ "detail": "Invalid API Key" }),
        ),
        (
            Profile::Mistral,
            RateLimit,
            json!({
                "object": "error", "message": "rate limit reached", "type": "rate_limited",
                "param": null, "code": "1300",
            }),
        ),
        (
            Profile::Groq,
            Auth,
            json!({ "error": {
                "message": "Invalid API Key", "type": "invalid_request_error",
                "code": "invalid_api_key",
            } }),
        ),
        (
            Profile::Xai,
            Auth,
            json!({ "code": "invalid-argument", "error": "Incorrect API key provided." }),
        ),
        (
            Profile::Llamacpp,
            Auth,
            json!({ "error": {
                "message": "Invalid API Key", "type": "authentication_error", "code": 401,
            } }),
        ),
        (
            Profile::Azure,
            RateLimit,
            json!({ "error": { "message": "rate limit reached", "code": "429" } }),
        ),
    ] {
        assert_eq!(error_body(profile, kind), expected, "{profile:?}");
    }
}

#[test]
fn a_client_reports_the_kind_of_most_errors_in_each_dialect() {
    for profile in ALL {
        let dialect = Dialect::from_profile(profile);
        for kind in [
            ErrorKind::RateLimit,
            ErrorKind::ServerError,
            ErrorKind::BadRequest,
        ] {
            let error = ProviderError::at(profile, kind);
            let reply = dialect
                .write_error(&error, "1", 0)
                .expect("it has a status");
            let read = read_error(reply.status, [], &reply.body.to_string());
            assert_eq!(read.kind, kind, "{profile:?}");
        }
    }
}

#[test]
fn a_code_of_the_scenario_stays_as_it_is() {
    for profile in ALL {
        let mut error = ProviderError::at(profile, ErrorKind::RateLimit);
        error.code = Some("slow_down".into());
        error.raw = Some(Box::new(crate::chat::error::RawResponse {
            sets_code: true,
            ..Default::default()
        }));
        let reply = Dialect::from_profile(profile).write_error(&error, "1", 0);
        let body = reply.expect("it has a status").body;
        let code = [&body["code"], &body["error"]["code"]];
        assert!(
            code.iter().any(|code| **code == "slow_down"),
            "{profile:?}: {body}"
        );
    }
}

#[test]
fn openrouter_says_who_answers_and_the_finish_reason_twice() {
    for frame in stream(Profile::Openrouter, false, &text()) {
        assert_eq!(frame["provider"], "Mock");
        let choice = &frame["choices"][0];
        assert_eq!(choice["native_finish_reason"], choice["finish_reason"]);
    }
    let answer = whole(Profile::Openrouter, text());
    assert_eq!(
        (&answer["provider"], &answer["usage"]["cost"]),
        (&json!("Mock"), &json!(0))
    );
}

#[test]
fn azure_begins_a_stream_without_a_choice() {
    let frames = stream(Profile::Azure, false, &text());
    assert_eq!(frames[0]["choices"], json!([]));
    assert!(frames[0]["prompt_filter_results"].is_array());
    assert!(frames[1]["choices"][0]["content_filter_results"].is_object());
    let answer = whole(Profile::Azure, text());
    assert!(answer["prompt_filter_results"].is_array());
}

#[test]
fn fields_that_the_answer_sets_win() {
    let mut response = Response::new("id-1", "m");
    response.metadata = json!({ "system_fingerprint": "fp_own", "provider": "OpenAI" })
        .as_object()
        .cloned()
        .unwrap_or_default();
    for profile in [Profile::Openrouter, Profile::Deepseek] {
        let dialect = Dialect::from_profile(profile);
        let body = dialect
            .write_response(&response, 7)
            .expect("it can be written");
        let said = [&body["system_fingerprint"], &body["provider"]];
        assert_eq!(said, [&json!("fp_own"), &json!("OpenAI")]);
    }
}

#[test]
fn several_answers_have_a_role_and_a_finish_each() {
    for profile in ALL {
        let mut writer = StreamWriter::new(&Response::new("id-1", "m"), 7)
            .dialect(Dialect::from_profile(profile))
            .answers(2);
        let frames: Vec<_> = call()
            .iter()
            .flat_map(|event| writer.write(event).expect("it can be written"))
            .collect();
        for index in 0..2 {
            let choice = format!("\"index\":{index}");
            let of = frames.iter().filter(|frame| frame.contains(&choice));
            let finishes = of
                .clone()
                .filter(|frame| frame.contains("\"finish_reason\":\"tool_calls\""));
            assert!(finishes.count() >= 1, "{profile:?}");
            assert!(
                of.clone()
                    .any(|frame| frame.contains("\"role\":\"assistant\"")),
                "{profile:?}"
            );
        }
    }
}
