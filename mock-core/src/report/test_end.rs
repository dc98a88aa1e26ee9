//! The output of a test that has ended: its own panic or error, and the report of its mocks, without repetitions.

use std::time::Duration;

use super::formatting::{holds, wrap};
use super::hanging_test::{self, has_wrong_call};
use super::task_panics::notes;
use super::{LINES, Report, RunningTasks, Stuck, WIDTH, painted};
use crate::hide_secrets;
use crate::journal::verdict::{TaskPanic, Verdict};
use crate::search::ALPHANUMERIC;

/// The most lines of the error that a test returned.
const MOST_OF_AN_ERROR: usize = 8;

/// The report of a test whose body came to its end, and whose mocks have a problem.
pub(crate) fn failed(report: &Report) -> String {
    painted(&report.lines(LINES))
}

/// The text below a panic of the test's body: the part of the report that its message does not contain.
pub(crate) fn after_a_panic(report: &Report, message: &str) -> Option<String> {
    below("when the test panicked:", report, message)
}

/// The text for a mock without a test whose last handle is dropped by a panic: the part of the report that the panic's message does not
/// contain.
pub(crate) fn while_panicking(report: &Report, message: &str) -> Option<String> {
    below("when the thread panicked:", report, message)
}

fn below(head: &str, report: &Report, message: &str) -> Option<String> {
    let mut lines = report.lines_not_in(message, LINES - 1);
    if lines.is_empty() {
        return None;
    }
    lines.insert(0, head.to_owned());
    Some(format!("\n{}", painted(&lines)))
}

/// The message of a test that does not end.
pub(crate) fn stuck(stuck: Stuck, verdicts: &[Verdict], panics: &[TaskPanic]) -> String {
    let is_mentioned = |_: &TaskPanic| false;
    let mut report = hanging_test::stuck(stuck, verdicts);
    // An earlier problem may be the reason why the test does not end.
    let wrong = match has_wrong_call(verdicts) {
        true => Report::from_verdicts(verdicts, RunningTasks::NONE),
        false => None,
    };
    let Some(mut wrong) = wrong else {
        notes(&mut report, panics, &is_mentioned);
        return failed(&report);
    };
    let mut lines = wrap(&report.headline, WIDTH, MOST_OF_AN_ERROR);
    lines.push(String::new());
    notes(&mut wrong, panics, &is_mentioned);
    lines.extend(wrong.lines(LINES - lines.len()));
    painted(&lines)
}

/// The report of a test whose body took too long on its own clock.
pub(crate) fn timed_out(timeout: Duration, verdicts: &[Verdict]) -> String {
    hanging_test::stuck(Stuck::TimedOut(timeout), verdicts).to_string()
}

/// How the text about an error begins that the test returned.
const RETURNED: &str = "the test returned an error: ";

/// The report of a test whose body returned an error.
pub(crate) fn returned(error: &str) -> String {
    format!("{RETURNED}{error}")
}

/// The report of a test whose body returned an error or ran out of time, as `error` says.
pub(crate) fn body_error(error: &str, report: Option<&Report>) -> String {
    let Some(report) = report else {
        return painted(&[error.to_owned()]);
    };
    // The report also says what the calls waited for.
    let error = match error.starts_with(hanging_test::TIME_OUT) {
        true => error.split("\n\n").next().unwrap_or_default(),
        false => error,
    };
    if holds(error, &report.headline) {
        let returned = without(error, report);
        let mut lines = report.lines(LINES - 1 - returned.len());
        lines.push(String::new());
        lines.extend(returned);
        return painted(&lines);
    }
    let mut lines = lines_of(error);
    lines.push(String::new());
    lines.extend(report.lines(LINES - lines.len()));
    painted(&lines)
}

/// An error in whose text the report's headline is, without it.
fn without(error: &str, report: &Report) -> Vec<String> {
    let headline = &report.headline;
    // If the error is shown with `Debug`, the quotes in the headline are escaped.
    let escaped = headline.replace("\"", "\\\"");
    let rest = error
        .replace(&*report.to_string(), "…")
        .replace(&**headline, "…")
        .replace(&*escaped, "…");
    let rest = rest.strip_prefix(RETURNED).unwrap_or(&rest);
    let says_more =
        !rest.starts_with("unscripted: …") && !holds(rest, headline) && rest.contains(ALPHANUMERIC);
    match says_more {
        true => lines_of(&returned(rest)),
        false => vec!["the test returned this as its error".to_owned()],
    }
}

