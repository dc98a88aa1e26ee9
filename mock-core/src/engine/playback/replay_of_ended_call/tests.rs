//! Tests of answers that the journal replays.

use futures::{FutureExt as _, StreamExt as _};

use crate::builder::*;
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Message, ToolCall};
use crate::chat::request::{Request, ToolDefinition};
use crate::chat::response::Response;
use crate::mock::MockProvider;
#[cfg(feature = "wire")]
use crate::scenario::Profile;
use crate::scenario::Turn;
use crate::test_effort::tries;

fn request() -> Request {
    Request::new("gpt-4o")
        .system("session 7")
        .user("weather in Paris?")
        .with_tool(ToolDefinition::new("t"))
}

/// Turns that answer in every way there is.
fn turns() -> Vec<(&'static str, Turn)> {
    vec![
        ("a text", reply("Hi.")),
        (
            "a template",
            on(user("weather in {city:word}")).reply("{city}, {user}, {model}, {call}"),
        ),
        ("pieces", stream(["It is ", "18 °C."])),
        ("no piece", reply("")),
        (
            "at random",
            reply("One two three four.").split(random(1..=3)),
        ),
        (
            "calls",
            on(user("in {city:word}"))
                .call("t", [("city", "{city}")])
                .call("t", [("city", "Rome")])
                .pieces(3),
        ),
        ("reasoning", reasoning("Hm.").signature("s").reply("Yes.")),
        ("a refusal", refusal("No.")),
        (
            "its own usage",
            reply("Hi.")
                .usage(Usage::new(3, 4))
                .finish(FinishReason::Length),
        ),
        ("no usage", reply("Hi.").usage(None)),
        ("headers", reply("Hi.").headers([("x-request-id", "r1")])),
        (
            "a closure",
            respond_with(|request: &Request| {
                let call = ToolCall::new("my_id", "t", "{}");
                let message =
                    Message::assistant(format!("to {}", request.model)).with_tool_calls([call]);
                Response::from(message)
            }),
        ),
        (
            "verbatim",
            respond_with(|_: &Request| Response::from(Message::assistant("as it is")).verbatim()),
        ),
        (
            "an async closure",
            respond_with_async(async |_: Request| Response::from(Message::assistant("later"))),
        ),
        ("the end of a text", reply("One two three.").end_after(2)),
    ]
}

fn mock(turn: Turn) -> MockProvider {
    MockProvider::new(script([turn.times(0..)]).seed(7))
}

#[tokio::test(start_paused = true)]
async fn a_call_returns_the_answer_that_the_caller_got() {
    for (what, turn) in turns() {
        let mock = mock(turn);
        for _ in 0..2 {
            let answer = mock.answer(request()).await.expect("an answer");
            let calls = mock.calls();
            assert_eq!(
                calls.last().and_then(|call| call.response()),
                Some(answer),
                "{what}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_streamed_call_returns_what_the_caller_received() {
    for (what, turn) in turns() {
        let mock = mock(turn);
        // Each time it receives one event more.
        for received in 0..20 {
            let mut stream = mock.answer_stream(request()).await.expect("a stream");
            let mut answer = stream.empty_response();
            let (mut is_over, mut has_finish) = (false, false);
            for _ in 0..received {
                match stream.next().await {
                    Some(event) => {
                        let event = event.expect("an event");
                        has_finish |= matches!(event, StreamEvent::Finish { .. });
                        answer.push(event);
                    }
                    None => is_over = true,
                }
            }
            let call = || mock.calls().last().and_then(|call| call.response());
            let has_events = mock.calls().last().is_some_and(|call| call.events() > 0);
            if !is_over && !has_finish {
                assert_eq!(call(), None, "{what}, in flight");
            }
            drop(stream);
            let is_known = has_events || has_finish || is_over;
            assert_eq!(
                call(),
                is_known.then_some(answer),
                "{what} after {received}"
            );
        }
    }
}

#[tokio::test]
async fn pushed_events_are_reported_too() {
    let mock = MockProvider::script([driven("one").reply(" and ").driven("two")]);
    let answer = mock.answer(request());
    mock.driver("one").text("first");
    mock.driver("one").finish();
    mock.driver("two").text("second");
    mock.driver("two").finish();
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.text(), "first and second");
    assert_eq!(mock.calls()[0].response(), Some(answer));
}

#[tokio::test]
async fn a_call_that_failed_or_embeds_or_matched_no_turn_has_no_answer() {
    let mock = MockProvider::script([fail(rate_limit()), embed(), reply("a b c").cut_after(2)]);
    let _ = mock.answer(request()).await;
    let embedding = EmbeddingRequest::new("m").with_input("a cat");
    mock.answer_embedding(embedding).await.expect("a vector");
    let _ = mock.answer(request()).await;
    let _ = mock.answer(request()).await;
    assert_eq!(mock.calls().len(), 4);
    for call in &mock.calls() {
        assert_eq!(call.response(), None, "{call:?}");
    }
    assert!(mock.verify().is_err());
}

#[tokio::test]
async fn an_answer_that_broke_off_is_reported_as_far_as_it_came() {
    let mock = MockProvider::script([reply("One two three.").cut_after(2)]);
    let stream = mock.answer_stream(request()).await.expect("a stream");
    assert_eq!(stream.count().await, 3);
    let answer = mock.calls()[0].response().expect("two events");
    assert_eq!(
        (&*answer.text(), answer.finish_reason.clone(), answer.usage),
        ("One two ", None, None)
    );
}

#[test]
fn telling_an_answer_leaves_no_trace() {
    let mock = MockProvider::script([gate("door").reply("Come in.")]);
    mock.gate("door").open();
    let answer = mock
        .answer(request())
        .now_or_never()
        .expect("it takes no time");
    let calls = mock.calls();
    assert_eq!(calls[0].response(), answer.ok());
    assert_eq!((mock.calls().len(), mock.max_in_flight()), (1, 1));
    assert!(mock.verify().is_ok());
    // The answer can still be computed after the mock was dropped.
    drop(mock);
    assert_eq!(
        calls[0].response().map(|answer| answer.text().into_owned()),
        Some("Come in.".to_owned())
    );
}

#[cfg(feature = "wire")]
#[tokio::test]
async fn a_raw_answer_is_reported_as_it_was_read() {
    let body = r#"{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"raw"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#;
    let mock = MockProvider::new(script([raw(body)]).profile(Profile::Openai));
    let answer = mock.answer(request()).await.expect("an answer");
    assert_eq!(answer.usage, Some(Usage::new(1, 2)));
    assert_eq!(mock.calls()[0].response(), Some(answer));
}

/// Minutes go by where all turns are looked through for each answer.
#[test]
fn the_answers_of_a_great_many_turns_are_reported() {
    let all = tries(10_000);
    let turns = (0..all).map(|n| reply(n.to_string()));
    let mock = MockProvider::script(turns);
    for _ in 0..all {
        let answer = mock.answer(request()).now_or_never();
        answer.expect("no time").expect("an answer");
    }
    for (n, call) in mock.calls().iter().enumerate() {
        let answer = call.response().expect("it has answered");
        assert_eq!(answer.text(), n.to_string());
    }
}
