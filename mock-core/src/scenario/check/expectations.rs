//! The mistakes in the expectations of a scenario: those that no run can meet.

use std::mem::discriminant;
use std::time::Duration;

use super::{Checked, EXPECTATION, ScenarioError, error, reject};
use crate::plural::count;
use crate::scenario::{Action, Expectation, Expected, FaultKind, Matcher, Scenario, Turn};
use crate::search::Search;

impl Scenario {
    /// Checks whether a run can meet each expectation.
    pub(super) fn check_expectations(&self) -> Result<(), ScenarioError> {
        for (index, expectation) in self.expect.iter().enumerate() {
            let earlier = &self.expect[..index];
            let place = expectation.place.or_in(self.place);
            self.check_expectation(expectation, earlier)
                .map_err(|problem| error(EXPECTATION, place, problem))?;
        }
        Ok(())
    }

    fn check_expectation(&self, expectation: &Expectation, earlier: &[Expectation]) -> Checked {
        self.check_whether_it_can_be_met(&expectation.kind)?;
        let mut tools = Vec::new();
        expectation.add_tools(&mut tools);
        self.check_tools(&tools)?;
        check_beside_others(expectation, earlier)?;
        check_order(expectation, earlier)
    }

    fn check_whether_it_can_be_met(&self, expected: &Expected) -> Checked {
        match expected {
            Expected::Calls(range) | Expected::Tokens(range) if range.is_empty() => Err((
                format!("the range `{range}` is empty"),
                "write the smaller number first",
            )),
            Expected::Calls(range) | Expected::Tokens(range) if range.has_all() => Err((
                format!("any number is in the range `{range}`"),
                "write an end, as in `1..`, or remove it",
            )),
            Expected::Calls(range) => {
                if let Some(max) = self.max_calls.map(u64::from)
                    && range.min > max
                {
                    return Err((
                        format!("the mock gets at most {}", calls(max)),
                        "expect fewer calls, or let the mock get more, as in `.max_calls(10_000)`",
                    ));
                }
                let required = self.required_calls();
                if range.max >= required {
                    return Ok(());
                }
                let are = if range.max == 1 { "is" } else { "are" };
                Err((
                    format!(
                        "at most {} {are} expected, and the script requires {required}",
                        calls(range.max)
                    ),
                    "expect more calls, or let turns be unused with `.times(0..=1)`",
                ))
            }
            Expected::Within(time) => reject(&[(
                *time == Duration::ZERO,
                "it takes no time",
                "write a time such as `secs(30)`",
            )]),
            Expected::Order(first, second) if first == second => Err((
                format!("`{first}` cannot come before itself"),
                "name two tools",
            )),
            Expected::WaitedRetryAfter => reject(&[(
                self.first_turn(&may_say_to_wait).is_none(),
                "no turn fails, so there is nothing to wait for",
                "add a turn such as `fail(rate_limit().retry_after(secs(2)))`",
            )]),
            Expected::NeverSent(matcher) => reject(&[(
                self.requires(matcher),
                "a turn requires such a request",
                "remove it, or let the turn be unused with `.times(0..=1)`",
            )]),
            Expected::Sent(_)
            | Expected::Offered(_)
            | Expected::Result { .. }
            | Expected::Order(..)
            | Expected::Tokens(_)
            | Expected::EveryCallAnswered
            | Expected::NothingAfterCancel
            | Expected::PromptPrefixStable => Ok(()),
        }
    }

    /// The turns of the script, or of each lane, with the matchers of the lane.
    fn scripts(&self) -> Vec<(&[Matcher], &[Turn])> {
        let mut scripts: Vec<(&[Matcher], &[Turn])> = vec![(&[], &self.turns)];
        for lane in self.lanes.iter() {
            scripts.push((&lane.matchers, &lane.turns));
        }
        scripts
    }

    /// Whether the script requires a request for which this matcher holds.
    fn requires(&self, matcher: &Matcher) -> bool {
        let has = |matchers: &[Matcher]| matchers.any(&|other| other.is_same_as(matcher));
        let requires = |(of_lane, turns): &(&[Matcher], &[Turn])| {
            turns.any(&|turn| turn.count.min > 0 && (has(of_lane) || has(&turn.matchers)))
        };
        !self.allow.unused_turns && self.scripts().any(&requires)
    }

    /// Checks the limit of calls, if there is one.
    pub(super) fn check_max_calls(&self) -> Checked {
        let Some(max) = self.max_calls.map(u64::from) else {
            return Ok(());
        };
        reject(&[(
            max == 0,
            "it gets at most 0 calls",
            "write 1 or more, or expect `calls(0)`",
        )])?;
        let required = self.required_calls();
        if max < required {
            let most = calls(max);
            let problem = format!("it gets at most {most}, and the script requires {required}");
            let remedy = "let it get more, or let turns be unused with `.times(0..=1)`";
            return Err((problem, remedy));
        }
        Ok(())
    }

    /// The number of calls that the script requires at least.
    fn required_calls(&self) -> u64 {
        if self.per.is_some() || self.allow.unused_turns {
            return 0;
        }
        let mut sum = 0;
        for &(_, turns) in &self.scripts() {
            for turn in turns {
                sum += u64::from(turn.count.min);
            }
        }
        sum
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

/// Checks that an expectation goes together with each of these.
fn check_beside_others(expectation: &Expectation, earlier: &[Expectation]) -> Checked {
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
    let (earlier, problem) = match (earlier.find(&is_against), earlier.find(&is_again)) {
        (Some(earlier), _) => (earlier, "it contradicts the one"),
        (None, Some(earlier)) => (earlier, "it is there already"),
        (None, None) => return Ok(()),
    };
    let problem = format!("{problem} in line {}", earlier.place.line);
    Err((problem, "remove one of the two"))
}

/// Checks that an order goes together with several of these.
fn check_order(expectation: &Expectation, earlier: &[Expectation]) -> Checked {
    let Expected::Order(first, second) = &expectation.kind else {
        return Ok(());
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
    if reached.contains(&first) {
        let problem = format!("by the orders before it, `{second}` comes before `{first}`");
        return Err((problem, "remove one of them"));
    }
    Ok(())
}
