//! A test that does not end: which call waits, and for what.

use std::time::Duration;

use super::problem::{block, headline, turn_lines};
use super::text::{shorten, time};
use super::turn::{fault, label, place, stalls, title, waits_at};
use super::{CALLS, Report, WIDTH};
use crate::journal::Call;
use crate::scenario::TurnIndex;
use crate::verdict::Verdict;

/// How the report of a test begins whose time ran out.
pub(super) const TIME_OUT: &str = "the test's time-out of";

/// What is said of a test that did not end, as `head` says; `none` is said where no call waits, and `remedy` then.
pub(super) fn waiting(head: &str, none: &str, remedy: &str, verdicts: &[Verdict]) -> Report {
    let mut pending = verdicts
        .iter()
        .filter_map(|verdict| Some((verdict, first_pending(verdict)?)));
    let Some((verdict, call)) = pending.next() else {
        return Report {
            headline: format!("{head}{none}"),
            calls: Vec::new(),
            earlier: 0,
            noun: "call",
            detail: match remedy {
                "" => Vec::new(),
                remedy => block("do:", vec![remedy.to_owned()]),
            },
        };
    };
    // Only calls that a turn answers are pending.
    let index = call.answered_by().unwrap_or(TurnIndex::Otherwise);
    let turn = verdict.scenario.turn(index);
    let (number, mock) = (call.number(), label(&verdict.mock));
    let stalls = || stalls(turn).and_then(|_| fault(turn));
    let (waits, remedy) = match waits_at(verdict, call).or_else(stalls) {
        Some(word) => {
            let waits = format!("{head}: call {number} of `{mock}` waits: `.{word}`");
            (waits, remedy_of(&word))
        }
        None => {
            let title = title(&verdict.scenario, index);
            (
                format!("{head}: call {number} of `{mock}` waits for {title}"),
                String::new(),
            )
        }
    };
    let mut detail = block("waits:", turn_lines(&verdict.scenario, index));
    if !remedy.is_empty() {
        detail.extend(block("do:", vec![remedy]));
    }
    for (verdict, call) in pending.take(2) {
        let line = format!("also, call {} of `{}` waits", call.number(), verdict.mock);
        detail.push(shorten(&line, WIDTH));
    }
    let (calls, earlier) = super::calls(verdict, CALLS);
    Report {
        headline: headline(&waits, &place(&verdict.scenario, index), ""),
        calls,
        earlier,
        noun: super::noun(verdict),
        detail,
    }
}

/// What to do about a call that waits at this word of its turn.
fn remedy_of(word: &str) -> String {
    match word.split_once('(').unwrap_or_default() {
        ("gate", _) => format!("open the gate in the test: `mock.{word}.open()`"),
        ("driven", name) => {
            format!("say in the test what comes, to its end: `mock.driver({name}.finish()`")
        }
        _ => "put a time-out around the call, as in `tokio::time::timeout(..)`".to_owned(),
    }
}

fn first_pending(verdict: &Verdict) -> Option<&Call> {
    verdict
        .calls
        .iter()
        .find(|call| call.outcome().is_none() && call.answered_by().is_some())
}

/// What a test says that took too long on the clock on the wall.
pub(super) fn stuck(guard: Duration, verdicts: &[Verdict]) -> Report {
    waiting(
        &format!("the test did not end within {}", time(guard)),
        ": something blocks its thread, and it is no mock",
        "use tokio's sleep, locks and channels in the test, and `spawn_blocking` for what blocks",
        verdicts,
    )
}

/// What a test says whose body took too long on its own clock.
pub(super) fn timed_out(timeout: Duration, verdicts: &[Verdict]) -> Report {
    waiting(
        &format!("{TIME_OUT} {} ran out", time(timeout)),
        ", and no call of a mock waits",
        "",
        verdicts,
    )
}
