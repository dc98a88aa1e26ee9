//! The problems of a mock, in order. Each kind of problem is explained in a module of its own.

use super::formatting::count;
use super::problem::{Explanation, insert};
use super::{
    broken_conversation, call_without_turn, closure_panic, endless_silence, expectation,
    missing_feature,
};
use super::{
    rejected_request, server_not_started, too_many_calls, unplayable_turn, untaken_events,
    unused_turn,
};
use crate::journal::verdict::Verdict;
use crate::search::Search;

/// Returns the first problem of a mock.
pub(super) fn first_problem(verdict: &Verdict, running_tasks: usize) -> Option<Explanation<'_>> {
    problems(verdict, running_tasks).into_iter().next()
}

/// Returns the problems of a mock, in order. An unused turn, or an expectation that is not met, is only a problem if no call failed.
pub(super) fn problems(verdict: &Verdict, running_tasks: usize) -> Vec<Explanation<'_>> {
    let mut problems = Vec::new();
    let mut add = |problem: Option<_>| {
        if let Some(problem) = problem {
            insert(&mut problems, problem);
        }
    };
    add(closure_panic::problem(verdict));
    add(unplayable_turn::problem(verdict));
    add(call_without_turn::problem(verdict));
    add(broken_conversation::problem(verdict));
    add(too_many_calls::problem(verdict));
    add(missing_feature::problem(verdict));
    add(endless_silence::problem(verdict));
    if problems.is_empty() && (verdict.unused.is_some() || !verdict.unmet.is_empty()) {
        problems.extend(server_not_started::problem(verdict));
    }
    if let (true, Some(unused)) = (problems.is_empty(), verdict.unused) {
        problems.push(unused_turn::problem(verdict, unused, running_tasks));
    }
    if problems.is_empty() {
        problems.extend(untaken_events::problem(verdict));
    }
    if problems.all(&|problem| !problem.is_of_a_call()) {
        for unmet in &verdict.unmet {
            problems.push(expectation::problem(verdict, unmet));
        }
    }
    if problems.is_empty() {
        problems.extend(rejected_request::problem(verdict));
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
