//! Runs a test once for each way in which the provider can go wrong.

use std::sync::Arc;
use std::time::Duration;

use super::finished::{Finished, Unfinished};
use super::run::{PLAIN_RUN, context, run_on_own_thread};
use super::run_failure::{PATIENCE, RunFailure, failure_of};
use super::{TestSpec, draw_test_page, failure};
use crate::engine::{Engine, pick};
use crate::environment_variables;
use crate::report::{self, FailedRun};
use crate::runtime::panic_messages;
use crate::runtime::test_context::{RunOptions, TestContext, Variant};
use crate::scenario::TurnIndex;
use crate::scenario::sweep::{PlainRunCalls, SweepFault};

/// The faults and the number of runs of a sweep.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    /// The sorts of faults.
    pub faults: &'static [SweepFault],
    /// The maximum number of runs beside the plain run; `None` for all. The test's seed chooses which.
    pub runs: Option<usize>,
}

/// Runs a test as it is written, and then once for each fault.
///
/// # Panics
/// If one of the runs fails.
#[track_caller]
pub fn run_sweep(spec: &TestSpec, sweep: Sweep) {
    panic_messages::install_hook();
    let only = environment_variables::sweep().unwrap_or_else(|error| panic!("{error}"));
    let running = context(spec, PLAIN_RUN);
    let plain = run_on_own_thread(spec, &running);
    let elapsed = plain.as_ref().map_or(Duration::ZERO, |plain| plain.elapsed);
    if let Some(failure) = failure(plain) {
        panic!("{}", report::plain_run_failed(failure));
    }
    let variants = variants(&running, sweep.faults);
    if variants.is_empty() {
        let is_all = SweepFault::ALL
            .iter()
            .all(|fault| sweep.faults.contains(fault));
        panic!(
            "{}",
            report::nothing_to_sweep(&turns(&running), has_answers(&running), is_all)
        );
    }
    let chosen = match only {
        Some(only) if only > variants.len() => {
            panic!("{}", report::no_such_run(only, variants.len()))
        }
        Some(only) => vec![only - 1],
        None => pick(
            running.seed(),
            variants.len(),
            sweep.runs.unwrap_or(usize::MAX),
        ),
    };
    let patience = elapsed.saturating_add(PATIENCE);
    let timed = TestSpec {
        timeout: Some(spec.timeout.unwrap_or(patience)),
        ..*spec
    };
    let (mut failed, mut runs, mut is_stuck) = (Vec::new(), 0, false);
    let mut first = None;
    for index in &chosen {
        runs += 1;
        let (varied, ended) = run_variant(&timed, &variants[*index], only.is_none());
        is_stuck = ended.is_err();
        if let Some(failure) = failure_of(ended) {
            failed.push(failed_run(&running, &variants[*index], index + 1, failure));
            first.get_or_insert(varied);
        }
        // Each further run would hang until the guard ends it.
        if is_stuck {
            break;
        }
    }
    let left = chosen.len() - runs;
    if let Some(first) = first {
        let left = is_stuck.then_some(left);
        let failure = report::sweep(&failed, runs, left, spec.name);
        // A single run draws its own page.
        let undrawn = match only {
            None => draw_test_page::draw_one_of_several(&first, Some(&failure)),
            Some(_) => None,
        };
        panic!("{}", report::with_notes(failure, undrawn.as_slice()));
    }
    println!("sweep: {}", report::count(runs, "run"));
}

fn run_variant(
    spec: &TestSpec,
    variant: &Variant,
    is_quiet: bool,
) -> (Arc<TestContext>, Result<Finished, Unfinished>) {
    let options = RunOptions {
        is_quiet,
        variant: Some(variant.clone()),
        ..RunOptions::default()
    };
    let running = context(spec, options);
    let ended = run_on_own_thread(spec, &running);
    (running, ended)
}

/// Returns every change in every mock of a test that has ended.
fn variants(running: &TestContext, faults: &[SweepFault]) -> Vec<Variant> {
    let mut variants = Vec::new();
    for (mock, engine) in running.mocks().iter().enumerate() {
        let changes = engine
            .scenario
            .changes(faults, &|turn| plain_run_calls(engine, turn));
        variants.extend(changes.into_iter().map(|change| Variant { mock, change }));
    }
    variants
}

/// Returns how a turn was asked; `None` if it was not.
fn plain_run_calls(engine: &Engine, turn: TurnIndex) -> Option<PlainRunCalls> {
    let mut plain_run = None;
    for call in &engine.calls() {
        if call.answered_by() == Some(turn) {
            let plain_run: &mut PlainRunCalls = plain_run.get_or_insert_default();
            plain_run.calls += 1;
            plain_run.is_streamed |= call.is_streamed();
            plain_run.is_served |= engine.is_served();
        }
    }
    plain_run
}

/// The numbers of turns of the test's mocks.
fn turns(running: &TestContext) -> Vec<usize> {
    let mut turns = Vec::new();
    for mock in &running.mocks() {
        turns.push(mock.scenario.all_turns().len());
    }
    turns
}

/// Whether a turn of one of the test's mocks answered a call.
fn has_answers(running: &TestContext) -> bool {
    let mocks = running.mocks();
    mocks
        .iter()
        .any(|mock| mock.calls().iter().any(|call| call.answered_by().is_some()))
}

fn failed_run(
    running: &TestContext,
    variant: &Variant,
    number: usize,
    failure: RunFailure,
) -> FailedRun {
    let mocks = running.mocks();
    let mock: &Arc<Engine> = &mocks[variant.mock];
    FailedRun {
        number,
        place: report::place_of_change(&variant.change, mock.label(), &mock.scenario),
        turns: variant.change.turns.clone(),
        key: failure.key,
        lines: failure.lines,
    }
}
