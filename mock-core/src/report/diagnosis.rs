//! Finds the first problem of a mock and explains it.

use super::formatting::{count, one_line, short_place, shorten};
use super::help;
use super::lanes_and_instances::{began_in_the_middle, call_of, pattern, per, turn_index};
use super::matcher_input::MatcherInput;
use super::mismatch_reason::MismatchReason;
use super::other_turn::{Other, other_turn, uses};
use super::problem::{Explanation, GIVE_UP, ProblemKind, block, headline, in_full, insert};
use super::turn::{label, matchers, place, title, turn_lines};
use super::turn_mismatch::why;
use super::unmatched::{self, decisive};
use super::{INDENT, WIDTH, broken_conversation, expectation, missing_feature};
#[cfg(feature = "cassette")]
use super::{cassette_notes, nearest_recorded};
use super::{pushed_after_end, rejected_request, server_not_started, unused};
use crate::journal::calls::Call;
use crate::journal::verdict::{ClosurePanic, Mismatch, NoScript, Unsupported, Verdict};
use crate::scenario::{Matcher, Per, Scenario, Turn, TurnIndex};
use crate::search::Search;

/// Returns the first problem of a mock.
pub(super) fn first_problem(verdict: &Verdict, running_tasks: usize) -> Option<Explanation<'_>> {
    problems(verdict, running_tasks).into_iter().next()
}

/// Returns the problems of a mock, in order. An unused turn, or an expectation that is not met, is only a problem if no call failed.
pub(super) fn problems(verdict: &Verdict, running_tasks: usize) -> Vec<Explanation<'_>> {
    let mut problems = Vec::new();
    let mut add = |problem: Option<_>| {
        if let Some(problem) = problem {
            insert(&mut problems, problem);
        }
    };
    add(panicked(verdict));
    add(unplayable(verdict));
    add(unexpected(verdict));
    add(broken_conversation::problem(verdict));
    add(missing_feature::problem(verdict));
    add(silent(verdict));
    if problems.is_empty() && (verdict.unused.is_some() || !verdict.unmet.is_empty()) {
        problems.extend(server_not_started::problem(verdict));
    }
    if let (true, Some(unused)) = (problems.is_empty(), verdict.unused) {
        problems.push(unused::problem(verdict, unused, running_tasks));
    }
    if problems.is_empty() {
        problems.extend(pushed_after_end::problem(verdict));
    }
    if problems.all(&|problem| !problem.is_of_a_call()) {
        problems.append(&mut expectation::problems(verdict));
    }
    if problems.is_empty() {
        problems.extend(rejected_request::problem(verdict));
    }
    problems
}

/// Returns the turn that answers a call, if one does.
fn answered_by(verdict: &Verdict, call: usize) -> Option<TurnIndex> {
    verdict.calls.get(call - 1).and_then(Call::answered_by)
}

fn panicked(verdict: &Verdict) -> Option<Explanation<'_>> {
    let panic = verdict.panic.as_ref()?;
    Some(Explanation {
        verdict,
        rank: 0,
        order: panic.order,
        kind: ProblemKind::ClosurePanicked,
        call: Some(panic.call),
        turn: answered_by(verdict, panic.call),
        headline: closure_panic(verdict, panic),
        detail: Vec::new(),
    })
}

fn unplayable(verdict: &Verdict) -> Option<Explanation<'_>> {
    let unsupported = verdict.unsupported.as_ref()?;
    Some(Explanation {
        verdict,
        rank: 1,
        order: unsupported.order,
        kind: ProblemKind::Unplayable,
        call: Some(unsupported.call),
        turn: answered_by(verdict, unsupported.call),
        headline: cannot(verdict, unsupported),
        detail: asked_for(verdict, unsupported),
    })
}

fn unexpected(verdict: &Verdict) -> Option<Explanation<'_>> {
    let mismatch = verdict.mismatch.as_ref()?;
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

/// Explains an answer that was kept alive for a day without content.
fn silent(verdict: &Verdict) -> Option<Explanation<'_>> {
    let call = *verdict.silent.iter().min()?;
    let turn = answered_by(verdict, call)?;
    let mut detail = block("waits:", turn_lines(&verdict.scenario, turn));
    detail.extend(block("help:", in_full(GIVE_UP)));
    Some(Explanation {
        verdict,
        rank: 1,
        // It is known a day after the call, so what else went wrong is usually its cause.
        order: usize::MAX,
        kind: ProblemKind::EndlessSilence,
        call: Some(call),
        turn: Some(turn),
        headline: headline(
            &format!(
                "mock `{}`: for 24 h of the test's clock, call {call} got only keep-alives from {}",
                label(&verdict.mock),
                title(&verdict.scenario, turn)
            ),
            &place(&verdict.scenario, turn),
            "",
        ),
        detail,
    })
}

