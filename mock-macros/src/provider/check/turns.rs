use super::super::model::{Action, After, Count, Mock, Text, Turn};
use super::super::text::Piece;
use super::super::words;
use crate::diagnostics::{Diagnostics, in_words};

/// A turn answers with something.
pub(super) fn turns_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        if turn.actions.is_empty() && turn.is_whole {
            diagnostics.error(
                turn.span,
                "this turn answers with nothing",
                "add an action, as in `on(..).reply(\"Hi.\")`",
            );
        }
    }
}

/// A turn answers at least once.
pub(super) fn turns_are_used(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        if turn.count.max() == Some(0) {
            diagnostics.error(
                turn.span,
                "this turn never answers",
                "remove it, or write `.times(1)`; `.times(0..=1)` is a turn that may be left out",
            );
        }
    }
}

/// No turn stands behind one that answers every request without end.
pub(super) fn turns_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let endless = mock
        .turns
        .iter()
        .position(|turn| turn.matchers.is_empty() && matches!(turn.count, Count::Range(_, None)));
    let Some(index) = endless else { return };
    if let Some(next) = mock.turns.get(index + 1) {
        diagnostics.error(
            next.span,
            "this turn can never be reached: the one before it answers every request, without end",
            "move it before that one, or give that one an end, as in `.times(2)`",
        );
    }
}

/// A turn that fails says nothing else.
pub(super) fn failures_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        let failure = turn.actions.iter().find_map(|action| match action {
            Action::Fail(failure) => Some(failure),
            _ => None,
        });
        if let Some(failure) = failure
            && turn.actions.len() > 1
        {
            diagnostics.error(
                failure.word.span(),
                "a turn that fails does nothing else",
                format!("write a turn of its own: `fail({})`", failure.word),
            );
        }
    }
}

/// An answer breaks off no later than it ends.
pub(super) fn faults_come_before_the_end(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        let Some(fault) = &turn.fault else { continue };
        let fails = turn
            .actions
            .iter()
            .any(|action| matches!(action, Action::Fail(_)));
        if fails {
            diagnostics.error(
                fault.word.span(),
                "a turn that fails has no answer to break off",
                format!("remove `{}(..)`", fault.word),
            );
        } else if let (After::Deltas(span, after), Some(deltas)) = (&fault.after, deltas(turn))
            && *after as usize > deltas
        {
            diagnostics.error(
                *span,
                format!("the answer breaks off after {after} deltas, and it has only {deltas}"),
                format!("write a number up to {deltas}, or `all`"),
            );
        }
    }
}

/// How many content deltas a turn has, if that can be told.
fn deltas(turn: &Turn) -> Option<usize> {
    let deltas = turn.actions.iter().map(|action| match action {
        Action::Stream(pieces) => Some(pieces.len()),
        Action::Call(_) => Some(1),
        Action::Fail(_) => Some(0),
        Action::Reply(Text::Template(_, pieces))
        | Action::Reasoning(Text::Template(_, pieces))
        | Action::Refusal(Text::Template(_, pieces)) => match pieces.as_slice() {
            [] => Some(0),
            [Piece::Text(text)] => Some(text.split_whitespace().count().max(1)),
            _ => None,
        },
        _ => None,
    });
    deltas.sum()
}

/// `retry_after` goes with the failures that providers send it with.
pub(super) fn only_some_failures_say_when_to_retry(mock: &Mock, diagnostics: &Diagnostics) {
    for failure in mock.turns.iter().flat_map(Turn::failures) {
        if let Some((field, _)) = &failure.retry_after
            && !failure.kind.retry_after
        {
            let kinds: Vec<_> = words::KINDS
                .iter()
                .filter(|kind| kind.retry_after)
                .map(|kind| kind.word)
                .collect();
            diagnostics.error(
                field.span(),
                format!("`{}` has no `retry_after`", failure.word),
                format!("remove it; it goes with {}", in_words(&kinds)),
            );
        }
    }
}
