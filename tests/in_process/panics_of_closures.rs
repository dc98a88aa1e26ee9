//! S16, S42: a panic in a closure of a scenario.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{Outcome, Response};

use crate::helpers::{ask, assert_says, llm, report, say};

#[test]
fn s16_a_panic_of_a_closure_unwinds_into_the_caller_and_poisons_nothing() {
    static CALM: AtomicBool = AtomicBool::new(false);
    let report = report(|test| {
        let panics_once = when(|_| CALM.swap(true, Ordering::Relaxed) || panic!("boom"));
        let llm = llm(test, [on(panics_once).reply("Hi.")]);
        test.drive(pin!(async {
            let answer = AssertUnwindSafe(llm.answer(ask("hello"))).catch_unwind();
            let panic = answer.await.expect_err("the closure panics");
            assert_eq!(panic.downcast_ref::<&str>(), Some(&"boom"));

            assert_eq!(
                llm.calls()[0].outcome(),
                Some(&Outcome::Panicked("boom".into()))
            );
            assert_eq!(llm.calls()[0].turn(), None);
            assert_eq!(say(&llm, "hello").await, "Hi.");
            assert_eq!(llm.calls()[1].turn(), Some(0));
        }));
    });
    assert_says(&report, &["closure", "panicked in call 1", "boom"]);
}

#[test]
fn s16_a_panic_of_a_closure_fails_the_test_even_where_nobody_joins_the_task() {
    let report = report(|test| {
        let llm = llm(
            test,
            [on(when(|_| panic!("boom"))).stream(["Hi."]).times(0..=1)],
        );
        test.drive(pin!(async {
            let task = tokio::spawn(llm.answer_stream(ask("hello")));
            drop(task);
        }));
    });
    assert_says(&report, &["closure", "panicked in call 1", "boom"]);
}

#[test]
fn s16_a_closure_that_answers_and_panics_fails_the_test() {
    let report = report(|test| {
        let panics = respond_with(|_| -> Response { panic!("no such city") });
        let llm = llm(test, [panics, reply("Hi.")]);
        test.drive(pin!(async {
            let answer = AssertUnwindSafe(llm.answer(ask("hello")))
                .catch_unwind()
                .await;
            assert!(answer.is_err(), "it unwinds into the caller");
            let outcome = Outcome::Panicked("no such city".to_owned());
            assert_eq!(llm.calls()[0].outcome(), Some(&outcome));
            assert_eq!(say(&llm, "hello").await, "Hi.");
        }));
    });
    assert_says(&report, &["a closure panicked in call 1", "no such city"]);
}

#[test]
fn s42_a_panic_in_an_async_closure_fails_the_test() {
    let report = crate::helpers::report(|test| {
        let panics = respond_with_async(|_| async {
            tokio::task::yield_now().await;
            if true {
                panic!("no such city");
            }
            Response::new("", "")
        });
        let llm = crate::helpers::llm(test, [panics, reply("Hi.")]);
        test.drive(pin!(async {
            let answer = std::panic::AssertUnwindSafe(llm.answer(ask("hello")));
            assert!(
                answer.catch_unwind().await.is_err(),
                "it unwinds into the caller"
            );
            let outcome = Outcome::Panicked("no such city".to_owned());
            assert_eq!(llm.calls()[0].outcome(), Some(&outcome));
            assert_eq!(say(&llm, "hello").await, "Hi.");
        }));
    });
    assert_says(&report, &["a closure panicked in call 1", "no such city"]);
}
