//! S87: the order of answers that are due at the same time.

use std::pin::pin;
use std::sync::Mutex;

use mock_core::builder::*;
use mock_core::{MockProvider, provider_test};
use tests::private::Test;

use crate::seed_helpers::*;

/// Which of two answers that are due at one time came first.
async fn winner(llm: &MockProvider) -> &'static str {
    tokio::select! {
        biased;
        answer = llm.answer(ask("one")) => answer.map(|_| "one").expect("an answer"),
        answer = llm.answer(ask("two")) => answer.map(|_| "two").expect("an answer"),
    }
}

#[test]
fn s87_answers_that_are_due_at_one_time_come_in_each_order() {
    static WINNERS: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let body = |test: &mut Test| {
        let turns = script([reply("Hi.").times(1..=2)]).latency(ms(10));
        let llm = mock(test, turns);
        test.drive(pin!(async {
            let winner = winner(&llm).await;
            WINNERS.lock().expect("a lock").push(winner);
        }));
    };
    for _ in 0..2 {
        assert_eq!(failure(body, seeds(0, 19, NO_CHAOS)), "");
    }
    let winners = WINNERS.lock().expect("a lock");
    let (first, second) = winners.split_at(20);
    assert_eq!(first, second, "the same seed has the same order");
    assert!(
        first.contains(&"one") && first.contains(&"two"),
        "{first:?}"
    );
}

#[provider_test]
async fn s87_a_test_without_seeds_has_one_order(
    #[mock(reply("Hi.").times(1..=2))] llm: MockProvider,
) {
    assert_eq!(winner(&llm).await, "one");
}
