//! Lanes, and the key `per` of instances.

use super::super::parse::{Matcher, MatcherKind, Mock, Per, all_within, covers};
use super::variables::captures;
use crate::diagnostics::{Diagnostics, position};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::split_at;

/// Turns stand in the script or in lanes.
pub(super) fn lanes_are_all_the_scripts(mock: &Mock, diagnostics: &Diagnostics) {
    let has_script = mock.turns.any(&|turn| turn.is_whole);
    if let (Some(lane), true) = (mock.lanes.first(), has_script) {
        diagnostics.error(
            Lint::TwoScripts,
            lane.span,
            "turns go in a script or in lanes, not in both",
            "move the turns of the script into a lane: `_ => [..]`",
        );
    }
}

/// A lane has turns.
pub(super) fn lanes_have_turns(mock: &Mock, diagnostics: &Diagnostics) {
    for lane in mock.lanes.iter().filter(|lane| lane.is_whole) {
        if lane.turns.is_empty() {
            diagnostics.error(
                Lint::InvalidLane,
                lane.span,
                "this lane has no turns",
                "add one, as in `[reply(\"Hi.\")]`, or remove the lane",
            );
        }
    }
}

/// The patterns of lanes and `per` must hold for all requests of an agent, so they cannot look at the last message.
pub(super) fn patterns_hold_throughout(mock: &Mock, diagnostics: &Diagnostics) {
    for &matcher in &all_within(mock.outer_matchers()) {
        let (word, help) = match matcher.word() {
            Some(word @ "user") => (
                word,
                "write `any_user_message(..)`, which holds from then on",
            ),
            Some(word @ "tool_result") => (
                word,
                "write `any_user_message(..)`, or another matcher that holds for the whole conversation",
            ),
            _ => continue,
        };
        diagnostics.error(
            Lint::InvalidLane,
            matcher.span,
            format_args!("`{word}` matches only some requests of an agent"),
            help,
        );
    }
}

/// No lane stands behind one that fits all of its requests.
pub(super) fn lanes_can_be_reached(mock: &Mock, diagnostics: &Diagnostics) {
    for (index, lane) in mock.lanes.iter().enumerate() {
        let mut earlier = split_at(&mock.lanes, index).0.iter();
        let hiding = earlier.find(|earlier| covers(&earlier.matchers, &lane.matchers));
        let Some(hiding) = hiding else { continue };
        let line = position(hiding.span).0;
        let what = match hiding.matchers.is_empty() {
            true => "every request",
            false => "all of its requests",
        };
        diagnostics.error(
            Lint::UnreachableLane,
            lane.span,
            format_args!(
                "this lane can never be reached: an earlier one (line {line}) matches {what}"
            ),
            "move it before that one, or write another pattern",
        );
        if hiding.matchers.is_empty() {
            return;
        }
    }
}

/// The matcher of `per` captures a value whenever it holds.
pub(super) fn instances_have_values(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(Per::Matcher(matcher)) = &mock.per
        && !captures_for_certain(matcher)
        && !matcher
            .all()
            .any(&|matcher| matches!(matcher.kind, MatcherKind::Bad))
    {
        diagnostics.error(
            Lint::InvalidPer,
            matcher.span,
            "this matcher has no capture to name an instance",
            "capture a text, as in `per = system(\"session {id:word}\")`",
        );
    }
}

fn captures_for_certain(matcher: &Matcher) -> bool {
    match &matcher.kind {
        MatcherKind::AnyOf(inner) => inner.all(&captures_for_certain),
        MatcherKind::AllOf(inner) => inner.any(&captures_for_certain),
        _ => !captures(matcher).is_empty(),
    }
}
