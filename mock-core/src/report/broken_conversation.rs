//! A conversation whose tool calls and results do not pair.

use super::formatting::{count, short_place};
use super::help;
use super::problem::{Explanation, ProblemKind, block, headline, in_full};
use super::turn::label;
use crate::chat::conversation::Mistake;
use crate::journal::verdict::Verdict;

/// The remedy if a test sends such a conversation on purpose.
const ALLOW: &str = "or let the mock answer broken conversations: `allow = [broken_conversations]`";

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let broken = verdict.broken.as_ref()?;
    let request = match broken.call {
        Some(call) => format!("call {call}"),
        None => "a request".to_owned(),
    };
    let mut detail = block("but:", in_full(&in_short_and_where(&broken.mistake)));
    detail.extend(help::lines(vec![
        remedy(&broken.mistake).to_owned(),
        ALLOW.to_owned(),
    ]));
    Some(Explanation {
        verdict,
        rank: 1,
        order: broken.order,
        kind: ProblemKind::BrokenConversation,
        call: broken.call,
        turn: None,
        headline: headline(
            &format!(
                "mock `{}`: {request} has a broken conversation",
                label(&verdict.mock)
            ),
            &short_place(verdict.scenario.place),
            &format!(": {}", in_short(&broken.mistake)),
        ),
        detail,
    })
}

fn in_short(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Unasked { result, .. } => {
            format!("the result of {result} has no call; was the history trimmed?")
        }
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
        Mistake::Unasked { message, place, .. } => {
            let before = place.described(" right before it");
            format!("messages[{message}] holds a result, and no call{before} asks for that")
        }
        Mistake::AnsweredTwice { message, .. } => {
            format!("messages[{message}] holds a second result")
        }
        Mistake::Unanswered {
            message,
            late,
            place,
            ..
        } => match late {
            Some(late) => format!(
                "messages[{message}] holds the call, and its result comes too late, in messages[{late}]"
            ),
            None => {
                let after = place.described(" right after it");
                format!("messages[{message}] holds the call, and no result{after} answers it")
            }
        },
    }
}

fn remedy(mistake: &Mistake) -> &'static str {
    match mistake {
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
