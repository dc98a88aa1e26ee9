//! Panics in tasks of a test.

use super::detail::Detail;
use super::formatting::{count, holds, one_line, shorten};
use super::hanging_test::wrong_call;
use super::problem::headline;
use super::{Report, WIDTH};
use crate::journal::verdict::{TaskPanic, Verdict};
use crate::search::Search;

/// The remedies for a panic whose result nobody awaited.
const AWAIT: &str = "await the task and unwrap its result";
const IGNORE: &str =
    "or, if the test expects the panic, write `#[provider_test(task_panics = \"ignore\")]`";

/// How many panics have a note of their own.
const MOST: usize = 2;

/// The report of a test in whose tasks there were panics. `ending` is the panic or the error of its body, if it has one.
///
/// A call that went wrong may be why a task panicked, so it comes first. A turn that was not used may be what a panic led to.
pub(crate) fn with_task_panics(
    report: Option<Report>,
    verdicts: &[Verdict],
    panics: &[TaskPanic],
    ending: Option<&str>,
) -> Option<Report> {
    let mut others = Vec::new();
    for panic in panics {
        let is_in_ending = ending.is_some_and(|end| holds(end, &panic.message));
        if !is_in_ending {
            others.push(panic);
        }
    }
    let mut panics = others;
    let has_wrong_call = wrong_call(verdicts).is_some();
    let is_reason = |panic: &&TaskPanic| panic.fails || (ending.is_some() && report.is_none());
    let mut report = match panics.position(&is_reason) {
        Some(first) if !has_wrong_call => {
            let panic = panics.remove(first);
            let mut of_panic = Report::from_problem(&in_one_line(panic));
            if panic.fails {
                let mut detail = Detail::default();
                detail.help(format_args!("{AWAIT}"));
                detail.help(format_args!("{IGNORE}"));
                of_panic.detail = detail.lines;
            }
            if let Some(report) = report {
                of_panic.note(&format!("also, {}", report.headline));
                of_panic.problems = report.problems;
            }
            of_panic
        }
        _ => report?,
    };
    notes(&mut report, &panics);
    Some(report)
}

/// Notes these panics in a report.
pub(super) fn notes(report: &mut Report, panics: &[&TaskPanic]) {
    for panic in panics.iter().take(MOST) {
        let note = match holds(&panic.message, &report.headline) {
            true => format!("also, a task panicked with this ({})", panic.place),
            false => format!("also, {}", in_one_line(panic)),
        };
        report.note(&note);
    }
    if let Some(more @ 1..) = panics.len().checked_sub(MOST) {
        report.note(&format!("also, {}", count(more, "more task panic")));
    }
}

fn in_one_line(panic: &TaskPanic) -> String {
    let message = panic.message.lines().next().unwrap_or_default();
    let message = shorten(&one_line(message), WIDTH);
    headline("a task panicked", &panic.place, &format!(": {message}"))
}
