//! A script with turns that replay, once the cassette is known.

use crate::report::count as count_of;
use crate::scenario::{Flush, Pace, Replay, Split, Turn};
use crate::search::Search;

/// A script in which each turn that replays has become one turn for each of its exchanges.
pub(super) fn laid_over(script: &[Turn], recorded: &[Turn]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut next = 0;
    for turn in script {
        let count = match turn.replay {
            Replay::Next(count) => count as usize,
            Replay::Rest => recorded.len() - next,
            Replay::No | Replay::Of(_) | Replay::Wrong(..) => {
                turns.push(turn.clone());
                continue;
            }
        };
        let left = &recorded[next..];
        if let Some((problem, remedy)) = problem(turn, count, left.len(), recorded.len()) {
            turns.push(Turn {
                replay: Replay::Wrong(problem, remedy),
                ..turn.clone()
            });
            continue;
        }
        turns.extend(
            left[..count]
                .iter()
                .map(|exchange| with_recorded_actions(turn, exchange)),
        );
        // With a fault, the next `replay` starts with the same exchange, which answers the retry.
        if turn.fault.is_none() {
            next += count;
        }
    }
    turns
}

/// The turn that plays a recorded exchange as this turn of a script says.
fn with_recorded_actions(turn: &Turn, recorded: &Turn) -> Turn {
    let mut actions = turn.actions.to_vec();
    actions.extend_from_slice(&recorded.actions);
    Turn {
        name: turn.name.clone(),
        count: turn.count,
        ttft: turn.ttft,
        fault: turn.fault.clone(),
        actions: actions.into(),
        ..recorded.clone()
    }
}

/// Why a turn cannot replay so many exchanges, where so many are left of all.
fn problem(turn: &Turn, count: usize, left: usize, all: usize) -> Option<(String, &'static str)> {
    let wrong = |problem: &str, remedy| Some((problem.to_owned(), remedy));
    let some = |number| count_of(number, "exchange");
    if count == 0 && left == 0 {
        let problem = format!("all {} are replayed before it", some(all));
        return Some((problem, "remove it, or replay fewer before it"));
    }
    if count == 0 {
        return wrong("it replays nothing", "write a number from 1");
    }
    if count > left {
        let problem = match left == all {
            true => format!("it replays {}, and the cassette has {all}", some(count)),
            false => format!(
                "it replays {}, and {left} of the {all} in the cassette {} left",
                some(count),
                if left == 1 { "is" } else { "are" }
            ),
        };
        return Some((problem, "replay fewer, or record more"));
    }
    if !turn.matchers.is_empty() {
        return wrong(
            "it replays the answer to a recorded request, and has matchers",
            "remove `on(..)`: a replayed answer is for the request that was recorded",
        );
    }
    if !turn.actions.all(&|action| action.is_wait()) {
        return wrong(
            "it replays a recorded answer, and has another one",
            "write two turns",
        );
    }
    let Turn {
        pace,
        split,
        pieces,
        finish,
        usage,
        keepalive,
        flush,
        status,
        headers,
        ..
    } = turn;
    if *pace != Pace::NONE {
        return wrong(
            "its pace is the recorded one",
            "remove `.every(..)` or `.tokens_per_second(..)`, or use `Cassette::scale_gaps`",
        );
    }
    let is_plain = *split == Split::Words
        && *pieces == 1
        && !finish.is_set()
        && !usage.is_set()
        && keepalive.is_none()
        && *flush == Flush::Together
        && status.is_none()
        && headers.is_empty();
    if !is_plain {
        return wrong(
            "its answer is the recorded one",
            "remove all but `.times(..)`, `.ttft(..)`, `.named(..)` and a fault",
        );
    }
    let is_of_one = turn.fault.is_some()
        || turn.count != crate::scenario::Count::ONCE
        || turn.name.is_some()
        || !turn.actions.is_empty();
    if is_of_one && !matches!(turn.replay, Replay::Next(1)) {
        return wrong(
            "it has parts that apply to one exchange only",
            "write `replay(1)` with it, and another `replay(..)` for the others",
        );
    }
    None
}
