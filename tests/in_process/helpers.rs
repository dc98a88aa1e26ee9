//! What most of these tests need: requests, answers, and how a test with a body ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::{ms, reply, script};
use mock_core::scenario::{Scenario, Turn};
use mock_core::{Message, MockProvider, Request, Response, StreamEvent, ToolCall};
use tests::private::{Test, TestSpec, run};
use tokio::time::{Instant, sleep};

/// A question of the user.
pub(crate) fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

/// The same conversation after the model has called a tool, and the tool has returned.
pub(crate) fn after_tool(request: Request, id: &str, tool: &str, result: &str) -> Request {
    request
        .with_message(Message::assistant("").with_tool_calls([ToolCall::new(id, tool, "{}")]))
        .with_message(Message::tool(id, result))
}

/// What the mock replies to a question of the user.
pub(crate) async fn say(llm: &MockProvider, text: &str) -> String {
    let response = llm.answer(ask(text)).await.expect("a turn replies");
    response.text().into_owned()
}

/// How long each of so many calls takes: `None` for one that times out.
pub(crate) async fn took(scenario: Scenario, calls: usize) -> Vec<Option<Duration>> {
    let llm = MockProvider::new(scenario);
    let mut took = Vec::new();
    for _ in 0..calls {
        let start = Instant::now();
        let answer = llm.answer(ask("hello")).await;
        took.push(answer.is_ok().then(|| start.elapsed()));
    }
    took
}

/// A scenario that answers any number of calls.
pub(crate) fn any_calls() -> Scenario {
    script([reply("Hi.").times(0..)])
}

/// What the mock streams to a question of the user: the answer that the events collect into, and the events.
pub(crate) async fn streamed(llm: &MockProvider, text: &str) -> (Response, Vec<StreamEvent>) {
    let mut stream = llm.answer_stream(ask(text)).await.expect("a stream");
    let mut response = stream.empty_response();
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        let event = event.expect("no failure is in it");
        response.push(event.clone());
        events.push(event);
    }
    (response, events)
}

/// The argument `llm` of a test, made from a mock of these turns.
pub(crate) fn llm(test: &mut Test, turns: impl IntoIterator<Item = Turn>) -> MockProvider {
    test.inject_mock("llm", script(turns).into())
}

/// What a panic in here says; `None` if there is none.
pub(crate) fn panic_of(body: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(body)).err()?;
    let message = match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast::<&str>().expect("a panic has a message")).to_owned(),
    };
    // On a terminal there are colours in it.
    let (first, rest) = message.split_once('\x1b').unwrap_or((&message, ""));
    let rest = rest.split('\x1b').filter_map(|rest| rest.split_once('m'));
    Some(
        [first]
            .into_iter()
            .chain(rest.map(|(_, text)| text))
            .collect(),
    )
}

/// How a test with this body ends: with a panic, as the `Err`, or without.
pub(crate) fn outcome(should_panic: bool, body: fn(&mut Test)) -> Result<(), String> {
    outcome_of(TestSpec {
        name: "in_process::a_test",
        should_panic,
        body,
        ..TestSpec::EMPTY
    })
}

/// How this test ends: with a panic, as the `Err`, or without.
pub(crate) fn outcome_of(spec: TestSpec) -> Result<(), String> {
    let spec = Box::leak(Box::new(spec));
    panic_of(|| run(spec)).map_or(Ok(()), Err)
}

/// What a test with this body says when it fails, whoever says it.
#[track_caller]
pub(crate) fn verdict(body: fn(&mut Test)) -> String {
    match outcome(false, body) {
        Err(message) => message,
        Ok(()) => panic!("the test passed, and must not"),
    }
}

/// What the mocks of a test with this body report when it ends. A body that fails on its own fails this test.
#[track_caller]
pub(crate) fn report(body: fn(&mut Test)) -> String {
    let report = verdict(body);
    assert!(report.starts_with("mock `"), "{report}");
    report
}

/// Asserts that a text contains all of these.
#[track_caller]
pub(crate) fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// The texts of a stream, and its end as an empty one, each with the time at which it came.
pub(crate) async fn events_with_times(
    llm: &MockProvider,
    pause: Duration,
) -> Vec<(String, Duration)> {
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        let text = match event.expect("no failure is in it") {
            StreamEvent::Text(text) => text,
            _ => String::new(),
        };
        told.push((text, start.elapsed()));
        sleep(pause).await;
    }
    told
}

/// What [`told`] returns, with times in milliseconds.
pub(crate) fn at<const N: usize>(events: [(&str, u64); N]) -> Vec<(String, Duration)> {
    events
        .map(|(text, millis)| (text.to_owned(), ms(millis)))
        .into()
}

/// The deltas of an answer.
pub(crate) fn deltas(events: &[StreamEvent]) -> Vec<String> {
    let deltas = events.iter().filter_map(|event| match event {
        StreamEvent::Text(text)
        | StreamEvent::Reasoning(text)
        | StreamEvent::Refusal(text)
        | StreamEvent::ToolCallDelta {
            arguments: text, ..
        } => Some(text.clone()),
        _ => None,
    });
    deltas.collect()
}

/// The deltas of the answer of this turn.
pub(crate) async fn deltas_of(turn: Turn) -> Vec<String> {
    let llm = MockProvider::script([turn]);
    deltas(&streamed(&llm, "hello").await.1)
}
