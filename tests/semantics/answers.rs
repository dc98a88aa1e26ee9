//! What an answer is made of, and how it fails: S8, S17, S21, S28.

use std::pin::pin;

use agent::{Agent, AgentError, LlmError};
use examples::MockLlm;
use futures::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{
    ErrorKind, FinishReason, MockProvider, Outcome, ProviderError, Response, StreamEvent, Usage,
    count_tokens, mock_provider, provider_test,
};

use crate::{after_tool, ask, assert_says, llm, report};

#[provider_test]
async fn s08_a_failure_before_the_first_event_is_the_err_of_the_await(
    #[mock(fail(rate_limit { retry_after: 2s }))] llm: MockProvider,
) {
    let error = llm.answer_stream(ask("hello")).await;
    let error = error.expect_err("it is refused");
    assert_eq!(error.kind, ErrorKind::RateLimit);
    assert_eq!(error.retry_after, Some(secs(2)));
}

#[provider_test]
async fn s08_where_a_stream_is_wanted_at_once_the_failure_is_its_first_item(
    #[mock(fail(overloaded))] llm: MockProvider,
) {
    let mut events = pin!(llm.answer_stream(ask("hello")).try_flatten_stream());

    let error = events.next().await.expect("an item");
    assert_eq!(error.expect_err("it fails").kind, ErrorKind::Overloaded);
    assert_eq!(events.next().await, None);
    assert_eq!(events.next().await, None);
}

#[provider_test]
async fn s08_where_a_stream_is_wanted_at_once_an_answer_is_the_same(
    #[mock(stream(["Hel", "lo"]).times(2))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let awaited: Vec<_> = llm.answer_stream(ask("hello")).await?.try_collect().await?;
    let flattened = llm.answer_stream(ask("hello")).try_flatten_stream();
    assert_eq!(flattened.try_collect::<Vec<_>>().await?, awaited);
    assert_eq!(awaited[0], StreamEvent::Text("Hel".into()));
    Ok(())
}

#[test]
fn s08_a_mismatch_is_the_err_of_the_await_too() {
    report(|test| {
        let llm = llm(test, [on(user("a")).stream(["A"])]);
        test.drive(pin!(async {
            let error = llm.answer_stream(ask("b")).await;
            let error = error.expect_err("it is not scripted");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert!(llm.calls()[0].is_streamed());
        }));
    });
}

#[test]
fn s17_a_mismatch_is_not_worth_another_try() {
    report(|test| {
        let llm = llm(test, []);
        test.drive(pin!(async {
            let error = llm.answer(ask("hello")).await;
            let error = error.expect_err("it is not scripted");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert!(!error.is_retryable());
            assert_eq!(error.status, Some(400));
        }));
    });
    assert!(!ProviderError::new(ErrorKind::Unsupported).is_retryable());
}

#[test]
fn s17_a_retry_loop_does_not_make_several_of_one_mismatch() {
    let report = report(|test| {
        let llm: MockLlm = test.inject_mock("llm", script([on(user("a")).reply("A")]).into());
        test.drive(pin!(async {
            let error = Agent::new(llm.clone()).ask("b").await;
            let error = error.expect_err("it is not scripted");
            assert!(
                matches!(
                    error,
                    AgentError::Llm(LlmError::Rejected { status: 400, .. })
                ),
                "{error:?}"
            );
            assert_eq!(llm.calls().len(), 1);
        }));
    });
    assert_says(&report, &["call 1 does not fit turn 1"]);
}

#[provider_test]
async fn s21_each_attempt_is_a_call(
    #[mock(fail(overloaded { retry_after: 2s }).times(2), reply("At last."))] llm: MockLlm,
) -> anyhow::Result<()> {
    let answer = Agent::new(llm.clone()).ask("hello").await?;
    assert_eq!(answer.text, "At last.");

    let calls = llm.calls();
    let turns: Vec<_> = calls
        .iter()
        .map(|call| (call.number(), call.turn()))
        .collect();
    assert_eq!(turns, [(1, Some(0)), (2, Some(0)), (3, Some(1))]);
    assert_eq!(
        calls[1].error().map(|error| error.kind),
        Some(ErrorKind::Overloaded)
    );
    assert_eq!(calls[2].outcome(), Some(&Outcome::Completed));
    llm.assert_waited_retry_after();
    Ok(())
}

#[provider_test]
#[should_panic(expected = "came 500ms after call 1")]
async fn s21_a_retry_before_its_time_is_seen(
    #[mock(fail(overloaded { retry_after: 2s }), reply("Hi."))] llm: MockProvider,
) {
    let _ = llm.answer(ask("hello")).await;
    tokio::time::sleep(ms(500)).await;
    let _ = llm.answer(ask("hello")).await;
    llm.assert_waited_retry_after();
}

