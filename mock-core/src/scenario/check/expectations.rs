//! The mistakes in the expectations of a scenario: those that no run can meet.

use std::mem::discriminant;
use std::time::Duration;

use super::Problem;
use crate::plural::count;
use crate::scenario::{
    Action, Expectation, Expected, FaultKind, Matcher, Scenario, SourceLocation, Turn,
};
use crate::search::Search;

impl Scenario {
    /// The first expectation that no run can meet, and the reason.
    pub(super) fn problem_of_expectations(&self) -> Option<(SourceLocation, Problem)> {
        for (index, expectation) in self.expect.iter().enumerate() {
            let problem = self
                .problem_of(&expectation.kind)
                .or_else(|| self.problem_of_expected_tools(expectation))
                .or_else(|| contradicts(expectation, &self.expect[..index]))
                .or_else(|| closes_a_circle(expectation, &self.expect[..index]));
            if let Some(problem) = problem {
                let place = SourceLocation {
                    file: expectation.place.file.or(self.place.file),
                    line: expectation.place.line,
                };
                return Some((place, problem));
            }
        }
        None
    }

    fn problem_of(&self, expected: &Expected) -> Option<Problem> {
        match expected {
            Expected::Calls(range) | Expected::Tokens(range) if range.is_empty() => Some((
                format!("the range `{range}` is empty"),
                "write the smaller number first",
            )),
            Expected::Calls(range) | Expected::Tokens(range) if range.has_all() => Some((
                format!("any number is in the range `{range}`"),
                "write an end, as in `1..`, or remove it",
            )),
            Expected::Calls(range) => {
                if let Some(max) = self.max_calls.map(u64::from)
                    && range.min > max
                {
                    return Some((
                        format!("the mock gets at most {}", calls(max)),
                        "expect fewer calls, or let the mock get more, as in `.max_calls(10_000)`",
                    ));
                }
                let required = self.required_calls();
                (range.max < required).then(|| {
                    (
                        format!(
                            "at most {} {} expected, and the script requires {required}",
                            calls(range.max),
                            if range.max == 1 { "is" } else { "are" },
                        ),
                        "expect more calls, or let turns be unused with `.times(0..=1)`",
                    )
                })
            }
            Expected::Within(time) => (*time == Duration::ZERO).then(|| {
                (
                    "it takes no time".to_owned(),
                    "write a time such as `secs(30)`",
                )
            }),
            Expected::Order(first, second) if first == second => Some((
                format!("`{first}` cannot come before itself"),
                "name two tools",
            )),
            Expected::WaitedRetryAfter => self.first_turn(&may_say_to_wait).is_none().then(|| {
                (
                    "no turn fails, so there is nothing to wait for".to_owned(),
                    "add a turn such as `fail(rate_limit().retry_after(secs(2)))`",
                )
            }),
            Expected::NeverSent(matcher) => self.requires(matcher).then(|| {
                (
                    "a turn requires such a request".to_owned(),
                    "remove it, or let the turn be unused with `.times(0..=1)`",
                )
            }),
            Expected::Sent(_)
            | Expected::Offered(_)
            | Expected::Result { .. }
            | Expected::Order(..)
            | Expected::Tokens(_)
            | Expected::EveryCallAnswered
            | Expected::NothingAfterCancel
            | Expected::PromptPrefixStable => None,
        }
    }

    /// Whether the script requires a request for which this matcher holds.
    fn requires(&self, matcher: &Matcher) -> bool {
        let requires = |of_lane: &[Matcher], turns: &[Turn]| {
            let is_asked = |asked: &[Matcher]| asked.any(&|asked| asked.is_same_as(matcher));
            let mut turns = turns.iter();
            turns.any(|turn| turn.count.min > 0 && (is_asked(of_lane) || is_asked(&turn.matchers)))
        };
        let mut lanes = self.lanes.iter();
        !self.allow.unused_turns
            && (requires(&[], &self.turns)
                || lanes.any(|lane| requires(&lane.matchers, &lane.turns)))
    }

    /// The mistake in the limit of calls, if there is one.
    pub(super) fn problem_of_max_calls(&self) -> Option<Problem> {
        let max = u64::from(self.max_calls?);
        let required = self.required_calls();
        if max == 0 {
            let problem = "it gets at most 0 calls".to_owned();
            return Some((problem, "write 1 or more, or expect `calls(0)`"));
        }
        (max < required).then(|| {
            (
                format!(
                    "it gets at most {}, and the script requires {required}",
                    calls(max)
                ),
                "let it get more, or let turns be unused with `.times(0..=1)`",
            )
        })
    }

