//! S9: `tokens_per_second`, the pace of an answer in tokens.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Turn;
use mock_core::{MockProvider, provider_test};
use tokio::time::Instant;

use crate::helpers::ask;

/// When each event of an answer comes, in milliseconds.
async fn times(turn: Turn) -> Vec<u128> {
    let llm = MockProvider::script([turn]);
    let start = Instant::now();
    let events = llm.answer_stream(ask("hello")).await.expect("a stream");
    events.map(|_| start.elapsed().as_millis()).collect().await
}

#[provider_test]
async fn s09_so_many_tokens_a_second_are_four_characters_each() {
    let turn = stream(["12345678", "1234", "12345678"])
        .ttft(ms(100))
        .tokens_per_second(10);
    assert_eq!(times(turn).await, [100, 300, 400, 400]);
    // Reasoning and arguments are content too; the call itself takes no time.
    let turn = reasoning("12345678")
        .call("f", verbatim("1234"))
        .reply("12")
        .tokens_per_second(10);
    assert_eq!(times(turn).await, [0, 0, 200, 300, 300]);
    let turn = reply("𝄞𝄞𝄞𝄞 a").tokens_per_second(1);
    assert_eq!(times(turn).await, [0, 1_250, 1_250]);
}

#[provider_test]
async fn s09_the_pieces_of_arguments_keep_the_pace() {
    let turn = call("f", [("a", 12345)]).pieces(3).every(ms(20));
    assert_eq!(times(turn.clone()).await, [0, 0, 20, 40, 40]);
    let llm = MockProvider::script([turn]);
    let start = Instant::now();
    llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(start.elapsed(), ms(40));
}
