//! Explains that a call fits no turn: why, what was expected, and the remedies.

use super::detail::Detail;
use super::extra_fields::extra_fields;
use super::formatting::{count, shorten};
use super::help;
use super::lanes_and_instances::{began_in_the_middle, call_of, no_instance, pattern, per};
use super::matcher_mismatch::{self, decisive};
use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::{location, matchers, place, title, turn_lines};
use super::turn_mismatch::why;
use super::unanswered_call::{Other, UnansweredCall, uses};
use super::{INDENT, WIDTH};
#[cfg(feature = "cassette")]
use super::{cassette_notes, compared_exchange};
use crate::journal::calls::Call;
use crate::journal::verdict::{Mismatch, NoScript, Verdict};
use crate::scenario::{Matcher, TurnIndex};

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let mismatch = verdict.problems.mismatch.as_ref()?;
    let call = verdict.calls.get(mismatch.call - 1)?;
    let of_call = UnansweredCall::new(mismatch, call);
    let uses = uses(verdict, mismatch.script);
    let headline = headline_of(&verdict.mock, &of_call);
    let mut problem = Explanation::new(ProblemKind::Unscripted, verdict, headline);
    problem.order = mismatch.order;
    problem.call = Some(mismatch.call);
    problem.turn = mismatch.misses.last().map(|miss| miss.turn);
    let detail = &mut problem.detail;
    expected(&of_call, detail);
    fitting(&of_call, &uses, detail);
    if let Some(began) = began_in_the_middle(verdict, call) {
        // The turns are right, but the request reached those of another conversation. So a help about the turns would mislead.
        detail.text("note:", format_args!("{began}"));
    } else {
        if let Some(repeated) = repeats(verdict, call) {
            detail.text("note:", format_args!("{repeated}"));
        }
        #[cfg(feature = "cassette")]
        cassette_notes::note(&verdict.scenario, detail);
        help::for_mismatch(&of_call, &uses, detail);
    }
    extra_fields(call.request(), detail);
    Some(problem)
}

/// Returns one line: the unexpected request and the reason.
pub(crate) fn unscripted(mock: &str, mismatch: &Mismatch, call: &Call) -> String {
    headline_of(mock, &UnansweredCall::new(mismatch, call))
}

fn headline_of(mock: &str, of_call: &UnansweredCall<'_>) -> String {
    let &UnansweredCall {
        scenario,
        mismatch,
        call,
        other,
    } = of_call;
    let (unfit, turn, why) = match (mismatch.no_script, mismatch.misses.last()) {
        (Some(no_script), _) => {
            let (unfit, why) = match no_script {
                NoScript::NoLane if scenario.is_recorded() => ("was not recorded", None),
                NoScript::NoLane if scenario.rules.is_empty() => ("fits no lane", None),
                NoScript::NoLane => ("fits no lane and no rule", None),
                NoScript::Embedding => (
                    "asks for embeddings, which belong to no conversation, and fits no rule",
                    None,
                ),
                NoScript::NoInstance => ("does not fit `per`", no_instance(call)),
            };
            let why = why.map_or(String::new(), |why| format!(": {}", why.brief));
            (unfit.to_owned(), None, why)
        }
        (None, Some(miss)) => {
            let why = match other {
                Some(Other::Later(other) | Other::InLane(other)) => {
                    format!(", but it fits {}", title(scenario, other))
                }
                Some(Other::Earlier(other)) => {
                    format!(", but it fits {} again", title(scenario, other))
                }
                None => format!(": {}", why(miss, call).brief),
            };
            let unfit = format!("does not fit {}", title(scenario, miss.turn));
            (unfit, Some(miss.turn), why)
        }
        (None, None) => {
            let (unfit, turn) = after_the_last(of_call);
            (unfit, turn, String::new())
        }
    };
    mock_headline(
        mock,
        format_args!("{} {unfit}", call_of(call)),
        place(scenario, turn),
        format_args!("{why}"),
    )
}

/// How a call fits nothing for which no turn is left, and the turn or the rule that it is about.
fn after_the_last(of_call: &UnansweredCall<'_>) -> (String, Option<TurnIndex>) {
    let (scenario, lane) = (of_call.scenario, of_call.mismatch.script.lane());
    let first_rule = Some(TurnIndex::Rule(0));
    let (turns, rules) = (scenario.turns_of(lane).len(), scenario.rules.len());
    match (turns.checked_sub(1), rules) {
        (None, 0) => ("is not scripted: there are no turns".to_owned(), None),
        (None, 1) => ("does not fit the only rule".to_owned(), first_rule),
        (None, rules) => (format!("fits none of {rules} rules"), first_rule),
        (Some(last), rules) => {
            let last = TurnIndex::scripted(lane, last);
            let title = title(scenario, last);
            let unfit = match rules {
                0 => "is one too many:",
                _ => "fits no rule, and",
            };
            (format!("{unfit} {title} was the last"), Some(last))
        }
    }
}

