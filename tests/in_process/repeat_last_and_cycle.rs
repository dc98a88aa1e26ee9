//! `repeat_last` and `cycle`: which turn answers after the last one.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, provider_test};

use crate::helpers::{ask, assert_says, report, say};
use crate::rules::mock;

#[provider_test]
async fn repeat_last_goes_on_with_the_last_turn() {
    let llm = mock(script([reply("first"), reply("{call}").times(2)]).otherwise(repeat_last()));
    for answer in ["first", "2", "3", "4", "5"] {
        assert_eq!(say(&llm, "go on").await, answer);
    }
}

#[test]
fn repeat_last_needs_the_last_turn_as_often_as_it_says() {
    let report = report(|test| {
        let scenario = script([reply("a").times(2)]).otherwise(repeat_last());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "1").await;
        }));
    });
    assert_says(&report, &["turn 1 was used 1 of 2 times"]);
}

#[test]
fn repeat_last_is_a_mismatch_where_the_matchers_of_the_last_turn_fail() {
    let report = report(|test| {
        let turns = [reply("first"), on(user("more")).reply("last")];
        let scenario = script(turns).otherwise(repeat_last());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            for (asked, answer) in [("hi", "first"), ("more", "last"), ("more", "last")] {
                assert_eq!(say(&llm, asked).await, answer);
            }
            let error = llm.answer(ask("enough")).await.expect_err("no more");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 4 does not fit turn 2"]);
}

#[provider_test]
async fn repeat_last_leaves_to_the_rules_what_the_last_turn_does_not_take() {
    let llm = mock(
        script([on(user("more")).reply("last")])
            .rules([on(user("ping")).reply("pong")])
            .otherwise(repeat_last()),
    );
    for (asked, answer) in [("more", "last"), ("ping", "pong"), ("more", "last")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
}

#[provider_test]
async fn cycle_begins_the_script_anew() {
    let llm = mock(script([reply("a"), reply("b").times(2)]).otherwise(cycle()));
    for answer in ["a", "b", "b", "a", "b", "b", "a"] {
        assert_eq!(say(&llm, "go on").await, answer);
    }
    assert_eq!(llm.verify(), Ok(()), "a round that is begun need not end");
}

#[provider_test]
async fn cycle_passes_over_an_optional_turn_at_the_end() {
    let llm = mock(
        script([
            on(user("a")).reply("A"),
            on(user("b")).reply("B").times(0..=1),
        ])
        .otherwise(cycle()),
    );
    for (asked, answer) in [("a", "A"), ("a", "A"), ("b", "B"), ("a", "A"), ("a", "A")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
}

#[provider_test]
async fn cycle_takes_an_optional_turn_again_in_the_next_round() {
    let llm = mock(script([on(user("a")).reply("A").times(0..=1)]).otherwise(cycle()));
    for _ in 0..3 {
        assert_eq!(say(&llm, "a").await, "A");
    }
}

#[test]
fn cycle_needs_the_first_round_to_be_whole() {
    let report = report(|test| {
        let scenario = script([reply("a"), reply("b")]).otherwise(cycle());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "1").await;
        }));
    });
    assert_says(&report, &["turn 2 was never used"]);
}

#[test]
fn cycle_asks_each_turn_once_and_then_gives_up() {
    let report = report(|test| {
        let optional = |word: &'static str| on(user(word)).reply(word).times(0..=1);
        let scenario = script([optional("a"), optional("b")]).otherwise(cycle());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "a").await;
            llm.answer(ask("c")).await.expect_err("nothing is for it");
        }));
    });
    assert_says(&report, &["call 2 does not fit turn 1"]);
    assert_eq!(report.matches("tried:").count(), 1, "{report}");
}
