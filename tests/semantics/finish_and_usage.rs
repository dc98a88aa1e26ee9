//! S28: the finish reason and the usage of an answer.

use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{
    FinishReason, MockProvider, ProviderError, Response, StreamEvent, Usage, count_tokens,
    mock_provider, provider_test,
};

use crate::helpers::{after_tool, ask};

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
