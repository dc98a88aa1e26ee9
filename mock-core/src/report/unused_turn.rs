//! The problem of a turn that was never used.

use super::formatting::{count, one_line, shorten};
use super::help;
use super::lanes_and_instances::{call_of, first_in_the_middle, instance, last_call};
use super::problem::{Explanation, LONGEST, ProblemKind, mock_headline};
use super::turn::{place, title, turn_lines};
use super::why_not_reached::{Reach, what_would_reach};
use crate::chat::error_kind::ErrorKind;
use crate::journal::calls::{Call, Outcome};
use crate::journal::verdict::{RejectedRequest, Unused, Verdict};

/// Explains the first unused turn of a mock: how the conversation ended instead, and the remedies.
pub(super) fn problem(verdict: &Verdict, unused: Unused, tasks_to_await: usize) -> Explanation<'_> {
    let scenario = &*verdict.scenario;
    let last = last_call(verdict, unused.script);
    let reach = what_would_reach(verdict, unused);
    let instance = last.and_then(instance);
    let mut problem = Explanation::new(
        ProblemKind::UnusedTurn,
        verdict,
        headline(verdict, unused, instance),
    );
    problem.turn = Some(unused.turn);
    let detail = &mut problem.detail;
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
        let (what, noun) = match (is_recorded, &scenario.per) {
            (true, _) => ("exchanges for", "other request"),
            (false, None) => ("turns of", "other lane"),
            (false, Some(_)) => ("turns of", "other instance"),
        };
        turn.push(format!("and {what} {}", count(unused.others, noun)));
    }
    detail.block("expected:", &turn);
    if let Some(reason) = reason(verdict, unused, last, reach.as_ref()) {
        detail.text("but:", format_args!("{}", shorten(&reason, LONGEST)));
    }
    if let Some(began) = first_in_the_middle(verdict) {
        detail.text("note:", format_args!("{began}"));
    }
    help::for_unused(verdict, unused, reach.as_ref(), tasks_to_await, detail);
    problem
}

fn headline(verdict: &Verdict, unused: Unused, instance: Option<String>) -> String {
    let scenario = &verdict.scenario;
    let (never, since) = match verdict.rewound {
        0 => ("never", ""),
        _ => ("not", " since `rewind()`"),
    };
    let used = match (unused.used, scenario.turn(unused.turn).count.min) {
        (0, _) => format!("was {never} used"),
        (used, min) => format!("was used {used} of {min} times"),
    };
    let instance = instance.map_or(String::new(), |instance| format!(" for {instance}"));
    let title = title(scenario, unused.turn);
    mock_headline(
        &verdict.mock,
        format_args!("{title} {used}{instance}{since}"),
        place(scenario, Some(unused.turn)),
        format_args!(""),
    )
}

/// Why the turn was not used, if that is known.
fn reason(
    verdict: &Verdict,
    unused: Unused,
    last: Option<&Call>,
    reach: Option<&Reach>,
) -> Option<String> {
    if verdict.is_client_left {
        return Some(
            "a client blocked the test's thread while it waited for the mock's server".to_owned(),
        );
    }
    if let Some((last, others)) = verdict.last_rejected().split_last() {
        let (how, why) = (answered(last), one_line(&last.problem));
        return Some(match others.len() {
            0 => format!("a request {how}: {why}"),
            others => format!(
                "{} requests were rejected; the last {how}: {why}",
                others + 1
            ),
        });
    }
    match last {
        Some(last) => Some(end_of_call(verdict, unused, last, reach)),
        None if verdict.scenario.turn(unused.turn).is_replayed()
            && unused.script.lane().is_some() =>
        {
            Some("no request is equal to the one that was recorded".to_owned())
        }
        None => reach?.reason.clone(),
    }
}

/// How the last call ended, after which the turn was awaited.
fn end_of_call(verdict: &Verdict, unused: Unused, last: &Call, reach: Option<&Reach>) -> String {
    let number = last.number();
    let nothing = "and no call came after it";
    let why = reach.and_then(|reach| reach.reason.clone());
    if reach.is_some_and(|reach| reach.is_hidden) {
        return why.unwrap_or_default();
    }
    match last.outcome() {
        None if help::is_unread(last) => {
            format!("nothing was read from the stream of call {number}")
        }
        None => format!("call {number} was still going on when the test ended"),
        Some(Outcome::Failed(error)) => match error.kind {
            ErrorKind::Unsupported => format!("call {number} was rejected: {}", error.message),
            kind if error.is_retryable() => {
                format!("call {number} failed with {kind}, and was not retried")
            }
            kind => format!("call {number} failed with {kind}, {nothing}"),
        },
        Some(Outcome::Cancelled) if help::is_unread(last) => {
            format!("the stream of call {number} was dropped before its first event, {nothing}")
        }
        Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => {
            format!("call {number} was dropped before its end, {nothing}")
        }
        Some(_) if number == verdict.rewound => {
            format!("no call came after call {number}, when the script was rewound")
        }
        Some(_) => why.unwrap_or_else(|| {
            let scenario = &verdict.scenario;
            let with = match scenario.turn(unused.turn).awaited_tool() {
                Some(tool) => format!(" with the result of `{tool}`"),
                None => String::new(),
            };
            format!("no call came after {}{with}", call_of(last))
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
