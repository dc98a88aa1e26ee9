//! The variations of one turn in a sweep.

use std::time::Duration;

use super::apply_change::matchers_before;
use super::{Change, ChangeKind, PlainRunCalls, SweepFault};
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::FinishReason;
use crate::scenario::call_ids::names_the_call;
use crate::scenario::{
    Action, After, Arguments, Count, Failure, Fault, FaultKind, Flush, Keepalive, List, Scenario,
    ScriptedCall, Setting, Split, Text, Turn, TurnIndex,
};
use crate::search::Search;

/// The `retry-after` of a rate limit.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The time between keep-alives.
const KEEPALIVE: Duration = Duration::from_secs(5);

/// More pieces than most arguments have characters, so that each is a piece of its own.
const SINGLE_CHARACTERS: u32 = 1_000;

/// The failures that are reported within an answer: one that may pass, and one that does not.
const WITHIN: [ErrorKind; 2] = [ErrorKind::ServerError, ErrorKind::ContentFilter];

/// The finish reasons of an answer that is not complete.
const ENDED_EARLY: [FinishReason; 2] = [FinishReason::Length, FinishReason::ContentFilter];

/// Adds the changes of one sort for the turn at this index. Some cannot be played.
pub(super) fn add(
    scenario: &Scenario,
    (at, turn): (TurnIndex, &Turn),
    fault: SweepFault,
    plain_run: PlainRunCalls,
    changes: &mut Vec<Change>,
) {
    if fault == SweepFault::Pieces {
        let mut deliveries = deliveries(turn, plain_run);
        deliveries.retain(|other| is_another(other, turn));
        for turn in deliveries {
            changes.push(Change {
                at,
                turns: vec![turn],
                replaces: true,
                kind: ChangeKind::Delivery,
            });
        }
        return;
    }
    let Some(matchers) = matchers_before(scenario, (at, turn)) else {
        return;
    };
    let before = Turn {
        matchers: matchers.into(),
        ..before(turn)
    };
    let (kind, mut faulty) = match fault {
        SweepFault::Fail => (ChangeKind::Fault, failures(&before)),
        SweepFault::Arguments => (ChangeKind::OtherContent, calls(&before)),
        _ if before.fault.is_some() => return,
        SweepFault::Finish => (ChangeKind::Fault, without_content(&before)),
        SweepFault::Keepalive if plain_run.is_served && plain_run.is_streamed => {
            (ChangeKind::Fault, silences(&before))
        }
        _ => (ChangeKind::Fault, all_broken(&before, fault, plain_run)),
    };
    if looks_like_a_retry(scenario, (at, turn)) {
        faulty.retain(|faulty| !breaks_behind_the_finish(faulty));
    }
    let first = Turn {
        matchers: before.matchers,
        count: Count { min: 1, max: 1 },
        ..turn.clone()
    };
    let mut firsts = vec![Vec::new()];
    if plain_run.calls > 1 {
        firsts.push(vec![first]);
    }
    for first in firsts {
        let answers = Answers { first, turn };
        for faulty in &faulty {
            changes.push(answers.around(at, kind, faulty.clone()));
        }
    }
}

/// Whether the request after a turn looks like a retry of it: the turn has no matchers, and another comes after it. Code may take an answer
/// that breaks off behind its finish as whole, and then asks what the next turn answers.
fn looks_like_a_retry(scenario: &Scenario, (at, turn): (TurnIndex, &Turn)) -> bool {
    let is_last = match at {
        TurnIndex::Script(index) => index + 1 == scenario.turns.len(),
        TurnIndex::Lane { lane, turn } => turn + 1 == scenario.lanes[lane].turns.len(),
        TurnIndex::Rule(_) | TurnIndex::Otherwise => true,
    };
    turn.matchers.is_empty() && !is_last
}

fn breaks_behind_the_finish(turn: &Turn) -> bool {
    let fault = turn.fault.as_ref();
    fault.is_some_and(|fault| fault.after.is_behind_the_finish())
}

/// The answers of a turn around a faulty one.
struct Answers<'a> {
    /// The answers before the faulty one.
    first: Vec<Turn>,
    turn: &'a Turn,
}

impl Answers<'_> {
    fn around(&self, at: TurnIndex, kind: ChangeKind, faulty: Turn) -> Change {
        let mut turns = self.first.clone();
        turns.push(faulty);
        let is_in_list = matches!(at, TurnIndex::Script(_) | TurnIndex::Lane { .. });
        let replaces = is_in_list && !self.first.is_empty();
        if replaces {
            turns.push(without_first(self.turn));
        }
        Change {
            at,
            turns,
            replaces,
            kind,
        }
    }
}

