//! The problem of a driver whose events no call took.

use super::formatting::{count, quote};
use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::place;
use crate::journal::verdict::{Pushed, Verdict};
use crate::scenario::{Action, Turn};
use crate::search::Search;

/// The most events that are listed.
const LISTED: usize = 5;

/// Explains that no call took what was pushed.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let pushed = verdict.unread_events.as_ref()?;
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
    let number = pushed.events.len();
    let headline = mock_headline(
        &verdict.mock,
        format_args!(
            "the driver `{}` pushed {}{}, and no call took {}",
            pushed.driver,
            count(number, "event"),
            if pushed.are_after_end {
                " after its end"
            } else {
                ""
            },
            if number == 1 { "it" } else { "them" },
        ),
        place(scenario, turn),
        format_args!(""),
    );
    let mut problem = Explanation::new(ProblemKind::UnreadEvents, verdict, headline);
    let detail = &mut problem.detail;
    if let Some(turn) = turn {
        detail.turn("turn:", scenario, turn);
    }
    detail.text("pushed:", format_args!("{}", events.join(", ")));
    let [remedy, other] = match pushed.are_after_end {
        true => [
            "push it before the end, or remove it",
            "if another call is to take it, let the test reach the call",
        ],
        false => [
            "let the code under test make the call that this turn answers",
            "or, if it need not come, write `allow = [unused_turns]`",
        ],
    };
    detail.help(format_args!("{remedy}"));
    detail.help(format_args!("{other}"));
    problem.turn = turn;
    Some(problem)
}

fn in_words(event: &Pushed) -> String {
    match event {
        Pushed::Text(text) => format!("the text {}", quote(text, 40)),
        Pushed::Failure(kind) => format!("the failure {kind}"),
        Pushed::End => "an end".to_owned(),
        Pushed::Event => "an event".to_owned(),
    }
}
