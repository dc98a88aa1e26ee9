//! Finds out, from another thread, whether the clock of a runtime is paused and whether it advances: [`Probe`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::runtime::is_clock_paused::is_paused;
use crate::runtime::latch::Latch;
use crate::runtime::spawn::spawn;

/// The time that a runtime has for running a task before it counts as blocked. It usually takes microseconds, but longer on a busy machine.
pub(super) const BLOCKED_AFTER: Duration = Duration::from_secs(1);

/// The state of a test's clock, from probing its runtime.
#[derive(Clone, Copy)]
pub(crate) enum Probe {
    /// The clock is paused, and advances when every task is idle.
    Free,
    /// The clock is paused, and something holds it.
    Held,
    /// The clock is paused, and a task that never waits keeps it from advancing.
    Busy,
    /// The clock is real, or the runtime is busy.
    Runs,
}

/// How far the task of a probe has come.
#[derive(Default)]
struct ProbeProgress {
    is_paused: AtomicBool,
    has_run: Latch,
    has_slept: Latch,
}

impl Probe {
    /// Asks the runtime whether its clock is paused and advances. One that is busy looks as if its clock were held.
    pub(super) fn new(runtime: &Handle) -> Probe {
        const SHORTEST: Duration = Duration::from_millis(1);
        let progress = Arc::new(ProbeProgress::default());
        let of_task = Arc::clone(&progress);
        let task = async move {
            of_task.is_paused.store(is_paused(), Ordering::Relaxed);
            of_task.has_run.open();
            tokio::time::sleep(SHORTEST).await;
            of_task.has_slept.open();
        };
        let task = spawn(runtime, Box::pin(task));
        let has_run = progress.has_run.wait(BLOCKED_AFTER / 4);
        let probe = match has_run && progress.is_paused.load(Ordering::Relaxed) {
            true if progress.has_slept.wait(BLOCKED_AFTER / 4) => Probe::Free,
            true => Probe::Held,
            false => Probe::Runs,
        };
        task.abort();
        probe
    }
}
