//! Notes below a report: circumstances that may have misled the test, such as a clock that jumped, or a proxy.

use std::time::Duration;

use super::formatting::{count, time, wrap};
use super::{Report, WIDTH};

/// The clock jumped although something foreign was awaited.
#[cfg(target_os = "linux")]
pub(crate) fn jumped(jumped: Duration, beside: &str, quiet: Duration) -> String {
    format!(
        "{} of test time went by at once, though {beside} is open and nothing had come for {} of real time; \
         to wait longer, write `#[provider_test(foreign = 10s)]`",
        time(jumped),
        time(quiet)
    )
}

/// The clock went on without bytes that did not come in this time.
#[cfg(target_os = "linux")]
pub(crate) fn lost_bytes(patience: Duration) -> String {
    format!(
        "bytes between two sockets of the test did not arrive within {} of real time, and the test's clock went on without them: run \
         fewer tests at once, as with `--test-threads=1`",
        time(patience)
    )
}

/// The test slept and failed: what it measured with may not have noticed.
pub(crate) fn clock_went_on(by: Duration) -> String {
    format!(
        "the test's clock advanced by {}. If the code measures time with `std::time::Instant` or `SystemTime`, it does not see that: \
         use `tokio::time::Instant`",
        time(by)
    )
}

/// A proxy may have taken the requests for a mock.
pub(crate) fn proxied(mock: &str, variable: &str) -> String {
    format!(
        "the server of `{mock}` got no request, and the environment variable `{variable}` is set: a client may have sent its requests \
         to that proxy; set `NO_PROXY=127.0.0.1`, or unset `{variable}`"
    )
}

impl Report {
    /// The panic with this report is in a task.
    pub(crate) fn note_drop_in_task(&mut self) {
        self.note(
            "the mock was dropped in a task: the test fails only if it awaits that task and unwraps the result; \
             `#[provider_test]` verifies the mock in any case",
        );
    }

    /// The panic with this report is not on the thread that made the mock.
    pub(crate) fn note_drop_on_thread(&mut self) {
        self.note(
            "the mock was dropped on another thread: the test fails only if it joins that thread and unwraps the result; \
             `#[provider_test]` verifies the mock in any case",
        );
    }
}

/// The most notes that are shown.
const MOST: usize = 3;

/// A failure, and below it what may have misled the test.
pub(crate) fn with_notes(failure: String, notes: &[String]) -> String {
    if notes.is_empty() {
        return failure;
    }
    let mut lines = match failure.is_empty() {
        true => vec![failure],
        false => vec![failure, String::new()],
    };
    for note in notes.iter().take(MOST) {
        lines.extend(wrap(&format!("note: {note}"), WIDTH, usize::MAX));
    }
    if let Some(more @ 1..) = notes.len().checked_sub(MOST) {
        lines.push(format!("… {}", count(more, "more note")));
    }
    lines.join("\n")
}
