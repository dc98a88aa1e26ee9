//! Explains that an answer was kept alive for a day without content.

use super::problem::{Explanation, GIVE_UP, ProblemKind, mock_headline};
use super::turn::{place, title};
use crate::journal::verdict::Verdict;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let scenario = &verdict.scenario;
    let call = *verdict.silent.iter().min()?;
    let turn = verdict.answered_by(call)?;
    let headline = mock_headline(
        &verdict.mock,
        format_args!(
            "for 24 h of the test's clock, call {call} got only keep-alives from {}",
            title(scenario, turn)
        ),
        place(scenario, Some(turn)),
        format_args!(""),
    );
    let mut problem = Explanation::new(ProblemKind::OnlyKeepalives, verdict, headline);
    // The silence is noticed a day after the call. So any other problem is usually its cause, and comes first.
    problem.order = usize::MAX;
    problem.call = Some(call);
    problem.turn = Some(turn);
    problem.detail.turn("waits:", scenario, turn);
    problem.detail.help(format_args!("{GIVE_UP}"));
    Some(problem)
}
