//! `wait_for_turn`: a test waits until a turn with this name has answered.

use std::pin::pin;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, provider_test};
use tokio::time::sleep;

use crate::helpers::{say, streamed};

#[provider_test]
async fn turns_wait_for_the_one_that_is_named() {
    let scenario = script([reply("one"), reply("two").named("second")])
        .rules([on(user("ping")).reply("pong").named("ping")])
        .otherwise(reply("rest").named("rest"));
    let llm = MockProvider::new(scenario);
    let task = tokio::spawn({
        let llm = llm.clone();
        async move {
            for asked in ["a", "b", "ping", "c"] {
                sleep(secs(1)).await;
                streamed(&llm, asked).await;
            }
        }
    });
    for (name, calls) in [("second", 2), ("ping", 3), ("rest", 4), ("second", 4)] {
        llm.wait_for_turn(name).await;
        assert_eq!(llm.calls().len(), calls, "{name}");
    }
    task.await.expect("the task ends");
}

#[provider_test]
async fn a_turn_is_waited_for_across_a_reset() {
    let llm = MockProvider::script([reply("one"), reply("two").named("second")]);
    let mut wait = pin!(llm.wait_for_turn("second"));
    assert_eq!(say(&llm, "a").await, "one");
    assert_eq!((&mut wait).now_or_never(), None);
    llm.reset();
    assert_eq!(say(&llm, "a").await, "one");
    assert_eq!((&mut wait).now_or_never(), None);
    assert_eq!(say(&llm, "b").await, "two");
    wait.await;
}

#[provider_test]
#[should_panic(expected = "has no turn `frist`, but `first`")]
async fn a_turn_that_no_one_named_cannot_be_awaited() {
    let llm = MockProvider::script([reply("Hi.").named("first").times(0..)]);
    llm.wait_for_turn("frist").await;
}
