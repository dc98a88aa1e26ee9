//! Explains that a call fits no turn: why, what was expected, and the remedies.

use super::formatting::{count, short_place, shorten};
use super::help;
use super::lanes_and_instances::{began_in_the_middle, call_of, pattern, per, turn_index};
use super::matcher_input::MatcherInput;
use super::matcher_mismatch::{self, decisive};
use super::mismatch_reason::MismatchReason;
use super::no_instance::no_instance;
use super::other_turn::{Other, other_turn, uses};
use super::problem::{Explanation, ProblemKind, block, headline, in_full};
use super::turn::{label, location, matchers, title, turn_lines};
use super::turn_mismatch::why;
use super::{INDENT, WIDTH};
#[cfg(feature = "cassette")]
use super::{cassette_notes, nearest_recorded};
use crate::journal::calls::Call;
use crate::journal::verdict::{Mismatch, NoScript, Verdict};
use crate::scenario::{Matcher, Scenario, TurnIndex};

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let mismatch = verdict.problems.mismatch.as_ref()?;
    let call = verdict.calls.get(mismatch.call - 1)?;
    let uses = uses(verdict, mismatch.script);
    Some(Explanation {
        verdict,
        rank: 1,
        order: mismatch.order,
        kind: ProblemKind::Unscripted,
        call: Some(mismatch.call),
        turn: mismatch.misses.last().map(|miss| miss.turn),
        headline: unscripted(&verdict.mock, &verdict.scenario, mismatch, call),
        detail: expected(verdict, mismatch, call, &uses),
    })
}

/// Returns one line: the unexpected request and the reason.
pub(crate) fn unscripted(
    mock: &str,
    scenario: &Scenario,
    mismatch: &Mismatch,
    call: &Call,
) -> String {
    let mock = label(mock);
    let request = MatcherInput::from_call(call);
    let call = call_of(scenario, call);
    if let Some(no_script) = mismatch.no_script {
        let (unfit, after) = match no_script {
            NoScript::NoLane if scenario.is_recorded() => ("was not recorded", String::new()),
            NoScript::NoLane if scenario.rules.is_empty() => ("fits no lane", String::new()),
            NoScript::NoLane => ("fits no lane and no rule", String::new()),
            NoScript::Embedding => (
                "asks for embeddings, which belong to no conversation, and fits no rule",
                String::new(),
            ),
            NoScript::NoInstance => (
                "does not fit `per`",
                no_instance(scenario, request, WIDTH - INDENT)
                    .map_or(String::new(), |why| format!(": {}", why.brief)),
            ),
        };
        return headline(
            &format!("mock `{mock}`: {call} {unfit}"),
            &short_place(scenario.place),
            &after,
        );
    }
    let lane = mismatch.script.lane();
    let Some(miss) = mismatch.misses.last() else {
        let last = scenario.turns_of(lane).len();
        return match (last, scenario.rules.len()) {
            (0, 0) => headline(
                &format!("mock `{mock}`: {call} is not scripted: there are no turns"),
                &short_place(scenario.place),
                "",
            ),
            (0, 1) => headline(
                &format!("mock `{mock}`: {call} does not fit the only rule"),
                &location(scenario, TurnIndex::Rule(0)),
                "",
            ),
            (0, rules) => headline(
                &format!("mock `{mock}`: {call} fits none of {rules} rules"),
                &location(scenario, TurnIndex::Rule(0)),
                "",
            ),
            (last, rules) => {
                let problem = match rules {
                    0 => "is one too many:",
                    _ => "fits no rule, and",
                };
                let last = TurnIndex::scripted(lane, last - 1);
                let title = title(scenario, last);
                headline(
                    &format!("mock `{mock}`: {call} {problem} {title} was the last"),
                    &location(scenario, last),
                    "",
                )
            }
        };
    };
    let after = match other_turn(scenario, mismatch, request) {
        Some(Other::Later(other) | Other::InLane(other)) => {
            format!(", but it fits {}", title(scenario, other))
        }
        Some(Other::Earlier(other)) => {
            format!(", but it fits {} again", title(scenario, other))
        }
        None => format!(": {}", why(scenario, miss, request, WIDTH - INDENT).brief),
    };
    headline(
        &format!(
            "mock `{mock}`: {call} does not fit {}",
            title(scenario, miss.turn)
        ),
        &location(scenario, miss.turn),
        &after,
    )
}

/// Explains why a request has no script, and what was expected.
fn no_script(scenario: &Scenario, no_script: NoScript, request: MatcherInput<'_>) -> Vec<String> {
    match no_script {
        #[cfg(feature = "cassette")]
        NoScript::NoLane if scenario.is_recorded() => nearest_recorded::nearest(scenario, request),
        NoScript::NoLane => {
            let mut lines = lanes(scenario, request);
            lines.extend(rules(scenario, request));
            block("expected:", lines)
        }
        NoScript::Embedding => block("expected:", rules(scenario, request)),
        NoScript::NoInstance => {
            let told = format!("a value for `per = {}`", per(scenario));
            let mut lines = block("expected:", in_full(&told));
            if let Some(why) = no_instance(scenario, request, WIDTH - INDENT) {
                lines.extend(block("but:", why.lines));
            }
            lines
        }
    }
}

