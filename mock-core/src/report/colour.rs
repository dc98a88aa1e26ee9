//! Colours, where a person looks on.

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;
use std::io::{IsTerminal as _, stderr, stdout};

use super::formatting::joined;

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const CYAN: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

/// The words before a column of text, as in a report.
const LABELS: [&str; 4] = ["  expected:", "  but:", "  fits:", "  extra:"];

/// How lines begin that say what is wrong.
const HEADLINES: [&str; 3] = ["mock `", "the test", "a task panicked"];

/// A report with colours, if a person looks on.
pub(super) fn paint(text: &str) -> Cow<'_, str> {
    let no_color = env::var_os("NO_COLOR");
    let force = env::var_os("CLICOLOR_FORCE");
    // libtest shows on stdout what it captures from stderr.
    let terminal = stderr().is_terminal() && stdout().is_terminal();
    match is_wanted(terminal, no_color.as_deref(), force.as_deref()) {
        true => Cow::Owned(painted(text)),
        false => Cow::Borrowed(text),
    }
}

fn is_wanted(terminal: bool, no_color: Option<&OsStr>, force: Option<&OsStr>) -> bool {
    let is_set = |value: Option<&OsStr>| value.is_some_and(|value| !value.is_empty());
    (terminal && !is_set(no_color)) || (is_set(force) && force != Some(OsStr::new("0")))
}

fn painted(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    joined(&lines, "\n", |line| painted_line(line))
}

/// A report without its colours, if it has some.
#[cfg(feature = "pictures")]
pub(crate) fn unpainted(text: &str) -> String {
    let colours = [BOLD, RED, CYAN, PLAIN];
    let unpainted = |text: String, colour| text.replace(colour, "");
    colours.into_iter().fold(text.to_owned(), unpainted)
}

/// The kind of a line of a report.
pub(crate) enum LineKind {
    /// The problem, and its place.
    Headline,
    /// A line that begins with this label.
    Labelled(&'static str),
    /// Marks below what is wrong.
    Marks,
    /// Any other line.
    Plain,
}

/// Returns what a line of a report is.
pub(crate) fn kind_of(line: &str) -> LineKind {
    for begin in &HEADLINES {
        if line.starts_with(begin) {
            return LineKind::Headline;
        }
    }
    for label in &LABELS {
        if line.starts_with(label) {
            return LineKind::Labelled(label);
        }
    }
    let marks = line.trim_start();
    match !marks.is_empty() && marks.chars().all(|mark| matches!(mark, '^' | ' ')) {
        true => LineKind::Marks,
        false => LineKind::Plain,
    }
}

fn painted_line(line: &str) -> String {
    match kind_of(line) {
        LineKind::Headline => format!("{BOLD}{line}{PLAIN}"),
        LineKind::Labelled(label) => format!("{CYAN}{label}{PLAIN}{}", &line[label.len()..]),
        LineKind::Marks => format!("{RED}{line}{PLAIN}"),
        LineKind::Plain => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_or_forced() {
        let set = |value| Some(OsStr::new(value));
        for (terminal, no_color, force, expected) in [
            (true, None, None, true),
            (false, None, None, false),
            (true, set("1"), None, false),
            (true, set(""), None, true),
            (false, None, set("1"), true),
            (false, None, set("0"), false),
            (false, None, set(""), false),
            (true, None, set("0"), true),
            (true, set("1"), set("1"), true),
        ] {
            let context = (terminal, no_color, force);
            assert_eq!(
                is_wanted(terminal, no_color, force),
                expected,
                "{context:?}"
            );
        }
    }

    #[test]
    fn only_whole_lines_and_labels_are_painted() {
        assert_eq!(
            painted("mock `llm`: no\n\n  but:      x\n            ^^ ^"),
            "\x1b[1mmock `llm`: no\x1b[0m\n\n\x1b[36m  but:\x1b[0m      x\n\x1b[31m            ^^ ^\x1b[0m"
        );
    }
}
