//! S15, S17: tasks and calls that still run when the body of a test ends, and calls after it.

use std::future::pending;
use std::pin::pin;
use std::sync::Mutex;

use examples::MockLlm;
use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, provider_test};
use tests::private::TestSpec;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::helpers::{ask, assert_says, llm, outcome, outcome_of, report, say};

#[provider_test]
async fn s15_a_task_that_still_runs_is_let_finish(#[mock(reply("Hi."))] llm: MockLlm) {
    tokio::spawn(async move {
        for _ in 0..10 {
            yield_now().await;
        }
        say(&llm, "hello").await
    });
}

#[test]
fn s15_no_time_goes_by_while_tasks_finish() {
    let report = report(|test| {
        let llm = llm(test, [reply("Hi.")]);
        test.drive(pin!(async move {
            tokio::spawn(async move {
                sleep(ms(1)).await;
                say(&llm, "hello").await
            });
        }));
    });
    assert_says(&report, &["turn 1 was never used", "never called"]);
}

#[test]
fn s15_a_task_without_end_does_not_keep_the_test() {
    let passed = outcome(false, |test| {
        test.drive(pin!(async {
            tokio::spawn(async {
                loop {
                    yield_now().await;
                }
            });
        }));
    });
    assert_eq!(passed, Ok(()));
}

#[test]
fn s15_a_call_that_still_goes_on_is_in_the_report() {
    let report = report(|test| {
        let llm = llm(test, [reply("slow").ttft(secs(1)), reply("second")]);
        test.drive(pin!(async move {
            tokio::spawn(async move { say(&llm, "hello").await });
        }));
    });
    assert_says(&report, &["turn 2 was never used", "still going on"]);
}

#[test]
fn s15_the_report_counts_the_tasks_that_still_run() {
    let report = report(|test| {
        llm(test, [reply("unused")]);
        test.drive(pin!(async {
            tokio::spawn(pending::<()>());
            tokio::spawn(pending::<()>());
            tokio::spawn(async {});
        }));
    });
    assert_says(&report, &["turn 1 was never used", "2 tasks"]);
}

#[test]
fn s15_a_call_after_the_test_is_told_that_the_test_has_ended() {
    static LATE: Mutex<Option<MockProvider>> = Mutex::new(None);
    let passed = outcome(false, |test| {
        let llm = llm(test, [reply("Hi.").forever()]);
        test.drive(pin!(async {
            say(&llm, "hello").await;
        }));
        *LATE.lock().expect("nobody panics") = Some(llm);
    });
    assert_eq!(passed, Ok(()));
    let llm = LATE.lock().expect("nobody panics").take();
    let llm = llm.expect("the test left it");

    let answer = llm.answer(ask("too late")).now_or_never();
    let error = answer.expect("it is rejected at once");
    let error = error.expect_err("the test is over");
    assert_eq!(error.kind, ErrorKind::Unscripted);
    let ended = "the test `semantics::a_test` has ended; await the task that still calls the mock";
    assert_says(&error.message, &[ended]);
    let stream = llm.answer_stream(ask("too late")).now_or_never();
    let error = stream.expect("it is rejected at once");
    assert_says(&error.expect_err("the test is over").message, &[ended]);
    assert_eq!(llm.calls()[1].turn(), None);
}

/// Two tests use a mock in a `static`.
#[test]
fn s17_a_call_to_a_mock_of_another_test_that_has_ended_fails_the_test() {
    static SHARED: Mutex<Option<MockProvider>> = Mutex::new(None);
    let first = outcome(false, |test| {
        *SHARED.lock().expect("nobody panics") = Some(llm(test, [reply("Hi.").forever()]));
        test.drive(pin!(async {}));
    });
    // The mock was not used: its turn may be used any number of times, but once at least.
    assert!(first.is_err());
    let second = outcome_of(TestSpec {
        name: "semantics::another_test",
        body: |test| {
            let llm = SHARED.lock().expect("nobody panics").take();
            let llm = llm.expect("the first test left it");
            test.drive(pin!(async move {
                let _ = llm.answer(ask("hello")).await;
            }));
        },
        ..TestSpec::EMPTY
    });
    let whose = "mock `llm` belongs to the test `semantics::a_test`, which has ended: ";
    let report = second.expect_err("it fails, though it swallows the error");
    assert!(report.starts_with(whose), "{report}");
    assert_says(&report, &["make a mock in each test"]);
}
