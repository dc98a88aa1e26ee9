//! S15, S17: calls to a mock whose test has ended.

use std::pin::pin;
use std::sync::Mutex;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider};
use tests::private::TestSpec;

use crate::helpers::{ask, assert_says, llm, outcome, outcome_of, say};

#[test]
fn s15_a_call_after_the_test_gets_an_error_that_says_so() {
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
    let ended = "the test `in_process::a_test` has ended; await the task that still calls the mock";
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
        name: "in_process::another_test",
        body: |test| {
            let llm = SHARED.lock().expect("nobody panics").take();
            let llm = llm.expect("the first test left it");
            test.drive(pin!(async move {
                let _ = llm.answer(ask("hello")).await;
            }));
        },
        ..TestSpec::EMPTY
    });
    let whose = "mock `llm` belongs to the test `in_process::a_test`, which has ended: ";
    let report = second.expect_err("it fails, though it swallows the error");
    assert!(report.starts_with(whose), "{report}");
    assert_says(&report, &["make a mock in each test"]);
}
