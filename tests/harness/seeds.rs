//! `seeds` and `chaos`: a test runs once with each seed.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{
    Call, EmbeddingRequest, ErrorKind, MockProvider, ProviderError, Request, StreamEvent, TestSeed,
    provider_test,
};
use tests::private::{Chaos, ChaosFault, Seeds, Test, TestSpec, run, run_seeds};
use tokio::time::{sleep, timeout};

const NO_CHAOS: &[Chaos] = &[];

fn seeds(first: u64, last: u64, chaos: &'static [Chaos]) -> Seeds {
    Seeds { first, last, chaos }
}

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

fn mock(test: &mut Test, scenario: Scenario) -> MockProvider {
    test.inject_mock("llm", scenario.into())
}

/// What the runs of a test with this body say.
fn failure(body: fn(&mut Test), seeds: Seeds) -> String {
    let spec = TestSpec {
        name: "harness::with_seeds",
        file: file!(),
        body,
        ..TestSpec::EMPTY
    };
    let panic = catch_unwind(AssertUnwindSafe(|| run_seeds(&spec, seeds)));
    let text = panic
        .err()
        .map(|panic| *panic.downcast::<String>().expect("a report"));
    text.unwrap_or_default()
}

/// Asks again, three times at most, and waits a minute for an answer.
async fn ask_again(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let mut last = ProviderError::new(ErrorKind::Timeout);
    for _ in 0..3 {
        match timeout(Duration::from_secs(60), llm.answer(ask(text))).await {
            Ok(Ok(answer)) => return Ok(answer.text().into_owned()),
            Ok(Err(error)) if !error.kind.is_retryable() => return Err(error),
            Ok(Err(error)) => last = error,
            Err(_) => {}
        }
    }
    Err(last)
}

#[provider_test(seeds = 0..50, chaos = [rate_limit(0.2), cut(0.2), stall(0.1), auth(0.1), slow(0.2)])]
async fn s86_code_that_asks_again_survives_chaos(
    #[mock(on(user("one")).reply("1"), on(user("two")).reply("2"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(ask_again(&llm, "one").await?, "1");
    assert_eq!(ask_again(&llm, "two").await?, "2");
    Ok(())
}

#[test]
fn s85_each_seed_has_a_run_and_decides_what_is_drawn() {
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
fn s86_a_slow_answer_is_late_in_a_mock_that_takes_no_time_otherwise() {
    const SLOW: &[Chaos] = &[Chaos {
        fault: ChaosFault::Slow,
        probability: 1.0,
    }];
    static TOOK: Mutex<Vec<Duration>> = Mutex::new(Vec::new());
    let body = |test: &mut Test| {
        let llm = mock(test, script([reply("Hi."), reply("Hi."), embed()]));
        test.drive(pin!(async {
            llm.answer(ask("hello")).await.expect("an answer");
            let stream = llm.answer_stream(ask("hello")).await.expect("a stream");
            stream.for_each(async |_| {}).await;
            let request = EmbeddingRequest::new("gpt-4o").with_inputs(["hello"]);
            llm.answer_embedding(request).await.expect("vectors");
            let took = llm
                .calls()
                .iter()
                .filter_map(Call::duration)
                .collect::<Vec<_>>();
            TOOK.lock().expect("a lock").extend(took);
        }));
    };
    assert_eq!(failure(body, seeds(0, 9, SLOW)), "");
    let mut took = std::mem::take(&mut *TOOK.lock().expect("a lock"));
    took.sort_unstable();
    took.dedup();
    // The first run is one without faults.
    assert_eq!(took.remove(0), Duration::ZERO);
    assert_eq!(took.len(), 30, "each call has a delay of its own: {took:?}");
}

/// Which of two answers that are due at one time came first.
async fn winner(llm: &MockProvider) -> &'static str {
    tokio::select! {
        biased;
        answer = llm.answer(ask("one")) => answer.map(|_| "one").expect("an answer"),
        answer = llm.answer(ask("two")) => answer.map(|_| "two").expect("an answer"),
    }
}

#[test]
fn s87_answers_that_are_due_at_one_time_come_in_each_order() {
    static WINNERS: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let body = |test: &mut Test| {
        let turns = script([reply("Hi.").times(1..=2)]).latency(ms(10));
        let llm = mock(test, turns);
        test.drive(pin!(async {
            let winner = winner(&llm).await;
            WINNERS.lock().expect("a lock").push(winner);
        }));
    };
    for _ in 0..2 {
        assert_eq!(failure(body, seeds(0, 19, NO_CHAOS)), "");
    }
    let winners = WINNERS.lock().expect("a lock");
    let (first, second) = winners.split_at(20);
    assert_eq!(first, second, "the same seed has the same order");
    assert!(
        first.contains(&"one") && first.contains(&"two"),
        "{first:?}"
    );
}

#[provider_test]
async fn s87_a_test_without_seeds_has_one_order(
    #[mock(reply("Hi.").times(1..=2))] llm: MockProvider,
) {
    assert_eq!(winner(&llm).await, "one");
}

/// Takes whatever comes for the whole answer.
async fn read_carelessly(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let mut stream = llm.answer_stream(ask(text)).await?;
    let mut answer = String::new();
    while let Some(event) = stream.next().await {
        if let StreamEvent::Text(piece) = event? {
            answer.push_str(&piece);
        }
    }
    Ok(answer)
}

