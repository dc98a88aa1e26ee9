//! S30: outages.

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, Outcome, provider_test};

use crate::helpers::{ask, say};

#[provider_test]
async fn s30_calls_in_an_outage_are_journaled_and_claim_no_turn(
    #[mock(reply("one"), reply("two"))] llm: MockProvider,
) {
    assert_eq!(say(&llm, "hello").await, "one");
    llm.outage(overloaded().retry_after(secs(2)));
    let error = llm.answer(ask("hello")).await.expect_err("an outage");
    let streamed = llm
        .answer_stream(ask("hello"))
        .await
        .expect_err("an outage");
    llm.restore();
    assert_eq!(say(&llm, "hello").await, "two");

    assert_eq!(
        (error.kind, error.retry_after),
        (ErrorKind::Overloaded, Some(secs(2)))
    );
    assert_eq!(streamed, error);
    let calls = llm.calls();
    let turns: Vec<_> = calls.iter().map(|call| call.turn()).collect();
    assert_eq!(turns, [Some(0), None, None, Some(1)]);
    assert_eq!(calls[1].outcome(), Some(&Outcome::Failed(error)));
}

#[provider_test]
async fn s30_an_outage_does_not_fail_the_test(#[mock(reply("Hi."))] llm: MockProvider) {
    llm.outage(connection());
    let _ = llm.answer(ask("what no turn expects")).await;
    llm.restore();
    say(&llm, "hello").await;
    assert_eq!(llm.verify(), Ok(()));
}
