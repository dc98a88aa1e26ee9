//! Explains that a closure of a mock panicked.

use super::WIDTH;
use super::formatting::{one_line, shorten};
use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::place;
use crate::journal::verdict::Verdict;
use crate::scenario::{Matcher, Turn};
use crate::search::Search;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let panic = verdict.problems.panic.as_ref()?;
    let (scenario, call) = (&verdict.scenario, panic.call);
    let answered_by = verdict.answered_by(call);
    let has_closure = |turn: &Turn| turn.matchers.any(&Matcher::has_closure);
    let at = match answered_by {
        Some(turn) => Some(turn),
        None => scenario.first_turn(&has_closure).map(|(turn, _)| turn),
    };
    let message = panic.message.lines().next().unwrap_or_default();
    let headline = mock_headline(
        &verdict.mock,
        format_args!("a closure panicked in call {call}"),
        place(scenario, at),
        format_args!(": {}", shorten(&one_line(message), WIDTH)),
    );
    let mut problem = Explanation::new(ProblemKind::ClosurePanicked, verdict, headline);
    problem.order = panic.order;
    problem.call = Some(call);
    problem.turn = answered_by;
    Some(problem)
}
