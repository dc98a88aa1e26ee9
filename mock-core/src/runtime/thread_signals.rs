//! What the threads of a test report to its end: panics of tasks, calls to mocks of other tests, calls that hold the clock.
//!
//! Engines and the panic hook send these signals. They know nothing else of the test. What a panic of a task is to its test is in
//! `task_panics.rs`.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

use tokio::time::Instant;

use crate::journal::verdict::TaskPanic;
use crate::lock::lock;
use crate::report;

thread_local! {
    // Weak, so that a thread that outlives the test keeps nothing of the test.
    static CURRENT: RefCell<Weak<Signals>> = const { RefCell::new(Weak::new()) };
    /// Whether this is a thread for blocking tasks of a runtime with a paused clock.
    static IS_BLOCKING: Cell<bool> = const { Cell::new(false) };
}

/// The signals of a test's threads.
#[derive(Default)]
pub(crate) struct Signals {
    /// The path of the test.
    test: &'static str,
    /// The test's file, if a panic of a task in the test's code fails it.
    pub(super) file: Option<&'static str>,
    /// Whether panics are not printed. A test with several runs prints them in its report.
    pub(crate) is_quiet: bool,
    task_panics: Mutex<Vec<TaskPanic>>,
    /// The first call to a mock of another test, which has ended.
    misdirected_call: OnceLock<String>,
    /// Until when a call waits that was made in a `spawn_blocking` task.
    blocking_caller: Mutex<Option<Instant>>,
    /// Whether an answer has sent only keep-alives for so long that no content will come.
    is_endlessly_silent: AtomicBool,
}

impl Signals {
    pub(crate) fn new(test: &'static str, file: Option<&'static str>, is_quiet: bool) -> Self {
        Signals {
            test,
            file,
            is_quiet,
            ..Signals::default()
        }
    }

    /// The panics of tasks up to now.
    pub(crate) fn task_panics(&self) -> Vec<TaskPanic> {
        self.lock_panics().clone()
    }

    /// The first call to a mock of another test, if there was one.
    pub(crate) fn misdirected_call(&self) -> Option<&str> {
        self.misdirected_call.get().map(String::as_str)
    }

    /// Until when a call waits on a thread that holds the clock, if one does.
    pub(crate) fn blocking_caller(&self) -> Option<Instant> {
        *lock(&self.blocking_caller)
    }

    /// Whether an answer has sent only keep-alives for so long that no content will come.
    pub(crate) fn is_endlessly_silent(&self) -> bool {
        self.is_endlessly_silent.load(Ordering::Relaxed)
    }

    pub(super) fn lock_panics(&self) -> MutexGuard<'_, Vec<TaskPanic>> {
        lock(&self.task_panics)
    }
}

/// Lets this thread signal to these, and returns those it signalled to before.
pub(crate) fn replace(signals: Weak<Signals>) -> Weak<Signals> {
    CURRENT.replace(signals)
}

pub(super) fn current() -> Option<Arc<Signals>> {
    CURRENT.with_borrow(Weak::upgrade)
}

/// The same for the panic hook, so it must not panic.
pub(super) fn current_in_hook() -> Option<Arc<Signals>> {
    let signals = CURRENT.try_with(|signals| signals.try_borrow().ok()?.upgrade());
    signals.ok().flatten()
}

/// The error of a call to the mock `label` of a test that has ended. Another test that makes such a call fails.
pub(crate) fn call_after_the_end(label: &str, test: &str) -> String {
    match current().filter(|signals| signals.test != test) {
        Some(signals) => {
            let message = report::mock_of_another_test(label, test);
            // Only the first such call is reported.
            signals.misdirected_call.get_or_init(|| message.clone());
            message
        }
        None => report::after_the_end(label, test),
    }
}

/// Whether panics of the test on this thread are not printed. This is called by the panic hook, so it must not panic.
pub(crate) fn is_quiet() -> bool {
    current_in_hook().is_some_and(|signals| signals.is_quiet)
}

/// This thread runs blocking tasks of a runtime with a paused clock.
pub(crate) fn set_blocking() {
    IS_BLOCKING.set(true);
}

/// A call waits here for a time to come. On a thread for blocking tasks, it holds the clock meanwhile.
pub(crate) fn note_wait(due: Instant) {
    if IS_BLOCKING.get()
        && let Some(signals) = current()
    {
        *lock(&signals.blocking_caller) = Some(due);
    }
}

/// Records that an answer has sent only keep-alives for so long that nothing more can be expected.
#[cfg(feature = "server")]
pub(crate) fn note_only_keepalives() {
    if let Some(signals) = current() {
        signals.is_endlessly_silent.store(true, Ordering::Relaxed);
    }
}
