//! What the threads of a test report to its end: panics of tasks, calls to mocks of other tests, calls that hold the clock.
//!
//! Engines and the panic hook send these signals. They know nothing else of the test.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;

use tokio::time::Instant;

use crate::journal::verdict::TaskPanic;
use crate::report;

thread_local! {
    // Weak: a thread that outlives the test keeps nothing of it.
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
    file: Option<&'static str>,
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
    pub(crate) fn new(test: &'static str, file: Option<&'static str>) -> Self {
        Signals {
            test,
            file,
            ..Signals::default()
        }
    }

    /// Turns off printing of panics.
    pub(crate) fn quiet(self) -> Self {
        Signals {
            is_quiet: true,
            ..self
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

    fn lock_panics(&self) -> MutexGuard<'_, Vec<TaskPanic>> {
        lock(&self.task_panics)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets this thread signal to these, and returns those it signalled to before.
pub(crate) fn replace(signals: Weak<Signals>) -> Weak<Signals> {
    CURRENT.replace(signals)
}

fn current() -> Option<Arc<Signals>> {
    CURRENT.with_borrow(Weak::upgrade)
}

/// The error of a call to the mock `label` of a test that has ended. Another test that makes such a call fails.
pub(crate) fn call_after_the_end(label: &str, test: &str) -> String {
    match current().filter(|signals| signals.test != test) {
        Some(signals) => {
            let message = report::mock_of_another_test(label, test);
            // The first one counts.
            let _ = signals.misdirected_call.set(message.clone());
            message
        }
        None => report::after_the_end(label, test),
    }
}

/// Notes a panic in a task of the test that runs on this thread. This is called by the panic hook, so it must not panic.
pub(crate) fn note_task_panic(place: &Location<'_>, message: impl FnOnce() -> String) {
    let signals = CURRENT.try_with(|signals| signals.try_borrow().ok()?.upgrade());
    if let Ok(Some(signals)) = signals {
        let panic = TaskPanic {
            place: format!("{}:{}", place.file(), place.line()),
            message: message(),
            fails: signals
                .file
                .is_some_and(|file| is_test_code(place.file(), file)),
            thread: thread::current().id(),
        };
        signals.lock_panics().push(panic);
    }
}

/// Whether panics of the test on this thread are not printed. This is called by the panic hook, so it must not panic.
pub(crate) fn is_quiet() -> bool {
    let signals = CURRENT.try_with(|signals| signals.try_borrow().ok()?.upgrade());
    matches!(signals, Ok(Some(signals)) if signals.is_quiet)
}

/// Whether a file is the test's own, or in the same folder `tests`, which has only code of tests.
fn is_test_code(file: &str, of_test: &str) -> bool {
    let mut folders = Path::new(of_test).ancestors();
    let folder = folders.find(|path| path.ends_with("tests"));
    file == of_test || folder.is_some_and(|folder| Path::new(file).starts_with(folder))
}

/// Forgets the panic that was just noted on this thread, with this message: it is the outcome of a call.
pub(crate) fn forget_task_panic(message: &str) {
    if let Some(signals) = current() {
        let thread = thread::current().id();
        let mut panics = signals.lock_panics();
        let last = panics.iter().rposition(|panic| panic.thread == thread);
        if let Some(last) = last.filter(|last| panics[*last].message == message) {
            panics.remove(last);
        }
    }
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
pub(crate) fn note_endless_silence() {
    if let Some(signals) = current() {
        signals.is_endlessly_silent.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_test_is_its_file_and_what_is_with_it_in_a_folder_tests() {
        for (file, of_test) in [
            ("src/agent.rs", "src/agent.rs"),
            ("tests/common/mod.rs", "tests/agent.rs"),
            ("core/tests/common.rs", "core/tests/it/agent.rs"),
            (
                "/home/me/core/tests/common.rs",
                "/home/me/core/tests/it/agent.rs",
            ),
        ] {
            assert!(is_test_code(file, of_test), "{file}, {of_test}");
        }
        for (file, of_test) in [
            ("src/tool.rs", "src/agent.rs"),
            ("src/tool.rs", "tests/agent.rs"),
            ("core/src/tool.rs", "core/tests/agent.rs"),
            ("other/tests/common.rs", "core/tests/agent.rs"),
            ("tests_of_old/common.rs", "tests/agent.rs"),
            ("/home/me/tokio/src/lib.rs", "tests.rs"),
            ("src/tool.rs", "src/tests.rs"),
        ] {
            assert!(!is_test_code(file, of_test), "{file}, {of_test}");
        }
    }
}