/// Returns the turn with one answer less.
fn without_first(turn: &Turn) -> Turn {
    let Count { min, max } = turn.count;
    let count = match max {
        u32::MAX => Count {
            min: min.saturating_sub(1).max(1),
            max,
        },
        _ => Count {
            min: min.saturating_sub(1),
            max: max.saturating_sub(1),
        },
    };
    Turn {
        name: None,
        count,
        ..turn.clone()
    }
}

/// A turn that breaks off at each of its places.
fn all_broken(before: &Turn, fault: SweepFault, plain_run: PlainRunCalls) -> Vec<Turn> {
    let mut all = Vec::new();
    for kind in kinds(fault) {
        all.extend(places(before, plain_run).map(|after| broken(before, &kind, after)));
    }
    all
}

/// A turn that answers once, or never, what this one answers.
fn before(turn: &Turn) -> Turn {
    let mut before = Turn {
        name: None,
        count: Count { min: 0, max: 1 },
        ..turn.clone()
    };
    for action in before.actions.to_mut() {
        // Drop a fixed id: the varied turn makes a call with the same id.
        if let Action::Call(call) = action
            && !call.id.as_ref().is_some_and(names_the_call)
        {
            call.id = None;
        }
    }
    before
}

/// Adds a change for each failure that can replace the answer.
fn failures(before: &Turn) -> Vec<Turn> {
    let fail = |kind, retry_after| {
        let failure = Failure {
            kind,
            retry_after,
            ..Failure::EMPTY
        };
        Turn {
            place: before.place,
            matchers: before.matchers.clone(),
            count: before.count,
            actions: vec![Action::Fail(failure)].into(),
            // The failure answers the same requests as the turn.
            #[cfg(feature = "cassette")]
            replay: before.replay.clone(),
            ..Turn::EMPTY
        }
    };
    let is_of_mock = |kind: &&ErrorKind| {
        use ErrorKind::{Unscripted, Unsupported};
        matches!(kind, Unscripted | Unsupported)
    };
    let kinds = ErrorKind::ALL.iter().filter(|kind| !is_of_mock(kind));
    let mut failures: Vec<_> = kinds.map(|kind| fail(*kind, None)).collect();
    failures.push(fail(ErrorKind::RateLimit, Some(RETRY_AFTER)));
    failures
}

/// How the answer breaks off.
fn kinds(fault: SweepFault) -> Vec<FaultKind> {
    match fault {
        SweepFault::Cut => vec![FaultKind::Cut],
        SweepFault::End => vec![FaultKind::End],
        SweepFault::Stall => vec![FaultKind::Stall],
        SweepFault::Malformed => vec![FaultKind::Malformed],
        SweepFault::Error => WITHIN
            .map(|kind| {
                FaultKind::Error(Failure {
                    kind,
                    ..Failure::EMPTY
                })
            })
            .into(),
        _ => Vec::new(),
    }
}

/// The places at which an answer may break off. One that comes whole does not show where it broke off.
fn places(turn: &Turn, plain_run: PlainRunCalls) -> impl Iterator<Item = After> + use<> {
    let is_driven = |action: &Action| matches!(action, Action::Driven(_));
    let is_driven = turn.actions.any(&is_driven);
    let deltas = match (plain_run.is_streamed, is_driven) {
        // A driver sends each event once, so the answer only breaks off before the first.
        (_, true) => 1,
        (true, false) => turn.least_deltas().max(1),
        (false, false) => 0,
    };
    let ends = match is_driven {
        true => &[][..],
        false => &[After::All, After::Finish, After::Done],
    };
    (0..deltas).map(After::Deltas).chain(ends.iter().copied())
}

fn broken(before: &Turn, kind: &FaultKind, after: After) -> Turn {
    let fault = Fault {
        kind: kind.clone(),
        after,
    };
    let finish = match after.is_behind_the_finish() {
        true => before.finish.clone(),
        false => Setting::Unset,
    };
    Turn {
        fault: Some(fault),
        finish,
        ..before.clone()
    }
}

/// Content that stops, while keep-alives go on.
fn silences(before: &Turn) -> Vec<Turn> {
    let mut places = vec![After::Deltas(0), After::All];
    if let half @ 1.. = before.least_deltas() / 2 {
        places.insert(1, After::Deltas(half));
    }
    let silent = |after| Turn {
        keepalive: Some(Keepalive {
            every: KEEPALIVE,
            text: None,
        }),
        ..broken(before, &FaultKind::Stall, after)
    };
    places.into_iter().map(silent).collect()
}

