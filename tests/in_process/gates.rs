//! Gates: answers that wait until the test opens a gate.

use std::time::Duration;

use futures::future::{FutureExt as _, join_all};
use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{Call, ErrorKind, MockProvider, Outcome, Response, StreamEvent, provider_test};
use tokio::time::{Instant, sleep, timeout};

use crate::helpers::{ask, say};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Asks on a task of its own, and waits until the call is at the gate.
async fn held(llm: &MockProvider, gate: &str) -> tokio::task::JoinHandle<String> {
    let task = tokio::spawn({
        let llm = llm.clone();
        async move { say(&llm, "hello").await }
    });
    llm.gate(gate).wait_until_reached().await;
    task
}

/// The texts of a stream, each with the time at which it came, in milliseconds.
async fn times(llm: &MockProvider) -> Vec<(String, u128)> {
    let start = Instant::now();
    let stream = llm.answer_stream(ask("hello")).await.expect("a stream");
    let events = stream.map_ok(|event| (event, start.elapsed().as_millis()));
    let events: Vec<_> = events.try_collect().await.expect("no failure is in it");
    let texts = events.into_iter().filter_map(|(event, at)| match event {
        StreamEvent::Text(text) => Some((text, at)),
        _ => None,
    });
    texts.collect()
}

fn at<const N: usize>(events: [(&str, u128); N]) -> Vec<(String, u128)> {
    events.map(|(text, at)| (text.to_owned(), at)).into()
}

/// Opens the gate after so long.
fn opens(llm: &MockProvider, gate: &str, after: Duration) {
    let gate = llm.gate(gate);
    tokio::spawn(async move {
        sleep(after).await;
        gate.open();
    });
}

#[provider_test]
async fn a_plain_answer_waits_until_its_gate_is_open() {
    let llm = MockProvider::script([gate("door").reply("In.")]);
    let task = held(&llm, "door").await;
    sleep(DAY).await;
    assert!(
        !task.is_finished(),
        "other timers go on, and the call waits"
    );
    assert_eq!(llm.calls()[0].outcome(), None);
    llm.gate("door").open();
    assert_eq!(task.await.expect("the task ends"), "In.");
    assert_eq!(llm.calls()[0].ended_at(), Some(DAY));
}

#[provider_test]
async fn a_gate_stays_open_until_it_is_shut() {
    let llm = MockProvider::script([gate("door").reply("In.").times(3)]);
    llm.gate("door").open();
    assert_eq!(say(&llm, "hello").await, "In.");
    assert_eq!(say(&llm, "hello").await, "In.");
    llm.gate("door").close();
    let task = held(&llm, "door").await;
    llm.gate("door").open();
    task.await.expect("the task ends");
}

#[provider_test]
async fn a_gate_needs_no_time_and_no_other_task() {
    let llm = MockProvider::script([gate("door").reply("In.")]);
    let mut answer = llm.answer(ask("hello"));
    assert!((&mut answer).now_or_never().is_none());
    llm.gate("door").open();
    let answer = answer.now_or_never().expect("it is open");
    assert_eq!(answer.expect("an answer").text(), "In.");
}

#[provider_test]
async fn let_one_pass_lets_the_first_of_two_pass() {
    let llm = MockProvider::script([gate("door").reply("{call}").times(3)]);
    let first = held(&llm, "door").await;
    let second = tokio::spawn({
        let llm = llm.clone();
        async move { say(&llm, "hello").await }
    });
    llm.wait_for_calls(2).await;
    llm.gate("door").let_one_pass();
    assert_eq!(first.await.expect("the first passes"), "1");
    sleep(DAY).await;
    assert!(!second.is_finished());

    llm.gate("door").let_one_pass();
    assert_eq!(second.await.expect("the second passes"), "2");
    llm.gate("door").let_one_pass();
    assert_eq!(say(&llm, "the next that comes").await, "3");
}

#[provider_test]
async fn an_open_gate_keeps_what_may_pass_while_it_is_shut() {
    let llm = MockProvider::script([gate("door").reply("In.").times(2)]);
    llm.gate("door").let_one_pass();
    llm.gate("door").open();
    say(&llm, "hello").await;
    llm.gate("door").close();
    say(&llm, "hello").await;
}