/// Asks the same of two equal turns, streamed and not, and asserts that both end as an answer does: for this reason, with
/// this many tokens, in exactly one finish event after which nothing comes.
async fn assert_finish(llm: &MockProvider, reason: FinishReason, completion_tokens: u64) {
    // Of 15 and 11 characters: each message is rounded down on its own.
    let request = ask("What time is it").system("Be concise.");
    let usage = Usage::new(3 + 2, completion_tokens);
    let mut events = llm.answer_stream(request.clone()).await.expect("a stream");
    let mut read = Vec::new();
    while let Some(event) = events.next().await {
        read.push(event.expect("no failure is in it"));
    }
    assert_eq!(events.next().await, None);
    assert_eq!(events.next().await, None);

    let finishes = read
        .iter()
        .filter(|event| matches!(event, StreamEvent::Finish { .. }));
    assert_eq!(finishes.count(), 1, "{read:?}");
    let finish = StreamEvent::Finish {
        reason: Some(reason.clone()),
        usage: Some(usage),
    };
    assert_eq!(read.last(), Some(&finish));

    let whole = llm.answer(request).await.expect("an answer");
    assert_eq!(
        (&whole.finish_reason, whole.usage),
        (&Some(reason), Some(usage))
    );
    let mut collected = Response::new("", "");
    read.into_iter().for_each(|event| collected.push(event));
    assert_eq!(collected.text(), whole.text());
    let calls = |response: &Response| {
        let calls = response.tool_calls();
        calls
            .map(|call| (call.name.clone(), call.arguments.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(calls(&collected), calls(&whole));
}

#[provider_test]
async fn s28_a_reply_stops(#[mock(reply("It is noon, or so.").times(2))] llm: MockProvider) {
    assert_finish(&llm, FinishReason::Stop, 4).await;
}

#[provider_test]
async fn s28_a_stream_stops_and_its_tokens_are_counted_over_all_pieces(
    #[mock(stream(["It ", "is ", "no", "on"]).times(2))] llm: MockProvider,
) {
    assert_finish(&llm, FinishReason::Stop, 2).await;
}

#[provider_test]
async fn s28_tokens_are_counted_by_characters_not_bytes(
    #[mock(reply("ééééé").times(2))] llm: MockProvider,
) {
    assert_finish(&llm, FinishReason::Stop, 1).await;
}

#[provider_test]
async fn s28_only_an_empty_text_has_no_tokens() {
    for letter in ["a", "é", "日", "🙂"] {
        for length in 0..40 {
            let text = letter.repeat(length);
            let expected = match length {
                0 => 0,
                length => (length as u64 / 4).max(1),
            };
            assert_eq!(count_tokens(&text), expected, "{text}");
            let llm = MockProvider::script([reply(text.clone()).times(2)]);
            let usage = Some(Usage::new(expected, expected));
            let answer = llm.answer(ask(&text)).await.expect("an answer");
            assert_eq!(answer.usage, usage, "{text}");
            let events = llm.answer_stream(ask(&text)).await.expect("a stream");
            let events: Vec<_> = events.try_collect().await.expect("events");
            let last = events.last();
            assert!(
                matches!(last, Some(StreamEvent::Finish { usage: said, .. }) if *said == usage)
            );
        }
    }
}

#[provider_test]
async fn s28_an_empty_reply_ends_like_any_other(#[mock(reply("").times(2))] llm: MockProvider) {
    assert_finish(&llm, FinishReason::Stop, 0).await;
}

#[provider_test]
async fn s28_a_call_ends_in_tool_calls(
    #[mock(call(get_time { zone: "Europe/Paris" }).times(2))] llm: MockProvider,
) {
    assert_finish(&llm, FinishReason::ToolCalls, 0).await;
}

#[provider_test]
async fn s28_several_calls_end_once_in_tool_calls(
    #[mock(call(get_time { zone: "UTC" }).call(get_weather).call(get_time).times(2))]
    llm: MockProvider,
) {
    assert_finish(&llm, FinishReason::ToolCalls, 0).await;
}

#[provider_test]
async fn s28_a_text_and_a_call_end_in_tool_calls() {
    let llm = mock_provider!(
        reply("Let me look.")
            .call(get_time { zone: "UTC" })
            .times(2)
    );
    assert_finish(&llm, FinishReason::ToolCalls, 3).await;
}

#[provider_test]
async fn s28_the_results_of_tools_count_among_the_tokens_of_the_request(
    #[mock(reply("Mild."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    // The question has 8 characters, the result 11.
    let request = after_tool(ask("weather?"), "call_1", "get_weather", r#"{"temp":18}"#);
    let usage = llm.answer(request).await?.usage;
    assert_eq!(usage, Some(Usage::new(2 + 2, 1)));
    Ok(())
}

#[provider_test]
async fn s28_parallel_calls_have_an_index_and_an_id_each(
    #[mock(call(get_time { zone: "UTC" }).call(get_weather))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events: Vec<_> = llm.answer_stream(ask("hello")).await?.try_collect().await?;
    let starts: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            StreamEvent::ToolCallStart {
                index, id, name, ..
            } => Some((*index, &**id, &**name)),
            _ => None,
        })
        .collect();
    let [(0, one, "get_time"), (1, other, "get_weather")] = starts[..] else {
        panic!("{starts:?}");
    };
    assert_ne!(one, other);
    Ok(())
}