/// Explains a mismatch: the expected turn, why it did not answer, which one would have, and the remedies.
fn expected(verdict: &Verdict, mismatch: &Mismatch, call: &Call, uses: &[u32]) -> Vec<String> {
    let scenario = &*verdict.scenario;
    let request = MatcherInput::from_call(call);
    let mut lines = Vec::new();
    let script = scenario.turns_of(mismatch.script.lane());
    match mismatch.misses.split_last() {
        _ if mismatch.no_script.is_some() => {
            if let Some(why) = mismatch.no_script {
                lines.extend(no_script(scenario, why, request));
            }
        }
        Some((miss, others)) => {
            lines.extend(block("expected:", turn_lines(scenario, miss.turn)));
            let MismatchReason { lines: reason, .. } = why(scenario, miss, request, WIDTH - INDENT);
            lines.extend(block("but:", reason));
            for other in others.iter().rev().take(2) {
                let MismatchReason { brief, .. } = why(scenario, other, request, WIDTH);
                let place = location(scenario, other.turn);
                let line = format!("{} at {place}: {brief}", title(scenario, other.turn));
                lines.extend(block("tried:", in_full(&line)));
            }
        }
        None if script.is_empty() && !scenario.rules.is_empty() => {
            lines.extend(block("expected:", rules(scenario, request)));
        }
        None if script.is_empty() => {
            lines.extend(block("expected:", vec!["no call at all".to_owned()]));
        }
        None => {
            let last = turn_index(mismatch.script, script.len() - 1);
            let mut turn = turn_lines(scenario, last);
            turn[0] = format!("no call after {}", turn[0]);
            turn.extend(rules(scenario, request));
            lines.extend(block("expected:", turn));
        }
    }
    match other_turn(scenario, mismatch, request) {
        Some(Other::Later(turn) | Other::InLane(turn)) => {
            lines.extend(block("fits:", turn_lines(scenario, turn)));
        }
        Some(Other::Earlier(turn)) => {
            let index = turn.in_script().unwrap_or_default();
            let used = uses.get(index).copied().unwrap_or_default();
            let place = location(scenario, turn);
            let is_named = mismatch.misses.is_empty() && index + 1 == script.len();
            let what = match scenario.turn(turn).is_replayed() {
                true => "exchange",
                false => "turn",
            };
            let title = title(scenario, turn);
            let line = match used {
                _ if is_named => format!("this {what}, which is used up"),
                0 => format!("{title} at {place}, which was left out"),
                _ => format!("{title} at {place}, which is used up"),
            };
            lines.extend(block("fits:", in_full(&line)));
        }
        None => {}
    }
    if let Some(began) = began_in_the_middle(verdict, call) {
        // Its turns are right, and it is asked of those of another conversation.
        lines.extend(block("note:", in_full(&began)));
        return lines;
    }
    if let Some(repeated) = repeats(verdict, call) {
        lines.extend(block("note:", in_full(&repeated)));
    }
    #[cfg(feature = "cassette")]
    lines.extend(cassette_notes::notes(scenario));
    lines.extend(help::for_mismatch(scenario, mismatch, request, uses));
    lines
}

/// Says of a call that its request is that of the call before, where that failed: it is a retry.
fn repeats(verdict: &Verdict, call: &Call) -> Option<String> {
    let failed = verdict.calls.retried_by(call)?;
    let error = failed.error()?;
    Some(format!(
        "call {} repeats the request of call {}, which failed with {}",
        call.number(),
        failed.number(),
        error.kind
    ))
}

/// Lists the rules, and why each does not match the request.
fn rules(scenario: &Scenario, request: MatcherInput<'_>) -> Vec<String> {
    let mut rules = Vec::new();
    for (index, rule) in scenario.rules.iter().enumerate() {
        let title = title(scenario, TurnIndex::Rule(index));
        let rule_is = format!("{title}: on({})", matchers(&rule.matchers));
        rules.push((rule_is, &rule.matchers[..]));
    }
    all_unmatched(rules, "more rule", request)
}

/// Lists the lanes, and why each does not match the request.
fn lanes(scenario: &Scenario, request: MatcherInput<'_>) -> Vec<String> {
    let mut lanes = Vec::new();
    for (index, lane) in scenario.lanes.iter().enumerate() {
        let lane_is = format!("lane {}: {}", index + 1, pattern(lane));
        lanes.push((lane_is, &lane.matchers[..]));
    }
    all_unmatched(lanes, "more lane", request)
}

/// Of some things, what each is for, and why this request is not among it.
fn all_unmatched(
    things: Vec<(String, &[Matcher])>,
    more: &str,
    request: MatcherInput<'_>,
) -> Vec<String> {
    const MOST: usize = 4;
    let left = things.len().checked_sub(MOST);
    let mut lines = Vec::new();
    for (thing, matchers) in things.iter().take(MOST) {
        lines.push(thing.clone());
        if let Some(failed) = decisive(matchers, false, request) {
            let why = matcher_mismatch::why(failed, request, WIDTH - INDENT);
            lines.push(shorten(&format!("    but {}", why.brief), WIDTH - INDENT));
        }
    }
    if let Some(left @ 1..) = left {
        lines.push(format!("and {}", count(left, more)));
    }
    lines
}
