//! The tokio runtime of a test: its flavor, its paused clock and its hooks.

use std::cell::Cell;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use super::known_threads::KnownThread;
use super::{Clock, Flavor, TestSpec};
use crate::runtime::test_context::{self, TestContext};
use crate::runtime::thread_signals;

thread_local! {
    /// Counts a thread of a runtime until it ends.
    static KNOWN_THREAD: Cell<Option<KnownThread>> = const { Cell::new(None) };
}

/// Builds the runtime of a test. Its clock is paused unless the test has a real one.
///
/// # Panics
/// If the runtime does not start.
pub(super) fn test_runtime(spec: &TestSpec, running: &Arc<TestContext>) -> Runtime {
    let mut builder = match spec.flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        #[cfg(feature = "multi-thread")]
        Flavor::MultiThread(workers) => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(workers);
            builder
        }
    };
    let (before, after) = (Arc::clone(running.parking()), Arc::clone(running.parking()));
    // Weak, because the test has a handle on the runtime: with a strong reference, neither would ever be dropped.
    let running = Arc::downgrade(running);
    // A runtime with a paused clock starts threads only for blocking tasks.
    let is_blocking = spec.clock == Clock::Paused;
    builder
        .enable_all()
        // Mocks are made on worker threads and blocking threads too.
        .on_thread_start(move || {
            KNOWN_THREAD.set(Some(KnownThread::new()));
            test_context::enter_thread(&running);
            if is_blocking {
                thread_signals::set_blocking();
            }
        });
    if spec.clock == Clock::Paused {
        builder
            .start_paused(true)
            .on_thread_park(move || before.before_park())
            .on_thread_unpark(move || after.after_park());
    } else if before.guards_network() {
        builder.on_thread_park(move || before.look_at_network());
    }
    let runtime = builder.build();
    runtime.unwrap_or_else(|error| panic!("the test's runtime does not start: {error}"))
}
