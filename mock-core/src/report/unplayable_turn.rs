//! Explains that a mock cannot play a turn.

use super::problem::{Explanation, ProblemKind, block, headline, in_full};
use super::turn::{label, location, title, turn_lines};
use crate::journal::verdict::{Unsupported, Verdict};
use crate::scenario::TurnIndex;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let unsupported = verdict.problems.unsupported.as_ref()?;
    Some(Explanation {
        verdict,
        rank: 1,
        order: unsupported.order,
        kind: ProblemKind::Unplayable,
        call: Some(unsupported.call),
        turn: verdict.answered_by(unsupported.call),
        headline: cannot(verdict, unsupported),
        detail: asked_for(verdict, unsupported),
    })
}

/// Returns the turn.
fn turn_of(verdict: &Verdict, unsupported: &Unsupported) -> TurnIndex {
    // A turn has been claimed before it turns out that it cannot be played.
    verdict
        .answered_by(unsupported.call)
        .unwrap_or(TurnIndex::Otherwise)
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
        &location(&verdict.scenario, turn),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_message_the_first_line_has_what_to_do() {
        assert_eq!(brief("it is so, since v1.2 is. Write `a`"), "write `a`");
        assert_eq!(brief("it is so: write `a`"), "it is so: write `a`");
    }
}