const END_AND_SLOW: &[Chaos] = &[
    Chaos {
        fault: ChaosFault::End,
        probability: 0.2,
    },
    Chaos {
        fault: ChaosFault::Slow,
        probability: 0.4,
    },
];

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
        for first in [0, 100, 200, 300] {
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

#[test]
fn s86_without_a_fault_everything_is_expected_as_it_is_written() {
    let body = |test: &mut Test| {
        let llm = mock(test, script([reply("Hi.")]));
        test.drive(pin!(async {
            let _llm = llm;
            Ok::<_, ProviderError>(())
        }));
    };
    let report = failure(body, seeds(0, 4, NO_CHAOS));
    assert!(
        report.contains("with 5 of 5 seeds: 0, 1, 2, 3, 4"),
        "{report}"
    );
    assert!(report.contains("turn 1 was never used"), "{report}");
    let report = failure(body, seeds(0, 4, END_AND_SLOW));
    assert!(
        report.contains("the test fails as it is written"),
        "{report}"
    );
}

/// A mock that fails now and then, and one that answers always.
#[provider_test(seeds = 0..20)]
async fn s86_a_mock_has_faults_of_its_own(
    #[mock(reply("Hello.").times(0..))] backup: MockProvider,
    #[mock(chaos = [overloaded(0.5)], script = [reply("Hi."), reply("Hi again.")])]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    for _ in 0..2 {
        if llm.answer(ask("hello")).await.is_err() {
            backup.answer(ask("hello")).await?;
        }
    }
    assert!(backup.calls().iter().all(|call| call.error().is_none()));
    Ok(())
}

/// How many calls of two mocks failed in the runs with a seed, where the first has these faults of its own.
fn failed_calls(own: Option<&'static [Chaos]>, of_test: &'static [Chaos]) -> [usize; 2] {
    static OWN: Mutex<Option<&[Chaos]>> = Mutex::new(None);
    static FAILED: Mutex<[usize; 2]> = Mutex::new([0; 2]);
    *OWN.lock().expect("a lock") = own;
    *FAILED.lock().expect("a lock") = [0; 2];
    let body = |test: &mut Test| {
        let scenario = || script([reply("Hi."), reply("Hi again.")]);
        let other = mock(test, scenario());
        let own = *OWN.lock().expect("a lock");
        let llm = match own {
            Some(own) => mock(test, scenario().chaos(own.iter().copied())),
            None => mock(test, scenario()),
        };
        test.drive(pin!(async {
            for (mock, index) in [(llm, 0), (other, 1)] {
                for _ in 0..2 {
                    let failed = mock.answer(ask("hello")).await.is_err();
                    FAILED.lock().expect("a lock")[index] += usize::from(failed);
                }
            }
            Ok::<_, ProviderError>(())
        }));
    };
    assert_eq!(failure(body, seeds(0, 9, of_test)), "");
    *FAILED.lock().expect("a lock")
}

const ALWAYS: &[Chaos] = &[Chaos {
    fault: ChaosFault::Fail(ErrorKind::Overloaded),
    probability: 1.0,
}];

#[test]
fn s86_the_faults_of_a_mock_replace_those_of_the_test() {
    for (own, of_test, failed) in [
        (None, NO_CHAOS, [0, 0]),
        (Some(ALWAYS), NO_CHAOS, [20, 0]),
        (Some(NO_CHAOS), ALWAYS, [0, 20]),
        (None, ALWAYS, [20, 20]),
        (Some(ALWAYS), ALWAYS, [20, 20]),
    ] {
        assert_eq!(failed_calls(own, of_test), failed, "{own:?}, {of_test:?}");
    }
}

#[test]
fn s86_faults_of_a_mock_need_seeds() {
    let flaky = || script([reply("Hi.")]).chaos([chaos::cut(0.1)]);
    let body = |test: &mut Test| {
        let flaky = script([reply("Hi.")]).chaos([chaos::cut(0.1)]);
        mock(test, flaky);
    };
    let spec = TestSpec {
        name: "harness::without_seeds",
        file: file!(),
        body,
        ..TestSpec::EMPTY
    };
    let in_a_test = catch_unwind(AssertUnwindSafe(|| run(&spec)));
    let alone = catch_unwind(AssertUnwindSafe(|| MockProvider::new(flaky())));
    for panic in [in_a_test.err(), alone.err()] {
        let panic = panic.expect("it is refused");
        let text = panic.downcast_ref::<String>().expect("a text");
        let problem = "has `chaos`, and there are no seeds to draw the faults from: write `#[provider_test(seeds = 0..100)]`";
        assert!(text.contains(problem), "{text}");
    }
    let none = MockProvider::new(script([]).chaos([]));
    assert!(none.verify().is_ok(), "there is nothing to draw");
}

#[test]
fn faults_by_chance_that_cannot_be_are_refused() {
    for (faults, problem) in [
        (
            vec![chaos::cut(1.5)],
            "the probability of a fault of its `chaos` is 1.5",
        ),
        (
            vec![chaos::slow(f64::NAN)],
            "is NaN; write a number from 0 to 1",
        ),
        (
            vec![chaos::end(0.1), chaos::cut(0.1), chaos::end(0.2)],
            "has a fault twice",
        ),
    ] {
        let error = script([reply("Hi.")]).chaos(faults).check();
        let error = error.expect_err(problem).to_string();
        assert!(error.contains(problem), "{error}");
    }
}
