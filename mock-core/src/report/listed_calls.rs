//! The calls that a report lists, and the requests that the server rejected between them.

use super::formatting::count;
use super::{CALLS, call_lines, problems_of_a_mock};
use crate::journal::verdict::Verdict;
use crate::search::Search;
use crate::sort_and_group::sort_by;

/// How many calls are listed after the one that went wrong.
const AFTER: usize = 2;

/// A line for each of the last calls, and how many there were before. Of the calls after the one that went wrong, only the first
/// few are listed. Requests that the server rejected are listed among the calls.
pub(super) fn calls(verdict: &Verdict) -> (Vec<String>, usize) {
    let (calls, rejected) = (&verdict.calls, &verdict.rejected);
    // The rejected requests are numbered after the calls.
    let mut all = Vec::from_iter(0..calls.len() + rejected.len());
    sort_by(&mut all, &|entry| match entry.checked_sub(calls.len()) {
        None => 2 * entry as u64 + 2,
        Some(request) => 2 * rejected[request].calls as u64 + 1,
    });
    let culprit = verdict.culprit().filter(|culprit| *culprit <= calls.len());
    let last = match culprit.and_then(|culprit| all.position(&|entry| *entry + 1 == culprit)) {
        Some(culprit) => all.len().min(culprit + 1 + AFTER),
        None => all.len(),
    };
    let earlier = last.saturating_sub(CALLS);
    let mut lines = Vec::new();
    for &entry in &all[earlier..last] {
        lines.push(match calls.get(entry) {
            Some(call) => call_lines::line(verdict, call),
            None => call_lines::request(&rejected[entry - calls.len()]),
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

/// The noun for the entries, for their number if not all are listed.
pub(super) fn noun(verdict: &Verdict) -> &'static str {
    match verdict.rejected.is_empty() {
        true => "call",
        false => "request",
    }
}
