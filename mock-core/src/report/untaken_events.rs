//! The problem of a driver whose events no call took.

use super::formatting::{count, quote, short_place};
use super::help;
use super::problem::{Explanation, ProblemKind, block, headline, in_full};
use super::turn::{label, location, turn_lines};
use crate::journal::verdict::{Pushed, Verdict};
use crate::scenario::{Action, Turn};
use crate::search::Search;

/// The most events that are listed.
const LISTED: usize = 5;

/// Explains that no call took what was pushed.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let pushed = verdict.untaken_events.as_ref()?;
    let scenario = &verdict.scenario;
    let is_driven = |turn: &Turn| {
        let is_it =
            |action: &Action| matches!(action, Action::Driven(name) if *name == pushed.driver);
        turn.actions.any(&is_it)
    };
    let turn = scenario.first_turn(&is_driven).map(|(turn, _)| turn);
    let mut events = Vec::new();
    for event in pushed.events.iter().take(LISTED) {
        events.push(in_words(event));
    }
    if let Some(more @ 1..) = pushed.events.len().checked_sub(LISTED) {
        events.push(format!("{more} more"));
    }
    let events = events.join(", ");
    let mut detail = match turn {
        Some(turn) => block("turn:", turn_lines(scenario, turn)),
        None => Vec::new(),
    };
    detail.extend(block("pushed:", in_full(&events)));
    let (when, ways) = match pushed.are_after_end {
        true => (
            " after its end",
            [
                "push it before the end, or remove it",
                "if another call is to take it, let the test reach the call",
            ],
        ),
        false => (
            "",
            [
                "let the code under test make the call that this turn answers",
                "or, if it need not come, write `allow = [unused_turns]`",
            ],
        ),
    };
    detail.extend(help::lines(ways.map(str::to_owned).to_vec()));
    Some(Explanation {
        verdict,
        rank: 2,
        order: 0,
        kind: ProblemKind::UntakenEvents,
        call: None,
        turn,
        headline: headline(
            &format!(
                "mock `{}`: the driver `{}` pushed {}{when}, and no call took {}",
                label(&verdict.mock),
                pushed.driver,
                count(pushed.events.len(), "event"),
                if pushed.events.len() == 1 {
                    "it"
                } else {
                    "them"
                },
            ),
            &turn.map_or_else(
                || short_place(scenario.place),
                |turn| location(scenario, turn),
            ),
            "",
        ),
        detail,
    })
}

fn in_words(event: &Pushed) -> String {
    match event {
        Pushed::Text(text) => format!("the text {}", quote(text, 40)),
        Pushed::Failure(kind) => format!("the failure {kind}"),
        Pushed::End => "an end".to_owned(),
        Pushed::Event => "an event".to_owned(),
    }
}
