use super::super::model::{Count, Mock, Otherwise, Turn, covers};
use super::certain::{rule_is_certain, turn_is_certain};
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

/// The matchers of a turn may hold together.
pub(super) fn matchers_may_hold(mock: &Mock, diagnostics: &Diagnostics) {
    for turn in &mock.turns {
        let mut matchers = turn.matchers.iter().enumerate();
        let second = matchers.find(|(index, matcher)| {
            let mut earlier = turn.matchers.iter().take(*index);
            earlier.any(|earlier| earlier.excludes(matcher))
        });
        if let Some((_, second)) = second {
            diagnostics.error(
                Rule::NeverHolds,
                second.span,
                "the matchers of this turn never hold together",
                "remove one of them, or write `any_of(..)` where either is enough",
            );
        }
    }
}

/// No turn stands behind one that answers every request without end, or every request that it would answer itself.
pub(super) fn turns_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let endless: Vec<_> = {
        let turns = mock.turns.iter().enumerate();
        turns.filter(|(_, turn)| has_no_end(turn)).collect()
    };
    for (index, turn) in mock.turns.iter().enumerate() {
        let mut before = endless.iter().take_while(|(at, _)| *at < index);
        // Where a turn between the two may answer, the script does not come back to the first.
        let hides = |(at, earlier): &&(usize, &Turn)| {
            let mut behind = mock.turns[at + 1..=index].iter();
            behind.all(|turn| covers(&earlier.matchers, &turn.matchers))
                && turn_is_certain(mock, *at)
        };
        let Some((_, earlier)) = before.find(hides) else {
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
    if let [turn] = mock.turns.as_slice()
        && has_no_end(turn)
        && !turn.matchers.is_empty()
        && turn_is_certain(mock, 0)
    {
        let same = |rule: &&Turn| covers(&turn.matchers, &rule.matchers);
        for rule in mock.rules.iter().filter(same) {
            let line = position(turn.span).0;
            diagnostics.error(
                Rule::UnreachableRule,
                rule.span,
                format!("this rule can never be reached: the turn of the script (line {line}) answers all that it would, without end"),
                "write another pattern here, or give that turn an end, as in `.times(2)`",
            );
        }
    }
    if let Some(first) = mock.rules.first()
        && script_answers_always(mock)
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
        let hides = |earlier: &&Turn| {
            covers(&earlier.matchers, &rule.matchers) && rule_is_certain(mock, earlier)
        };
        let Some(earlier) = before.find(hides) else {
            continue;
        };
        let line = position(earlier.span).0;
        let (what, help) = match earlier.matchers.is_empty() {
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
        if earlier.matchers.is_empty() {
            return;
        }
    }
}

/// What answers otherwise stands behind no rule that holds for every request, nor behind a script without end.
pub(super) fn otherwise_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(otherwise) = &mock.otherwise else {
        return;
    };
    let answers_always = |rule: &Turn| rule.matchers.is_empty() && rule_is_certain(mock, rule);
    // A script goes on, or begins anew, before the rules are asked.
    let (span, is_behind_rule, is_behind_script) = match otherwise {
        Otherwise::Turn(turn) => (
            turn.span,
            mock.rules.iter().any(answers_always),
            script_answers_always(mock),
        ),
        Otherwise::RepeatLast(word) | Otherwise::Cycle(word) => {
            (word.span(), false, script_has_no_end(mock))
        }
    };
    let (before, help) = if is_behind_rule {
        ("the rule `_`", "remove one of the two")
    } else if is_behind_script {
        (
            "a turn of the script",
            "remove it, or give that turn an end, as in `.times(2)`",
        )
    } else {
        return;
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

/// Whether the script comes to no end, since one of its turns answers whatever is asked.
fn script_has_no_end(mock: &Mock) -> bool {
    let mut turns = mock.turns.iter().enumerate();
    turns.any(|(index, turn)| has_no_end(turn) && answers_always(mock, index, turn))
}

/// Whether the script has an answer whatever is asked, and whenever: such a turn, and none before it that waits for a request
/// of its own.
fn script_answers_always(mock: &Mock) -> bool {
    for (index, turn) in mock.turns.iter().enumerate() {
        let always = answers_always(mock, index, turn);
        if has_no_end(turn) && always {
            return true;
        }
        if !always && turn.count.min() != Some(0) {
            return false;
        }
    }
    false
}

fn answers_always(mock: &Mock, index: usize, turn: &Turn) -> bool {
    turn.matchers.is_empty() && turn_is_certain(mock, index)
}

fn has_no_end(turn: &Turn) -> bool {
    matches!(turn.count, Count::Range(_, None))
}
