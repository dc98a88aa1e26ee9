//! The turns of a mock, and how often each answered.

use std::fmt::Write as _;

use super::html::Text;
use crate::journal::calls::Call;
use crate::journal::verdict::Verdict;
use crate::report::{self, Problem};
use crate::scenario::TurnIndex;

/// The longest line of a turn's source.
const WIDTH: usize = 100;

/// Writes the turns. The one of the problem is marked.
pub(super) fn write(page: &mut String, verdict: &Verdict, problem: Option<&Problem>) {
    let scenario = &verdict.scenario;
    page.push_str("<h4>Turns</h4>\n");
    for &(index, turn) in &scenario.all_turns() {
        let failing = match problem.and_then(Problem::turn) == Some(index) {
            true => " failing",
            false => "",
        };
        let source = report::source(turn, WIDTH).join("\n");
        let _ = writeln!(
            page,
            "<div class=\"turn{failing}\"><p class=\"faint\">{} at {}, {}</p><pre>{}</pre></div>",
            Text(&report::title(scenario, index)),
            Text(&report::location(scenario, index)),
            answers(verdict, index),
            Text(&source),
        );
    }
}

/// Which calls a turn answered: `answered calls 1 and 3`.
fn answers(verdict: &Verdict, index: TurnIndex) -> String {
    const MOST: usize = 8;
    let calls = verdict.calls.iter();
    let calls = calls.filter(|call| call.answered_by() == Some(index));
    let calls: Vec<_> = calls.map(Call::number).collect();
    match calls.as_slice() {
        [] => "never used".to_owned(),
        [call] => format!("answered call {call}"),
        calls if calls.len() > MOST => format!("answered {} calls", calls.len()),
        calls => {
            let numbers: Vec<_> = calls.iter().map(usize::to_string).collect();
            format!("answered calls {}", numbers.join(", "))
        }
    }
}
