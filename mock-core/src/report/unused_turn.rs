//! The problem of a turn that was never used.

use super::formatting::{count, one_line, shorten};
use super::lanes_and_instances::{call_of, first_in_the_middle, instance, last_call};
use super::problem::{Explanation, LONGEST, ProblemKind, block, headline, in_full};
use super::turn::{label, location, title, turn_lines};
use super::{help, why_not_reached};
use crate::chat::error_kind::ErrorKind;
use crate::journal::calls::{Call, Outcome};
use crate::journal::verdict::{RejectedRequest, Unused, Verdict};

/// Explains the first unused turn of a mock.
pub(super) fn problem(verdict: &Verdict, unused: Unused, running_tasks: usize) -> Explanation<'_> {
    Explanation {
        verdict,
        rank: 2,
        order: 0,
        kind: ProblemKind::UnusedTurn,
        call: None,
        turn: Some(unused.turn),
        headline: unused_turn(verdict, unused),
        detail: never_came(verdict, unused, running_tasks),
    }
}

fn unused_turn(verdict: &Verdict, unused: Unused) -> String {
    let scenario = &verdict.scenario;
    let turn = scenario.turn(unused.turn);
    let rewound = match verdict.rewound {
        0 => "",
        _ => " since `rewind()`",
    };
    let used = match (unused.used, turn.count.min) {
        (0, _) if verdict.rewound > 0 => "was not used".to_owned(),
        (0, _) => "was never used".to_owned(),
        (used, min) => format!("was used {used} of {min} times"),
    };
    let last = last_call(verdict, unused.script);
    let instance = last.and_then(|last| instance(scenario, last));
    let instance = instance.map_or(String::new(), |instance| format!(" for {instance}"));
    headline(
        &format!(
            "mock `{}`: {} {used}{instance}{rewound}",
            label(&verdict.mock),
            title(scenario, unused.turn)
        ),
        &location(scenario, unused.turn),
        "",
    )
}

/// Explains an unused turn: how the conversation ended instead, and the remedies.
fn never_came(verdict: &Verdict, unused: Unused, running_tasks: usize) -> Vec<String> {
    let scenario = &*verdict.scenario;
    let mut turn = turn_lines(scenario, unused.turn);
    let is_recorded = scenario.is_recorded() && unused.script.lane().is_some();
    if unused.more > 0 {
        turn.push(match is_recorded {
            true => format!(
                "and {} for this request",
                count(unused.more, "more exchange")
            ),
            false => format!("and {} after it", count(unused.more, "turn")),
        });
    }
    if unused.others > 0 {
        turn.push(match (is_recorded, &scenario.per) {
            (true, _) => format!(
                "and exchanges for {}",
                count(unused.others, "other request")
            ),
            (false, None) => format!("and turns of {}", count(unused.others, "other lane")),
            (false, Some(_)) => {
                format!("and turns of {}", count(unused.others, "other instance"))
            }
        });
    }
    let mut lines = block("expected:", turn);
    let reason = match last_call(verdict, unused.script) {
        Some(last) => Some(end_of_call(verdict, unused, last)),
        None if scenario.turn(unused.turn).is_replayed() && unused.script.lane().is_some() => {
            Some("no request is equal to the one that was recorded".to_owned())
        }
        None => {
            why_not_reached::what_would_reach_script(verdict, unused).and_then(|reach| reach.reason)
        }
    };
    let reason = match verdict.last_rejected() {
        _ if verdict.is_client_left => Some(
            "a client blocked the test's thread while it waited for the mock's server".to_owned(),
        ),
        [] => reason,
        [request] => Some(format!(
            "a request {}: {}",
            answered(request),
            one_line(&request.problem)
        )),
        [rejected @ .., last] => Some(format!(
            "{} requests were rejected; the last {}: {}",
            rejected.len() + 1,
            answered(last),
            one_line(&last.problem)
        )),
    };
    if let Some(reason) = reason {
        lines.extend(block("but:", in_full(&shorten(&reason, LONGEST))));
    }
    if let Some(began) = first_in_the_middle(verdict) {
        lines.extend(block("note:", in_full(&began)));
    }
    lines.extend(help::for_unused(verdict, unused, running_tasks));
    lines
}

/// How the last call ended, after which the turn was awaited.
fn end_of_call(verdict: &Verdict, unused: Unused, last: &Call) -> String {
    let scenario = &*verdict.scenario;
    let with = match scenario.turn(unused.turn).awaited_tool() {
        Some(tool) => format!(" with the result of `{tool}`"),
        None => String::new(),
    };
    let number = last.number();
    let reach = why_not_reached::what_would_reach_turn(verdict, unused);
    match last.outcome() {
        _ if reach.is_hidden => reach.reason.unwrap_or_default(),
        None if help::is_unread(last) => {
            format!("nothing was read from the stream of call {number}")
        }
        None => format!("call {number} was still going on when the test ended"),
        Some(Outcome::Failed(error)) if error.kind == ErrorKind::Unsupported => {
            format!("call {number} was rejected: {}", error.message)
        }
        Some(Outcome::Failed(error)) if error.is_retryable() => {
            format!(
                "call {number} failed with {}, and was not retried",
                error.kind
            )
        }
        Some(Outcome::Failed(error)) => {
            format!(
                "call {number} failed with {}, and no call came after it",
                error.kind
            )
        }
        Some(Outcome::Cancelled) if help::is_unread(last) => format!(
            "the stream of call {number} was dropped before its first event, and no call came after it"
        ),
        Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => {
            format!("call {number} was dropped before its end, and no call came after it")
        }
        Some(_) if number == verdict.rewound => {
            format!("no call came after call {number}, when the script was rewound")
        }
        Some(_) => reach.reason.unwrap_or_else(|| {
            let call = call_of(scenario, last);
            format!("no call came after {call}{with}")
        }),
    }
}

/// How the server rejected a request.
pub(super) fn answered(request: &RejectedRequest) -> String {
    match request.status {
        Some(status) => format!("was rejected with {status}"),
        None => "was not answered".to_owned(),
    }
}
