//! S15: tasks and calls that still run when the body of a test ends.

use std::future::pending;
use std::pin::pin;

use examples::MockLlm;
use mock_core::builder::*;
use mock_core::provider_test;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::helpers::{assert_says, llm, outcome, report, say};

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
