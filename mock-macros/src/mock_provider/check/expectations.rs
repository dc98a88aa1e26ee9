//! Expectations that no run can meet.

use proc_macro2::Ident;

use super::super::parse::{
    ActionKind, Bounds, Expectation, ExpectationKind, Matcher, MatcherKind, Mock, Turn,
};
use crate::diagnostics::{Diagnostics, count, position, remove_one};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::whole_number;

/// No fewer calls are expected than the script requires.
pub(super) fn expected_calls_are_enough(mock: &Mock, diagnostics: &Diagnostics) {
    let required = required_calls(mock);
    let expectations = mock.expectations();
    for expectation in expectations {
        // A contradiction with another expectation is reported only once, at that expectation.
        if let Some(bounds) = expectation.calls()
            && let Some(most) = bounds.highest()
            && most < required
            && !expectations.any(&|it| contradicts(it, expectation))
        {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                expectation.span,
                match required {
                    1 => "the script requires a call, and none is expected".to_owned(),
                    _ => format!("the script requires {required} calls, more than are expected"),
                },
                format_args!(
                    "write `calls({required}..)`, or `.times(0..=1)` for a turn that may be unused"
                ),
            );
        }
    }
}

/// The number of calls that the script requires at least.
fn required_calls(mock: &Mock) -> u64 {
    let mut required = 0_u64;
    if mock.per.is_some() || mock.lists("allow", "unused_turns") {
        return required;
    }
    for &turn in &mock.scripted() {
        required = required.saturating_add(turn.count.min().unwrap_or(0).into());
    }
    required
}

/// The mock gets as many calls as the script requires and as are expected.
pub(super) fn required_calls_are_within_the_limit(mock: &Mock, diagnostics: &Diagnostics) {
    let Some((limit, max)) = mock
        .max_calls()
        .and_then(|limit| Some((limit, whole_number(limit)?)))
    else {
        return;
    };
    let at_most = format!("the mock gets at most {}", count(max as usize, "call"));
    let required = required_calls(mock);
    if max < required {
        diagnostics.error_at(
            Lint::ImpossibleExpectation,
            limit,
            format_args!("{at_most}, and the script requires {required}"),
            format_args!("write `max_calls = {required}`, or more"),
        );
    }
    for expectation in mock.expectations() {
        if let Some(bounds) = expectation.calls()
            && let Some(least) = bounds.lowest()
            && max < least
        {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                expectation.span,
                &at_most,
                format_args!("write `max_calls = {least}`, or expect fewer calls"),
            );
        }
    }
}

/// No request is unexpected that a turn requires.
pub(super) fn required_requests_may_be_sent(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.lists("allow", "unused_turns") {
        return;
    }
    for &(of_lane, turns) in &mock.scripts() {
        for turn in turns {
            if turn.count.min().is_none_or(|min| min == 0) {
                continue;
            }
            for expectation in mock.expectations() {
                let has = |matchers: &[Matcher], it| matchers.any(&|other| other.is_same(it));
                if expectation.known.word == "never_sent"
                    && let Some(never) = expectation.matcher()
                    && (has(of_lane, never) || has(&turn.matchers, never))
                {
                    diagnostics.error(
                        Lint::ImpossibleExpectation,
                        expectation.span,
                        format_args!("the turn in line {} requires such a request", position(turn.span).0),
                        "remove `never_sent`, or write `.times(0..=1)` for a turn that may be unused",
                    );
                }
            }
        }
    }
}

/// `waited_retry_after` needs a failure that has a `retry_after`.
pub(super) fn waited_failures_may_happen(mock: &Mock, diagnostics: &Diagnostics) {
    let fails = |turn: &&Turn| {
        let fault = turn.fault.as_ref();
        turn.does(ActionKind::is_failure)
            || turn.does(ActionKind::is_respond)
            || turn.does(ActionKind::is_raw_answer)
            || turn.does(ActionKind::is_driven)
            || fault.is_some_and(|fault| fault.failure.is_some())
            || !turn.is_whole
    };
    // A recorded answer may be a failure.
    if mock.cassette.is_some() || mock.all_turns().any(&fails) {
        return;
    }
    for expectation in mock.expectations() {
        if expectation.known.word == "waited_retry_after" {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                expectation.span,
                "no turn fails, so there is nothing to wait for",
                "add one, as in `fail(rate_limit { retry_after: 2s })`, or remove `waited_retry_after`",
            );
        }
    }
}

