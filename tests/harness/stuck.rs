//! S14, tests that do not end: each runs in a process of its own, as most of them leave a thread behind.

use std::future::pending;
use std::process::Command;
use std::time::Duration;

use mock_core::{MockProvider, TestClock, provider_test};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::ask;

/// What this test prints, which is ignored here and run alone, with these variables set.
#[track_caller]
pub(crate) fn run_alone(name: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let this = std::env::current_exe().expect("this test has a path");
    let output = Command::new(this)
        .args(["--exact", "--ignored", name])
        .envs(variables.iter().copied())
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("running 1 test\n"), "{printed}");
    let words: Vec<_> = printed.split_whitespace().collect();
    (output.status.success(), words.join(" "))
}

#[track_caller]
fn assert_fails(name: &str, variables: &[(&str, &str)], parts: &[&str]) {
    let (passed, printed) = run_alone(name, variables);
    assert!(!passed, "{printed}");
    for part in parts {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

const IDLE: &str = "the test cannot end, since no task can go on: ";

#[provider_test]
#[ignore = "run by the test below"]
async fn waits_for_a_call(#[mock(reply("Hi.").times(0..=2))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
    llm.wait_for_calls(2).await;
}

#[test]
fn s14_a_wait_for_a_call_that_cannot_come_fails_before_the_guard() {
    let waits = "it waits for call 2 of `llm`, and there was 1";
    assert_fails("stuck::waits_for_a_call", &[], &[&format!("{IDLE}{waits}")]);
}

#[provider_test]
#[ignore = "run by the test below"]
async fn waits_for_a_turn(#[mock(reply("Hi.").times(0..=2).named(greeting))] llm: MockProvider) {
    llm.wait_for_turn("greeting").await;
}

#[provider_test]
#[ignore = "run by the test below"]
async fn waits_for_a_gate(#[mock(gate("door").reply("Hi."))] llm: MockProvider) {
    llm.gate("door").wait_until_reached().await;
}

#[provider_test]
#[ignore = "run by the test below"]
async fn waits_at_a_gate(#[mock(gate("door").reply("Hi."))] llm: MockProvider) {
    llm.answer(ask()).await.expect("an answer");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn waits_for_nothing() {
    pending::<()>().await;
}

#[test]
fn s14_so_does_any_other_wait() {
    for (name, part) in [
        ("waits_for_a_turn", "it waits until"),
        (
            "waits_for_a_gate",
            "it waits for a call at `gate(\"door\")`",
        ),
        (
            "waits_at_a_gate",
            "call 1 of `llm` waits: `.gate(\"door\")`",
        ),
        (
            "waits_for_nothing",
            "it waits for something other than a mock",
        ),
    ] {
        assert_fails(&format!("stuck::{name}"), &[], &[IDLE, part]);
    }
}

#[provider_test]
async fn s14_blocking_work_may_take_longer() {
    let work = spawn_blocking(|| std::thread::sleep(Duration::from_millis(1_600)));
    work.await.expect("no panic");
}

#[provider_test]
async fn s14_a_clock_may_be_held_for_longer(clock: TestClock) {
    let held = clock.hold();
    let (tell, told) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1_600));
        tell.send(())
    });
    told.await.expect("it tells");
    drop(held);
    thread.join().expect("no panic").expect("it is heard");
}

#[provider_test]
async fn s14_so_may_another_thread() {
    let (tell, told) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("named".to_owned())
        .spawn(move || {
            std::thread::sleep(Duration::from_millis(1_600));
            tell.send(())
        });
    told.await.expect("it tells");
    thread
        .expect("it starts")
        .join()
        .expect("no panic")
        .expect("it is heard");
}

#[provider_test]
async fn s14_a_clock_that_is_resumed_goes_on_by_itself() {
    tokio::time::resume();
    sleep(Duration::from_millis(1_600)).await;
}

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
    let asks = "stuck::asks_on_a_blocking_thread";
    assert_fails(asks, &[], &["within 1", held, call, "clock = \"real\""]);
    let sleeps = "stuck::sleeps_on_a_blocking_thread";
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
    assert_fails("stuck::blocks_for_ever", &guard("300ms"), &[ends]);
    assert_fails("stuck::blocks_for_a_second", &[], &["within 500ms"]);
    for off in ["0", "0s", "1m"] {
        let (passed, printed) = run_alone("stuck::blocks_for_a_second", &guard(off));
        assert!(passed, "{off}: {printed}");
    }
    let named = "`MOCK_CORE_GUARD` is `soon`, which is not a time";
    assert_fails(
        "stuck::blocks_for_a_second",
        &guard("soon"),
        &[named, "`60s`"],
    );
}

#[provider_test]
#[ignore = "run by the test below, with variables set"]
async fn nobody_reaches(#[mock(reply("Hi."))] _server: mock_core::MockServer) {}

#[provider_test]
#[ignore = "run by the test below, with variables set"]
async fn nobody_asks(#[mock(reply("Hi."))] _llm: MockProvider) {}

#[test]
fn a_proxy_that_may_have_taken_the_requests_is_named() {
    for (name, no_proxy, is_told) in [
        ("nobody_reaches", "", true),
        ("nobody_reaches", "example.com", true),
        ("nobody_reaches", "127.0.0.1", false),
        ("nobody_asks", "", false),
    ] {
        let variables = [
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("NO_PROXY", no_proxy),
            ("no_proxy", no_proxy),
        ];
        let (passed, printed) = run_alone(&format!("stuck::{name}"), &variables);
        assert!(!passed, "{printed}");
        let told = printed.contains("environment variable `HTTP_PROXY` is set");
        assert_eq!(told, is_told, "{name}, {no_proxy}: {printed}");
    }
}

#[provider_test]
#[ignore = "run by the test below"]
async fn measures_with_the_clock_of_the_standard_library() {
    let start = std::time::Instant::now();
    sleep(Duration::from_secs(30)).await;
    assert!(start.elapsed() >= Duration::from_secs(30), "too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn returns_an_error_after_a_sleep() -> Result<(), String> {
    sleep(Duration::from_secs(30)).await;
    Err("too soon".to_owned())
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_without_a_sleep() {
    panic!("too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_after_a_slow_answer(
    #[mock(latency = 30s, script = [reply("Hi."), reply("Bye.")])] llm: MockProvider,
) {
    for _ in 0..2 {
        llm.answer(ask()).await.expect("an answer");
    }
    panic!("too soon");
}

#[test]
fn a_test_that_slept_and_failed_is_told_of_the_other_clock() {
    let note =
        "the test's clock went on by 30s; `std::time::Instant` and `SystemTime` do not see that";
    let fails = [
        "measures_with_the_clock_of_the_standard_library",
        "returns_an_error_after_a_sleep",
    ];
    for name in fails {
        assert_fails(&format!("stuck::{name}"), &[], &["too soon", note]);
    }
    for name in ["fails_without_a_sleep", "fails_after_a_slow_answer"] {
        let (_, printed) = run_alone(&format!("stuck::{name}"), &[]);
        assert!(
            printed.contains("too soon") && !printed.contains("SystemTime"),
            "{printed}"
        );
    }
}
