//! The claim under shuttle, which runs threads in thousands of orders, switching between them at locks and atomics. It takes
//! every atomic as sequentially consistent.
//!
//! ```text
//! RUSTFLAGS="--cfg shuttle" cargo test --manifest-path tests/shuttle/Cargo.toml
//! ```
#![cfg(shuttle)]

use futures::FutureExt as _;
use mock_core::builder::{on, reply, when};
use mock_core::scenario::Turn;
use mock_core::{MockProvider, Request};
use shuttle::thread;

const THREADS: usize = 3;
const CALLS: usize = 2;

/// Turns that say their own index. The second is for one thread only; its closure is asked outside of the lock, where other
/// calls come in between. Either it or the last is left over.
fn script() -> Vec<Turn> {
    let for_one = when(|request| {
        thread::yield_now();
        request.model == "1"
    });
    let last = THREADS * CALLS;
    let numbered = (2..last).map(|index| reply(index.to_string()));
    let mut turns = vec![reply("0"), on(for_one).reply("1").times(0..=1)];
    turns.extend(numbered);
    turns.push(reply(last.to_string()).times(0..=1));
    turns
}

/// Calls twice; returns the id and the text of each answer.
fn call(mock: &MockProvider, caller: usize) -> Vec<(String, String)> {
    let ask = |_| {
        let answer = mock.answer(Request::new(caller.to_string())).now_or_never();
        let answer = answer.expect("it takes no time").expect("it is scripted");
        (answer.id.clone(), answer.text().into_owned())
    };
    (0..CALLS).map(ask).collect()
}

/// Reads the journal while it grows.
fn read(mock: &MockProvider) {
    let mut before = Vec::new();
    while before.len() < THREADS * CALLS {
        let calls = mock.calls();
        let now: Vec<_> = calls.iter().map(|call| call.turn()).collect();
        assert!(calls.iter().map(|call| call.number()).eq(1..=calls.len()));
        assert!(now.starts_with(&before), "{before:?} became {now:?}");
        before = now;
        thread::yield_now();
    }
}

fn claims() {
    let mock = MockProvider::script(script());
    let callers: Vec<_> = (0..THREADS)
        .map(|caller| {
            let mock = mock.clone();
            thread::spawn(move || call(&mock, caller))
        })
        .collect();
    let reader = mock.clone();
    let reader = thread::spawn(move || read(&reader));
    let callers = callers.into_iter();
    let mut answers: Vec<_> = callers
        .flat_map(|caller| caller.join().expect("no panic"))
        .collect();
    reader.join().expect("no panic");

    let calls = mock.calls();
    let turns: Vec<_> = calls.iter().filter_map(|call| call.turn()).collect();
    assert_eq!(turns.len(), THREADS * CALLS, "a turn answers every call");
    assert!(turns.is_sorted_by(|a, b| a < b), "each once: {turns:?}");
    let entered = calls.iter().zip(&turns);
    let entered: Vec<_> = entered
        .map(|(call, turn)| (format!("resp_{}", call.number()), turn.to_string()))
        .collect();
    answers.sort();
    assert_eq!(answers, entered, "what is heard is what is entered");
    let for_one = calls.iter().find(|call| call.turn() == Some(1));
    assert!(for_one.is_none_or(|call| call.request().model == "1"));
    assert!(calls.iter().all(|call| call.outcome().is_some()));
    assert_eq!(mock.verify().map_err(|report| report.to_string()), Ok(()));
}

#[test]
fn s7_a_turn_is_claimed_once_in_any_order_of_threads() {
    shuttle::check_random(claims, 10_000);
}

#[test]
fn s7_a_turn_is_claimed_once_where_threads_are_held_up() {
    shuttle::check_pct(claims, 10_000, 3);
}