/// Adds what was expected in place of the call, and why it is not that.
fn expected(of_call: &UnansweredCall<'_>, detail: &mut Detail) {
    let &UnansweredCall {
        scenario,
        mismatch,
        call,
        ..
    } = of_call;
    let lane = mismatch.script.lane();
    let turns = scenario.turns_of(lane).len();
    match (mismatch.no_script, mismatch.misses.split_last()) {
        #[cfg(feature = "cassette")]
        (Some(NoScript::NoLane), _) if scenario.is_recorded() => {
            compared_exchange::expected(call, detail);
        }
        (Some(NoScript::NoLane), _) => {
            let mut lines = lanes(call);
            lines.append(&mut rules(call));
            detail.block("expected:", &lines);
        }
        (Some(NoScript::Embedding), _) => detail.block("expected:", &rules(call)),
        (Some(NoScript::NoInstance), _) => {
            let per = per(scenario);
            detail.text("expected:", format_args!("a value for `per = {per}`"));
            if let Some(why) = no_instance(call) {
                detail.block("but:", &why.lines);
            }
        }
        (None, Some((miss, others))) => {
            detail.turn("expected:", scenario, miss.turn);
            detail.block("but:", &why(miss, call).lines);
            for other in others.iter().rev().take(2) {
                let why = why(other, call).brief;
                let (title, place) = (title(scenario, other.turn), location(scenario, other.turn));
                detail.text("tried:", format_args!("{title} at {place}: {why}"));
            }
        }
        (None, None) if turns > 0 => {
            let mut lines = turn_lines(scenario, TurnIndex::scripted(lane, turns - 1));
            lines[0].insert_str(0, "no call after ");
            lines.append(&mut rules(call));
            detail.block("expected:", &lines);
        }
        (None, None) if scenario.rules.is_empty() => {
            detail.text("expected:", format_args!("no call at all"));
        }
        (None, None) => detail.block("expected:", &rules(call)),
    }
}

/// Adds another turn that would have answered the call, if there is one.
fn fitting(of_call: &UnansweredCall<'_>, uses: &[u32], detail: &mut Detail) {
    let scenario = of_call.scenario;
    match of_call.other {
        None => {}
        Some(Other::Later(turn) | Other::InLane(turn)) => detail.turn("fits:", scenario, turn),
        Some(Other::Earlier(turn)) => {
            let index = turn.in_script().unwrap_or_default();
            if of_call.mismatch.misses.is_empty() && index + 1 == uses.len() {
                let this = match scenario.turn(turn).is_replayed() {
                    true => "exchange",
                    false => "turn",
                };
                return detail.text("fits:", format_args!("this {this}, which is used up"));
            }
            let how = match uses.get(index) {
                None | Some(0) => "was left out",
                Some(_) => "is used up",
            };
            let (title, place) = (title(scenario, turn), location(scenario, turn));
            detail.text("fits:", format_args!("{title} at {place}, which {how}"));
        }
    }
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

/// The most rules, or lanes, that are listed.
const LISTED: usize = 4;

/// Lists the rules, and why each does not match the request.
fn rules(call: &Call) -> Vec<String> {
    let scenario = &call.scenario;
    let mut lines = Vec::new();
    for (index, rule) in scenario.rules.iter().enumerate().take(LISTED) {
        let title = title(scenario, TurnIndex::Rule(index));
        lines.push(format!("{title}: on({})", matchers(&rule.matchers)));
        lines.extend(but(&rule.matchers, call));
    }
    if let Some(more @ 1..) = scenario.rules.len().checked_sub(LISTED) {
        lines.push(format!("and {}", count(more, "more rule")));
    }
    lines
}

/// Lists the lanes, and why each does not match the request.
fn lanes(call: &Call) -> Vec<String> {
    let lanes = &call.scenario.lanes;
    let mut lines = Vec::new();
    for (index, lane) in lanes.iter().enumerate().take(LISTED) {
        lines.push(format!("lane {}: {}", index + 1, pattern(lane)));
        lines.extend(but(&lane.matchers, call));
    }
    if let Some(more @ 1..) = lanes.len().checked_sub(LISTED) {
        lines.push(format!("and {}", count(more, "more lane")));
    }
    lines
}

/// Why not all of these matchers hold, in one line.
fn but(matchers: &[Matcher], call: &Call) -> Option<String> {
    let failed = decisive(matchers, false, call)?;
    let why = matcher_mismatch::why(failed, call).brief;
    Some(shorten(&format!("    but {why}"), WIDTH - INDENT))
}