/// No expectation is there twice, or contradicts another.
pub(super) fn expectations_go_together(mock: &Mock, diagnostics: &Diagnostics) {
    let expectations = mock.expectations();
    for (index, expectation) in expectations.iter().enumerate() {
        if let ExpectationKind::Order(first, second) = &expectation.kind
            && first == second
        {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                second.span(),
                format_args!("`{first}` cannot come before itself"),
                "name another tool",
            );
        }
        let earlier = expectations.get(..index).unwrap_or_default();
        let word = expectation.known.word;
        if let Some(first) = earlier.find(&|earlier| contradicts(earlier, expectation)) {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                expectation.span,
                format_args!(
                    "this `{word}` and the `{}` before it can never both hold",
                    first.known.word
                ),
                match first.known.word == word {
                    true => remove_one(word, first.span, expectation.span),
                    false => format!("remove `{}` or `{word}`", first.known.word),
                },
            );
        } else if let ExpectationKind::Order(first, second) = &expectation.kind
            && first != second
            && comes_before(second, first, earlier)
        {
            diagnostics.error(
                Lint::ImpossibleExpectation,
                expectation.span,
                format_args!("the `order`s before it put `{second}` before `{first}`"),
                format_args!("write `order({second}, {first})`, or remove one of them"),
            );
        } else if let Some(first) = earlier.find(&|earlier| is_alone_again(earlier, expectation)) {
            diagnostics.twice(word, first.span, expectation.span);
        }
    }
}

/// Whether orders say together that one tool comes before another.
fn comes_before(first: &Ident, last: &Ident, orders: &[Expectation]) -> bool {
    let mut reached = vec![first];
    let mut at = 0_usize;
    while let Some(tool) = reached.get(at).copied() {
        at = at.saturating_add(1);
        for order in orders {
            if let ExpectationKind::Order(before, after) = &order.kind
                && before == tool
                && !reached.contains(&after)
            {
                reached.push(after);
            }
        }
    }
    reached.contains(&last)
}

fn is_alone_again(earlier: &Expectation, expectation: &Expectation) -> bool {
    earlier.known.word == expectation.known.word
        && matches!(
            expectation.kind,
            ExpectationKind::Alone | ExpectationKind::Within(_)
        )
}

fn contradicts(earlier: &Expectation, expectation: &Expectation) -> bool {
    let is_same_word = earlier.known.word == expectation.known.word;
    if excludes(earlier, expectation) || excludes(expectation, earlier) {
        return true;
    }
    match (&earlier.kind, &expectation.kind) {
        (ExpectationKind::Matcher(one), ExpectationKind::Matcher(other)) => {
            !is_same_word && one.is_same(other)
        }
        (ExpectationKind::Bounds(one), ExpectationKind::Bounds(other)) if is_same_word => {
            let is_below = |low: Option<u64>, high: Option<u64>| {
                high.zip(low).is_some_and(|(high, low)| high < low)
            };
            is_below(other.lowest(), one.highest()) || is_below(one.lowest(), other.highest())
        }
        (ExpectationKind::Order(a, b), ExpectationKind::Order(x, y)) => a == y && b == x && a != b,
        _ => false,
    }
}

/// Whether what one of two different expectations asks for makes the other impossible.
fn excludes(one: &Expectation, other: &Expectation) -> bool {
    match (one.known.word, other.known.word) {
        ("calls", _) => {
            let most = one.calls().and_then(Bounds::highest);
            most == Some(0) && needs_a_call(other)
        }
        ("every_call_answered", "nothing_after_cancel") => true,
        ("never_sent", "offered") => match (one.matcher(), &other.kind) {
            (Some(never), ExpectationKind::Tool(tool)) => {
                never.word() == Some("has_tool")
                    && matches!(&never.kind, MatcherKind::Tool(_, hidden) if hidden == tool)
            }
            _ => false,
        },
        _ => false,
    }
}

fn needs_a_call(expectation: &Expectation) -> bool {
    const WORDS: [&str; 6] = [
        "sent",
        "offered",
        "result",
        "order",
        "waited_retry_after",
        "nothing_after_cancel",
    ];
    match &expectation.kind {
        ExpectationKind::Bounds(bounds) if expectation.known.word == "tokens" => {
            bounds.lowest().is_some_and(|least| least > 0)
        }
        _ => WORDS.contains(&expectation.known.word),
    }
}
