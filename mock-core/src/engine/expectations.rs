//! Checks what is expected of all calls of a mock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::Value;

use super::Engine;
use super::json_contains::json_contains;
use super::match_context::MatchContext;
use super::waited_retry_after::too_early;
use crate::chat::conversation::results_of;
use crate::chat::message::ToolResult;
use crate::journal::calls::{Call, Calls, Outcome};
use crate::journal::calls_by_script::CallsByScript;
use crate::journal::verdict::{Reason, Shortfall, Undecided, Unmet, Verdict};
use crate::scenario::{Expectation, Expected, Matcher, Str};

impl Engine {
    /// Returns the expectations of the scenario that are not met.
    pub(super) fn unmet(&self, verdict: &Verdict) -> Vec<Unmet> {
        let expected = &self.scenario.expect;
        let mut unmet = Vec::new();
        if expected.is_empty() || self.are_turns_optional() {
            return unmet;
        }
        for expectation in expected.iter() {
            let shortfall = match expectation.kind {
                Expected::PromptPrefixStable => {
                    let broken = self.prefix_break(&verdict.calls);
                    broken.map(|broken| Shortfall::Prefix(Box::new(broken)))
                }
                _ => shortfall(expectation, &verdict.calls),
            };
            if let Some(shortfall) = shortfall {
                let expectation = expectation.clone();
                unmet.push(Unmet {
                    expectation,
                    shortfall,
                });
            }
        }
        unmet
    }
}

/// Why the calls do not meet an expectation; `None` if they do.
pub(crate) fn shortfall(expectation: &Expectation, calls: &Calls) -> Option<Shortfall> {
    match &expectation.kind {
        Expected::Calls(range) => {
            (!range.has(calls.len() as u64)).then_some(Shortfall::Calls(calls.len()))
        }
        Expected::Sent(matcher) => {
            match calls.find(&|call| matches!(holds(matcher, call), Ok(true))) {
                Some(_) => None,
                None => Some(undecided(matcher, calls).unwrap_or(Shortfall::NeverSent)),
            }
        }
        Expected::NeverSent(matcher) => {
            match calls.find(&|call| matches!(holds(matcher, call), Ok(true))) {
                Some(call) => Some(Shortfall::Sent(call.number)),
                None => undecided(matcher, calls),
            }
        }
        Expected::Offered(tool) => match calls.find(&|call| call.request.offers(tool)) {
            Some(_) => None,
            None => Some(Shortfall::NotOffered),
        },
        Expected::Result { tool, value } => without_result(tool, value, calls),
        Expected::Order(first, second) => not_in_order(first, second, calls),
        Expected::Within(time) => not_within(*time, calls),
        Expected::Tokens(range) => match tokens(calls) {
            Ok(tokens) => (!range.has(tokens)).then_some(Shortfall::Tokens(tokens)),
            Err(call) => Some(Shortfall::NoUsage(call)),
        },
        Expected::WaitedRetryAfter => too_early(calls),
        Expected::EveryCallAnswered => unanswered(calls),
        Expected::NothingAfterCancel => after_cancel(calls),
        // The servers check this: only they have the bodies to compare.
        Expected::PromptPrefixStable => None,
    }
}

/// The tokens of all answers.
///
/// # Errors
/// The number of a call whose answer is complete and has no usage.
fn tokens(calls: &Calls) -> Result<u64, usize> {
    let mut tokens = 0_u64;
    for call in calls {
        match (call.usage(), call.outcome()) {
            (Some(usage), _) => tokens = tokens.saturating_add(usage.total_tokens()),
            (None, Some(Outcome::Completed)) => return Err(call.number),
            (None, _) => {}
        }
    }
    Ok(tokens)
}

fn unanswered(calls: &Calls) -> Option<Shortfall> {
    for call in calls {
        return Some(match call.outcome() {
            None => Shortfall::InFlight(call.number),
            Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => Shortfall::Dropped(call.number),
            Some(Outcome::Panicked(_)) => Shortfall::Panicked(call.number),
            Some(_) => continue,
        });
    }
    None
}

fn after_cancel(calls: &Calls) -> Option<Shortfall> {
    let by_script = CallsByScript::new(calls);
    let mut is_any_dropped = false;
    for dropped in calls {
        if let Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) = dropped.outcome() {
            is_any_dropped = true;
            if let Some(next) = by_script.next_after(dropped) {
                return Some(Shortfall::AfterCancel {
                    dropped: dropped.number,
                    next: next.number,
                });
            }
        }
    }
    (!is_any_dropped).then_some(Shortfall::NothingCancelled)
}

