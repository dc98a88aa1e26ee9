//! S13, S14: the time limits of a test: its `guard` (or `MOCK_CORE_GUARD`) in real time, and its `timeout` on its own clock.

use std::pin::pin;
use std::thread;
use std::time::Duration;

use mock_core::provider_test;
use tests::private::{TestSpec, run};
use tokio::time::sleep;

use crate::helpers::*;

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
    let for_ever = "time_limits::blocks_for_ever";
    let for_a_second = "time_limits::blocks_for_a_second";
    let ends = "the test did not end within 300ms";
    let named = "`MOCK_CORE_GUARD` is `soon`, which is not a time";
    let cases = [
        (for_ever, Some("300ms"), vec![ends]),
        (for_a_second, None, vec!["within 500ms"]),
        (for_a_second, Some("soon"), vec![named, "`60s`"]),
        // These pass.
        (for_a_second, Some("0"), vec![]),
        (for_a_second, Some("0s"), vec![]),
        (for_a_second, Some("1m"), vec![]),
    ];
    at_once(cases, |(name, guard, parts)| {
        let guard = guard.map(|guard| ("MOCK_CORE_GUARD", guard));
        let variables: Vec<_> = guard.into_iter().collect();
        if parts.is_empty() {
            let (passed, printed) = run_alone(name, &variables);
            assert!(passed, "{guard:?}: {printed}");
        } else {
            assert_fails(name, &variables, &parts);
        }
    });
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
async fn the_harness_does_not_wait_for_the_rest_of_a_tests_thread() {
    STAYS.with(|_| ());
}

#[provider_test(timeout = 5s)]
async fn s13_a_timeout_that_does_not_run_out_is_not_noticed() {
    sleep(Duration::from_millis(4_999)).await;
}

#[test]
#[should_panic(expected = "the test's time-out of 5s ran out")]
fn s13_a_timeout_runs_out_on_the_tests_own_clock() {
    static SLOW: TestSpec = TestSpec {
        timeout: Some(Duration::from_secs(5)),
        body: |test| test.drive(pin!(sleep(Duration::from_secs(6)))),
        ..TestSpec::EMPTY
    };
    run(&SLOW);
}
