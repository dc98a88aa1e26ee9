//! S28: the finish of an answer: one event, with a reason and a usage unless the turn leaves them out.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Turn;
use mock_core::{
    FinishReason, MockProvider, Response, StreamEvent, Usage, mock_provider, provider_test,
};

use crate::helpers::{ask, streamed};

/// Asks the same of two equal turns, streamed and not, and asserts that both end as an answer does: for this reason, with
/// this many tokens, in exactly one finish event after which nothing comes.
pub(crate) async fn assert_finish(
    llm: &MockProvider,
    reason: FinishReason,
    completion_tokens: u64,
) {
    // The messages have 15 and 11 characters: each message is rounded down on its own.
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

/// A turn of two deltas.
fn two() -> Turn {
    stream(["Hel", "lo"])
}

#[provider_test]
async fn s28_a_turn_may_end_without_a_reason_and_without_a_usage() {
    let turns = [
        two().finish(None),
        two().usage(None),
        call("f", ()).finish(None).usage(None),
        two().usage(usage(1, 2)),
        two(),
    ];
    let silent = MockProvider::new(script(turns).usage(None));
    let mut ends = Vec::new();
    for _ in 0..5 {
        let (response, events) = streamed(&silent, "hello").await;
        let last = events.last().cloned();
        let (reason, usage) = (response.finish_reason, response.usage);
        let finish = StreamEvent::Finish {
            reason: reason.clone(),
            usage,
        };
        assert_eq!(last, Some(finish));
        ends.push((reason, usage));
    }
    let stop = Some(FinishReason::Stop);
    assert_eq!(
        ends,
        [
            (None, None),
            (stop.clone(), None),
            (None, None),
            (stop.clone(), Some(Usage::new(1, 2))),
            (stop, None),
        ]
    );
}