    /// The number of calls that the script requires at least.
    fn required_calls(&self) -> u64 {
        if self.per.is_some() || self.allow.unused_turns {
            return 0;
        }
        let required = |turns: &[Turn]| {
            let mut sum = 0;
            for turn in turns {
                sum += u64::from(turn.count.min);
            }
            sum
        };
        let mut sum = required(&self.turns);
        for lane in self.lanes.iter() {
            sum += required(&lane.turns);
        }
        sum
    }

    fn problem_of_expected_tools(&self, expectation: &Expectation) -> Option<Problem> {
        let mut tools = Vec::new();
        expectation.add_tools(&mut tools);
        self.problem_of_one_of(&tools)
    }
}

fn calls(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), "call")
}

/// Whether a turn may fail with a `retry_after`: of its own, or of its closure.
fn may_say_to_wait(turn: &Turn) -> bool {
    let fails = |action: &Action| {
        matches!(
            action,
            Action::Fail(_) | Action::Respond(_) | Action::Raw(_) | Action::Driven(_)
        )
    };
    let fault = turn.fault.as_ref();
    turn.actions.any(&fails) || fault.is_some_and(|fault| matches!(fault.kind, FaultKind::Error(_)))
}

/// Whether an expectation is only met if there is a call.
fn needs_a_call(expected: &Expected) -> bool {
    match expected {
        Expected::Sent(_)
        | Expected::Offered(_)
        | Expected::Result { .. }
        | Expected::Order(..)
        | Expected::WaitedRetryAfter
        | Expected::NothingAfterCancel => true,
        Expected::Tokens(range) => range.min > 0,
        Expected::Calls(_)
        | Expected::NeverSent(_)
        | Expected::Within(_)
        | Expected::EveryCallAnswered
        | Expected::PromptPrefixStable => false,
    }
}

/// The reason why an expectation does not go together with one of these.
fn contradicts(expectation: &Expectation, earlier: &[Expectation]) -> Option<Problem> {
    let is_against = |earlier: &Expectation| match (&earlier.kind, &expectation.kind) {
        (Expected::Sent(one), Expected::NeverSent(other))
        | (Expected::NeverSent(one), Expected::Sent(other)) => one.is_same_as(other),
        (Expected::Calls(one), Expected::Calls(other))
        | (Expected::Tokens(one), Expected::Tokens(other)) => {
            one.max < other.min || other.max < one.min
        }
        (Expected::Order(one, two), Expected::Order(first, second)) => {
            one == second && two == first
        }
        (Expected::Calls(calls), needs) | (needs, Expected::Calls(calls)) => {
            calls.max == 0 && needs_a_call(needs)
        }
        (Expected::EveryCallAnswered, Expected::NothingAfterCancel)
        | (Expected::NothingAfterCancel, Expected::EveryCallAnswered) => true,
        (Expected::NeverSent(Matcher::HasTool(hidden)), Expected::Offered(tool))
        | (Expected::Offered(tool), Expected::NeverSent(Matcher::HasTool(hidden))) => {
            hidden == tool
        }
        _ => false,
    };
    let is_again = |earlier: &Expectation| {
        let is_alone = matches!(
            expectation.kind,
            Expected::Within(_)
                | Expected::WaitedRetryAfter
                | Expected::EveryCallAnswered
                | Expected::NothingAfterCancel
                | Expected::PromptPrefixStable
        );
        is_alone && discriminant(&earlier.kind) == discriminant(&expectation.kind)
    };
    let find = |test: &dyn Fn(&Expectation) -> bool| earlier.find(&|it| test(it));
    let (earlier, problem) = match find(&is_against) {
        Some(earlier) => (earlier, "it contradicts the one"),
        None => (find(&is_again)?, "it is there already"),
    };
    let problem = format!("{problem} in line {}", earlier.place.line);
    Some((problem, "remove one of the two"))
}

/// The reason why an order does not go together with several of these.
fn closes_a_circle(expectation: &Expectation, earlier: &[Expectation]) -> Option<Problem> {
    let Expected::Order(first, second) = &expectation.kind else {
        return None;
    };
    let (mut reached, mut at) = (vec![second], 0);
    while let Some(tool) = reached.get(at).copied() {
        at += 1;
        for order in earlier {
            if let Expected::Order(before, after) = &order.kind
                && before == tool
                && !reached.contains(&after)
            {
                reached.push(after);
            }
        }
    }
    reached.contains(&first).then(|| {
        (
            format!("by the orders before it, `{second}` comes before `{first}`"),
            "remove one of them",
        )
    })
}
