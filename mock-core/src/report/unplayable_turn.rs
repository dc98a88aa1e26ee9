//! Explains that a mock cannot play a turn.

use super::problem::{Explanation, ProblemKind, mock_headline};
use super::turn::{place, title};
use crate::journal::verdict::Verdict;
use crate::scenario::TurnIndex;

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let unsupported = verdict.problems.unsupported.as_ref()?;
    let (scenario, call) = (&verdict.scenario, unsupported.call);
    let answered_by = verdict.answered_by(call);
    // A turn is claimed before the mock notices that it cannot play the turn. So there is one.
    let turn = answered_by.unwrap_or(TurnIndex::Otherwise);
    let headline = mock_headline(
        &verdict.mock,
        format_args!("{} cannot answer call {call}", title(scenario, turn)),
        place(scenario, Some(turn)),
        format_args!(": {}", brief(&unsupported.message)),
    );
    let mut problem = Explanation::new(ProblemKind::Unplayable, verdict, headline);
    problem.order = unsupported.order;
    problem.call = Some(call);
    problem.turn = answered_by;
    problem.detail.turn("expected:", scenario, turn);
    let message = &unsupported.message;
    problem.detail.text("but:", format_args!("{message}"));
    Some(problem)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_message_the_first_line_has_what_to_do() {
        assert_eq!(brief("it is so, since v1.2 is. Write `a`"), "write `a`");
        assert_eq!(brief("it is so: write `a`"), "it is so: write `a`");
    }
}
