//! Explains that a mock got as many calls, or as many messages, as it may.

use super::formatting::count;
use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::{place, title};
use crate::journal::verdict::{MAX_MESSAGES, TooManyCalls, Verdict};
use crate::scenario::Scenario;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let too_many = verdict.problems.too_many?;
    let scenario = &*verdict.scenario;
    let headline = too_many_calls(&verdict.mock, scenario, too_many);
    let mut problem = Explanation::new(ProblemKind::TooManyCalls, verdict, headline);
    problem.order = too_many.order;
    let detail = &mut problem.detail;
    let most = too_many.most.map(|(turn, _)| turn);
    if let Some(turn) = most {
        detail.turn("answers:", scenario, turn);
    }
    detail.help(format_args!(
        "limit the steps and the retries of the code under test"
    ));
    if let Some(turn) = most {
        if turn.in_script().is_none() {
            let title = title(scenario, turn);
            detail.help(format_args!(
                "or let the script answer in place of {title}, a turn for each call"
            ));
        } else if scenario.turn(turn).count.max == u32::MAX {
            detail.help(format_args!("or let the turn end: `.times(1)`"));
        }
    }
    let enough = too_many.calls.saturating_mul(10);
    detail.help(format_args!(
        "or, if so many calls are meant, let the mock get more: `max_calls = {enough}`"
    ));
    problem.turn = most;
    Some(problem)
}

/// Returns one line: how many calls there were, and which turn answered most of them.
pub(crate) fn too_many_calls(mock: &str, scenario: &Scenario, too_many: TooManyCalls) -> String {
    let calls = match scenario.max_calls {
        Some(max) => count(max as usize, "call"),
        None => format!(
            "{MAX_MESSAGES} messages in {}",
            count(too_many.calls, "call")
        ),
    };
    let (turn, answered_by) = match too_many.most {
        Some((turn, answered)) => {
            let title = title(scenario, turn);
            (
                Some(turn),
                format!("{answered} of them answered by {title}"),
            )
        }
        None => (None, "none of them answered by a turn".to_owned()),
    };
    mock_headline(
        mock,
        format_args!("more than {calls}, {answered_by}"),
        place(scenario, turn),
        format_args!(": a loop?"),
    )
}
