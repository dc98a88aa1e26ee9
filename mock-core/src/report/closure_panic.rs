//! Explains that a closure of a mock panicked.

use super::WIDTH;
use super::formatting::{one_line, short_place, shorten};
use super::problem::{Explanation, ProblemKind, headline};
use super::turn::label;
use crate::journal::calls::Call;
use crate::journal::verdict::{ClosurePanic, Verdict};
use crate::scenario::{Matcher, Turn};
use crate::search::Search;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let panic = verdict.problems.panic.as_ref()?;
    Some(Explanation {
        verdict,
        rank: 0,
        order: panic.order,
        kind: ProblemKind::ClosurePanicked,
        call: Some(panic.call),
        turn: verdict.answered_by(panic.call),
        headline: headline_of(verdict, panic),
        detail: Vec::new(),
    })
}

fn headline_of(verdict: &Verdict, panic: &ClosurePanic) -> String {
    let scenario = &verdict.scenario;
    let call = verdict.calls.get(panic.call - 1);
    // The turn that it answered, or the first with a closure.
    let has_closure = |turn: &Turn| turn.matchers.any(&Matcher::has_closure);
    let turn = match call.and_then(Call::answered_by) {
        Some(index) => Some(scenario.turn(index)),
        None => scenario.first_turn(&has_closure).map(|(_, turn)| turn),
    };
    let message = panic.message.lines().next().unwrap_or_default();
    headline(
        &format!(
            "mock `{}`: a closure panicked in call {}",
            label(&verdict.mock),
            panic.call
        ),
        &short_place(turn.map_or(scenario.place, |turn| scenario.place_of(turn))),
        &format!(": {}", shorten(&one_line(message), WIDTH)),
    )
}
