//! S88: the faults of a failing seed are reduced to those that are enough to fail.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{ErrorKind, ProviderError};
use tests::private::{Chaos, ChaosFault, Test};
use tests::tries_all;

use crate::seed_helpers::*;

#[test]
fn s88_a_failing_seed_is_shrunk_to_the_faults_that_suffice() {
    let report = failure(
        |test| {
            let turn = |word: &'static str| on(user(word)).reply("I am fine.");
            let llm = mock(test, script(["a", "b", "c", "d"].map(turn)));
            test.drive(pin!(async {
                for text in ["a", "b", "c", "d"] {
                    assert_eq!(read_carelessly(&llm, text).await?, "I am fine.");
                }
                Ok::<_, ProviderError>(())
            }));
        },
        seeds(0, 29, END_AND_SLOW),
    );
    assert!(report.starts_with("the test fails with "), "{report}");
    let (_, suffice) = report.split_once("these suffice:\n").expect(&report);
    let (faults, rest) = suffice.split_once("\n\n").expect(&report);
    assert_eq!(faults.lines().count(), 1, "{report}");
    assert!(faults.contains("of `llm`: end_after("), "{report}");
    let (_, seed) = report.split_once("with the seed ").expect(&report);
    let (seed, _) = seed.split_once(':').expect(&report);
    assert_eq!(
        rest,
        format!("`MOCK_CORE_SEED={seed} cargo test -- --exact with_seeds` repeats it")
    );
}

/// Asks eight times, and panics if this says so of the calls that failed.
fn asks_eight_times(test: &mut Test, is_too_bad: fn(&[usize]) -> bool) {
    let llm = mock(test, script([reply("Hi.").times(0..)]));
    test.drive(pin!(async {
        let mut failed = Vec::new();
        for call in 1..=8 {
            if llm.answer(ask("hello")).await.is_err() {
                failed.push(call);
            }
        }
        assert!(!is_too_bad(&failed), "it is too bad");
        Ok::<_, ProviderError>(())
    }));
}

const FAILING_AND_SLOW: &[Chaos] = &[
    Chaos {
        fault: ChaosFault::Fail(ErrorKind::Overloaded),
        probability: 0.3,
    },
    Chaos {
        fault: ChaosFault::Cut,
        probability: 0.3,
    },
    Chaos {
        fault: ChaosFault::Slow,
        probability: 0.5,
    },
];

/// Whatever makes a test fail, none of the faults that are shown can be left out.
#[test]
fn s88_no_fault_that_is_shown_can_be_left_out() {
    type Body = fn(&mut Test);
    type IsLeast = fn(&[usize]) -> bool;
    let bodies: [(Body, IsLeast); 5] = [
        (
            |test| asks_eight_times(test, |failed| !failed.is_empty()),
            |suffice| suffice.len() == 1,
        ),
        (
            |test| asks_eight_times(test, |failed| failed.len() > 2),
            |suffice| suffice.len() == 3,
        ),
        (
            |test| asks_eight_times(test, |failed| failed.contains(&2) && failed.contains(&7)),
            |suffice| suffice == [2, 7],
        ),
        (
            |test| {
                asks_eight_times(test, |failed| {
                    failed.windows(2).any(|two| two[0] + 1 == two[1])
                })
            },
            |suffice| suffice.len() == 2 && suffice[0] + 1 == suffice[1],
        ),
        (
            |test| asks_eight_times(test, |failed| failed.contains(&1) || failed.len() > 1),
            |suffice| suffice == [1] || suffice.len() == 2 && suffice[0] > 1,
        ),
    ];
    for (body, is_least) in bodies {
        for first in [0, 100, 200, 300]
            .into_iter()
            .step_by(if tries_all() { 1 } else { 4 })
        {
            let report = failure(body, seeds(first, first + 30, FAILING_AND_SLOW));
            let (_, suffice) = report.split_once("these suffice:\n").expect(&report);
            let (faults, _) = suffice.split_once("\n\n").expect(&report);
            let calls = faults.lines().map(|line| {
                assert!(
                    !line.contains("late"),
                    "it is slow, and does not fail: {report}"
                );
                let (_, call) = line.split_once("call ").expect(line);
                let (call, _) = call.split_once(' ').expect(line);
                call.parse().expect("a number")
            });
            let calls: Vec<usize> = calls.collect();
            assert!(is_least(&calls), "{calls:?}: {report}");
        }
    }
}
