//! How the report goes with what the test itself says: its panic, its error, its assertions.

use std::pin::pin;

use mock_core::ProviderError;
use mock_core::builder::*;

use crate::{ask, fails, greet, mock, run_alone, say};

#[test]
fn swallowed_error() {
    fails("swallowed_error", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            assert_eq!(say(&llm, ask("Greet Ada.")).await, "Sorry.");
        }));
    });
}

#[test]
fn returned_error() {
    fails("returned_error", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            llm.answer(ask("Greet Ada.")).await?;
            Ok::<_, ProviderError>(())
        }));
    });
}

#[test]
fn panic_and_mismatch() {
    fails("panic_and_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            assert_eq!(say(&llm, ask("Greet Ada.")).await, "Hi, Ada!");
        }));
    });
}

#[test]
fn error_and_mismatch() {
    fails("error_and_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            say(&llm, ask("Greet Ada.")).await;
            Err::<(), _>("no greeting")
        }));
    });
}

#[test]
fn closure_panic() {
    fails("closure_panic", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(when(|_| panic!("no such case"))).reply("Hi.")]),
        );
        test.drive(pin!(async {
            drop(tokio::spawn(llm.answer(ask("hello"))));
        }));
    });
}

#[test]
fn colours_are_only_where_they_are_wanted() {
    let coloured = |variables: &[(&str, &str)]| {
        let output = run_alone("body::swallowed_error", variables);
        String::from_utf8_lossy(&output.stderr).contains("\x1b[")
    };
    assert!(!coloured(&[]), "none in a pipe");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

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
            llm.turn("frist").await;
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
