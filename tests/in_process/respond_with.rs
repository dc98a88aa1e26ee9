//! `respond_with`: answers of the user's own closures. For closures that await see `respond_with_async.rs`, for those that panic
//! `panics_of_closures.rs`.

use futures::FutureExt as _;
use mock_core::builder::{respond_with, script, *};
use mock_core::{
    ErrorKind, FinishReason, Image, Message, MockProvider, Outcome, Part, ProviderError, Reasoning,
    Request, Response, Role, StreamEvent, ToolCall, ToolResult, Usage, provider_test,
};
use serde_json::{Map, Value, json};

use crate::helpers::{ask, say, streamed};
use crate::raw_answers::{named, told};

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("{other} is not an object"),
    }
}

fn message(parts: Vec<Part>) -> Response {
    Message::new(Role::Assistant, parts).into()
}

/// What two turns with this closure answer, plain and streamed, which must be the same but for the ids.
async fn both(respond: fn(&Request) -> Response) -> Response {
    let llm = MockProvider::script([respond_with(respond).times(2)]);
    let plain = llm.answer(ask("hello")).await.expect("an answer");
    let (collected, events) = streamed(&llm, "hello").await;
    assert!(matches!(events.last(), Some(StreamEvent::Finish { .. })));
    assert_eq!(collected.finish_reason, plain.finish_reason);
    assert_eq!(collected.usage, plain.usage);
    assert_eq!(collected.message.parts.len(), plain.message.parts.len());
    assert_eq!(collected.text(), plain.text());
    plain
}

#[provider_test]
async fn a_closure_answers_from_the_request() {
    let echo = |request: &Request| Message::assistant(request.user_text().unwrap_or_default());
    let llm = MockProvider::script([respond_with(move |request| Response::from(echo(request)))]);
    assert_eq!(say(&llm, "one {two} three").await, "one {two} three");
}

#[provider_test]
async fn the_mock_fills_in_the_fields_that_a_closure_leaves_open() {
    let plain = both(|_| Message::assistant("Hello to you.").into()).await;
    assert_eq!((&*plain.id, &*plain.model), ("resp_1", "gpt-4o"));
    assert_eq!(plain.finish_reason, Some(FinishReason::Stop));
    assert_eq!(plain.usage, Some(Usage::new(1, 3)));
}

#[provider_test]
async fn the_fields_that_a_closure_sets_are_kept() {
    let plain = both(|_| {
        let mut response: Response = Message::assistant("Hello.").into();
        response.id = "theirs".to_owned();
        response.model = "other".to_owned();
        response.finish_reason = Some(FinishReason::Length);
        response.usage = Some(Usage::new(1, 2).reasoning(1));
        response.message.name = Some("Ada".to_owned());
        response
            .message
            .extra
            .insert("annotations".into(), 1.into());
        response
    })
    .await;
    assert_eq!((&*plain.id, &*plain.model), ("theirs", "other"));
    assert_eq!(plain.message.name.as_deref(), Some("Ada"));
    assert_eq!(plain.message.extra["annotations"], 1);
    assert_eq!(plain.finish_reason, Some(FinishReason::Length));
    assert_eq!(plain.usage, Some(Usage::new(1, 2).reasoning(1)));
}

#[provider_test]
async fn an_empty_message_is_an_empty_answer() {
    let plain = both(|_| message(Vec::new())).await;
    assert_eq!(
        (plain.message.parts.len(), plain.finish_reason),
        (0, Some(FinishReason::Stop))
    );
}

