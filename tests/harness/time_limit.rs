//! S14: the time limit of a test in real time (`guard`, `MOCK_CORE_GUARD`), which ends a test that does not end by itself.

use std::thread;
use std::time::Duration;

use mock_core::{MockProvider, provider_test};
use tests::private::{TestSpec, run};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::helpers::*;

#[provider_test(guard = 6s)]
#[ignore = "run by the test below"]
async fn asks_on_a_blocking_thread(#[mock(reply("Hi.").ttft(5s))] llm: MockProvider) {
    let runtime = Handle::current();
    let asked = spawn_blocking(move || runtime.block_on(llm.answer(ask())).is_ok());
    asked.await.expect("no panic");
}

#[provider_test(guard = 1s)]
#[ignore = "run by the test below"]
async fn sleeps_on_a_blocking_thread() {
    let runtime = Handle::current();
    let slept = spawn_blocking(move || runtime.block_on(sleep(Duration::from_secs(5))));
    slept.await.expect("no panic");
}

#[test]
fn s14_a_caller_that_holds_the_clock_it_waits_for_is_named() {
    let held = "`spawn_blocking` holds its clock";
    let call = "call 1 of `llm` waits for turn 1";
    let asks = "time_limit::asks_on_a_blocking_thread";
    assert_fails(asks, &[], &["within 1", held, call, "clock = \"real\""]);
    let sleeps = "time_limit::sleeps_on_a_blocking_thread";
    assert_fails(sleeps, &[], &["within 1s", held]);
}

#[provider_test(guard = 0s)]
#[ignore = "run by the test below"]
async fn blocks_for_ever() {
    loop {
        std::thread::park();
    }
}

#[provider_test(guard = 500ms)]
#[ignore = "run by the test below"]
async fn blocks_for_a_second() {
    std::thread::sleep(Duration::from_secs(1));
}

#[test]
fn s14_the_environment_sets_the_guard_of_all_tests() {
    let guard = |value| [("MOCK_CORE_GUARD", value)];
    let ends = "the test did not end within 300ms";
    assert_fails("time_limit::blocks_for_ever", &guard("300ms"), &[ends]);
    assert_fails("time_limit::blocks_for_a_second", &[], &["within 500ms"]);
    for off in ["0", "0s", "1m"] {
        let (passed, printed) = run_alone("time_limit::blocks_for_a_second", &guard(off));
        assert!(passed, "{off}: {printed}");
    }
    let named = "`MOCK_CORE_GUARD` is `soon`, which is not a time";
    assert_fails(
        "time_limit::blocks_for_a_second",
        &guard("soon"),
        &[named, "`60s`"],
    );
}

#[test]
#[should_panic(expected = "the test did not end within 50ms")]
fn s14_a_blocked_thread_is_given_up() {
    static BLOCKED: TestSpec = TestSpec {
        guard: Duration::from_millis(50),
        // A thread that never wakes up again is left to itself.
        body: |_| {
            loop {
                thread::park();
            }
        },
        ..TestSpec::EMPTY
    };
    run(&BLOCKED);
}

#[provider_test(guard = 0s)]
async fn s14_a_guard_can_be_turned_off() {}

/// A thread on which it was used does not end.
struct Stays;

impl Drop for Stays {
    fn drop(&mut self) {
        loop {
            thread::park();
        }
    }
}

thread_local! {
    static STAYS: Stays = const { Stays };
}

#[provider_test]
async fn what_is_left_of_the_tests_thread_is_not_waited_for() {
    STAYS.with(|_| ());
}
