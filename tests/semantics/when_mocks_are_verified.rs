//! S20: when a mock is verified: with its test, when its last handle is dropped, or by `verify`.

use std::mem::forget;
use std::pin::pin;
use std::thread::spawn;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, Test, mock_provider, provider_test};
use tokio::task::spawn_blocking;

use crate::helpers::{ask, assert_says, panic_of, report, say, verdict};
use crate::mocks_as_arguments::Greeter;

#[test]
fn s20_a_mock_made_in_the_body_is_verified_with_the_test() {
    let bodies: [fn(&mut Test); 3] = [
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(mock_provider!(reply("unused")));
            }));
        },
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(MockProvider::script([reply("unused")]));
            }));
        },
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(Greeter::new());
            }));
        },
    ];
    for body in bodies {
        assert_says(&report(body), &["turn 1 was never used"]);
    }
}

#[test]
fn s20_a_mock_made_in_the_body_waits_for_the_end_of_the_test() {
    let report = verdict(|test| {
        test.drive::<()>(pin!(async {
            drop(mock_provider!(reply("unused")));
            panic!("the body went on")
        }));
    });
    assert_eq!(report, "the body went on");
}

#[test]
fn s20_a_mock_made_in_a_task_of_the_test_is_verified_with_it() {
    let report = report(|test| {
        test.drive(pin!(async {
            let task = tokio::spawn(async { drop(mock_provider!(reply("unused"))) });
            task.await.expect("nothing is verified yet");
        }));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s20_a_mock_made_on_a_blocking_thread_of_the_test_is_verified_with_it() {
    let report = report(|test| {
        test.drive(pin!(async {
            let task = spawn_blocking(|| drop(mock_provider!(reply("unused"))));
            let _ = task.await;
        }));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s20_outside_a_test_the_last_handle_verifies_when_it_is_dropped() {
    let mock = MockProvider::script([reply("unused")]);
    let handle = mock.handle();
    assert_eq!(panic_of(|| drop(mock)), None);
    let report = panic_of(|| drop(handle)).expect("a turn is left over");
    assert_says(&report, &["turn 1 was never used"]);

    let greeter = Greeter::new();
    let report = panic_of(|| drop(greeter)).expect("a turn is left over");
    assert_says(&report, &["`Greeter`", "turn 1 was never used"]);
}

#[tokio::test]
async fn s20_outside_a_test_a_mismatch_is_found_when_the_last_handle_is_dropped() {
    let mock = mock_provider!(on(user("a")).reply("A"));
    let _ = mock.answer(ask("b")).await;
    let report = panic_of(|| drop(mock)).expect("the call does not fit");
    assert_says(&report, &["call 1 does not fit turn 1"]);
}

#[tokio::test]
async fn s20_outside_a_test_a_mock_that_went_as_scripted_is_dropped_in_silence() {
    let mock = mock_provider!(reply("Hi."));
    assert_eq!(say(&mock, "hello").await, "Hi.");
    assert_eq!(panic_of(|| drop(mock)), None);
}

#[test]
fn s20_outside_a_test_a_panic_is_not_replaced_by_the_report() {
    let panic = panic_of(|| {
        let _unused = MockProvider::script([reply("unused")]);
        panic!("of the body")
    });
    assert_eq!(panic.as_deref(), Some("of the body"));
}

#[provider_test]
async fn s20_verify_works_at_any_time(#[mock(reply("Hi."))] llm: MockProvider) {
    let report = llm.verify().expect_err("the turn is still to come");
    assert_says(&report.to_string(), &["`llm`", "turn 1 was never used"]);
    say(&llm, "hello").await;
    assert!(llm.verify().is_ok());
}

#[test]
fn s20_what_verify_told_the_last_handle_does_not_say_again() {
    let mock = MockProvider::script([reply("unused")]);
    let report = mock.verify().expect_err("a turn is left over");
    assert_says(&report.to_string(), &["turn 1 was never used"]);
    assert_eq!(panic_of(|| drop(mock)), None);
}

#[test]
fn s20_what_goes_wrong_after_verify_the_last_handle_says() {
    let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
    mock.verify().expect_err("a turn is left over");
    let _ = mock.answer(ask("goodbye")).now_or_never();
    let on_drop = panic_of(|| drop(mock));
    assert_says(
        &on_drop.unwrap_or_default(),
        &["call 1 does not fit turn 1"],
    );
}

/// A panic in a task or on another thread is caught there, so the test may pass.
#[tokio::test]
async fn s20_a_report_that_may_not_fail_the_test_says_so() {
    let unused = || MockProvider::script([reply("unused")]);
    let in_a_task = "in a task: the test fails only if it awaits that task";
    let on_a_thread = "on another thread: the test fails only if it joins that thread";

    let mock = unused();
    let here = panic_of(|| drop(mock)).expect("a turn is left over");
    assert!(!here.contains(in_a_task), "{here}");
    assert!(!here.contains(on_a_thread), "{here}");

    let mock = unused();
    let task = tokio::spawn(async { panic_of(|| drop(mock)) }).await;
    let report = task.expect("it is caught").expect("a turn is left over");
    assert_says(&report, &["turn 1 was never used", in_a_task]);

    let mock = unused();
    let task = spawn_blocking(|| panic_of(|| drop(mock))).await;
    let report = task.expect("it is caught").expect("a turn is left over");
    assert_says(&report, &["turn 1 was never used", in_a_task]);

    let mock = unused();
    let thread = spawn(|| panic_of(|| drop(mock))).join();
    let report = thread.expect("it is caught").expect("a turn is left over");
    assert_says(&report, &["turn 1 was never used", on_a_thread]);
}
