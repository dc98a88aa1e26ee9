//! Expectations that are not met: what was expected, and what came instead.

use super::detail::Detail;
use super::formatting::{count, exact, list, quote, shorten, time};
use super::lanes_and_instances::pattern;
use super::matcher_mismatch::{self, offers};
use super::mismatch_reason::MismatchReason;
use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::matcher as written;
use crate::hide_secrets;
use crate::journal::calls::{Call, Calls};
use crate::journal::verdict::{PrefixBreak, Shortfall, Undecided, Unmet, Verdict};
use crate::scenario::{Expectation, Expected, Matcher, SourceLocation};

/// The problem of a mock that does not meet an expectation.
pub(super) fn problem<'v>(verdict: &'v Verdict, unmet: &Unmet) -> Explanation<'v> {
    let (kind, place) = (&unmet.expectation.kind, unmet.expectation.place);
    let (source, why) = (source(kind), why(kind, &unmet.shortfall, &verdict.calls));
    let headline = mock_headline(
        &verdict.mock,
        format_args!("`{}` was not met", shorten(&source, 60)),
        SourceLocation {
            file: place.file.or(verdict.scenario.place.file),
            line: place.line,
        },
        format_args!(": {}", why.brief),
    );
    let mut problem = Explanation::new(ProblemKind::UnmetExpectation, verdict, headline);
    problem.call = culprit(&unmet.shortfall);
    problem.detail.text("expected:", format_args!("{source}"));
    problem.detail.block("but:", &why.lines);
    problem
}

/// Adds an expectation that is not met to a report that is about something else.
pub(super) fn note(unmet: &Unmet, calls: &Calls, detail: &mut Detail) {
    let kind = &unmet.expectation.kind;
    let why = why(kind, &unmet.shortfall, calls).brief;
    let source = shorten(&source(kind), 60);
    detail.text("unmet:", format_args!("{source}: {why}"));
}

/// The message of an assertion that does not hold.
pub(crate) fn unmet(expectation: &Expectation, shortfall: &Shortfall, calls: &Calls) -> String {
    let source = source(&expectation.kind);
    let why = why(&expectation.kind, shortfall, calls);
    let mut detail = Detail::default();
    detail.text("expected:", format_args!("{source}"));
    detail.block("but:", &why.lines);
    let source = shorten(&source, 60);
    detail.below(format!("`{source}` was not met: {}", why.brief))
}

/// An expectation as it is written in a scenario.
pub(super) fn source(expected: &Expected) -> String {
    match expected {
        Expected::Calls(range) => format!("calls({range})"),
        Expected::Sent(matcher) => format!("sent({})", written(matcher)),
        Expected::NeverSent(matcher) => format!("never_sent({})", written(matcher)),
        Expected::Offered(tool) => format!("offered({tool})"),
        Expected::Result { tool, value } => format!("result({tool}, {value})"),
        Expected::Order(first, second) => format!("order({first}, {second})"),
        Expected::Within(within) => format!("within({})", time(*within)),
        Expected::Tokens(range) => format!("tokens({range})"),
        Expected::WaitedRetryAfter => "waited_retry_after".to_owned(),
        Expected::EveryCallAnswered => "every_call_answered".to_owned(),
        Expected::NothingAfterCancel => "nothing_after_cancel".to_owned(),
        Expected::PromptPrefixStable => "prompt_prefix_stable".to_owned(),
    }
}

/// The call that does not fit, where there is one.
fn culprit(shortfall: &Shortfall) -> Option<usize> {
    match shortfall {
        Shortfall::Sent(call)
        | Shortfall::Undecided(call, _)
        | Shortfall::InFlight(call)
        | Shortfall::Dropped(call)
        | Shortfall::Panicked(call)
        | Shortfall::NoUsage(call)
        | Shortfall::Order { second: call, .. }
        | Shortfall::TooEarly { next: call, .. }
        | Shortfall::AfterCancel { next: call, .. } => Some(*call),
        Shortfall::Prefix(broken) => Some(broken.call),
        _ => None,
    }
}

/// Why the calls do not meet an expectation.
pub(super) fn why(expected: &Expected, shortfall: &Shortfall, calls: &Calls) -> MismatchReason {
    let say = MismatchReason::from_text;
    match (shortfall, expected) {
        (Shortfall::NeverSent, Expected::Sent(matcher)) => never_sent(matcher, calls),
        (Shortfall::Sent(call), Expected::NeverSent(matcher)) => MismatchReason::new(
            format_args!("call {call} sent it"),
            format_args!("`{}` holds for call {call}", written(matcher)),
        ),
        (Shortfall::NotOffered, Expected::Offered(tool)) => {
            let Some(call) = calls.last() else {
                return say(format_args!("{NEVER_CALLED}"));
            };
            let none = match calls.len() {
                1 => "",
                _ => "no call offers it: ",
            };
            let offers = offers(tool, call.request());
            say(format_args!("{none}call {} {offers}", call.number()))
        }
        (Shortfall::Result(Some((call, text))), Expected::Result { tool, .. }) => {
            MismatchReason::new(
                format_args!("the last result of `{tool}` is {}", quote(text, 40)),
                format_args!(
                    "call {call} has the last result of `{tool}`: {}",
                    exact(text, 120)
                ),
            )
        }
        (Shortfall::Result(None), Expected::Result { tool, .. })
        | (Shortfall::NoResult(tool), _) => {
            say(format_args!("no request has a result of `{tool}`"))
        }
        (Shortfall::Order { second, first }, Expected::Order(one, other)) => {
            match first == second {
                true => say(format_args!(
                    "in call {first}, the result of `{other}` comes before that of `{one}`"
                )),
                false => say(format_args!(
                    "call {second} has a result of `{other}`, and the first one of `{one}` came with call {first}"
                )),
            }
        }
        (Shortfall::Prefix(broken), _) => prefix(broken),
        (Shortfall::Undecided(number, why), _) => {
            let call = calls.with_number(*number);
            let why = call.map_or(String::new(), |call| undecided(why, call));
            say(format_args!("{why}"))
        }
        (shortfall, _) => why_of_calls(shortfall),
    }
}

