use super::super::model::{Count, Mock, Otherwise, Turn, covers};
use crate::diagnostics::{Diagnostics, position};
use crate::rule::Rule;

/// A turn answers at least once.
pub(super) fn turns_are_used(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        if turn.count.max() == Some(0) {
            diagnostics.error(
                Rule::UnusedTurn,
                turn.span,
                "this turn never answers",
                "remove it, or write `.times(1)`; `.times(0..=1)` is a turn that may be left out",
            );
        }
    }
}

/// No turn stands behind one that answers every request without end, or every request that it would answer itself.
pub(super) fn turns_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    for (index, turn) in mock.turns.iter().enumerate() {
        let mut before = mock
            .turns
            .iter()
            .take(index)
            .filter(|turn| has_no_end(turn));
        let Some(earlier) = before.find(|earlier| covers(&earlier.matchers, &turn.matchers)) else {
            continue;
        };
        let line = position(earlier.span).0;
        let (what, help) = match earlier.matchers.is_empty() {
            true => ("every request", "move it before that one"),
            false => ("all that this one would", "write another matcher here"),
        };
        diagnostics.error(
            Rule::UnreachableTurn,
            turn.span,
            format!("this turn can never be reached: one before it (line {line}) answers {what}, without end"),
            format!("{help}, or give that one an end, as in `.times(2)`"),
        );
        // What stands behind it cannot be reached either, for the same reason.
        if earlier.matchers.is_empty() {
            return;
        }
    }
}

/// No rule stands behind one that holds for every request, nor behind a script without end.
pub(super) fn rules_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(first) = mock.rules.first()
        && mock.turns.iter().any(is_endless)
    {
        diagnostics.error(
            Rule::UnreachableRule,
            first.span,
            "no rule can ever be reached: a turn of the script answers every request, without end",
            "give that turn an end, as in `.times(2)`, or make it the last rule: `_ => ..`",
        );
        return;
    }
    for (index, rule) in mock.rules.iter().enumerate() {
        let mut before = mock.rules.iter().take(index);
        let Some(earlier) = before.find(|earlier| covers(&earlier.matchers, &rule.matchers)) else {
            continue;
        };
        let line = position(earlier.span).0;
        let (what, help) = match holds_always(earlier) {
            true => (
                "every request",
                "move it before that one, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
            ),
            false => (
                "all that this one would",
                "write another pattern here, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
            ),
        };
        diagnostics.error(
            Rule::UnreachableRule,
            rule.span,
            format!("this rule can never be reached: one before it (line {line}) answers {what}"),
            help,
        );
        if holds_always(earlier) {
            return;
        }
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
        Rule::UnreachableRule,
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
            Rule::NothingToRepeat,
            word.span(),
            format!("there is no script to `{word}`"),
            "write `script = [..]`, or what answers, as in `otherwise = reply(\"..\")`",
        );
    }
}

fn is_endless(turn: &Turn) -> bool {
    turn.matchers.is_empty() && has_no_end(turn)
}

fn has_no_end(turn: &Turn) -> bool {
    matches!(turn.count, Count::Range(_, None))
}

fn holds_always(rule: &Turn) -> bool {
    rule.matchers.is_empty()
}
