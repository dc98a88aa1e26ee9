//! Reports beside the panic, the error and the assertions of the test itself.

use std::pin::pin;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, ProviderError};

use crate::helpers::{ask, fails, fails_alone, greet, is_alone, mock, printed, run_alone, say};

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
        let output = run_alone("panics_and_errors::swallowed_error", variables);
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

#[test]
fn mock_outside_of_a_test() {
    fails_alone("mock_outside_of_a_test", || {
        let llm = MockProvider::script([on(user("Welcome {name}.")).reply("Hi, {name}!")]);
        let answer = llm.answer(ask("Greet Ada.")).now_or_never();
        answer.expect("it fails at once").unwrap();
    });
}

/// The panic is in the destructor of the last handle, and the first line of the report has the place of the mock.
#[test]
fn mock_outside_of_a_test_that_nobody_verified() {
    fails_alone("mock_outside_of_a_test_that_nobody_verified", || {
        let llm = MockProvider::script([reply("Hi."), reply("Bye.")]);
        let answer = llm.answer(ask("hello")).now_or_never();
        answer.expect("it takes no time").expect("an answer");
    });
}

/// A panic on another thread fails the test only if the test looks at the thread's result.
#[test]
fn mock_dropped_on_another_thread() {
    fails_alone("mock_dropped_on_another_thread", || {
        let llm = MockProvider::script([reply("Hi.")]);
        let thread = std::thread::spawn(|| drop(llm));
        assert!(thread.join().is_err());
        std::process::exit(101);
    });
}

/// A program may end, or tell somebody, in its own hook.
#[test]
fn a_program_sees_in_its_hook_that_nobody_verified_a_mock() {
    if is_alone() {
        std::panic::set_hook(Box::new(|_| eprintln!("the hook of the program is called")));
        return drop(MockProvider::script([reply("Hi.")]));
    }
    let name = "panics_and_errors::a_program_sees_in_its_hook_that_nobody_verified_a_mock";
    let output = run_alone(name, &[]);
    assert_eq!(output.status.code(), Some(101));
    let printed = printed(&output);
    assert!(
        printed.contains("the hook of the program is called"),
        "{printed}"
    );
}
