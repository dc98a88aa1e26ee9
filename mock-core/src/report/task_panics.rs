//! Panics in tasks of a test.

use super::detail::Detail;
use super::formatting::{count, holds, one_line, shorten};
use super::hanging_test::has_wrong_call;
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
    let is_mentioned = |panic: &TaskPanic| ending.is_some_and(|end| holds(end, &panic.message));
    let is_reason = |panic: &TaskPanic| {
        !is_mentioned(panic) && (panic.fails || (ending.is_some() && report.is_none()))
    };
    let reason = panics.find(&is_reason);
    let reason = reason.filter(|_| !has_wrong_call(verdicts));
    let mut report = match reason {
        Some(panic) => {
            let mut detail = Detail::default();
            if panic.fails {
                detail.help(format_args!("{AWAIT}"));
                detail.help(format_args!("{IGNORE}"));
            }
            let mut of_panic = Report::new(in_one_line(panic), None, detail);
            if let Some(report) = report {
                of_panic.note(&format!("also, {}", report.headline));
                of_panic.problems = report.problems;
            }
            of_panic
        }
        None => report?,
    };
    notes(&mut report, panics, &|panic| {
        is_mentioned(panic) || reason.is_some_and(|reason| std::ptr::eq(reason, panic))
    });
    Some(report)
}

/// Notes in a report the panics that it does not tell yet.
pub(super) fn notes(
    report: &mut Report,
    panics: &[TaskPanic],
    is_mentioned: &dyn Fn(&TaskPanic) -> bool,
) {
    let mut found = 0;
    for panic in panics {
        if is_mentioned(panic) {
            continue;
        }
        found += 1;
        if found > MOST {
            continue;
        }
        let note = match holds(&panic.message, &report.headline) {
            true => format!("also, a task panicked with this ({})", panic.place),
            false => format!("also, {}", in_one_line(panic)),
        };
        report.note(&note);
    }
    if let Some(more @ 1..) = found.checked_sub(MOST) {
        report.note(&format!("also, {}", count(more, "more task panic")));
    }
}

fn in_one_line(panic: &TaskPanic) -> String {
    let message = panic.message.lines().next().unwrap_or_default();
    let message = shorten(&one_line(message), WIDTH);
    headline("a task panicked", &panic.place, &format!(": {message}"))
}