fn lines_of(error: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in hide_secrets::hide(error).lines() {
        lines.extend(wrap(line, WIDTH, MOST_OF_AN_ERROR));
    }
    if lines.len() > MOST_OF_AN_ERROR {
        lines.truncate(MOST_OF_AN_ERROR - 1);
        lines.push("…".to_owned());
    }
    lines
}

impl Report {
    /// The paragraphs that are not in a text which the user sees as well, at most so many lines.
    fn lines_not_in(&self, text: &str, most: usize) -> Vec<String> {
        if !holds(text, &self.headline) {
            return self.lines(most);
        }
        let mut unsaid: Vec<String> = Vec::new();
        let lines = self.lines(LINES).join("\n");
        let mut paragraphs = lines.split("\n\n");
        // Skip the first paragraph, which is the headline.
        paragraphs.next();
        for paragraph in paragraphs {
            if !holds(text, paragraph) {
                if !unsaid.is_empty() {
                    unsaid.push(String::new());
                }
                for line in paragraph.lines() {
                    unsaid.push(line.to_owned());
                }
            }
        }
        unsaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_however_often_it_is_escaped_and_however_it_is_wrapped() {
        let part = "mock `llm`: it says \"a\\nb\", not\n  \"c\td\"";
        let mut text = format!("before {part} after");
        for _ in 0..4 {
            assert!(holds(&text, part), "{text}");
            assert!(!holds(&text, &part.replace("says", "says that")), "{text}");
            text = format!("{text:?}");
        }
        assert!(holds(&text.replace(' ', "\n  "), part));
    }

    fn report() -> Report {
        Report {
            headline: "mock `llm`: it says \"a\"".to_owned(),
            problems: Vec::new(),
            calls: vec!["  call 1".to_owned()],
            earlier: 0,
            noun: "call",
            detail: ["  expected: b", "", "also, c"].map(String::from).to_vec(),
        }
    }

    #[test]
    fn below_a_panic_is_what_its_message_does_not_say() {
        let report = report();
        let whole = "mock `llm`: it says \"a\"\n\n  call 1\n\n  expected: b\n\nalso, c";
        assert_eq!(report.to_string(), whole);
        let below = |message: &str| report.lines_not_in(message, LINES - 1).join("\n");
        assert_eq!(below("something else"), whole);
        let rest = "  call 1\n\n  expected: b\n\nalso, c";
        let headline = &report.headline;
        assert_eq!(below(&format!("{:?}", Err::<(), _>(headline))), rest);
        assert_eq!(
            below(&format!("{headline}\n  expected: b")),
            "  call 1\n\nalso, c"
        );
        assert_eq!(below(&format!("it is {:?}", Some(whole))), "");
    }

    #[test]
    fn an_error_is_shown_without_the_headline_that_is_in_it() {
        let report = report();
        let headline = &report.headline;
        let last = |error: String| {
            let text = body_error(&returned(&error), Some(&report));
            let (report, last) = text.rsplit_once("\n\n").expect("two paragraphs");
            assert!(report.starts_with(headline), "{report}");
            assert!(!last.contains("it says"), "{last}");
            last.to_owned()
        };
        let this = "the test returned this as its error";
        assert_eq!(last(headline.clone()), this);
        let error = crate::ProviderError {
            message: headline.clone(),
            ..crate::ProviderError::new(crate::ErrorKind::Unscripted)
        };
        assert_eq!(last(format!("{error:?}")), this);
        assert_eq!(
            last(format!("step 3\n\nCaused by:\n    {headline}"))
                .lines()
                .last(),
            Some("    …")
        );
        assert_eq!(
            last(format!("Step {{ number: 3, reason: {headline:?} }}")),
            "the test returned an error: Step { number: 3, reason: \"…\" }"
        );
        assert_eq!(last(headline.replace(' ', "\n")), this);
        assert_eq!(last(format!("{headline:?}")), this);
        assert_eq!(last(report.to_string()), this);
        assert_eq!(
            last(format!("Step(3, {report})")),
            "the test returned an error: Step(3, …)"
        );
    }
}