#[provider_test]
async fn tool_calls_keep_their_ids_and_those_without_get_one() {
    let plain = both(|_| {
        let calls = [
            ToolCall::new("theirs", "get_time", r#"{"zone": "{user}"}"#),
            ToolCall::new("", "get_weather", "{"),
        ];
        Message::assistant("").with_tool_calls(calls).into()
    })
    .await;
    let calls: Vec<_> = plain.tool_calls().collect();
    assert_eq!((&*calls[0].id, &*calls[1].id), ("theirs", "call_1_2"));
    assert_eq!(calls[0].arguments, r#"{"zone": "{user}"}"#);
    assert_eq!(calls[1].arguments, "{");
    assert_eq!(plain.finish_reason, Some(FinishReason::ToolCalls));
}

#[provider_test]
async fn reasoning_keeps_its_signature_block_by_block() {
    let block = |text: &str, signature: &str| {
        let mut reasoning = Reasoning::new(text);
        reasoning.signature = (!signature.is_empty()).then(|| signature.to_owned());
        Part::Reasoning(reasoning)
    };
    let parts = vec![
        block("one two", "a"),
        block("three", "b"),
        block("four", ""),
    ];
    let expected = parts.clone();
    let respond = respond_with(move |_| message(parts.clone())).times(2);
    let llm = MockProvider::script([respond]);
    let plain = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(plain.message.parts, expected);
    let (collected, events) = streamed(&llm, "hello").await;
    assert_eq!(collected.message.parts, expected);
    assert_eq!(events[2], StreamEvent::ReasoningSignature("a".into()));
}

#[provider_test]
async fn s08_an_err_of_a_closure_is_the_failure() {
    let fails = respond_with(|_| Err::<Response, _>(ProviderError::new(ErrorKind::Overloaded)));
    let llm = MockProvider::script([fails.times(2)]);
    let error = llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Overloaded);
    let error = llm.answer_stream(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Overloaded);
    assert_eq!(llm.calls()[1].outcome(), Some(&Outcome::Failed(error)));
}

#[provider_test]
async fn a_closure_is_asked_once_for_each_call() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked);
    let respond = move |_: &Request| -> Response {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Message::assistant("one two three").into()
    };
    let llm = MockProvider::script([respond_with(respond).times(2).every(ms(5))]);
    say(&llm, "hello").await;
    streamed(&llm, "hello").await;
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[provider_test]
async fn in_process_every_part_is_given_as_it_is() {
    let given = vec![
        Part::Text(String::new()),
        Part::Text("one two".to_owned()),
        Part::Text("three".to_owned()),
        Part::Extra(fields(json!({ "citations": [{ "cited_text": "one" }] }))),
        Part::Image(Image::Url("https://example.com/cat.png".to_owned())),
        Part::Other(json!({ "type": "server_tool_use", "input": { "query": "cats" } })),
        Part::RedactedReasoning("c2VjcmV0".to_owned()),
        Part::ToolResult(ToolResult::new("call_1", "noon")),
        Part::ToolCall(ToolCall::new("call_1", "get_time", "{}").with_extra("signature", "c2ln")),
    ];
    let parts = given.clone();
    let respond = respond_with(move |_| message(parts.clone()));
    let llm = MockProvider::script([respond.times(2)]);
    let plain = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(plain.message.parts, given);
    let (collected, events) = streamed(&llm, "hello").await;
    assert_eq!(collected.message.parts, given);
    let names: Vec<_> = events.iter().map(StreamEvent::name).collect();
    assert_eq!(
        names[..3],
        ["text"; 3],
        "a text that is empty or goes on has to begin"
    );
}

#[provider_test]
async fn a_verbatim_answer_is_not_filled_in() {
    let given = || {
        let mut response = message(vec![
            Part::Text("Hello.".to_owned()),
            Part::ToolCall(ToolCall::new("", "get_time", "")),
        ]);
        response.metadata = fields(json!({ "region": "eu" }));
        response.verbatim()
    };
    let turn = respond_with(move |_| given())
        .finish(FinishReason::Length)
        .usage(Usage::new(11, 7));
    let scenario = script([turn.times(2)]).metadata(json!({ "tries": 2 }));
    let llm = MockProvider::new(scenario.model("gpt-4o"));
    let plain = llm.answer(Request::new("")).await.expect("an answer");
    assert_eq!(plain, given());
    assert_eq!((&*plain.id, &*plain.model), ("", ""));
    assert_eq!((plain.finish_reason, plain.usage), (None, None));
    let (collected, events) = streamed(&llm, "hello").await;
    assert_eq!(collected, given());
    let finish = StreamEvent::Finish {
        reason: None,
        usage: None,
    };
    assert_eq!(events.last(), Some(&finish));
    assert_eq!(llm.calls()[1].outcome(), Some(&Outcome::Completed));
}

#[provider_test]
async fn a_closure_that_may_fail_can_answer_verbatim() {
    let turn = respond_with(|_| Ok(Response::new("", "m").verbatim()));
    let llm = MockProvider::script([turn]);
    let plain = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(plain, Response::new("", "m"));
}

#[provider_test]
async fn s38_headers_of_a_closure_replace_those_of_its_turn() {
    let turn = respond_with(|_| {
        let mut response = Response::from(Message::assistant("Hi."));
        response.headers = vec![("X-A".into(), "closure".into())];
        response
    });
    let llm = MockProvider::script([turn.headers([("x-a", "turn"), ("x-b", "turn")])]);
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    let expected = named(&[("x-b", "turn"), ("X-A", "closure")]);
    assert_eq!(told(&answer.headers), expected);
}

#[test]
fn s38_headers_of_a_closure_that_http_cannot_carry_fail_the_call() {
    let turn = respond_with(|_| {
        let mut response = Response::from(Message::assistant("Hi."));
        response.headers = vec![("x id".into(), "a".into())];
        response
    });
    let llm = MockProvider::script([turn]);
    let answer = llm.answer(ask("hello")).now_or_never();
    let answer = answer.expect("no time is in it");
    let error = answer.expect_err("it cannot be sent");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(
        error.message.contains("`x id` is not a header name"),
        "{error}"
    );
    assert!(llm.verify().is_err());
}
