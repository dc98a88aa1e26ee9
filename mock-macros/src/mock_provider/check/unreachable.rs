//! Rules for turns and rules that can never answer.

use super::super::parse::{
    Count, Kind, Matcher, MatcherKind, Mock, Otherwise, Per, Turn, all_within, conjuncts, covers,
    names_paths,
};
use super::answers_when_it_matches::{certain_turns, certain_turns_of, rule_is_certain};
use crate::diagnostics::{Diagnostics, position};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::push_all;

/// A turn answers at least once.
pub(super) fn turns_are_used(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.scripted() {
        if turn.count.max() == Some(0) {
            diagnostics.error(
                Lint::UnusedTurn,
                turn.count_span,
                "this turn never answers",
                "remove it, or write `.times(1)`; `.times(0..=1)` makes a turn optional",
            );
        }
    }
}

/// The matchers of a turn or a rule may hold together, and so may those of each `all_of(..)` within them.
pub(super) fn matchers_may_hold(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.scripted() {
        these_may_hold(&turn.matchers, "turn", diagnostics);
    }
    for rule in &mock.rules {
        these_may_hold(&rule.matchers, "turn", diagnostics);
    }
    for lane in &mock.lanes {
        these_may_hold(&lane.matchers, "lane", diagnostics);
    }
}

fn these_may_hold(matchers: &[Matcher], of: &str, diagnostics: &Diagnostics) {
    let never = match never_holds(matchers) {
        Some(second) => Some((second, of)),
        None => never_holds_within(matchers).map(|second| (second, "`all_of(..)`")),
    };
    if let Some((second, of)) = never {
        diagnostics.error(
            Lint::NeverHolds,
            second.span,
            format_args!("the matchers of this {of} can never all hold"),
            "remove one of them, or write `any_of(..)` where either is enough",
        );
    }
}

/// The same of the first `all_of(..)` within these.
fn never_holds_within(matchers: &[Matcher]) -> Option<&Matcher> {
    for matcher in matchers {
        for &within in &matcher.all() {
            if let MatcherKind::AllOf(inner) = &within.kind
                && let Some(second) = never_holds(inner)
            {
                return Some(second);
            }
        }
    }
    None
}

/// The first matcher that never holds where one before it does.
fn never_holds(matchers: &[Matcher]) -> Option<&Matcher> {
    let matchers = conjuncts(matchers);
    for (index, matcher) in matchers.iter().enumerate() {
        let earlier = matchers.get(..index).unwrap_or_default();
        if earlier.any(&|earlier| earlier.excludes(matcher)) {
            return Some(matcher);
        }
    }
    None
}

/// No turn stands behind one that answers every request without end, or every request that it would answer itself.
pub(super) fn turns_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    for &(matchers, turns) in &mock.scripts() {
        if turns.any(&has_no_end) {
            let certain = certain_turns_of(mock, matchers, turns);
            turns_of_a_script_can_be_reached(&certain, is_mixed(mock), diagnostics);
        }
    }
}

fn turns_of_a_script_can_be_reached(
    turns: &[(&Turn, bool)],
    is_mixed: bool,
    diagnostics: &Diagnostics,
) {
    // The earlier turn that can hide later ones. One is enough: what a second one would hide, the first hides too. If a turn in between can
    // answer, the script moves past the earlier one, which then hides nothing.
    let mut hiding: Option<&Turn> = None;
    for &(turn, is_certain) in turns {
        let hides = |earlier: &&Turn| covers_turn(is_mixed, earlier, turn);
        let Some(earlier) = hiding.filter(hides) else {
            hiding = (is_certain && has_no_end(turn)).then_some(turn);
            continue;
        };
        let line = position(earlier.span).0;
        let (what, help) = match earlier.matchers.is_empty() {
            true => ("every request", "move it before that one"),
            false => ("all of its requests", "write another matcher here"),
        };
        diagnostics.error(
            Lint::UnreachableTurn,
            turn.span,
            format_args!("this turn can never be reached: an earlier one (line {line}) answers {what}, any number of times"),
            format_args!("{help}, or limit that one, as in `.times(2)`"),
        );
        // All later turns are unreachable for the same reason, so one error is enough.
        if earlier.matchers.is_empty() {
            return;
        }
    }
}

/// No rule stands behind one that holds for every request, nor behind a script without end.
pub(super) fn rules_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let is_mixed = is_mixed(mock);
    if let [turn] = mock.turns.as_slice()
        && !has_outsiders(mock)
        && has_no_end(turn)
        && !turn.matchers.is_empty()
        && matches!(*certain_turns(mock), [(_, true)])
    {
        let same = |rule: &&Turn| covers_turn(is_mixed, turn, rule);
        for rule in mock.rules.iter().filter(same) {
            let line = position(turn.span).0;
            diagnostics.error(
                Lint::UnreachableRule,
                rule.span,
                format_args!("this rule can never be reached: the turn of the script (line {line}) answers all of its requests, any number of times"),
                "write another pattern here, or limit that turn, as in `.times(2)`",
            );
        }
    }
    // Rules for other paths stay reachable: a script does not answer such requests.
    let of_wire = |rule: &Turn| !names_paths(&rule.matchers);
    if let Some(first) = mock.rules.find(&of_wire)
        && script_answers_always(mock)
    {
        diagnostics.error(
            Lint::UnreachableRule,
            first.span,
            "no rule can ever be reached: a turn of the script answers every request, any number of times",
            "limit that turn, as in `.times(2)`, or make it the last rule: `_ => ..`",
        );
        return;
    }
    // The rules that are not hidden themselves, but may hide later ones.
    let mut hiding: Vec<&Turn> = Vec::new();
    for rule in &mock.rules {
        let hides = |earlier: &&Turn| covers_turn(is_mixed, earlier, rule);
        let Some(earlier) = hiding.find(&hides) else {
            if rule_is_certain(mock, rule) {
                hiding.push(rule);
            }
            continue;
        };
        let line = position(earlier.span).0;
        let (what, help) = match earlier.matchers.is_empty() {
            true => (
                "every request",
                "move it before that one, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
            ),
            false => (
                "all of its requests",
                "write another pattern here, or give that one a guard, as in `_ if request.temperature.is_some() => ..`",
            ),
        };
        diagnostics.error(
            Lint::UnreachableRule,
            rule.span,
            format_args!(
                "this rule can never be reached: an earlier one (line {line}) answers {what}"
            ),
            help,
        );
        if earlier.matchers.is_empty() {
            return;
        }
    }
}

