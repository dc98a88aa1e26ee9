//! S85, S88: `seeds`, with which a test runs once with each seed, and each seed repeats its run.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mock_core::builder::*;
use mock_core::{ErrorKind, ProviderError, TestSeed};
use tests::private::{Chaos, ChaosFault, Test};
use tokio::time::sleep;

use crate::seed_helpers::*;

#[test]
fn s85_each_seed_has_a_run_and_decides_the_draws() {
    static SEEDS: Mutex<Vec<(u64, Duration)>> = Mutex::new(Vec::new());
    let body = |test: &mut Test| {
        let seed = test.inject::<TestSeed>("seed");
        let llm = mock(test, script([reply("Hi.")]).latency(ms(1)..secs(1)));
        test.drive(pin!(async {
            llm.answer(ask("hello")).await.expect("an answer");
            let took = llm.calls()[0].duration().expect("it has ended");
            SEEDS.lock().expect("a lock").push((seed.0, took));
        }));
    };
    assert_eq!(failure(body, seeds(3, 7, NO_CHAOS)), "");
    let mut drawn = std::mem::take(&mut *SEEDS.lock().expect("a lock"));
    let numbers: Vec<_> = drawn.iter().map(|(seed, _)| *seed).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
    drawn.dedup_by_key(|(_, took)| *took);
    assert_eq!(drawn.len(), 5, "{drawn:?}");
}

#[test]
fn s88_a_seed_that_does_not_repeat_is_reported() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let report = failure(
        |test| {
            let llm = mock(test, script([reply("Hi.")]));
            test.drive(pin!(async {
                // As the order of a hash map, which differs from run to run.
                let run = RUNS.fetch_add(1, Ordering::Relaxed);
                llm.answer(ask(&format!("hello {run}"))).await?;
                Err::<(), _>(ProviderError::new(ErrorKind::Generic))
            }));
        },
        seeds(0, 1, NO_CHAOS),
    );
    assert!(
        report.contains("the test fails with 2 of 2 seeds: 0, 1"),
        "{report}"
    );
    assert!(report.contains("the seed does not repeat this"), "{report}");
}

#[test]
fn s88_the_same_seed_has_the_same_journal_to_the_byte() {
    static JOURNALS: Mutex<Option<HashMap<u64, String>>> = Mutex::new(None);
    const CHAOS: &[Chaos] = &[
        Chaos {
            fault: ChaosFault::Fail(ErrorKind::Overloaded),
            probability: 0.3,
        },
        Chaos {
            fault: ChaosFault::Malformed,
            probability: 0.2,
        },
        Chaos {
            fault: ChaosFault::Slow,
            probability: 0.3,
        },
    ];
    let body = |test: &mut Test| {
        let seed = test.seed();
        let turn = reply("One two three.").times(0..).split(random(1..=5));
        let llm = mock(test, script([turn]).latency(ms(1)..ms(50)));
        test.drive(pin!(async {
            let tasks = ["a", "b", "c"].map(|text| {
                let llm = llm.clone();
                tokio::spawn(async move {
                    for _ in 0..3 {
                        drop(read_carelessly(&llm, text).await);
                        sleep(Duration::from_millis(5)).await;
                    }
                })
            });
            for task in tasks {
                task.await.expect("the task ends");
            }
            let journal = format!("{:?}", llm.calls());
            let mut journals = JOURNALS.lock().expect("a lock");
            let journals = journals.get_or_insert_default();
            let known = journals.entry(seed).or_insert_with(|| journal.clone());
            assert_eq!(*known, journal);
            Ok::<_, ProviderError>(())
        }));
    };
    for _ in 0..3 {
        assert_eq!(failure(body, seeds(100, 119, CHAOS)), "");
    }
    let journals = JOURNALS.lock().expect("a lock");
    let journals = journals.as_ref().expect("some journals");
    // The plain run has the seed of the test.
    assert_eq!(journals.len(), 21);
    let different: std::collections::HashSet<_> = journals.values().collect();
    assert_eq!(different.len(), 21);
}
