//! The place of a fault: an answer breaks off within its deltas, and once.

use super::super::json_text::{self, JsonPiece};
use super::super::parse::{
    ActionKind, After, Arguments, Call, JsonValue, Mock, Split, Text, Turn, word,
};
use super::super::templates::Piece;
use crate::diagnostics::{Diagnostics, count};
use crate::lint::Lint;
use crate::syntax::{literal, whole_number};

/// An answer breaks off no later than it ends.
pub(super) fn faults_come_before_the_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let Some(fault) = &turn.fault else { continue };
        if turn.does(ActionKind::is_failure) {
            diagnostics.error(
                Lint::NoAnswer,
                fault.word.span(),
                "a turn that fails has no answer to break off",
                format_args!("remove `{}(..)`", fault.word),
            );
        } else if let (After::Done(done), false) = (&fault.after, fault.known.word == "stall_after")
        {
            diagnostics.error(
                Lint::LateFault,
                *done,
                "the stream is over after `done`, so nothing can break off",
                "write `finish`; `done` goes with `.stall_after(done)`",
            );
        } else if let Some(deltas) = deltas(mock, turn)
            && !breaks_off_in_time(&fault.after, deltas, diagnostics)
        {
            // This mistake has already been reported.
        } else if let Some(hang) = turn.find(ActionKind::is_hang)
            && matches!(fault.after, After::Deltas(..) | After::All)
        {
            diagnostics.error(
                Lint::SecondFault,
                hang.word.span(),
                format_args!("the answer never hangs: `{}` ends it before", fault.word),
                format_args!(
                    "remove `hang()` or `.{0}(..)`, or write a time, as in `.{0}(5s)`",
                    fault.word
                ),
            );
        } else if let After::Finish(place) | After::Done(place) = &fault.after
            && turn.does(ActionKind::is_hang)
        {
            diagnostics.error(
                Lint::LateFault,
                *place,
                "the answer hangs before it finishes",
                format_args!(
                    "remove `hang()` or `.{0}(..)`, or write a time, as in `.{0}(5s)`",
                    fault.word
                ),
            );
        }
    }
}

/// Whether an answer of so many deltas is not over when it breaks off. That it is over is reported.
pub(super) fn breaks_off_in_time(after: &After, deltas: usize, diagnostics: &Diagnostics) -> bool {
    let After::Deltas(span, after) = after else {
        return true;
    };
    let after = *after as usize;
    if after > deltas {
        diagnostics.error(
            Lint::LateFault,
            *span,
            format_args!(
                "the answer breaks off after {}, but has only {deltas}",
                count(after, "delta")
            ),
            format_args!("write a number up to {deltas}, or `all`"),
        );
    }
    after <= deltas
}

/// How many content deltas a turn has, if that can be told.
fn deltas(mock: &Mock, turn: &Turn) -> Option<usize> {
    if !turn.is_whole {
        return None;
    }
    let mut sum: usize = 0;
    for action in &turn.actions {
        sum = sum.saturating_add(deltas_of(mock, turn, &action.kind)?);
    }
    Some(sum)
}

fn deltas_of(mock: &Mock, turn: &Turn, action: &ActionKind) -> Option<usize> {
    match action {
        ActionKind::Stream(_, pieces) => Some(pieces.len()),
        ActionKind::Frames(frames) => Some(frames.len()),
        raw if raw.is_raw() => Some(1),
        ActionKind::Call(call) => match turn.pieces().map(whole_number) {
            None | Some(Some(1)) => Some(1),
            Some(pieces) => Some(length(mock, call)?.min(pieces? as usize)),
        },
        driven if driven.is_driven() => None,
        ActionKind::Plain(..) => match action.content() {
            None => Some(0),
            Some(Text::Template(_, pieces)) => match pieces.as_slice() {
                [] => Some(0),
                [Piece::Text(text)] => parts(text, turn),
                _ => None,
            },
            Some(Text::Expr(text)) => match literal(text)?.value().as_str() {
                "" => Some(0),
                text => parts(text, turn),
            },
        },
        ActionKind::Fail(_) => Some(0),
        ActionKind::Json(JsonValue::Json(value)) => match json_text::pieces(value).as_slice() {
            [JsonPiece::Text(text)] => parts(text, turn),
            _ => None,
        },
        _ => None,
    }
}

/// How many pieces a text, which is not empty, is split into.
fn parts(text: &str, turn: &Turn) -> Option<usize> {
    match turn.split() {
        None | Some(Split::Words) => Some(text.split_whitespace().count().max(1)),
        Some(Split::Whole) => Some(1),
        Some(Split::Chars(length)) => Some(
            text.chars()
                .count()
                .div_ceil(whole_number(length)? as usize),
        ),
        Some(Split::Random(..)) => None,
    }
}

/// How many characters the arguments of a call have, if that can be told.
fn length(mock: &Mock, call: &Call) -> Option<usize> {
    match &call.arguments {
        Arguments::Fields(values) => {
            match json_text::object_pieces(values, mock.fields(&word(&call.tool))).as_slice() {
                [JsonPiece::Text(text)] => Some(text.chars().count()),
                _ => None,
            }
        }
        Arguments::Raw(text) => Some(literal(text)?.value().chars().count()),
        Arguments::Typed(_) => None,
    }
}
