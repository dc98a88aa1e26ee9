//! S1, S2: which turn of the script answers a call.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, provider_test};

use crate::helpers::{ask, assert_says, llm, report, say};

#[provider_test]
async fn s02_a_mock_with_an_empty_script_need_not_be_called(#[mock()] llm: MockProvider) {
    assert!(llm.calls().is_empty());
}

#[provider_test]
async fn s01_the_head_of_the_script_answers(
    #[mock(reply("first"), reply("second"))] llm: MockProvider,
) {
    assert_eq!(say(&llm, "anything").await, "first");
    assert_eq!(say(&llm, "anything").await, "second");
}

#[test]
fn s01_a_head_that_still_has_to_answer_is_not_passed_over() {
    let report = report(|test| {
        let llm = llm(test, [on(user("a")).reply("A"), on(user("b")).reply("B")]);
        test.drive(pin!(async {
            let error = llm.answer(ask("b")).await.expect_err("the head is for `a`");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert_eq!(llm.calls()[0].turn(), None);
        }));
    });
    assert_says(&report, &["call 1 does not fit turn 1", "turns.rs"]);
}

#[test]
fn s01_a_head_in_the_middle_of_its_minimum_is_not_passed_over() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(2..=3),
            on(user("b")).reply("B"),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            say(&llm, "a").await;
            let error = llm.answer(ask("b")).await.expect_err("`a` is due again");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 2 does not fit turn 1"]);
}

#[provider_test]
async fn s01_a_head_that_has_its_minimum_gives_way(
    #[mock(
        on(user("a")).reply("A").times(1..=3),
        on(user("b")).reply("B"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "a").await, "A");
    assert_eq!(say(&llm, "b").await, "B");
}

#[provider_test]
async fn s01_several_turns_give_way_to_one_request(
    #[mock(
        on(user("a")).reply("A").times(0..=1),
        on(user("b")).reply("B").times(0..=1),
        on(user("c")).reply("C"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "c").await, "C");
    assert_eq!(llm.calls()[0].turn(), Some(2));
}

#[test]
fn s01_a_turn_that_gave_way_does_not_come_back() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(1..=3),
            on(user("b")).reply("B").times(1..=3),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            say(&llm, "a").await;
            say(&llm, "b").await;
            let error = llm.answer(ask("a")).await.expect_err("`a` is over");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 3 does not fit turn 2"]);
}

#[test]
fn s01_a_request_that_no_turn_answers_is_a_mismatch() {
    let report = report(|test| {
        let turns = [
            on(user("a")).reply("A").times(0..=1),
            on(user("b")).reply("B").times(0..=1),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            let error = llm.answer(ask("c")).await.expect_err("nothing is for `c`");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 1 does not fit"]);
}

#[provider_test]
async fn s01_all_the_matchers_of_a_turn_must_hold(
    #[mock(
        on(user("a"), user("b")).reply("both").times(0..=1),
        reply("not both"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "only a").await, "not both");
    assert_eq!(llm.calls()[0].turn(), Some(1));
}

#[provider_test]
async fn s02_a_turn_of_n_times_answers_n_times(
    #[mock(reply("twice").times(2), reply("then"))] llm: MockProvider,
) {
    for expected in ["twice", "twice", "then"] {
        assert_eq!(say(&llm, "go on").await, expected);
    }
}

#[test]
fn s02_a_turn_of_n_times_answers_no_more_than_that() {
    let report = report(|test| {
        let llm = llm(test, [reply("twice").times(2)]);
        test.drive(pin!(async {
            say(&llm, "1").await;
            say(&llm, "2").await;
            let error = llm.answer(ask("3")).await.expect_err("the turn is used up");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 3 is one too many"]);
}

#[provider_test]
async fn s02_a_turn_takes_all_it_may_while_it_matches(
    #[mock(reply("greedy").times(1..=3), reply("then"))] llm: MockProvider,
) {
    for expected in ["greedy", "greedy", "greedy", "then"] {
        assert_eq!(say(&llm, "go on").await, expected);
    }
}

#[provider_test]
async fn s02_a_turn_of_zero_times_or_once_may_be_left_out(
    #[mock(reply("perhaps").times(0..=1))] llm: MockProvider,
) {
    assert!(llm.verify().is_ok());
}

#[provider_test]
async fn s02_forever_has_no_end(#[mock(reply("again").forever())] llm: MockProvider) {
    for _ in 0..1_000 {
        assert_eq!(say(&llm, "go on").await, "again");
    }
}

#[test]
fn s02_forever_is_at_least_once() {
    let report = report(|test| {
        llm(test, [reply("again").forever()]);
        test.drive(pin!(async {}));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s02_a_turn_used_less_than_its_minimum_is_unused() {
    let report = report(|test| {
        let llm = llm(test, [reply("again").times(3..=5)]);
        test.drive(pin!(async {
            say(&llm, "1").await;
            say(&llm, "2").await;
        }));
    });
    assert_says(&report, &["turn 1 was used 2 of 3 times"]);
}

#[provider_test]
async fn s02_a_turn_at_its_minimum_is_not_unused(
    #[mock(reply("again").times(2..=5))] llm: MockProvider,
) {
    say(&llm, "1").await;
    assert!(llm.verify().is_err());
    say(&llm, "2").await;
    assert!(llm.verify().is_ok());
}

#[test]
fn a_script_that_allows_unused_turns_may_leave_them() {
    let scenario = script([reply("a"), reply("b")]);
    let strict = MockProvider::new(scenario.clone());
    assert!(strict.verify().is_err());
    let lax = MockProvider::new(scenario.allow(mock_core::Allow::NONE.with_unused_turns()));
    assert_eq!(lax.verify(), Ok(()));
}