#[provider_test]
async fn all_who_wait_pass_when_it_opens() {
    let llm = MockProvider::script([gate("door").reply("In.").times(5)]);
    let asked = join_all((0..5).map(|_| say(&llm, "hello")));
    opens(&llm, "door", secs(1));
    assert_eq!(asked.await, ["In."; 5]);
    assert_eq!(llm.max_in_flight(), 5);
}

#[provider_test]
async fn s12_a_call_that_is_dropped_at_a_gate_waits_there_no_more() {
    let llm = MockProvider::script([gate("door").reply("In.").times(2)]);
    assert!(timeout(secs(1), llm.answer(ask("hello"))).await.is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
    assert!(
        timeout(secs(1), llm.gate("door").wait_until_reached())
            .await
            .is_err()
    );

    let task = held(&llm, "door").await;
    llm.gate("door").let_one_pass();
    assert_eq!(task.await.expect("the task ends"), "In.");
}

#[provider_test]
async fn s09_events_after_a_gate_keep_their_distance() {
    let turn = reply("a b ")
        .gate("door")
        .reply("c d")
        .ttft(ms(10))
        .every(ms(20));
    let llm = MockProvider::script([turn]);
    opens(&llm, "door", ms(1_000));
    let expected = at([("a ", 10), ("b ", 30), ("c ", 1_020), ("d", 1_040)]);
    assert_eq!(times(&llm).await, expected);
}

#[provider_test]
async fn s09_two_gates_hold_back_one_after_the_other() {
    let turn = gate("one")
        .reply("a b ")
        .gate("two")
        .reply("c")
        .every(ms(20));
    let llm = MockProvider::script([turn]);
    opens(&llm, "one", ms(100));
    opens(&llm, "two", ms(500));
    assert_eq!(
        times(&llm).await,
        at([("a ", 100), ("b ", 120), ("c", 520)])
    );
}

#[provider_test]
async fn s09_the_first_token_is_due_in_its_time_where_the_gate_opens_before() {
    let llm = MockProvider::script([gate("door").reply("a").ttft(ms(300))]);
    opens(&llm, "door", ms(100));
    assert_eq!(times(&llm).await, at([("a", 300)]));
}

#[provider_test]
async fn s09_a_gate_that_is_open_holds_nothing_back_from_a_slow_consumer() {
    let turn = stream(["a", "b"])
        .gate("door")
        .stream(["c", "d"])
        .every(ms(100));
    let llm = MockProvider::script([turn]);
    llm.gate("door").open();
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    events.next().await;
    sleep(ms(350)).await;
    let rest: Vec<_> = events.map(|_| start.elapsed()).collect().await;
    assert_eq!(rest, [ms(350); 4], "a burst, as without the gate");
}

#[provider_test]
async fn s09_events_after_a_gate_count_from_its_opening_not_from_the_read() {
    let llm = MockProvider::script([reply("a ").gate("door").reply("b c").every(ms(100))]);
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    events.next().await;
    sleep(ms(500)).await;
    llm.gate("door").open();
    sleep(ms(150)).await;
    let rest: Vec<_> = events.map(|_| start.elapsed()).collect().await;
    assert_eq!(rest, [650, 700, 700].map(ms), "due at 600 and at 700");
}

#[provider_test]
async fn s09_a_plain_answer_takes_as_long_as_its_stream_at_a_gate_too() {
    let turn = reply("a b ").gate("door").reply("c d").every(ms(20));
    let llm = MockProvider::script([turn]);
    opens(&llm, "door", ms(1_000));
    let start = Instant::now();
    assert_eq!(say(&llm, "hello").await, "a b c d");
    assert_eq!(start.elapsed(), ms(1_040));
}

#[provider_test]
async fn s08_a_failure_after_a_gate_is_the_err_of_the_await() {
    for turn in [
        gate("door").gate("other").fail(overloaded()),
        gate("door").respond_with(|_| {
            Err::<Response, _>(mock_core::ProviderError::new(ErrorKind::Overloaded))
        }),
    ] {
        let llm = MockProvider::script([turn.times(2)]);
        if llm.scenario().turns[0].actions.len() == 3 {
            llm.gate("other").open();
        }
        opens(&llm, "door", ms(1_000));
        let start = Instant::now();
        let error = llm.answer_stream(ask("hello")).await.expect_err("it fails");
        assert_eq!(
            (error.kind, start.elapsed()),
            (ErrorKind::Overloaded, ms(1_000))
        );
        let error = llm.answer(ask("hello")).await.expect_err("it fails");
        assert_eq!(error.kind, ErrorKind::Overloaded);
        let failed = |call: &Call| matches!(call.outcome(), Some(Outcome::Failed(_)));
        assert!(llm.calls().iter().all(failed));
    }
}

#[provider_test]
async fn s10_the_time_of_a_fault_runs_on_at_a_gate() {
    let turn = reply("a ").gate("door").reply("b").cut_after(ms(500));
    let llm = MockProvider::script([turn.times(2)]);
    let start = Instant::now();
    let error = llm.answer(ask("hello")).await.expect_err("it is cut");
    assert_eq!(
        (error.kind, start.elapsed()),
        (ErrorKind::Connection, ms(500))
    );

    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(events.next().await.is_some_and(|event| event.is_ok()));
    opens(&llm, "door", ms(499));
    assert_eq!(events.next().await, Some(Ok(StreamEvent::Text("b".into()))));
    let error = events
        .next()
        .await
        .and_then(Result::err)
        .expect("it is cut");
    assert_eq!(
        (error.kind, start.elapsed()),
        (ErrorKind::Connection, ms(1_000))
    );
    assert!(
        timeout(DAY, llm.gate("door").wait_until_reached())
            .await
            .is_err()
    );
}

#[provider_test]
async fn s10_a_gate_that_opens_after_the_time_of_a_fault_is_too_late() {
    let llm = MockProvider::script([reply("a ").gate("door").reply("b").end_after(ms(500))]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    events.next().await;
    sleep(ms(600)).await;
    llm.gate("door").open();
    assert_eq!(events.next().await, None);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Truncated));
}

