//! Many tasks on many threads: each turn is claimed once, and each call has a number of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;
use std::thread;

use futures::future::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, Request};
use tests::tries;
use tokio::runtime::{Builder, Runtime};

use crate::helpers::ask;

const TASKS: usize = 1_000;
const CALLS: usize = 10;
/// How many times all tasks run.
const ROUNDS: usize = 50;

fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(4).build();
    runtime.expect("the runtime starts")
}

/// How often each of the mock's answers was given.
fn answers(runtime: &Runtime, mock: &MockProvider) -> BTreeMap<String, usize> {
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let mock = mock.clone();
            runtime.spawn(async move {
                let mut texts = Vec::with_capacity(CALLS);
                for _ in 0..CALLS {
                    let request = Request::new("gpt-4o").user("which turn is it?");
                    let response = mock.answer(request).await.expect("an answer");
                    texts.push(response.text().into_owned());
                }
                texts
            })
        })
        .collect();
    let mut answers = BTreeMap::new();
    for task in tasks {
        for text in runtime.block_on(task).expect("the task ends") {
            *answers.entry(text).or_default() += 1;
        }
    }
    answers
}

fn assert_each_once(mock: &MockProvider, answers: BTreeMap<String, usize>) {
    let expected = (1..=TASKS * CALLS).map(|turn| (turn.to_string(), 1));
    assert!(answers.into_iter().eq(expected.collect::<BTreeMap<_, _>>()));
    let calls = mock.calls();
    assert!(calls.iter().map(|call| call.number()).eq(1..=TASKS * CALLS));
    assert!(calls.iter().all(|call| call.outcome().is_some()));
    assert_eq!(mock.verify(), Ok(()));
}

#[test]
fn each_turn_is_claimed_once() {
    let runtime = runtime();
    for _ in 0..tries(ROUNDS) {
        let turns = (1..=TASKS * CALLS).map(|turn| reply(turn.to_string()));
        let mock = MockProvider::script(turns);
        let answers = answers(&runtime, &mock);
        assert_each_once(&mock, answers);
    }
}

#[test]
fn each_turn_is_claimed_once_where_closures_decide() {
    let runtime = runtime();
    let turns = (1..=TASKS * CALLS).map(|turn| {
        let matches = when(|request| {
            request
                .user_text()
                .is_some_and(|text| text.contains("which"))
        });
        on(matches).reply(turn.to_string())
    });
    let mock = MockProvider::script(turns);
    let answers = answers(&runtime, &mock);
    assert_each_once(&mock, answers);
}

#[test]
fn s07_each_turn_is_claimed_once_however_many_threads_ask() {
    const THREADS: usize = 8;
    const CALLS: usize = 50;
    // Every other turn has a test of the user's own, which runs outside the lock and lets others in between.
    let turns = (0..THREADS * CALLS).map(|turn| match turn % 2 {
        0 => reply(turn.to_string()),
        _ => on(when(|_| {
            thread::yield_now();
            true
        }))
        .reply(turn.to_string()),
    });
    let llm = MockProvider::script(turns);
    let start = Barrier::new(THREADS);
    let call = || {
        let response = llm.answer(ask("hello")).now_or_never();
        let response = response.expect("no time is in it").expect("a turn is left");
        response.text().parse::<usize>().expect("a turn's number")
    };

    let answers: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    (0..CALLS).map(|_| call()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no call fails"))
            .collect()
    });

    let distinct: BTreeSet<_> = answers.iter().collect();
    assert_eq!(distinct.len(), THREADS * CALLS);
    for (index, call) in llm.calls().iter().enumerate() {
        assert_eq!((call.number(), call.turn()), (index + 1, Some(index)));
    }
}
