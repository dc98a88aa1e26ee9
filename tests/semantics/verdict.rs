//! S18: the verdict of a test, and which of several problems it reports.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, Request, Test, TestJournal, provider_test};
use tokio::time::sleep;

use crate::helpers::{ask, assert_says, llm, outcome, report, say, verdict};

#[test]
fn s18_the_panic_of_the_body_comes_first() {
    let report = verdict(|test| {
        let llm = llm(test, [on(when(|_| panic!("boom"))).reply("Hi.")]);
        test.drive::<()>(pin!(async {
            let task = tokio::spawn(llm.answer(ask("hello")));
            task.await.expect_err("the closure panics");
            panic!("of the body")
        }));
    });
    assert_eq!(report, "of the body");
}

#[test]
fn s18_the_error_of_the_body_comes_before_what_the_mocks_say() {
    let report = verdict(|test| {
        let llm = llm(test, [on(user("a")).reply("A")]);
        test.drive(pin!(async {
            let _ = llm.answer(ask("b")).await;
            Err::<(), _>("of the body")
        }));
    });
    let (error, mismatch) = (report.find("of the body"), report.find("call 1"));
    assert!(error.is_some() && error < mismatch, "{report}");
}

#[test]
fn s18_a_panic_of_a_closure_comes_before_a_mismatch() {
    let report = report(|test| {
        let one = llm(test, [on(user("a")).reply("A")]);
        let other: MockProvider = test.inject_mock(
            "other",
            script([on(when(|_| panic!("boom"))).reply("Hi.")]).into(),
        );
        test.drive(pin!(async {
            let _ = one.answer(ask("b")).await;
            sleep(ms(10)).await;
            let answer = AssertUnwindSafe(other.answer(ask("b"))).catch_unwind();
            answer.await.expect_err("the closure panics");
        }));
    });
    let (panic, mismatch) = (report.find("boom"), report.find("does not fit"));
    assert!(panic.is_some() && panic < mismatch, "{report}");
}

#[test]
fn s18_a_mismatch_comes_before_an_unused_turn() {
    let report = report(|test| {
        let _unused = llm(test, [reply("unused")]);
        let other: MockProvider =
            test.inject_mock("other", script([on(user("a")).reply("A")]).into());
        test.drive(pin!(async {
            let _ = other.answer(ask("b")).await;
        }));
    });
    let (mismatch, unused) = (report.find("does not fit"), report.find("never used"));
    assert!(mismatch.is_some() && mismatch < unused, "{report}");
}

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

/// A test with two mocks. Both get requests that they do not expect, the second one first.
fn second_mock_first(test: &mut Test, pause: Duration) {
    let one: MockProvider = test.inject_mock("one", script([on(user("a")).reply("A")]).into());
    let other: MockProvider = test.inject_mock("other", script([on(user("a")).reply("A")]).into());
    test.drive(pin!(async {
        let _ = other.answer(ask("b")).await;
        sleep(pause).await;
        let _ = one.answer(ask("b")).await;
    }));
}

#[test]
fn s18_of_several_mocks_the_first_mismatch_is_reported() {
    let report = report(|test| second_mock_first(test, ms(10)));
    assert_says(report.lines().next().unwrap_or_default(), &["`other`"]);
    assert_says(&report, &["`one`"]);
}

#[test]
fn s18_of_several_mocks_the_first_mismatch_is_reported_where_no_time_goes_by() {
    let report = report(|test| second_mock_first(test, ms(0)));
    assert_says(report.lines().next().unwrap_or_default(), &["`other`"]);
    assert_says(&report, &["`one`"]);
}

#[provider_test]
async fn s18_what_follows_a_mismatch_is_told_of_that_mismatch() {
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
fn closures_that_the_verdict_asks_may_use_the_test_and_make_mocks() {
    let outcome = outcome(false, |test| {
        let journal = test.inject::<TestJournal>("journal");
        let asks = when(move |_| {
            let made = MockProvider::script([reply("Hi.").times(0..)]);
            made.answer(Request::new("gpt-4o")).now_or_never();
            journal.calls().iter().any(|(_, calls)| calls.is_empty())
        });
        let scenario = script([reply("Hi.")]).expect([expect::never_sent(asks)]);
        let llm = test.inject_mock::<MockProvider>("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "hello").await;
        }));
    });
    assert_eq!(outcome, Ok(()));
}
