//! Reports beside the panic or the error with which the body, a task or a closure ends.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{MockProvider, ProviderError};
use serde_json::json;
use tests::private::Test;

use crate::helpers::{ask, fails, mock, say};

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

/// The error that the panic shows is the report's first line, and not all of it.
#[test]
fn unwrapped_mismatch() {
    fails("unwrapped_mismatch", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            llm.answer(ask("Greet Ada.")).await.unwrap();
        }));
    });
}

/// An error of the user's own that keeps the mock's text.
#[test]
fn wrapped_error() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "it is shown by its `Debug`")]
    struct AgentError {
        step: u32,
        reason: String,
    }

    fails("wrapped_error", |test| {
        let llm = mock(
            test,
            "llm",
            script([on(user("Welcome {name}.")).reply("Hi, {name}!")]),
        );
        test.drive(pin!(async {
            let answer = llm.answer(ask("Greet Ada.")).await;
            answer.map(drop).map_err(|error| AgentError {
                step: 3,
                reason: error.to_string(),
            })
        }));
    });
}

#[test]
fn task_that_panicked() {
    fails("task_that_panicked", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            let _ = tokio::spawn(async move {
                assert_eq!(say(&llm, ask("hello")).await, "Ho.");
                say(&llm, ask("goodbye")).await
            })
            .await;
        }));
    });
}

#[test]
fn task_that_panicked_with_a_mismatch() {
    fails("task_that_panicked_with_a_mismatch", |test| {
        let llm = mock(test, "llm", script([on(user("Welcome")).reply("Hi.")]));
        test.drive(pin!(async {
            let task = tokio::spawn(async move { llm.answer(ask("Greet Ada.")).await.unwrap() });
            let _ = task.await;
        }));
    });
}

/// Two mocks that answer as scripted, and a third that is not called.
fn content_mocks(test: &mut Test) -> [MockProvider; 2] {
    mock(test, "unused", script([reply("Hi.").times(0..)]));
    [
        mock(test, "llm", script([reply("Hi.").times(2..)])),
        mock(
            test,
            "judge",
            script([call("rate", json!({"of": "hello"}))]),
        ),
    ]
}

#[test]
fn panic_of_a_test_whose_mocks_have_no_problem() {
    fails("panic_of_a_test_whose_mocks_have_no_problem", |test| {
        let [llm, judge] = content_mocks(test);
        test.drive(pin!(async {
            for number in 0..11 {
                say(&llm, ask(&format!("hello {number}"))).await;
            }
            assert_eq!(say(&judge, ask("rate it")).await, "Good.");
        }));
    });
}

#[test]
fn error_of_a_test_whose_mocks_have_no_problem() {
    fails("error_of_a_test_whose_mocks_have_no_problem", |test| {
        let [llm, judge] = content_mocks(test);
        test.drive(pin!(async {
            for _ in 0..2 {
                say(&llm, ask("hello")).await;
            }
            say(&judge, ask("rate it")).await;
            Err::<(), _>("no rating")
        }));
    });
}
