//! Expectations that are not met: what was expected, and what came instead.

use super::formatting::{count, exact, list, quote, short_place, shorten, time};
use super::matcher_input::MatcherInput;
use super::matcher_mismatch::{self, offers};
use super::mismatch_reason::MismatchReason;
use super::problem::{Explanation, ProblemKind, block, headline, in_full};
use super::turn::{label, matcher as written};
use super::{INDENT, WIDTH};
use crate::journal::calls::{Call, Calls};
use crate::journal::verdict::{PrefixBreak, Shortfall, Undecided, Unmet, Verdict};
use crate::scenario::{Expectation, Expected, Matcher, SourceLocation};

/// The problems of a mock whose expectations are not met, one for each.
pub(super) fn problems(verdict: &Verdict) -> Vec<Explanation<'_>> {
    let mut problems = Vec::new();
    for unmet in &verdict.unmet {
        let (expectation, calls) = (&unmet.expectation, &verdict.calls);
        let why = why(expectation, &unmet.shortfall, calls);
        let place = SourceLocation {
            file: expectation.place.file.or(verdict.scenario.place.file),
            line: expectation.place.line,
        };
        let mut detail = block("expected:", in_full(&source(expectation)));
        detail.extend(block("but:", why.lines));
        problems.push(Explanation {
            verdict,
            rank: 3,
            order: 0,
            kind: ProblemKind::UnmetExpectation,
            call: culprit(&unmet.shortfall),
            turn: None,
            headline: headline(
                &format!(
                    "mock `{}`: `{}` was not met",
                    label(&verdict.mock),
                    shorten(&source(expectation), 60)
                ),
                &short_place(place),
                &format!(": {}", why.brief),
            ),
            detail,
        });
    }
    problems
}

/// A line for an expectation that is not met, below a report that is about something else.
pub(super) fn line(unmet: &Unmet, calls: &Calls) -> Vec<String> {
    let brief = why(&unmet.expectation, &unmet.shortfall, calls).brief;
    let line = format!("{}: {brief}", shorten(&source(&unmet.expectation), 60));
    block("unmet:", in_full(&line))
}

/// The message of an assertion that does not hold.
pub(crate) fn unmet(expectation: &Expectation, shortfall: &Shortfall, calls: &Calls) -> String {
    let why = why(expectation, shortfall, calls);
    let source = source(expectation);
    let mut lines = vec![format!(
        "`{}` was not met: {}",
        shorten(&source, 60),
        why.brief
    )];
    lines.push(String::new());
    lines.extend(block("expected:", in_full(&source)));
    lines.extend(block("but:", why.lines));
    super::painted(&lines)
}

