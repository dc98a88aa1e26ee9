//! Explains that an answer was kept alive for a day without content.

use super::problem::{Explanation, GIVE_UP, ProblemKind, block, headline, in_full};
use super::turn::{label, location, title, turn_lines};
use crate::journal::verdict::Verdict;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let call = *verdict.silent.iter().min()?;
    let turn = verdict.answered_by(call)?;
    let mut detail = block("waits:", turn_lines(&verdict.scenario, turn));
    detail.extend(block("help:", in_full(GIVE_UP)));
    Some(Explanation {
        verdict,
        rank: 1,
        // It is known a day after the call, so what else went wrong is usually its cause.
        order: usize::MAX,
        kind: ProblemKind::EndlessSilence,
        call: Some(call),
        turn: Some(turn),
        headline: headline(
            &format!(
                "mock `{}`: for 24 h of the test's clock, call {call} got only keep-alives from {}",
                label(&verdict.mock),
                title(&verdict.scenario, turn)
            ),
            &location(&verdict.scenario, turn),
            "",
        ),
        detail,
    })
}