fn closure_panic(verdict: &Verdict, panic: &ClosurePanic) -> String {
    let scenario = &verdict.scenario;
    let call = verdict.calls.get(panic.call - 1);
    // The turn that it answered, or the first with a closure.
    let has_closure = |turn: &Turn| turn.matchers.any(&Matcher::has_closure);
    let turn = match call.and_then(Call::answered_by) {
        Some(index) => Some(scenario.turn(index)),
        None => scenario.first_turn(&has_closure).map(|(_, turn)| turn),
    };
    let message = panic.message.lines().next().unwrap_or_default();
    headline(
        &format!(
            "mock `{}`: a closure panicked in call {}",
            label(&verdict.mock),
            panic.call
        ),
        &short_place(turn.map_or(scenario.place, |turn| scenario.place_of(turn))),
        &format!(": {}", shorten(&one_line(message), WIDTH)),
    )
}

/// Explains a turn that the mock cannot play.
fn turn_of(verdict: &Verdict, unsupported: &Unsupported) -> TurnIndex {
    // A turn has been claimed before it turns out that it cannot be played.
    answered_by(verdict, unsupported.call).unwrap_or(TurnIndex::Otherwise)
}

fn cannot(verdict: &Verdict, unsupported: &Unsupported) -> String {
    let turn = turn_of(verdict, unsupported);
    headline(
        &format!(
            "mock `{}`: {} cannot answer call {}",
            label(&verdict.mock),
            title(&verdict.scenario, turn),
            unsupported.call
        ),
        &place(&verdict.scenario, turn),
        &format!(": {}", brief(&unsupported.message)),
    )
}

/// Returns the last sentence of a message, which is the remedy.
fn brief(message: &str) -> String {
    match message.rsplit_once(". ") {
        Some((_, last)) => {
            let first = last.chars().next().map_or(0, char::len_utf8);
            format!("{}{}", last[..first].to_lowercase(), &last[first..])
        }
        None => message.to_owned(),
    }
}

fn asked_for(verdict: &Verdict, unsupported: &Unsupported) -> Vec<String> {
    let turn = turn_of(verdict, unsupported);
    let mut lines = block("expected:", turn_lines(&verdict.scenario, turn));
    lines.extend(block("but:", in_full(&unsupported.message)));
    lines
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
                &place(scenario, TurnIndex::Rule(0)),
                "",
            ),
            (0, rules) => headline(
                &format!("mock `{mock}`: {call} fits none of {rules} rules"),
                &place(scenario, TurnIndex::Rule(0)),
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
                    &place(scenario, last),
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
        &place(scenario, miss.turn),
        &after,
    )
}

/// Why a request has nothing to tell an instance by.
fn no_instance(
    scenario: &Scenario,
    request: MatcherInput<'_>,
    width: usize,
) -> Option<MismatchReason> {
    match scenario.per.as_ref()? {
        Per::Matcher(matcher) => Some(unmatched::why(matcher, request, width)),
        Per::Header(name) => Some(unmatched::head::header(name, request.head, width)),
        Per::Conversation | Per::Model => None,
    }
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
                let place = place(scenario, other.turn);
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
            let place = place(scenario, turn);
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
            let why = unmatched::why(failed, request, WIDTH - INDENT);
            lines.push(shorten(&format!("    but {}", why.brief), WIDTH - INDENT));
        }
    }
    if let Some(left @ 1..) = left {
        lines.push(format!("and {}", count(left, more)));
    }
    lines
}

/// A note about requests whose futures were dropped before they were polled.
pub(super) fn never_awaited(unpolled: usize) -> String {
    let were = if unpolled == 1 { "was" } else { "were" };
    format!(
        "{} {were} built and never awaited",
        count(unpolled, "request")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_message_the_first_line_has_what_to_do() {
        assert_eq!(brief("it is so, since v1.2 is. Write `a`"), "write `a`");
        assert_eq!(brief("it is so: write `a`"), "it is so: write `a`");
    }
}
