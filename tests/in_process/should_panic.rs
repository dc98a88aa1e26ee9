//! S19: tests with `#[should_panic]`.

use std::future::pending;
use std::pin::pin;
use std::thread::park;

use mock_core::builder::*;
use mock_core::provider_test;
use tests::private::TestSpec;

use crate::each_argument_is_its_own_mock::Greeter;
use crate::helpers::{ask, llm, outcome, outcome_of};

#[provider_test]
#[should_panic(expected = "of the body")]
async fn s19_a_test_that_should_panic_may_leave_turns_over(llm: Greeter) {
    assert!(llm.calls().is_empty());
    panic!("of the body")
}

#[test]
fn s19_a_test_that_should_panic_does_not_do_so_for_its_mocks() {
    let unused = outcome(true, |test| {
        llm(test, [reply("unused")]);
        test.drive(pin!(async {}));
    });
    assert_eq!(unused, Ok(()));

    let mismatch = outcome(true, |test| {
        let llm = llm(test, [on(user("a")).reply("A")]);
        test.drive(pin!(async {
            let _ = llm.answer(ask("b")).await;
        }));
    });
    assert_eq!(mismatch, Ok(()));
}

#[test]
fn s19_an_error_is_not_the_panic_that_should_be() {
    let returned = outcome(true, |test| {
        test.drive(pin!(async { Err::<(), _>("of the body") }));
    });
    assert_eq!(returned, Ok(()));
}

#[test]
fn s19_a_time_out_is_not_the_panic_that_should_be() {
    let timed_out = outcome_of(TestSpec {
        should_panic: true,
        timeout: Some(secs(5)),
        body: |test| test.drive(pin!(pending::<()>())),
        ..TestSpec::EMPTY
    });
    assert_eq!(timed_out, Ok(()));
}

#[test]
fn s19_a_blocked_thread_is_not_the_panic_that_should_be() {
    let blocked = outcome_of(TestSpec {
        should_panic: true,
        guard: ms(50),
        body: |_| {
            loop {
                park();
            }
        },
        ..TestSpec::EMPTY
    });
    assert_eq!(blocked, Ok(()));
}
