//! Runs a test on its own thread, to its verdict.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};

use super::draw_test_page::{self, Folder};
use super::end_hanging_test::{Guard, run_to_end, wait};
use super::finished::{Finished, Unfinished};
use super::known_threads::KnownThread;
use super::run_expectation::RunExpectation;
use super::test_runtime::test_runtime;
use super::{TaskPanics, Test, TestSpec};
use crate::environment_variables;
use crate::journal::verdict::Verdict;
use crate::lock::lock;
use crate::report::{self, Report, RunningTasks};
use crate::runtime::is_clock_paused::is_paused;
use crate::runtime::latch::{Latch, OpenOnDrop};
use crate::runtime::panic_messages;
use crate::runtime::parking_hooks::Parking;
use crate::runtime::spawn::spawn_thread;
use crate::runtime::test_context::{RunOptions, TestContext};
use crate::runtime::thread_signals::Signals;
use crate::search::Search;

/// The number of rounds for which tasks keep running after the body, without time passing.
const SETTLING_ROUNDS: usize = 64;

/// The run of a test as it is written, before others.
pub(super) const PLAIN_RUN: RunOptions = RunOptions {
    is_one_of_several: true,
    is_quiet: false,
    variant: None,
    chaos: None,
    has_seeds: false,
};

/// Creates the context of a run.
///
/// # Panics
/// If the test or the environment sets what cannot be.
pub(super) fn context(spec: &TestSpec, options: RunOptions) -> Arc<TestContext> {
    if let Some(misspelt) = environment_variables::misspelt() {
        panic!("{misspelt}");
    }
    let watch = spec.watch().unwrap_or_else(|error| panic!("{error}"));
    let fails = spec.task_panics == TaskPanics::Fail;
    let file = fails.then_some(spec.file);
    let signals = Signals::new(spec.name, file, options.is_quiet);
    let network = spec.network_guard();
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    let parking = Parking::new(watch, network);
    Arc::new(TestContext::new(spec.name, signals, parking, options))
}

/// Runs a test on its own thread. If it takes too long, the thread is abandoned, and the report shows what the mocks wait for.
pub(super) fn run_on_own_thread(
    spec: &TestSpec,
    running: &Arc<TestContext>,
) -> Result<Finished, Unfinished> {
    let guard = Guard::from_environment_or(spec.guard).unwrap_or_else(|error| panic!("{error}"));
    // A test with several runs draws one page. Its quiet runs draw none.
    let pictures = match running.signals.is_quiet {
        true => None,
        false => draw_test_page::folder().unwrap_or_else(|error| panic!("{error}")),
    };
    let of_thread = Arc::clone(running);
    let (finished, ended) = (Arc::new(Mutex::new(None)), Arc::new(Latch::default()));
    let (of_finished, end) = (Arc::clone(&finished), OpenOnDrop(Arc::clone(&ended)));
    let known = KnownThread::new();
    let (spec, of_pictures) = (*spec, pictures.clone());
    let work = move || {
        let (_known, _end) = (known, end);
        let done = run_here(&spec, &of_thread, of_pictures.as_ref());
        *lock(&of_finished) = Some(done);
    };
    let thread = match spawn_thread(spec.name, Box::new(work)) {
        Ok(thread) => thread,
        Err(error) => panic!("the test's thread does not start: {error}"),
    };
    let _caller = KnownThread::current();
    let Err(stuck) = wait(guard, running, &ended) else {
        let finished = lock(&finished).take();
        // Join the thread only if it has panicked: otherwise its remaining work may take a long time.
        return Ok(finished.unwrap_or_else(|| match thread.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("it says how it finished before it ends"),
        }));
    };
    running.note_clients_left();
    let verdicts = running.end();
    let mut notes = Vec::from_iter(running.denied());
    notes.extend(running.notes());
    let mut unfinished = Unfinished {
        stuck,
        verdicts,
        task_panics: running.signals.task_panics(),
        notes,
    };
    if let Some(folder) = &pictures {
        unfinished.draw(folder, running);
    }
    Err(unfinished)
}

fn run_here(spec: &TestSpec, running: &Arc<TestContext>, pictures: Option<&Folder>) -> Finished {
    let runtime = Arc::new(test_runtime(spec, running));
    let context = runtime.enter();
    running.start();
    let entered = running.enter();
    let mut test = Test::new(
        Arc::clone(running),
        Arc::clone(&runtime),
        spec.timeout,
        spec.choices,
    );
    let body = catch_unwind(AssertUnwindSafe(|| (spec.body)(&mut test)));
    let panic = body.as_ref().err().and_then(|_| panic_messages::last());
    let settled = async {
        for _ in 0..SETTLING_ROUNDS {
            tokio::task::yield_now().await;
        }
    };
    run_to_end(&runtime, pin!(settled));
    #[cfg(feature = "record")]
    for ending in body.as_ref().map_or(Vec::new(), |()| running.endings()) {
        run_to_end(&runtime, ending.settled().as_mut());
    }
    let running_tasks = runtime.metrics().num_alive_tasks();
    let denied = running.denied();
    let mut notes = running.notes();
    let has_failed = body.is_err() || test.has_returned_an_error();
    let has_slept = !running.idle_time().is_zero() && is_paused();
    let is_late = test.is_late();
    let has_begun = test.has_begun();
    let error = test.into_error();
    let mut verdicts = running.end();
    if body.is_err() && !has_begun {
        verdicts.iter_mut().for_each(Verdict::expect_nothing);
    }
    let tasks = RunningTasks {
        running: running_tasks,
        // A body that fails may not have come to where it awaits its tasks.
        to_await: if has_failed { 0 } else { running_tasks },
    };
    let report = Report::from_test(&verdicts, tasks, running.seed())
        .or_else(|| running.signals.misdirected_call().map(Report::from_problem));
    // Say nothing if only mocks took the time, or if a problem of a mock explains the failure.
    if has_failed && has_slept && report.is_none() {
        notes.push(report::clock_went_on(running.elapsed()));
    }
    let ending = match &body {
        Err(panic) => Some(report::panic_message(&**panic)),
        Ok(()) => error.clone(),
    };
    // The report of a time-out lists the calls itself.
    let calls = match &ending {
        Some(ending) if report.is_none() && !is_late => {
            report::calls_without_problem(&verdicts, ending)
        }
        _ => None,
    };
    let panics = running.signals.task_panics();
    let mut finished = Finished {
        expectation: RunExpectation::new(spec, running),
        body,
        panic_place: panic.map(|panic| panic.place),
        error,
        is_late,
        has_task_panic: panics.any(&|panic| panic.fails),
        elapsed: running.elapsed(),
        report: report::with_task_panics(report, &verdicts, &panics, ending.as_deref()),
        calls,
        notes,
        denied,
        unwritten: None,
        folders: running.folders(),
    };
    finished.end_recordings(running);
    if let Some(folder) = pictures {
        finished.draw(folder, running, &verdicts);
    }
    drop((entered, context));
    // Shut down in the background, so that blocking work does not block the test.
    if let Some(runtime) = Arc::into_inner(runtime) {
        runtime.shutdown_background();
    }
    finished
}
