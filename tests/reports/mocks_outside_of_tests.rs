//! A mock outside of a test: its report is a panic of the call, or of the last handle when that is dropped.

use futures::FutureExt as _;
use mock_core::MockProvider;
use mock_core::builder::*;
use tokio::runtime::{Builder, Runtime};

use crate::helpers::{ask, fails_alone, is_alone, printed, run_alone};

/// A runtime whose clock stands still while it is entered: the report has the times of calls.
fn with_paused_clock() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    runtime.expect("a runtime")
}

#[test]
fn mock_outside_of_a_test() {
    fails_alone("mock_outside_of_a_test", || {
        let runtime = with_paused_clock();
        let _entered = runtime.enter();
        let llm = MockProvider::script([on(user("Welcome {name}.")).reply("Hi, {name}!")]);
        let answer = llm.answer(ask("Greet Ada.")).now_or_never();
        answer.expect("it fails at once").unwrap();
    });
}

/// The panic is in the destructor of the last handle, and the first line of the report has the place of the mock.
#[test]
fn mock_outside_of_a_test_that_nobody_verified() {
    fails_alone("mock_outside_of_a_test_that_nobody_verified", || {
        let runtime = with_paused_clock();
        let _entered = runtime.enter();
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
    let name = "mocks_outside_of_tests::a_program_sees_in_its_hook_that_nobody_verified_a_mock";
    let output = run_alone(name, &[]);
    assert_eq!(output.status.code(), Some(101));
    let printed = printed(&output);
    assert!(
        printed.contains("the hook of the program is called"),
        "{printed}"
    );
}
