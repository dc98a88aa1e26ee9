//! S18: which of several problems a test reports first.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, Test};
use tokio::time::sleep;

use crate::helpers::{ask, assert_says, llm, report, verdict};

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
