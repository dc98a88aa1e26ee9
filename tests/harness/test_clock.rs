//! S13: the clock of a test.

use std::thread;
use std::time::Duration;

use mock_core::{MockProvider, TestClock, provider_test};
use tokio::time::{Instant, sleep, timeout};

use crate::helpers::*;

#[provider_test]
async fn s13_time_goes_on_by_itself(clock: TestClock) {
    sleep(Duration::from_secs(3_600)).await;
    assert_eq!(clock.elapsed(), Duration::from_secs(3_600));
}

#[provider_test]
async fn s13_a_held_clock_waits_for_a_plain_thread(clock: TestClock) {
    let held = clock.hold();
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let work = thread::spawn(move || sender.send("done"));

    let answer = timeout(Duration::from_secs(1), receiver).await;

    assert_eq!(answer, Ok(Ok("done")));
    assert_eq!(clock.elapsed(), Duration::ZERO);
    drop(held);
    work.join().expect("the thread ends").expect("it was heard");
    sleep(Duration::from_secs(60)).await;
}

#[provider_test]
async fn s13_a_held_clock_goes_on_by_advance(clock: TestClock) {
    let _held = clock.hold();
    let sleeper = tokio::spawn(sleep(Duration::from_secs(5)));
    tokio::task::yield_now().await;
    clock.advance(Duration::from_secs(5)).await;
    sleeper.await.expect("the task ends");
    assert_eq!(clock.elapsed(), Duration::from_secs(5));
}

#[provider_test(clock = "real")]
async fn a_real_clock_does_not_jump(clock: TestClock) {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let work = thread::spawn(move || sender.send("done"));
    let answer = timeout(Duration::from_secs(20), receiver).await;
    assert_eq!(answer, Ok(Ok("done")));
    assert!(clock.elapsed() < Duration::from_secs(20));
    work.join().expect("the thread ends").expect("it was heard");
}

#[provider_test]
async fn calls_start_at_the_time_of_the_test(
    #[mock(reply("one"), reply("two"))] llm: MockProvider,
) {
    let start = Instant::now();
    llm.answer(ask()).await.expect("an answer");
    sleep(Duration::from_secs(7)).await;
    llm.answer(ask()).await.expect("an answer");
    let calls = llm.calls();
    assert_eq!(calls[0].started_at(), Duration::ZERO);
    assert_eq!(calls[1].started_at(), start.elapsed());
}