/// The same where it does not depend on what was expected.
fn why_of_calls(shortfall: &Shortfall) -> MismatchReason {
    let say = MismatchReason::from_text;
    match shortfall {
        Shortfall::Calls(1) => say(format_args!("there was 1 call")),
        Shortfall::Calls(calls) => say(format_args!("there were {calls} calls")),
        Shortfall::Took(took) => say(format_args!("the calls took {}", time(*took))),
        Shortfall::InFlight(call) => say(format_args!("call {call} has not ended")),
        Shortfall::Tokens(tokens) => say(format_args!("the answers have {tokens} tokens")),
        Shortfall::NoUsage(call) => say(format_args!(
            "the answer to call {call} has no usage, so its tokens are unknown"
        )),
        Shortfall::TooEarly {
            rejected,
            next,
            waited,
            wait,
        } => say(format_args!(
            "call {next} came {} after call {rejected} was rejected with a retry-after of {}",
            time(*waited),
            time(*wait)
        )),
        Shortfall::NothingToWaitFor => say(format_args!(
            "no call was rejected with a retry-after and followed by another"
        )),
        Shortfall::NothingCancelled => say(format_args!("no call was dropped before its end")),
        Shortfall::Dropped(call) => say(format_args!("call {call} was dropped before its end")),
        Shortfall::Panicked(call) => say(format_args!("a closure panicked in call {call}")),
        Shortfall::AfterCancel { dropped, next } => say(format_args!(
            "call {next} came after call {dropped} was dropped"
        )),
        // Each of these shortfalls belongs to another kind of expectation.
        Shortfall::NeverSent
        | Shortfall::Sent(_)
        | Shortfall::NotOffered
        | Shortfall::NoResult(_)
        | Shortfall::Result(_)
        | Shortfall::Order { .. }
        | Shortfall::Undecided(..)
        | Shortfall::Prefix(_) => say(format_args!("")),
    }
}

const NEVER_CALLED: &str = "the mock was never called";

/// Why nothing says whether a matcher holds for a call.
pub(super) fn undecided(why: &Undecided, call: &Call) -> String {
    let number = call.number();
    match why {
        Undecided::NoHead if call.scenario.asks_for_heads() => format!(
            "call {number} has no headers and no path: in process there are none, so serve the mock"
        ),
        Undecided::NoHead => format!(
            "the headers and the path of call {number} are not known: in process there are none, and a server keeps them only for a scenario \
             with `header(..)` or `path(..)`: give the expectation to the scenario, or read `server.exchanges()`"
        ),
        Undecided::ResultMisfit { tool, misfit } => {
            format!(
                "the result of `{tool}` in call {number} is not what the tool returns: {misfit}"
            )
        }
    }
}

/// Why a matcher holds for none of the requests, in full for the last one.
fn never_sent(matcher: &Matcher, calls: &Calls) -> MismatchReason {
    let Some(last) = calls.last() else {
        return MismatchReason::from_text(format_args!("{NEVER_CALLED}"));
    };
    let why = matcher_mismatch::why(matcher, last);
    if calls.len() == 1 {
        return why;
    }
    let (number, calls) = (last.number(), count(calls.len(), "call"));
    MismatchReason::new(
        format_args!("in call {number}, {}", why.brief),
        format_args!("it holds for none of {calls}; call {number}:"),
    )
    .and(why.lines)
}

fn prefix(broken: &PrefixBreak) -> MismatchReason {
    let PrefixBreak {
        before,
        call,
        part,
        offset,
        was,
        is,
    } = broken;
    let differ = match part.starts_with("message") {
        true => "differs from that",
        false => "differ from those",
    };
    let brief = format_args!("{part} of call {call} {differ} of call {before} at byte {offset}");
    MismatchReason::from_text(brief).and(vec![
        format!("call {before}: {}", shown(was)),
        format!("call {call}: {}", shown(is)),
    ])
}

/// A part of a prompt, on one line.
fn shown(text: &str) -> String {
    match text {
        "" => "nothing".to_owned(),
        text => {
            let line = text.replace("\n", "\\n").replace("\t", "\\t");
            shorten(&hide_secrets::hide(&line), 76)
        }
    }
}

/// The lanes of a mock, for a message that names them.
#[inline]
pub(crate) fn unknown_lane(wanted: &str, lanes: &[String]) -> String {
    match lanes {
        [] => format!("the mock has no lanes, so none has `{wanted}` in its pattern"),
        lanes => format!(
            "no lane, or more than one, has `{wanted}` in its pattern: the lanes are {}",
            list(lanes)
        ),
    }
}

/// The pattern of each lane, as it is written in the scenario.
#[inline]
pub(crate) fn lane_patterns(call: &Call) -> Vec<String> {
    let mut patterns = Vec::new();
    for lane in call.scenario.lanes.iter() {
        patterns.push(pattern(lane));
    }
    patterns
}