#[provider_test]
async fn a_gate_after_all_content_holds_back_the_finish_only() {
    let llm = MockProvider::script([reply("Hi.").gate("door")]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    events.next().await;
    assert!(events.next().now_or_never().is_none());
    llm.gate("door").open();
    assert!(matches!(
        events.next().await,
        Some(Ok(StreamEvent::Finish { .. }))
    ));
}

#[provider_test]
async fn a_stream_dropped_at_its_gate_reports_how_far_it_came() {
    let llm = MockProvider::script([reply("a b").gate("door").reply("c")]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    for _ in 0..2 {
        events.next().await;
    }
    assert!(timeout(secs(1), events.next()).await.is_err());
    drop(events);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::DroppedAfter(2)));
}

#[test]
fn s24_a_gate_needs_no_runtime() {
    let llm = MockProvider::script([gate("door").reply("In.")]);
    let mut answer = llm.answer(ask("hello"));
    assert!((&mut answer).now_or_never().is_none());
    let gate = llm.gate("door");
    let opener = std::thread::spawn(move || gate.open());
    opener.join().expect("the thread ends");
    let answer = answer.now_or_never().expect("it is open");
    assert_eq!(answer.expect("an answer").text(), "In.");
}

#[provider_test]
#[should_panic(expected = "has no gate `dor`, but `door`")]
async fn a_gate_that_is_not_in_the_script_is_an_error() {
    let llm = MockProvider::script([gate("door").reply("In.").times(0..)]);
    llm.gate("dor");
}

#[provider_test]
async fn a_gate_in_a_rule_and_in_otherwise_is_a_gate() {
    let scenario = script([]).rules([on(user("a")).gate("one").reply("A")]);
    let llm = MockProvider::new(scenario.otherwise(gate("two").reply("B")));
    llm.gate("one").open();
    llm.gate("two").open();
    assert_eq!(
        (say(&llm, "a").await, say(&llm, "b").await),
        ("A".into(), "B".into())
    );
}
