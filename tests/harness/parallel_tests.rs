//! Tests that run in parallel share nothing: each has its own mock of a declared scenario, with its own calls, seed and clock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

use mock_core::{MockProvider, mock_provider};
use tests::private::{Test, TestSpec, run};
use tokio::time::{Instant, sleep};

use crate::seed_helpers::ask;

mock_provider!(
    Shared,
    latency = 1s..10s,
    script = [
        on(user("test {number}")).reply("First of {number}."),
        reply("Next.").times(0..),
    ],
);

/// How many tests run at once. The test with the number `n` makes `n + 1` calls.
const TESTS: usize = 4;

/// What a test sees of its mock.
#[derive(Debug, PartialEq)]
struct Seen {
    seed: u64,
    requests: Vec<String>,
    answers: Vec<String>,
    latencies: Vec<Duration>,
    elapsed: Duration,
}

fn body<const NUMBER: usize, const IN_PARALLEL: bool>(
    test: &mut Test,
    all_are_there: &Barrier,
    seen: &Mutex<Vec<Seen>>,
) {
    let meet = || IN_PARALLEL.then(|| all_are_there.wait());
    let seed = test.seed();
    let llm = test.inject_declared::<Shared, MockProvider>("llm");
    meet();
    test.drive(pin!(async {
        let start = Instant::now();
        let mut answers = Vec::new();
        for _ in 0..=NUMBER {
            let answer = llm.answer(ask(&format!("test {NUMBER}"))).await;
            answers.push(answer.map_or_else(|error| error.message, |answer| answer.text().into()));
            sleep(Duration::from_secs(60)).await;
        }
        // Every mock has its calls before any test looks at its own.
        meet();
        let calls = llm.calls();
        let text = |call: &mock_core::Call| call.request().user_text().unwrap_or_default().into();
        seen.lock().expect("no test panics").push(Seen {
            seed,
            requests: calls.iter().map(text).collect(),
            answers,
            latencies: calls.iter().filter_map(|call| call.duration()).collect(),
            elapsed: start.elapsed(),
        });
        meet();
    }));
}

/// The specifications of these tests, alone or in parallel. The seed of a test comes from its name.
macro_rules! specs {
    ($in_parallel:literal: $($number:literal)*) => {{
        static ALL_ARE_THERE: Barrier = Barrier::new(TESTS);
        static SEEN: [Mutex<Vec<Seen>>; TESTS] = [const { Mutex::new(Vec::new()) }; TESTS];
        static SPECS: [TestSpec; TESTS] = [$(TestSpec {
            name: concat!("parallel_tests::number_", $number),
            body: |test| body::<$number, $in_parallel>(test, &ALL_ARE_THERE, &SEEN[$number]),
            ..TestSpec::EMPTY
        }),*];
        (&SPECS, &SEEN)
    }};
}

fn taken(seen: &[Mutex<Vec<Seen>>; TESTS]) -> Vec<Seen> {
    let take = |seen: &Mutex<Vec<Seen>>| std::mem::take(&mut *seen.lock().expect("no test panics"));
    seen.iter().flat_map(take).collect()
}

#[test]
fn each_test_has_its_own_calls_seed_and_clock() {
    let (in_parallel, seen) = specs!(true: 0 1 2 3);
    thread::scope(|scope| {
        for spec in in_parallel {
            scope.spawn(|| run(spec));
        }
    });
    let together = taken(seen);

    for (number, seen) in together.iter().enumerate() {
        let calls = number + 1;
        assert_eq!(seen.requests, vec![format!("test {number}"); calls]);
        let mut answers = vec!["Next.".to_owned(); calls];
        answers[0] = format!("First of {number}.");
        assert_eq!(seen.answers, answers);
        let waited: Duration = seen.latencies.iter().sum();
        let slept = Duration::from_secs(60) * calls as u32;
        assert_eq!(seen.elapsed, waited + slept, "{seen:?}");
    }
    let mut first_latencies: Vec<_> = together.iter().map(|seen| seen.latencies[0]).collect();
    first_latencies.dedup();
    assert_eq!(first_latencies.len(), TESTS, "each has its own seed");

    let (alone, seen) = specs!(false: 0 1 2 3);
    alone.iter().for_each(run);
    assert_eq!(taken(seen), together, "a test alone sees the same");
}

#[test]
fn a_test_that_fails_does_not_fail_another() {
    static ALL_ARE_THERE: Barrier = Barrier::new(2);
    fn asks(test: &mut Test, text: &str) {
        let llm = test.inject_declared::<Shared, MockProvider>("llm");
        ALL_ARE_THERE.wait();
        test.drive(pin!(async {
            let _ = llm.answer(ask(text)).await;
            ALL_ARE_THERE.wait();
        }));
    }
    static PASSES: TestSpec = TestSpec {
        name: "parallel_tests::passes",
        body: |test| asks(test, "test 1"),
        ..TestSpec::EMPTY
    };
    static FAILS: TestSpec = TestSpec {
        name: "parallel_tests::fails",
        body: |test| asks(test, "something else"),
        ..TestSpec::EMPTY
    };
    let outcome = |spec| catch_unwind(AssertUnwindSafe(|| run(spec)));
    let [passes, fails] = thread::scope(|scope| {
        [&PASSES, &FAILS]
            .map(|spec| scope.spawn(move || outcome(spec)))
            .map(|thread| thread.join().expect("it catches the panic"))
    });
    assert!(passes.is_ok());
    let report = fails.expect_err("its request does not match");
    let report = report.downcast::<String>().expect("a report");
    assert!(report.contains("something else"), "{report}");
    assert!(!report.contains("test 1"), "{report}");
}