/// Returns whether a matcher holds for the request of a call. A closure that panics counts as not holding.
///
/// # Errors
/// If nothing says whether it holds.
pub(crate) fn holds(matcher: &Matcher, call: &Call) -> Result<bool, Undecided> {
    let context = MatchContext::without_script(&call.scenario, &call.request, call.head.as_deref());
    let decide = || decide(&context, matcher);
    catch_unwind(AssertUnwindSafe(decide)).unwrap_or(Ok(false))
}

/// A part that cannot be decided does not matter where the other parts decide.
fn decide(context: &MatchContext<'_>, matcher: &Matcher) -> Result<bool, Undecided> {
    match matcher {
        Matcher::Header(..) | Matcher::Path { .. } if context.head.is_none() => {
            Err(Undecided::NoHead)
        }
        Matcher::AnyOf(inner) => any_is(context, inner, true),
        Matcher::AllOf(inner) => Ok(!any_is(context, inner, false)?),
        Matcher::Not(inner) => Ok(!any_is(context, inner, true)?),
        leaf => match context.matches(leaf, &mut Vec::new()) {
            Ok(holds) => Ok(holds),
            Err(Reason::ResultMisfit { tool, misfit }) => {
                Err(Undecided::ResultMisfit { tool, misfit })
            }
            Err(_) => Ok(false),
        },
    }
}

/// Whether one of these holds, or does not, as `wanted` says.
fn any_is(
    context: &MatchContext<'_>,
    matchers: &[Matcher],
    wanted: bool,
) -> Result<bool, Undecided> {
    let mut undecided = None;
    for matcher in matchers {
        match decide(context, matcher) {
            Ok(holds) if holds == wanted => return Ok(true),
            Ok(_) => {}
            Err(error) => undecided = undecided.or(Some(error)),
        }
    }
    undecided.map_or(Ok(false), Err)
}

/// The first call of which nothing says whether this matcher holds.
fn undecided(matcher: &Matcher, calls: &Calls) -> Option<Shortfall> {
    for call in calls {
        if let Err(undecided) = holds(matcher, call) {
            return Some(Shortfall::Undecided(call.number, undecided));
        }
    }
    None
}

fn without_result(tool: &str, value: &str, calls: &Calls) -> Option<Shortfall> {
    // The text was written from a value, so it is JSON.
    let value = serde_json::from_str(value).unwrap_or(Value::Null);
    let mut last = None;
    for call in calls {
        for &result in &results_of(&call.request.messages, tool) {
            if has(result, &value) {
                return None;
            }
            last = Some((call.number, result.text().into_owned()));
        }
    }
    Some(Shortfall::Result(last))
}

fn has(result: &ToolResult, value: &Value) -> bool {
    let text = result.text();
    let is_text = value.as_str().is_some_and(|value| value == text);
    is_text || serde_json::from_str(&text).is_ok_and(|result| json_contains(&result, value))
}

/// The first request with a result of this tool, and the place of the result in it.
fn first_result(tool: &str, calls: &Calls) -> Option<(usize, usize)> {
    for call in calls {
        let Some(result) = results_of(&call.request.messages, tool).first().copied() else {
            continue;
        };
        let mut before = 0;
        for message in &call.request.messages {
            for other in message.tool_results() {
                if std::ptr::eq(other, result) {
                    return Some((call.number, before));
                }
                before += 1;
            }
        }
    }
    None
}

fn not_in_order(first: &Str, second: &Str, calls: &Calls) -> Option<Shortfall> {
    let Some(of_first) = first_result(first, calls) else {
        return Some(Shortfall::NoResult(first.clone()));
    };
    let Some(of_second) = first_result(second, calls) else {
        return Some(Shortfall::NoResult(second.clone()));
    };
    (of_second < of_first).then_some(Shortfall::Order {
        second: of_second.0,
        first: of_first.0,
    })
}

fn not_within(time: Duration, calls: &Calls) -> Option<Shortfall> {
    let mut first = calls.first()?.started_at();
    let mut last = first;
    for call in calls {
        first = first.min(call.started_at());
        let Some(end) = call.ended_at() else {
            return Some(Shortfall::InFlight(call.number));
        };
        last = last.max(end);
    }
    let took = last - first;
    (took > time).then_some(Shortfall::Took(took))
}
