//! S18: what follows a mismatch: the script is frozen, and the test fails whatever its body makes of the error.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, provider_test};

use crate::helpers::{ask, assert_says, llm, report, say};

#[test]
fn s18_after_the_first_mismatch_the_script_is_frozen() {
    let report = report(|test| {
        let llm = llm(test, [on(user("a")).reply("A"), reply("then")]);
        test.drive(pin!(async {
            let first = llm.answer(ask("b")).await.expect_err("a mismatch");
            let second = llm
                .answer(ask("a"))
                .await
                .expect_err("the script is frozen");
            assert_eq!(
                (first.kind, second.kind),
                (ErrorKind::Unscripted, ErrorKind::Unscripted)
            );
            assert_eq!(llm.calls()[1].turn(), None);
        }));
    });
    let headline = report.lines().next().unwrap_or_default();
    assert_says(headline, &["call 1 does not fit turn 1"]);
    assert_says(&report, &["call 2"]);
}

#[provider_test]
async fn s18_errors_after_a_mismatch_name_that_mismatch() {
    let llm = MockProvider::script([on(user("A")).reply("Hi.")]);
    let first = llm.answer(ask("B")).await.expect_err("a mismatch");
    let second = llm
        .answer(ask("A"))
        .await
        .expect_err("the script is frozen");
    assert_says(&first.message, &["call 1", "\"B\""]);
    let since = format!("the script is frozen since call 1: {}", first.message);
    assert_eq!((second.kind, second.message), (first.kind, since));
    llm.reset();
    say(&llm, "A").await;
}

#[test]
fn s18_a_test_whose_body_swallows_the_error_fails_all_the_same() {
    let report = report(|test| {
        let llm = llm(test, []);
        test.drive(pin!(async {
            let _ = llm.answer(ask("hello")).await;
        }));
    });
    assert_says(&report, &["`llm`", "call 1", "hello"]);
}

#[test]
fn s01_a_request_that_no_rule_fits_freezes_the_rules_too() {
    let report = report(|test| {
        let scenario = script([]).rules([on(user("a")).reply("A")]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            for asked in ["b", "a"] {
                let error = llm.answer(ask(asked)).await.expect_err("it is over");
                assert_says(&error.message, &["call 1 does not fit the only rule"]);
            }
        }));
    });
    assert_says(&report, &["call 1 does not fit the only rule"]);
}
