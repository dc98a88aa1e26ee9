//! What may have misled a test, told below why it failed.

use std::time::Duration;

use super::WIDTH;
use super::text::{count, time, wrap};

/// The clock jumped although something foreign was awaited.
pub(crate) fn jumped(jumped: Duration, beside: &str, quiet: Duration) -> String {
    format!(
        "{} of test time went by at once, though {beside} is open and nothing had come for {} of real time; \
         to wait longer, write `#[provider_test(foreign = 10s)]`",
        time(jumped),
        time(quiet)
    )
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
    let shown = notes.iter().take(MOST);
    lines.extend(shown.flat_map(|note| wrap(&format!("note: {note}"), WIDTH, usize::MAX)));
    if let Some(more @ 1..) = notes.len().checked_sub(MOST) {
        lines.push(format!("… {}", count(more, "more note")));
    }
    lines.join("\n")
}
