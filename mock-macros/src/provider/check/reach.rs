use super::super::model::{Count, Mock, Otherwise, Turn};
use crate::diagnostics::Diagnostics;

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
    let endless = mock.turns.iter().position(is_endless);
    let Some(index) = endless else { return };
    if let Some(next) = mock.turns.get(index + 1) {
        diagnostics.error(
            next.span,
            "this turn can never be reached: the one before it answers every request, without end",
            "move it before that one, or give that one an end, as in `.times(2)`",
        );
    }
}

/// No rule stands behind one that holds for every request, nor behind a script without end.
pub(super) fn rules_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(first) = mock.rules.first()
        && mock.turns.iter().any(is_endless)
    {
        diagnostics.error(
            first.span,
            "no rule can ever be reached: a turn of the script answers every request, without end",
            "give that turn an end, as in `.times(2)`, or make it the last rule: `_ => ..`",
        );
        return;
    }
    let catch_all = mock.rules.iter().position(holds_always);
    let Some(index) = catch_all else { return };
    if let Some(next) = mock.rules.get(index + 1) {
        diagnostics.error(
            next.span,
            "this rule can never be reached: the one before it holds for every request",
            "move it before that one, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
        );
    }
}

/// What answers otherwise stands behind no rule that holds for every request, nor behind a script without end.
pub(super) fn otherwise_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(otherwise) = &mock.otherwise else {
        return;
    };
    let (before, help) = if mock.rules.iter().any(holds_always) {
        ("the rule `_`", "remove one of the two")
    } else if mock.turns.iter().any(is_endless) {
        (
            "a turn of the script",
            "remove it, or give that turn an end, as in `.times(2)`",
        )
    } else {
        return;
    };
    let span = match otherwise {
        Otherwise::Turn(turn) => turn.span,
        Otherwise::RepeatLast(word) | Otherwise::Cycle(word) => word.span(),
    };
    diagnostics.error(
        span,
        format!("this can never be reached: {before} answers every request"),
        help,
    );
}

/// Where the script is to go on at its end, there is one.
pub(super) fn what_is_repeated_is_there(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(Otherwise::RepeatLast(word) | Otherwise::Cycle(word)) = &mock.otherwise
        && mock.turns.is_empty()
    {
        diagnostics.error(
            word.span(),
            format!("there is no script to `{word}`"),
            "write `script = [..]`, or what answers, as in `otherwise = reply(\"..\")`",
        );
    }
}

fn is_endless(turn: &Turn) -> bool {
    turn.matchers.is_empty() && matches!(turn.count, Count::Range(_, None))
}

fn holds_always(rule: &Turn) -> bool {
    rule.matchers.is_empty()
}
