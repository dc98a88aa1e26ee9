//! Explains that a mock got as many calls, or as many messages, as it may.

use super::formatting::{count, short_place};
use super::help;
use super::problem::{Explanation, ProblemKind, block, headline};
use super::turn::{label, location, title, turn_lines};
use crate::journal::verdict::{MAX_MESSAGES, TooManyCalls, Verdict};
use crate::scenario::Scenario;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let too_many = verdict.problems.too_many?;
    let scenario = &*verdict.scenario;
    let mut detail = Vec::new();
    let mut ways = vec!["limit the steps and the retries of the code under test".to_owned()];
    if let Some((turn, _)) = too_many.most {
        detail.extend(block("answers:", turn_lines(scenario, turn)));
        let is_endless = scenario.turn(turn).count.max == u32::MAX;
        match turn.in_script() {
            Some(_) if is_endless => ways.push("or let the turn end: `.times(1)`".to_owned()),
            Some(_) => {}
            None => ways.push(format!(
                "or let the script answer in place of {}, a turn for each call",
                title(scenario, turn)
            )),
        }
    }
    ways.push(format!(
        "or, if so many calls are meant, let the mock get more: `max_calls = {}`",
        too_many.calls.saturating_mul(10)
    ));
    detail.extend(help::lines(ways));
    Some(Explanation {
        verdict,
        rank: 1,
        order: too_many.order,
        kind: ProblemKind::TooManyCalls,
        call: None,
        turn: too_many.most.map(|(turn, _)| turn),
        headline: too_many_calls(&verdict.mock, scenario, too_many),
        detail,
    })
}

/// Returns one line: how many calls there were, and which turn answered most of them.
pub(crate) fn too_many_calls(mock: &str, scenario: &Scenario, too_many: TooManyCalls) -> String {
    let mock = label(mock);
    let calls = match scenario.max_calls {
        Some(max) => format!("more than {}", count(max as usize, "call")),
        None => format!(
            "more than {MAX_MESSAGES} messages in {}",
            count(too_many.calls, "call")
        ),
    };
    match too_many.most {
        Some((turn, answered)) => headline(
            &format!(
                "mock `{mock}`: {calls}, {answered} of them answered by {}",
                title(scenario, turn)
            ),
            &location(scenario, turn),
            ": a loop?",
        ),
        None => headline(
            &format!("mock `{mock}`: {calls}, none of them answered by a turn"),
            &short_place(scenario.place),
            ": a loop?",
        ),
    }
}
