//! A problem of a mock: a headline, and the lines that explain it.

use super::text::{shorten, shorten_left, wrap};
use super::{INDENT, WIDTH};

/// What to do about a client that blocks the thread on which the mock's server runs.
pub(super) const CLIENT_BLOCKS: &str = "the server runs on the test's own thread: use an async client, or `spawn_blocking`, or write \
     `#[provider_test(flavor = \"multi_thread\", clock = \"real\")]`";

/// The first problem of a mock.
pub(super) struct Problem {
    /// Which kind of problem comes first.
    pub(super) rank: u8,
    /// Which of the same kind came first.
    pub(super) order: usize,
    /// In one sentence: what is wrong, and where.
    pub(super) headline: String,
    /// What was expected, why it did not happen, and what to do.
    pub(super) detail: Vec<String>,
}

impl Problem {
    /// Whether a call went wrong, and not only a turn was left over.
    pub(super) fn is_of_a_call(&self) -> bool {
        self.rank < 2
    }
}

/// A sentence with a place in it. The place loses its beginning where that makes the sentence fit on one line.
pub(super) fn headline(before: &str, place: &str, after: &str) -> String {
    const LEAST: usize = 24;
    let line = |place: &str| format!("{before} ({place}){after}");
    let excess = line(place).chars().count().saturating_sub(WIDTH);
    match place.chars().count().checked_sub(excess) {
        Some(room @ LEAST..) => line(&shorten_left(place, room)),
        _ => line(place),
    }
}

/// The longest reason; a server's messages may be longer.
pub(super) const LONGEST: usize = 500;

/// A text beside its label, in as many lines as it takes.
pub(super) fn in_full(text: &str) -> Vec<String> {
    wrap(text, WIDTH - INDENT, usize::MAX)
}

/// Lines with a label before the first.
pub(super) fn block(label: &str, lines: Vec<String>) -> Vec<String> {
    let labels = [label].into_iter().chain(std::iter::repeat(""));
    let lines = labels.zip(lines).map(|(label, line)| {
        let width = INDENT - 2;
        shorten(&format!("  {label:width$}{line}"), WIDTH)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_keeps_the_end_of_its_place() {
        let deep = "a/very/long/way/to/the/tests/of/a/project/with/deep/folders.rs:12";
        let line = headline("mock `llm`: turn 1 was never used", deep, ": why");
        assert_eq!(line.chars().count(), WIDTH);
        assert!(
            line.contains("(…") && line.ends_with("folders.rs:12): why"),
            "{line}"
        );
    }

    #[test]
    fn a_line_that_is_much_too_long_is_said_in_full() {
        let line = headline("mock", "tests/first.rs:12", &"; why".repeat(40));
        assert!(
            line.starts_with("mock (tests/first.rs:12); why")
                && line.ends_with(&"; why".repeat(39)),
            "{line}"
        );
    }
}
