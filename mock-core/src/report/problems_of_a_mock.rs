//! The problems of a mock, in order. Each kind of problem is explained in a module of its own.

use super::formatting::count;
use super::problem::{Explanation, insert};
use super::{
    broken_conversation, call_without_turn, closure_panic, expectation, missing_feature,
    only_keepalives,
};
use super::{
    rejected_request, server_not_started, too_many_calls, unplayable_turn, unread_events,
    unused_turn,
};
use crate::journal::verdict::Verdict;
use crate::search::Search;

/// Returns the problems of a mock, in order. An unused turn, or an expectation that is not met, is only a problem if no call failed.
pub(super) fn problems(verdict: &Verdict, tasks_to_await: usize) -> Vec<Explanation<'_>> {
    let mut problems = Vec::new();
    insert(&mut problems, closure_panic::problem(verdict));
    insert(&mut problems, unplayable_turn::problem(verdict));
    insert(&mut problems, call_without_turn::problem(verdict));
    insert(&mut problems, broken_conversation::problem(verdict));
    insert(&mut problems, too_many_calls::problem(verdict));
    insert(&mut problems, missing_feature::problem(verdict));
    insert(&mut problems, only_keepalives::problem(verdict));
    if problems.is_empty() && (verdict.unused.is_some() || !verdict.unmet.is_empty()) {
        insert(&mut problems, server_not_started::problem(verdict));
    }
    if problems.is_empty() {
        let unused = verdict.unused;
        let unused = unused.map(|unused| unused_turn::problem(verdict, unused, tasks_to_await));
        insert(&mut problems, unused);
    }
    if problems.is_empty() {
        insert(&mut problems, unread_events::problem(verdict));
    }
    if problems.all(&|problem: &Explanation<'_>| !problem.is_of_a_call()) {
        for unmet in &verdict.unmet {
            insert(&mut problems, Some(expectation::problem(verdict, unmet)));
        }
    }
    if problems.is_empty() {
        insert(&mut problems, rejected_request::problem(verdict));
    }
    problems
}

/// A note about requests whose futures were dropped before they were polled.
pub(super) fn never_awaited(unpolled: usize) -> String {
    let were = if unpolled == 1 { "was" } else { "were" };
    format!(
        "{} {were} built and never awaited",
        count(unpolled, "request")
    )
}