/// Answers without content, which the model or a filter ended before it began. The waits of the turn stay.
fn without_content(before: &Turn) -> Vec<Turn> {
    let mut actions = Vec::new();
    for action in before.actions.iter() {
        match action {
            Action::Pause(_) | Action::Gate(_) => actions.push(action.clone()),
            Action::Fail(_)
            | Action::Hang
            | Action::Driven(_)
            | Action::Raw(_)
            | Action::Frames(_)
            | Action::Embed
            | Action::EmbedVector(_) => return Vec::new(),
            _ => {}
        }
    }
    if before.is_replayed() {
        return Vec::new();
    }
    actions.push(Action::Reply(Text::Verbatim("".into())));
    let ended = |reason| Turn {
        actions: actions.clone().into(),
        finish: Setting::Value(reason),
        ..before.clone()
    };
    ENDED_EARLY.map(ended).into()
}

/// Adds changes with other arguments in all calls: empty ones, and none.
fn calls(before: &Turn) -> Vec<Turn> {
    let is_call = |action: &Action| matches!(action, Action::Call(_));
    if !before.actions.any(&is_call) {
        return Vec::new();
    }
    let with = |arguments: &'static str| Turn {
        pieces: 1,
        ..mapped(before, &|action| match action {
            Action::Call(call) => Action::Call(ScriptedCall {
                arguments: Arguments::Raw(arguments.into()),
                ..call.clone()
            }),
            other => other.clone(),
        })
    };
    let has_none = |action: &Action| match action {
        Action::Call(call) => match &call.arguments {
            Arguments::Text(text) => text.source() == "{}",
            Arguments::Raw(text) => text == "{}",
            Arguments::Typed(_) => false,
        },
        _ => true,
    };
    let mut turns = vec![with("")];
    if !before.actions.all(&has_none) {
        turns.push(with("{}"));
    }
    turns
}

/// The turn with its answer in other pieces. An answer that comes whole has none, and one that breaks off counts them.
fn deliveries(turn: &Turn, plain_run: PlainRunCalls) -> Vec<Turn> {
    if !plain_run.is_streamed || turn.fault.is_some() {
        return Vec::new();
    }
    let mut turns = Vec::new();
    for split in [Split::Chars(1), Split::Whole] {
        turns.push(Turn {
            split,
            ..turn.clone()
        });
    }
    for pieces in [2, 3, SINGLE_CHARACTERS] {
        turns.push(Turn {
            pieces,
            ..turn.clone()
        });
    }
    turns.push(Turn {
        split: Split::Words,
        ..mapped(turn, &with_empty_pieces)
    });
    for flush in [Flush::Each, Flush::Bytes] {
        if plain_run.is_served {
            turns.push(Turn {
                flush,
                ..turn.clone()
            });
        }
    }
    turns
}

/// Whether a turn differs from the original in a way that a caller can see.
fn is_another(turn: &Turn, original: &Turn) -> bool {
    let streams = |turn: &Turn| {
        let is_stream = |action: &&Action| {
            use Action::{ReasoningStream, RefusalStream, Stream};
            matches!(action, Stream(_) | ReasoningStream(_) | RefusalStream(_))
        };
        let deltas = turn.actions.iter().filter(is_stream);
        deltas.count() + turn.least_deltas() as usize
    };
    turn.split != original.split
        || turn.pieces != original.pieces
        || turn.flush != original.flush
        || streams(turn) != streams(original)
}

fn with_empty_pieces(action: &Action) -> Action {
    let empty = || Text::Verbatim("".into());
    let around = |texts: &[Text]| -> List<Text> {
        let mut pieces = vec![empty()];
        for text in texts {
            pieces.extend([text.clone(), empty()]);
        }
        pieces.into()
    };
    let one = std::slice::from_ref;
    match action {
        Action::Reply(text) => Action::Stream(around(one(text))),
        Action::Reasoning(text) => Action::ReasoningStream(around(one(text))),
        Action::Refusal(text) => Action::RefusalStream(around(one(text))),
        Action::Stream(pieces) => Action::Stream(around(pieces)),
        Action::ReasoningStream(pieces) => Action::ReasoningStream(around(pieces)),
        Action::RefusalStream(pieces) => Action::RefusalStream(around(pieces)),
        other => other.clone(),
    }
}

fn mapped(turn: &Turn, map: &dyn Fn(&Action) -> Action) -> Turn {
    let actions: Vec<_> = turn.actions.iter().map(map).collect();
    Turn {
        actions: actions.into(),
        ..turn.clone()
    }
}
