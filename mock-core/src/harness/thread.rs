use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::test::run_to_end;
use super::{Clock, Flavor, Test, TestSpec, foreign};
use crate::current::Running;
use crate::report::Report;
use crate::verdict::Verdict;

/// How often the harness lets tasks run on after the body, without letting time go by.
const SETTLING_ROUNDS: usize = 64;

/// How often the guard looks at a test before its time is up.
const LOOKS: u32 = 6;

/// What has become of a test.
pub(super) struct Finished {
    /// Whether the body came to its end, or how it panicked.
    pub(super) body: Result<(), Box<dyn Any + Send>>,
    /// The error that the body returned.
    pub(super) error: Option<String>,
    /// What the mocks have to say, told before the tasks that still ran were dropped.
    pub(super) report: Option<Report>,
    /// What may have misled the test.
    pub(super) notes: Vec<String>,
}

/// A test that took too long.
pub(super) struct Stuck {
    /// Whether something blocks its thread.
    pub(super) is_blocked: bool,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) notes: Vec<String>,
}

/// Runs a test on a thread of its own. If it takes too long, the thread is left to itself, and the mocks are asked what they wait for.
pub(super) fn run_on_own_thread(spec: &'static TestSpec) -> Result<Finished, Stuck> {
    let watch = foreign::watch(spec).unwrap_or_else(|error| panic!("{error}"));
    let running = Arc::new(Running::new(spec.name).watched(watch));
    let of_thread = Arc::clone(&running);
    let (sender, finished) = channel();
    let thread = thread::Builder::new()
        .name(spec.name.to_owned())
        .spawn(move || {
            // The receiver is gone if the test took too long.
            let _ = sender.send(run_here(spec, &of_thread));
        });
    let thread = match thread {
        Ok(thread) => thread,
        Err(error) => panic!("the test's thread does not start: {error}"),
    };
    match wait(spec.guard, &running, &finished) {
        Ok(finished) => return Ok(finished),
        // It has panicked. One that has not is not waited for: what is left of its thread may take its time.
        Err(RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("it sends before it ends"),
        },
        Err(RecvTimeoutError::Timeout) => {}
    }
    let is_blocked = running.is_blocked();
    #[cfg(feature = "server")]
    running.note_clients_left();
    let verdicts = running.end();
    Err(Stuck {
        is_blocked,
        verdicts,
        notes: running.jumps(),
    })
}

/// Waits for the end of a test, and lets its mocks know now and then that it goes on.
fn wait(
    guard: Duration,
    running: &Running,
    finished: &Receiver<Finished>,
) -> Result<Finished, RecvTimeoutError> {
    if guard.is_zero() {
        return Ok(finished.recv()?);
    }
    for _ in 0..LOOKS {
        match finished.recv_timeout(guard / LOOKS) {
            Err(RecvTimeoutError::Timeout) => running.look(),
            finished => return finished,
        }
    }
    Err(RecvTimeoutError::Timeout)
}

fn run_here(spec: &TestSpec, running: &Arc<Running>) -> Finished {
    let runtime = Arc::new(runtime(spec, running));
    let context = runtime.enter();
    running.start();
    let entered = running.enter();
    let mut test = Test::new(Arc::clone(running), Arc::clone(&runtime), spec.timeout);
    let body = catch_unwind(AssertUnwindSafe(|| (spec.body)(&mut test)));
    let settled = async {
        for _ in 0..SETTLING_ROUNDS {
            tokio::task::yield_now().await;
        }
    };
    run_to_end(&runtime, pin!(settled));
    let running_tasks = runtime.metrics().num_alive_tasks();
    let finished = Finished {
        body,
        error: test.into_error(),
        report: Report::of_test(&running.end(), running_tasks, running.seed()),
        notes: running.jumps(),
    };
    drop((entered, context));
    // Work that still blocks a thread must not block the test.
    if let Some(runtime) = Arc::into_inner(runtime) {
        runtime.shutdown_background();
    }
    finished
}

fn runtime(spec: &TestSpec, running: &Arc<Running>) -> Runtime {
    let mut builder = match spec.flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::MultiThread(workers) => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(workers);
            builder
        }
    };
    let of_hook = Arc::downgrade(running);
    let running = Arc::clone(running);
    builder
        .enable_all()
        // Mocks are made on worker threads and blocking threads too.
        .on_thread_start(move || running.enter().stay());
    if spec.clock == Clock::Paused {
        builder.start_paused(true).on_thread_park(move || {
            if let Some(running) = of_hook.upgrade() {
                running.before_park();
            }
        });
    }
    let runtime = builder.build();
    runtime.unwrap_or_else(|error| panic!("the test's runtime does not start: {error}"))
}
