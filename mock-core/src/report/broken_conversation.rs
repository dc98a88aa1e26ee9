//! A conversation whose tool calls and results do not pair.

use super::formatting::{count, joined};
use super::problem::{Explanation, ProblemKind, mock_headline};
use crate::chat::conversation::{Before, Mistake, Named, ResultPlace};
use crate::journal::verdict::Verdict;

/// The remedy if a test sends such a conversation on purpose.
const ALLOW: &str = "or let the mock answer broken conversations: `allow = [broken_conversations]`";

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let broken = verdict.problems.broken.as_ref()?;
    let request = match broken.call {
        Some(call) => format!("call {call}"),
        None => "a request".to_owned(),
    };
    let headline = mock_headline(
        &verdict.mock,
        format_args!("{request} has a broken conversation"),
        verdict.scenario.place,
        format_args!(": {}", in_short(&broken.mistake)),
    );
    let mut problem = Explanation::new(ProblemKind::BrokenConversation, verdict, headline);
    problem.order = broken.order;
    problem.call = broken.call;
    let but = in_short_and_where(&broken.mistake);
    problem.detail.text("but:", format_args!("{but}"));
    let remedy = remedy(&broken.mistake);
    problem.detail.help(format_args!("{remedy}"));
    problem.detail.help(format_args!("{ALLOW}"));
    Some(problem)
}

fn in_short(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Unasked { result, .. } if result.is_unknown() => {
            "a result has no call id".to_owned()
        }
        Mistake::Unasked {
            result,
            before: Before::Other,
            ..
        } => format!("the result of {result} has no call; was the history trimmed?"),
        Mistake::Unasked { result, .. } => format!("the result of {result} has no call"),
        Mistake::AnsweredTwice { call, .. } => format!("{call} has two results"),
        Mistake::Unanswered { calls, .. } => match calls.as_slice() {
            [call] => format!("{call} has no result"),
            [call, others @ ..] => format!(
                "{call} has no result, nor {} after it",
                count(others.len(), "call")
            ),
            [] => "a call has no result".to_owned(),
        },
    }
}

fn in_short_and_where(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Unasked {
            message,
            place,
            before,
            result,
        } => {
            let directly = place.described(" directly before it");
            match before {
                Before::Calls(calls) if result.is_unknown() => format!(
                    "messages[{message}] is a result without a call id; the calls before it: {}",
                    named(calls)
                ),
                Before::Calls(calls) => format!(
                    "messages[{message}] is a result of {result}; the calls before it: {}",
                    named(calls)
                ),
                Before::Assistant(assistant) => format!(
                    "messages[{message}] is a result, and messages[{assistant}], the assistant's, has no tool calls"
                ),
                Before::Other => {
                    format!("messages[{message}] is a result, and there is no call{directly}")
                }
            }
        }
        Mistake::AnsweredTwice { message, .. } => {
            format!("messages[{message}] is a second result")
        }
        Mistake::Unanswered {
            message,
            late,
            place,
            next,
            ..
        } => match (late, next) {
            (Some(late), _) => format!(
                "messages[{message}] has the call, and its result comes too late, in messages[{late}]"
            ),
            (None, Some(role)) if *place != ResultPlace::Anywhere => format!(
                "messages[{message}] has the call, and messages[{}], directly after it, is the {}'s, not a result",
                message + 1,
                role.as_str()
            ),
            (None, _) => {
                let after = place.described(" directly after it");
                format!("messages[{message}] has the call, and there is no result{after}")
            }
        },
    }
}

/// The most calls that are named.
const NAMED: usize = 3;

fn named(calls: &[Named]) -> String {
    let mut named = joined(&calls[..calls.len().min(NAMED)], ", ", Named::to_string);
    if let Some(more @ 1..) = calls.len().checked_sub(NAMED) {
        named.push_str(&format!(", and {more} more"));
    }
    named
}

fn remedy(mistake: &Mistake) -> &'static str {
    match mistake {
        Mistake::Unasked {
            before: Before::Calls(_),
            ..
        } => "send the id of the call with its result",
        Mistake::Unasked {
            before: Before::Assistant(_),
            ..
        } => "keep the tool calls in the assistant's message, also where the adapter converts it",
        Mistake::Unasked { .. } => {
            "keep a call and its result together where you trim the history, and send the call's id with the result"
        }
        Mistake::AnsweredTwice { .. } => "send one result for each call",
        Mistake::Unanswered { late: Some(_), .. } => {
            "send the results right after the calls, before any other text"
        }
        Mistake::Unanswered { .. } => {
            "send a result for each call right after it, also for a tool that failed"
        }
    }
}
