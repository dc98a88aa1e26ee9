//! S86: `chaos`, faults that come by chance in a test with seeds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{Call, EmbeddingRequest, ErrorKind, MockProvider, ProviderError, provider_test};
use tests::private::{Chaos, ChaosFault, Test, TestSpec, run};

use crate::seed_helpers::*;

#[provider_test(seeds = 0..50, chaos = [rate_limit(0.2), cut(0.2), stall(0.1), auth(0.1), slow(0.2)])]
async fn s86_code_that_asks_again_survives_chaos(
    #[mock(on(user("one")).reply("1"), on(user("two")).reply("2"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(ask_again(&llm, "one").await?, "1");
    assert_eq!(ask_again(&llm, "two").await?, "2");
    Ok(())
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

const HALF: &[Chaos] = &[Chaos {
    fault: ChaosFault::Fail(ErrorKind::Auth),
    probability: 0.5,
}];

/// The seeds from 0 to 9 whose runs fail, and those without a fault, if the run as it is written asks these questions, and the others those.
fn failing_and_faultless(
    scenario: fn() -> Scenario,
    questions: [&'static [&'static str]; 2],
) -> [Vec<usize>; 2] {
    type Made = (fn() -> Scenario, [&'static [&'static str]; 2]);
    static MADE: Mutex<Option<Made>> = Mutex::new(None);
    /// Whether a call failed in each run.
    static FAULTS: Mutex<Vec<bool>> = Mutex::new(Vec::new());
    *MADE.lock().expect("a lock") = Some((scenario, questions));
    FAULTS.lock().expect("a lock").clear();
    let body = |test: &mut Test| {
        let (scenario, questions) = MADE.lock().expect("a lock").expect("it is set");
        let run = FAULTS.lock().expect("a lock").len();
        FAULTS.lock().expect("a lock").push(false);
        let llm = mock(test, scenario());
        test.drive(pin!(async {
            for text in questions[usize::from(run > 0)] {
                let failed = llm
                    .answer(ask(text))
                    .await
                    .is_err_and(|error| error.kind == ErrorKind::Auth);
                FAULTS.lock().expect("a lock")[run] |= failed;
            }
            Ok::<_, ProviderError>(())
        }));
    };
    let report = failure(body, seeds(0, 9, HALF));
    let seeds = report
        .lines()
        .find_map(|line| line.split_once(" of 10 seeds: "));
    let failing = seeds.map_or("", |(_, seeds)| seeds.trim_end_matches('.'));
    let failing = failing.split(", ").filter(|seed| !seed.is_empty());
    let failing = failing.map(|seed| seed.parse().expect(&report)).collect();
    let faults = FAULTS.lock().expect("a lock");
    let faultless = (0..10).filter(|seed| !faults[seed + 1]).collect();
    [failing, faultless]
}

#[test]
fn s86_a_run_in_which_no_fault_happens_is_checked_as_usual() {
    let two = || script([on(user("one")).reply("1"), on(user("two")).reply("2")]);
    let three = || {
        script([
            on(user("one")).reply("1"),
            on(user("two")).reply("2"),
            on(user("three")).reply("3"),
        ])
    };
    let counted = || script([reply("1").times(0..)]).expect([expect::calls(2)]);
    for (scenario, questions) in [
        // A turn is not used.
        (two as fn() -> Scenario, [&["one", "two"][..], &["one"][..]]),
        // A turn is left out.
        (three, [&["one", "two", "three"], &["one", "three"]]),
        // An expectation is not met.
        (counted, [&["one", "two"], &["one"]]),
    ] {
        let [failing, faultless] = failing_and_faultless(scenario, questions);
        assert_eq!(failing, faultless, "{questions:?}");
        assert!(
            !faultless.is_empty() && faultless.len() < 10,
            "{faultless:?}"
        );
    }
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
        let panic = panic.expect("it is rejected");
        let text = panic.downcast_ref::<String>().expect("a text");
        let problem = "has `chaos`, and there are no seeds to draw the faults from: write `#[provider_test(seeds = 0..100)]`";
        assert!(text.contains(problem), "{text}");
    }
    let none = MockProvider::new(script([]).chaos([]));
    assert!(none.verify().is_ok(), "there is nothing to draw");
}

#[test]
fn faults_by_chance_that_cannot_be_are_rejected() {
    for (faults, problem) in [
        (
            vec![chaos::cut(1.5)],
            "the probability of a fault of its `chaos` is 1.5",
        ),
        (
            vec![chaos::cut(0.0)],
            "is 0; write a number above 0, up to 1",
        ),
        (
            vec![chaos::slow(f64::NAN)],
            "is NaN; write a number above 0, up to 1",
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
