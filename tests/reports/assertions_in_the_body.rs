//! Methods of a mock that panic in the body of the test: `verify`, assertions, and waits for a turn that there is not.

use std::pin::pin;

use mock_core::builder::*;

use crate::helpers::{ask, fails, greet, mock, say};

#[test]
fn verified_in_the_body() {
    fails("verified_in_the_body", |test| {
        let llm = mock(test, "llm", script([on(user("hello")).reply("Hi.")]));
        test.drive(pin!(async {
            say(&llm, ask("goodbye")).await;
            llm.verify().unwrap();
        }));
    });
}

#[test]
fn misspelt_turn() {
    fails("misspelt_turn", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").named("first")]));
        test.drive(pin!(async {
            llm.wait_for_turn("frist").await;
        }));
    });
}

#[test]
fn retried_too_early() {
    fails("retried_too_early", |test| {
        let turns = [
            fail(rate_limit().retry_after(secs(2))),
            reply("Hi."),
            reply("Bye."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            greet(&llm).await;
            greet(&llm).await;
            llm.assert_waited_retry_after();
        }));
    });
}

#[test]
fn stream_that_nobody_asked_for() {
    fails("stream_that_nobody_asked_for", |test| {
        let turns = [stream(["Hi, ", "Ada!"]), reply("Bye.").keepalive(secs(5))];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            let answer = say(&llm, ask("bye")).await;
            assert_eq!(answer, "Hi, Ada!");
        }));
    });
}