/// An expectation as it is written in a scenario.
pub(super) fn source(expectation: &Expectation) -> String {
    match &expectation.kind {
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
fn why(expectation: &Expectation, shortfall: &Shortfall, calls: &Calls) -> MismatchReason {
    let both = |reason: String| MismatchReason::from_text(reason, WIDTH - INDENT);
    match (shortfall, &expectation.kind) {
        (Shortfall::NeverSent, Expected::Sent(matcher)) => never_sent(matcher, calls),
        (Shortfall::Sent(call), Expected::NeverSent(matcher)) => sent(matcher, *call),
        (Shortfall::NotOffered, Expected::Offered(tool)) => both(match calls.last() {
            None => "the mock was never called".to_owned(),
            Some(call) => {
                let (number, offers) = (call.number(), offers(tool, call.request()));
                match calls.len() {
                    1 => format!("call {number} {offers}"),
                    _ => format!("no call offers it: call {number} {offers}"),
                }
            }
        }),
        (Shortfall::Result(last), Expected::Result { tool, .. }) => match last {
            None => both(format!("no request has a result of `{tool}`")),
            Some((call, text)) => {
                let brief = format!("the last result of `{tool}` is {}", quote(text, 40));
                let full = format!(
                    "call {call} has the last result of `{tool}`: {}",
                    exact(text, 120)
                );
                MismatchReason::new(brief, &full, WIDTH - INDENT)
            }
        },
        (Shortfall::Order { second, first }, Expected::Order(one, other)) => {
            both(match first == second {
                true => {
                    format!("in call {first}, the result of `{other}` comes before that of `{one}`")
                }
                false => format!(
                    "call {second} has a result of `{other}`, and the first one of `{one}` came with call {first}"
                ),
            })
        }
        (Shortfall::Prefix(broken), _) => prefix(broken),
        (Shortfall::Undecided(number, why), _) => {
            let call = calls.with_number(*number);
            both(call.map_or(String::new(), |call| undecided(why, call)))
        }
        (shortfall, _) => both(brief(shortfall)),
    }
}

/// The reason in one sentence, where it does not depend on what was expected.
pub(super) fn brief(shortfall: &Shortfall) -> String {
    match shortfall {
        Shortfall::Calls(1) => "there was 1 call".to_owned(),
        Shortfall::Calls(calls) => format!("there were {}", count(*calls, "call")),
        Shortfall::NoResult(tool) => format!("no request has a result of `{tool}`"),
        Shortfall::Took(took) => format!("the calls took {}", time(*took)),
        Shortfall::InFlight(call) => format!("call {call} has not ended"),
        Shortfall::Tokens(tokens) => format!("the answers have {tokens} tokens"),
        Shortfall::NoUsage(call) => {
            format!("the answer to call {call} has no usage, so its tokens are unknown")
        }
        Shortfall::TooEarly {
            rejected,
            next,
            waited,
            wait,
        } => format!(
            "call {next} came {} after call {rejected} was rejected with a retry-after of {}",
            time(*waited),
            time(*wait)
        ),
        Shortfall::NothingToWaitFor => {
            "no call was rejected with a retry-after and followed by another".to_owned()
        }
        Shortfall::NothingCancelled => "no call was dropped before its end".to_owned(),
        Shortfall::Dropped(call) => format!("call {call} was dropped before its end"),
        Shortfall::Panicked(call) => format!("a closure panicked in call {call}"),
        Shortfall::AfterCancel { dropped, next } => {
            format!("call {next} came after call {dropped} was dropped")
        }
        // These are reported with the expected value.
        Shortfall::NeverSent
        | Shortfall::Sent(_)
        | Shortfall::NotOffered
        | Shortfall::Undecided(..)
        | Shortfall::Result(_)
        | Shortfall::Order { .. }
        | Shortfall::Prefix(_) => String::new(),
    }
}

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
        return MismatchReason::from_text("the mock was never called".to_owned(), WIDTH - INDENT);
    };
    let MismatchReason { brief, lines } =
        matcher_mismatch::why(matcher, MatcherInput::from_call(last), WIDTH - INDENT);
    if calls.len() == 1 {
        return MismatchReason { brief, lines };
    }
    let told = format!(
        "it holds for none of {}; call {}:",
        count(calls.len(), "call"),
        last.number()
    );
    MismatchReason {
        brief: format!("in call {}, {brief}", last.number()),
        lines: vec![told],
    }
    .and(lines)
}

fn sent(matcher: &Matcher, call: usize) -> MismatchReason {
    let brief = format!("call {call} sent it");
    let full = format!("`{}` holds for call {call}", written(matcher));
    MismatchReason::new(brief, &full, WIDTH - INDENT)
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
    let brief =
        format!("{part} of call {call} differ from those of call {before} at byte {offset}");
    let brief = match part.starts_with("message") {
        true => brief.replace("differ from those", "differs from that"),
        false => brief,
    };
    let lines = vec![
        brief.clone(),
        format!(
            "call {before}: {}",
            shorten(&crate::hide_secrets::hide(&one(was)), 76)
        ),
        format!(
            "call {call}: {}",
            shorten(&crate::hide_secrets::hide(&one(is)), 76)
        ),
    ];
    MismatchReason { brief, lines }
}

fn one(text: &str) -> String {
    match text.is_empty() {
        true => "nothing".to_owned(),
        false => text.replace("\n", "\\n").replace("\t", "\\t"),
    }
}

/// The lanes of a mock, for a message that names them.
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
pub(crate) fn lane_patterns(call: &Call) -> Vec<String> {
    let mut patterns = Vec::new();
    for lane in call.scenario.lanes.iter() {
        patterns.push(super::lanes_and_instances::pattern(lane));
    }
    patterns
}
