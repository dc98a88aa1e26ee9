//! S28: the usage of an answer: how many tokens its texts and its request have.

use futures::TryStreamExt as _;
use mock_core::builder::*;
use mock_core::{
    FinishReason, MockProvider, ProviderError, StreamEvent, Usage, count_tokens, provider_test,
};

use crate::finish_reasons::assert_finish;
use crate::helpers::{after_tool, ask};

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
async fn s28_the_results_of_tools_count_among_the_tokens_of_the_request(
    #[mock(reply("Mild."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    // The question has 8 characters, the result 11.
    let request = after_tool(ask("weather?"), "call_1", "get_weather", r#"{"temp":18}"#);
    let usage = llm.answer(request).await?.usage;
    assert_eq!(usage, Some(Usage::new(2 + 2, 1)));
    Ok(())
}
