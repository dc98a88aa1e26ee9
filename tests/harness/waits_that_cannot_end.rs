//! S14: a test in which no task can go on fails at once, and says what it waits for. Each runs in a process of its own, as most of them leave
//! a thread behind.

use std::future::pending;
use std::time::Duration;

use mock_core::{MockProvider, TestClock, provider_test};
use tokio::runtime::Handle;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Instant, sleep};

use crate::helpers::*;

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
    assert_fails(
        "waits_that_cannot_end::waits_for_a_call",
        &[],
        &[&format!("{IDLE}{waits}")],
    );
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
    let cases = [
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
    ];
    at_once(cases, |(name, part)| {
        assert_fails(
            &format!("waits_that_cannot_end::{name}"),
            &[],
            &[IDLE, part],
        );
    });
}

#[provider_test]
async fn s14_blocking_work_may_take_longer() {
    let work = spawn_blocking(|| std::thread::sleep(Duration::from_millis(1_300)));
    work.await.expect("no panic");
}

#[provider_test]
async fn s14_a_clock_may_be_held_for_longer(clock: TestClock) {
    let held = clock.hold();
    let (tell, told) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(1_300));
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
            std::thread::sleep(Duration::from_millis(1_300));
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
    sleep(Duration::from_millis(1_300)).await;
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
    let asks = "waits_that_cannot_end::asks_on_a_blocking_thread";
    let asks = (asks, vec!["within 1", held, call, "clock = \"real\""]);
    let sleeps = (
        "waits_that_cannot_end::sleeps_on_a_blocking_thread",
        vec!["within 1s", held],
    );
    at_once([asks, sleeps], |(name, parts)| {
        assert_fails(name, &[], &parts);
    });
}

#[provider_test(guard = 1s)]
#[ignore = "run by the test below"]
async fn yields_until_a_time_comes() {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(1) {
        yield_now().await;
    }
}

#[provider_test(guard = 1s)]
#[ignore = "run by the test below"]
async fn yields_until_an_answer_comes(#[mock(reply("Hi.").ttft(5s))] llm: MockProvider) {
    let answer = tokio::spawn(llm.answer(ask()));
    while !answer.is_finished() {
        yield_now().await;
    }
}

#[test]
fn s14_a_task_that_never_waits_is_not_taken_for_one_that_holds_the_clock() {
    let busy = ["a task never waits", "`yield_now`"];
    let time = (
        "waits_that_cannot_end::yields_until_a_time_comes",
        vec!["a task never waits, so its clock does not advance", busy[1]],
    );
    let answer = (
        "waits_that_cannot_end::yields_until_an_answer_comes",
        vec![busy[0], busy[1], "call 1 of `llm` waits for turn 1"],
    );
    at_once([time, answer], |(name, parts)| {
        assert_fails(name, &[], &parts);
    });
}
