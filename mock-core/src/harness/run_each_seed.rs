//! Runs a test once for each seed.

mod shrink;

use std::sync::Arc;

use super::run::{PLAIN_RUN, context, run_on_own_thread};
use super::run_failure::{PATIENCE, RunFailure, failure_of};
use super::{TestSpec, draw_test_page, failure};
use crate::engine::draw_chaos::{ChaosPlan, FaultId, InjectedFault};
use crate::environment_variables;
use crate::report::{self, FailedSeed};
use crate::runtime::panic_messages;
use crate::runtime::test_context::{RunOptions, TestContext};
use crate::scenario::Chaos;
use crate::search::Search;

/// The seeds of a test, and what happens by chance.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    /// The first seed.
    pub first: u64,
    /// The last seed.
    pub last: u64,
    /// The faults that may happen.
    pub chaos: &'static [Chaos],
}

/// Runs a test once for each seed.
///
/// # Panics
/// If one of the runs fails.
#[track_caller]
pub fn run_seeds(spec: &TestSpec, seeds: Seeds) {
    panic_messages::install_hook();
    let only = environment_variables::seed().unwrap_or_else(|error| panic!("{error}"));
    let all = match only {
        Some(only) => only..=only,
        None => seeds.first..=seeds.last,
    };
    let mut runs = Runs {
        spec: *spec,
        chaos: seeds.chaos,
        has_chaos: !seeds.chaos.is_empty(),
    };
    let mut first_run = runs.without_faults(*all.start(), only.is_none());
    if runs.has_chaos {
        runs.spec = run_as_written(spec);
    }
    let (mut count, mut failed, mut first, mut passed) = (0_usize, Vec::new(), None, None);
    let (mut has_fault, mut has_call) = (false, false);
    for seed in all {
        count += 1;
        let run = match first_run.take() {
            Some(run) => run,
            None => runs.run(seed, None, only.is_none()),
        };
        has_fault |= !run.happened.is_empty();
        has_call |= run.running.mocks().any(&|mock| !mock.calls().is_empty());
        if count == 1 && run.failure.is_none() {
            passed = Some(Arc::clone(&run.running));
        }
        if run.failure.is_some() {
            failed.push(seed);
            let is_stuck = run.is_stuck;
            first.get_or_insert(run);
            if is_stuck {
                break;
            }
        }
    }
    if let (Some(run), Some(seed)) = (first, failed.first()) {
        let repeat = runs.shrink(*seed, &run);
        let failure = run.failure.map(|failure| failure.lines).unwrap_or_default();
        let failed = FailedSeed {
            seeds: &failed,
            count,
            lines: failure,
            happened: run.happened.len(),
            repeat,
        };
        let text = report::seeds(&failed, spec.name);
        let undrawn = match only {
            None => draw_test_page::draw_one_of_several(&run.running, Some(&text)),
            Some(_) => None,
        };
        panic!("{}", report::with_notes(text, undrawn.as_slice()));
    }
    if runs.has_chaos && only.is_none() && !has_fault {
        panic!("{}", report::chaos_without_faults(count, has_call));
    }
    // With chaos, the page shows the test as it is written, which is drawn elsewhere. A single run draws its own page.
    if let Some(running) = passed.filter(|_| !runs.has_chaos && only.is_none())
        && let Some(undrawn) = draw_test_page::draw_one_of_several(&running, None)
    {
        panic!("{undrawn}");
    }
}

/// Runs a test as it is written, and returns it with the time-out of its runs with faults.
///
/// # Panics
/// If it fails.
#[track_caller]
fn run_as_written(spec: &TestSpec) -> TestSpec {
    let options = RunOptions {
        has_seeds: true,
        ..PLAIN_RUN
    };
    let running = context(spec, options);
    let plain = run_on_own_thread(spec, &running);
    let patience = plain
        .as_ref()
        .map_or(PATIENCE, |plain| plain.elapsed + PATIENCE);
    if let Some(failure) = failure(plain) {
        panic!("{}", report::plain_run_failed(failure));
    }
    TestSpec {
        timeout: Some(spec.timeout.unwrap_or(patience)),
        ..*spec
    }
}

/// The runs of a test with several seeds.
struct Runs {
    spec: TestSpec,
    chaos: &'static [Chaos],
    /// Whether faults come by chance in a mock of the test.
    has_chaos: bool,
}

/// A run with a seed.
struct Run {
    running: Arc<TestContext>,
    failure: Option<RunFailure>,
    happened: Vec<InjectedFault>,
    /// The calls of all mocks, with their answers.
    journal: String,
    is_stuck: bool,
}

impl Runs {
    /// Finds out whether a mock has faults of its own, if the test has none. Returns the run with this seed if no mock has any.
    fn without_faults(&mut self, seed: u64, is_quiet: bool) -> Option<Run> {
        if self.has_chaos {
            return None;
        }
        let run = self.run(seed, Some(Arc::default()), is_quiet);
        let mocks = run.running.mocks();
        self.has_chaos = mocks.any(&|mock| mock.scenario.has_chaos());
        (!self.has_chaos).then_some(run)
    }

    /// Runs the test with a seed, with all faults or with some of them.
    fn run(&self, seed: u64, only: Option<Arc<[FaultId]>>, is_quiet: bool) -> Run {
        let plan = ChaosPlan {
            chaos: self.chaos,
            has_happened: Arc::default(),
            only,
        };
        let options = RunOptions {
            is_quiet,
            chaos: Some((seed, plan)),
            has_seeds: true,
            ..RunOptions::default()
        };
        let running = context(&self.spec, options);
        let ended = run_on_own_thread(&self.spec, &running);
        let is_stuck = ended.is_err();
        let mut happened = Vec::new();
        for mock in &running.mocks() {
            happened.extend(mock.happened().into_iter().map(|fault| InjectedFault {
                what: report::happened(mock.label(), fault.id.1, &fault.what),
                ..fault
            }));
        }
        let failure = failure_of(ended);
        Run {
            journal: match failure {
                Some(_) => journal(&running),
                None => String::new(),
            },
            failure,
            happened,
            is_stuck,
            running,
        }
    }
}

/// The calls of all mocks of a test, with their answers and times.
fn journal(running: &TestContext) -> String {
    let mut journal = String::new();
    for mock in &running.mocks() {
        journal += &format!("{}: {:?}\n", mock.label(), mock.calls());
    }
    journal
}
