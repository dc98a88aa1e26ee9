//! S7, S26: what is drawn at random depends on the seed and the number of the call, and on nothing else.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use mock_core::builder::*;
use mock_core::{Call, Calls, MockProvider, provider_test};
use tests::private::Test;
use tokio::time::{sleep, timeout};

use crate::helpers::{any_calls, ask, outcome, say, took};

/// How long each call takes, by number, if calls are made like this; in every run the same test.
fn latencies(body: fn(&mut Test)) -> Vec<Duration> {
    static RUNS: Mutex<()> = Mutex::new(());
    let _one_at_a_time = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(outcome(false, body), Ok(()));
    let calls = CALLS.lock().expect("no run panics").take();
    let calls = calls.expect("the run leaves its calls");
    let took = |call: &Call| Some(call.ended_at()?.saturating_sub(call.started_at()));
    calls
        .iter()
        .map(|call| took(call).expect("it has ended"))
        .collect()
}

static CALLS: Mutex<Option<Calls>> = Mutex::new(None);

fn make_calls(test: &mut Test, calls: impl AsyncFnOnce(&MockProvider)) {
    let scenario = script([reply("Hi.").forever()]).latency(ms(100)..secs(10));
    let llm: MockProvider = test.inject_mock("llm", scenario.into());
    test.drive(pin!(async {
        calls(&llm).await;
        *CALLS.lock().expect("no run panics") = Some(llm.calls());
    }));
}

#[test]
fn s07_the_order_of_calls_changes_no_draw() {
    let one_by_one = latencies(|test| {
        make_calls(test, async |llm| {
            for _ in 0..8 {
                say(llm, "hello").await;
            }
        });
    });
    let at_once = latencies(|test| {
        make_calls(test, async |llm| {
            join_all((0..8).map(|_| say(llm, "hello"))).await;
        });
    });
    let staggered = latencies(|test| {
        make_calls(test, async |llm| {
            let calls = (0..8).map(|call| async move {
                sleep(ms(1_700) * (8 - call)).await;
                say(llm, "hello").await
            });
            join_all(calls).await;
        });
    });

    assert_eq!(one_by_one.len(), 8);
    assert_eq!(at_once, one_by_one);
    assert_eq!(staggered, one_by_one);
}

#[test]
fn s07_each_call_has_a_draw_of_its_own_within_the_range() {
    let latencies = latencies(|test| {
        make_calls(test, async |llm| {
            join_all((0..32).map(|_| say(llm, "hello"))).await;
        });
    });
    // tokio rounds each sleep up to a millisecond.
    assert!(
        latencies
            .iter()
            .all(|latency| (ms(100)..=secs(10)).contains(latency)),
        "{latencies:?}"
    );
    let distinct: BTreeSet<_> = latencies.iter().collect();
    assert!(distinct.len() > 28, "{latencies:?}");
}

#[test]
fn s07_a_call_that_is_given_up_changes_no_later_draw() {
    let all = latencies(|test| {
        make_calls(test, async |llm| {
            for _ in 0..4 {
                say(llm, "hello").await;
            }
        });
    });
    let one_given_up = latencies(|test| {
        make_calls(test, async |llm| {
            say(llm, "hello").await;
            let given_up = timeout(ms(50), llm.answer(ask("hello"))).await;
            assert!(given_up.is_err());
            say(llm, "hello").await;
            say(llm, "hello").await;
        });
    });
    assert_eq!(one_given_up[1], ms(50));
    assert_eq!(
        [one_given_up[0], one_given_up[2], one_given_up[3]],
        [all[0], all[2], all[3]]
    );
}

#[provider_test]
async fn s26_the_same_seed_draws_the_same_latencies_whatever_the_mock_is_called() {
    let scenario = || any_calls().latency(ms(80)..ms(120));
    let pinned = took(scenario().seed(42), 3).await;
    assert_eq!(pinned, took(scenario().seed(42).named("other"), 3).await);
    assert_ne!(pinned, took(scenario().seed(43), 3).await);
    assert_ne!(pinned, took(scenario(), 3).await);
}

#[provider_test]
async fn s26_which_calls_time_out_by_chance_depends_on_the_seed_and_the_number() {
    let scenario = |seed, limit| {
        let latency = mock_core::scenario::Latency::from(ms(80)..ms(120));
        any_calls()
            .seed(seed)
            .latency(latency.timeout_over(ms(limit)))
    };
    let all = took(scenario(7, 120), 40).await;
    let some = took(scenario(7, 100), 40).await;
    let expected: Vec<_> = all
        .iter()
        .map(|took| took.filter(|took| *took <= ms(100)))
        .collect();
    assert_eq!(some, expected);
    assert!(some.contains(&None) && some.iter().any(Option::is_some));
    assert_ne!(all, took(scenario(8, 120), 40).await);
}
