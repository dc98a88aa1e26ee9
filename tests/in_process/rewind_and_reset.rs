//! `rewind()` and `reset()` of a mock.

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, provider_test};

use crate::helpers::{ask, assert_says, say};

#[provider_test]
async fn rewind_plays_the_script_again_and_keeps_the_journal(
    #[mock(on(user("in {city}")).reply("{city}"), reply("two"))] llm: MockProvider,
) {
    say(&llm, "in Rome").await;
    say(&llm, "hello").await;
    llm.rewind();
    assert_says(
        &llm.verify()
            .expect_err("the script is to be played again")
            .to_string(),
        &["turn 1 was not used since `rewind()`"],
    );
    assert_eq!(say(&llm, "in Oslo").await, "Oslo");
    say(&llm, "hello").await;
    assert_eq!(llm.calls().len(), 4);
}

#[provider_test]
async fn reset_forgets_the_calls_and_what_went_wrong(
    #[mock(on(user("hello")).reply("Hi."))] llm: MockProvider,
) {
    let _ = llm.answer(ask("goodbye")).await;
    let before = llm.calls();
    llm.reset();
    assert!(llm.calls().is_empty());
    assert_eq!(before.len(), 1);
    assert_eq!(say(&llm, "hello").await, "Hi.");
    assert_eq!(llm.verify(), Ok(()));
}

#[provider_test]
async fn reset_leaves_what_the_test_has_set(#[mock(gate("door").reply("Hi."))] llm: MockProvider) {
    llm.gate("door").open();
    llm.outage(overloaded());
    llm.reset();
    let error = llm.answer(ask("hello")).await.expect_err("an outage");
    assert_eq!(error.kind, ErrorKind::Overloaded);
    llm.restore();
    assert_eq!(say(&llm, "hello").await, "Hi.");
}
