//! S20: a mock outside of a test is verified when its last handle is dropped.

use std::thread::spawn;

use mock_core::builder::*;
use mock_core::{MockProvider, mock_provider};
use tokio::task::spawn_blocking;

use crate::each_argument_is_its_own_mock::Greeter;
use crate::helpers::{ask, assert_says, panic_of, say};

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