/// A path stands in rules or in the pattern of a lane: a script answers in order, and requests of no wire come at any time.
pub(super) fn paths_stand_in_rules(mock: &Mock, diagnostics: &Diagnostics) {
    for (index, &(matchers, turns)) in mock.scripts().iter().enumerate() {
        if names_paths(matchers) {
            continue;
        }
        let (message, help) = match index {
            0 => (
                "`path` is only for rules and the patterns of lanes",
                "write a rule, as in `rules = match request { path(\"GET /health\") => raw(\"ok\") }`",
            ),
            _ => (
                "the pattern of this lane has no path",
                "write a lane, as in `path(\"POST /oauth/token\") => [raw(\"{}\")]`, or a rule",
            ),
        };
        let mut matchers = Vec::new();
        for turn in turns {
            push_all(&mut matchers, &turn.matchers);
        }
        for &matcher in &all_within(matchers) {
            if let MatcherKind::Path(..) = matcher.kind {
                diagnostics.error(Lint::PathInScript, matcher.span, message, help);
            }
        }
    }
}

/// `otherwise` is unreachable behind a rule that holds for every request, and behind a script without end.
pub(super) fn otherwise_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(otherwise) = &mock.otherwise else {
        return;
    };
    let is_mixed = is_mixed(mock);
    let hides = |rule: &Turn, turn: &Turn| {
        rule.matchers.is_empty() && covers_turn(is_mixed, rule, turn) && rule_is_certain(mock, rule)
    };
    // A script continues, or starts again with `cycle`, before the rules are tried.
    let (span, is_behind_rule, is_behind_script) = match otherwise {
        Otherwise::Turn(turn) => (
            turn.span,
            mock.rules.any(&|rule| hides(rule, turn)),
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
            "remove it, or limit that turn, as in `.times(2)`",
        )
    } else {
        return;
    };
    diagnostics.error(
        Lint::UnreachableRule,
        span,
        format_args!("this can never be reached: {before} answers every request"),
        help,
    );
}

/// `repeat_last` and `cycle` need a script.
pub(super) fn repeat_last_has_a_script(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(Otherwise::RepeatLast(word) | Otherwise::Cycle(word)) = &mock.otherwise
        && mock.scripted().is_empty()
        && !mock.lacks_a_script
    {
        diagnostics.error(
            Lint::NothingToRepeat,
            word.span(),
            format_args!("there is no script to `{word}`"),
            "write `script = [..]`, or what answers, as in `otherwise = reply(\"..\")`",
        );
    }
}

/// Whether the script comes to no end, since one of its turns answers whatever is asked.
fn script_has_no_end(mock: &Mock) -> bool {
    let turns = always(mock);
    turns.any(&|&(turn, always)| always && has_no_end(turn))
}

/// Whether the script has an answer whatever is asked, and whenever: such a turn, and none before it that waits for a request
/// of its own.
fn script_answers_always(mock: &Mock) -> bool {
    if has_outsiders(mock) {
        return false;
    }
    for &(turn, always) in &always(mock) {
        if has_no_end(turn) && always {
            return true;
        }
        if !always && turn.count.min() != Some(0) {
            return false;
        }
    }
    false
}

/// The turns of the script, and whether each answers every request.
fn always(mock: &Mock) -> Vec<(&Turn, bool)> {
    let is_mixed = is_mixed(mock);
    let mut always = Vec::new();
    for &(turn, is_certain) in &certain_turns(mock) {
        always.push((turn, is_for_all(is_mixed, turn) && is_certain));
    }
    always
}

/// Whether a request may belong to no instance, so that only the rules are asked.
fn has_outsiders(mock: &Mock) -> bool {
    matches!(mock.per, Some(Per::Header(_) | Per::Matcher(_)))
}

/// Whether a turn is for every request, of either kind.
fn is_for_all(is_mixed: bool, turn: &Turn) -> bool {
    turn.matchers.is_empty() && (!is_mixed || turn.kind().is_none())
}

/// Whether the first of two turns is for all requests that the second is for.
fn covers_turn(is_mixed: bool, wider: &Turn, narrower: &Turn) -> bool {
    let is_of_kind = || wider.kind().is_none() || wider.kind() == narrower.kind();
    (!is_mixed || is_of_kind()) && covers(&wider.matchers, &narrower.matchers)
}

/// Whether some turns have embeddings. No request for these is expected where none has.
fn is_mixed(mock: &Mock) -> bool {
    let turns = mock.all_turns();
    turns.any(&|turn| turn.kind() == Some(Kind::Embedding))
}

fn has_no_end(turn: &Turn) -> bool {
    matches!(turn.count, Count::Range(_, None))
}
