//! The calls that a report lists, and the requests that the server rejected between them.

use super::formatting::count;
use super::{CALLS, call_lines, problems_of_a_mock};
use crate::journal::calls::Call;
use crate::journal::verdict::{RejectedRequest, Verdict};
use crate::search::Search;

/// How many calls are listed after the one that went wrong.
const AFTER: usize = 2;

/// A line for each of the last calls, and how many there were before. Of the calls after the one that went wrong, only the first
/// few are listed. Requests that the server rejected are listed among the calls.
pub(super) fn calls(verdict: &Verdict) -> (Vec<String>, usize) {
    let mut all = Vec::new();
    for call in &verdict.calls {
        all.push(Entry::Call(call));
    }
    for rejected in &verdict.rejected {
        let rejected = Entry::Rejected(rejected);
        let at = all.partition_point(|entry| entry.order() <= rejected.order());
        all.insert(at, rejected);
    }
    let culprit = verdict.culprit().map(|culprit| (culprit, false));
    let last = match all.position(&|entry| Some(entry.order()) == culprit) {
        Some(culprit) => all.len().min(culprit + 1 + AFTER),
        None => all.len(),
    };
    let earlier = last.saturating_sub(CALLS);
    let mut lines = Vec::new();
    for entry in &all[earlier..last] {
        lines.push(match entry {
            Entry::Call(call) => call_lines::line(verdict, call),
            Entry::Rejected(request) => call_lines::request(request),
        });
    }
    if all.len() > last {
        let noun = format!("later {}", noun(verdict));
        lines.push(format!("  … {}", count(all.len() - last, &noun)));
    }
    if all.is_empty() {
        lines.push("  the mock was never called".to_owned());
    }
    if verdict.unpolled > 0 && verdict.culprit().is_none() {
        let never_awaited = problems_of_a_mock::never_awaited(verdict.unpolled);
        lines.push(format!("  {never_awaited}: add `.await`"));
    }
    (lines, earlier)
}

/// The entries that get a line.
enum Entry<'v> {
    Call(&'v Call),
    Rejected(&'v RejectedRequest),
}

impl Entry<'_> {
    /// The number of the call, or of the one before it, and whether it comes after that.
    fn order(&self) -> (usize, bool) {
        match self {
            Entry::Call(call) => (call.number(), false),
            Entry::Rejected(request) => (request.calls, true),
        }
    }
}

/// The noun for the entries, for their number if not all are listed.
pub(super) fn noun(verdict: &Verdict) -> &'static str {
    match verdict.rejected.is_empty() {
        true => "call",
        false => "request",
    }
}
