//! Panics in tasks of a test, which tokio catches: they are noted for its end, with whether they are in its code and fail it.

use std::panic::Location;
use std::path::Path;
use std::thread;

use super::thread_signals::{current, current_in_hook};
use crate::journal::verdict::TaskPanic;

/// Notes a panic in a task of the test that runs on this thread. This is called by the panic hook, so it must not panic.
pub(crate) fn note(place: &Location<'_>, message: impl FnOnce() -> String) {
    if let Some(signals) = current_in_hook() {
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

/// Forgets the panic that was just noted on this thread, with this message: it is the outcome of a call.
pub(crate) fn forget(message: &str) {
    if let Some(signals) = current() {
        let thread = thread::current().id();
        let mut panics = signals.lock_panics();
        let last = panics.iter().rposition(|panic| panic.thread == thread);
        if let Some(last) = last.filter(|last| panics[*last].message == message) {
            panics.remove(last);
        }
    }
}

/// Whether a file is the test's own, or in the same folder `tests`, which has only code of tests.
fn is_test_code(file: &str, of_test: &str) -> bool {
    for folder in Path::new(of_test).ancestors() {
        if folder.ends_with("tests") {
            return Path::new(file).starts_with(folder);
        }
    }
    file == of_test
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_test_is_its_file_and_the_others_in_its_folder_tests() {
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
