//! The report of a sweep: which faults break a test, and the turn that reproduces each.

use super::formatting::{capped, command, count, wrap};
use super::turn::{broken, label, location, title};
use super::{LINES, WIDTH, painted};
use crate::environment_variables::SWEEP;
use crate::scenario::sweep::Change;
use crate::scenario::{Scenario, Turn, TurnIndex};
use crate::search::Search;

/// A run of a sweep that failed.
pub(crate) struct FailedRun {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// The declaration of its turn.
    pub(crate) place: String,
    /// The turns that make the test fail.
    pub(crate) turns: Vec<Turn>,
    /// The reason, by which runs are grouped.
    pub(crate) key: String,
    /// Why it failed.
    pub(crate) lines: Vec<String>,
}

/// The most lines about one failure.
const FAILURE: usize = 6;

/// The most turns that are shown for one failure.
const TURNS: usize = 3;

/// Returns the place of a change in the scenario of a mock.
pub(crate) fn place_of_change(change: &Change, mock: &str, scenario: &Scenario) -> String {
    let (title, place) = (title(scenario, change.at), location(scenario, change.at));
    let these = match &*change.turns {
        [_] => "this turn",
        _ => "these turns",
    };
    let how = match change.at {
        _ if change.replaces => "in place of",
        TurnIndex::Rule(_) | TurnIndex::Otherwise => "as the script, before",
        _ => "before",
    };
    format!(
        "with {these} {how} {title} of mock `{}` at {place}:",
        label(mock)
    )
}

/// Returns the report of a sweep. `left` is the number of runs that were not made after one that did not end.
pub(crate) fn sweep(failed: &[FailedRun], runs: usize, left: Option<usize>, test: &str) -> String {
    let head = format!(
        "the sweep failed in {} of {}; the test as it is written passes",
        failed.len(),
        count(runs, "run")
    );
    let mut lines = wrap(&head, WIDTH, usize::MAX);
    let mut rest: Vec<&FailedRun> = failed.iter().collect();
    let mut last = Vec::new();
    let first = failed.first().map_or(1, |run| run.number);
    last.push(format!(
        "`{}` makes that run alone",
        command(SWEEP, first, test)
    ));
    if let Some(left @ 1..) = left {
        let noun = count(left, "more run");
        last.push(format!(
            "{noun} were not made, because the last one did not end"
        ));
    }
    while let Some(run) = rest.first() {
        let (same, others): (Vec<_>, Vec<_>) = rest.iter().partition(|other| other.key == run.key);
        let about = failure_lines(&same);
        // Show the first failure however long it is.
        let is_first = same.len() == failed.len() || lines.len() < 3;
        if !is_first && lines.len() + about.len() + last.len() + 4 > LINES {
            break;
        }
        lines.push(String::new());
        lines.extend(about);
        rest = others;
    }
    if !rest.is_empty() {
        let more = count(rest.len(), "more run");
        lines.extend([String::new(), format!("… {more} failed for other reasons")]);
    }
    lines.push(String::new());
    lines.extend(last);
    painted(&lines)
}

/// The lines about one failure, and the turns that make it happen.
fn failure_lines(runs: &[&FailedRun]) -> Vec<String> {
    let mut lines = Vec::new();
    let of_first = runs.first().map_or(&[][..], |run| &run.lines);
    for line in of_first.iter().filter(|line| !line.is_empty()) {
        lines.extend(wrap(line, WIDTH, 2));
    }
    let mut lines = capped(lines, FAILURE);
    let mut place = "";
    for run in runs.iter().take(TURNS) {
        if place != run.place {
            place = &run.place;
            for line in wrap(place, WIDTH - 2, 2) {
                lines.push(format!("  {line}"));
            }
        }
        lines.extend(turns(run.number, &run.turns));
    }
    if let Some(more @ 1..) = runs.len().checked_sub(TURNS) {
        let more = count(more, "more run");
        lines.push(format!("        … and {more} with other turns"));
    }
    lines
}

/// The whole of each turn, to be copied, behind the number of their run.
fn turns(number: usize, turns: &[Turn]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut first = format!("{number:>6}  ");
    for turn in turns {
        if let Some(last) = lines.last_mut() {
            last.push(',');
            first = " ".repeat(8);
        }
        // Leave room for a comma.
        lines.append(&mut broken(turn, WIDTH - 1, &first, &" ".repeat(12)));
    }
    lines
}

/// The panic of a run: where, and what it says.
pub(crate) fn panicked(place: &str, message: &str) -> String {
    match place {
        "" => format!("the test panicked: {message}"),
        place => format!("the test panicked at {place}: {message}"),
    }
}

/// A sweep, or seeds with chaos, whose plain run fails.
pub(crate) fn plain_run_failed(failure: String) -> String {
    format!("{failure}\n\nthe test fails as it is written, so no fault was tried")
}

/// A sweep without anything to try. `turns` are the numbers of turns of the test's mocks, `has_answers` says whether one of them answered,
/// and `is_all` whether the sweep names all faults.
pub(crate) fn nothing_to_sweep(turns: &[usize], has_answers: bool, is_all: bool) -> String {
    let (why, remedy) = match turns {
        [] => ("the test has no mock", "give it one, or remove `sweep`"),
        turns if turns.all(&|turns| *turns == 0) => (
            "no mock of the test has a turn",
            "write one, as in `script = [reply(\"Hi.\")]`, or remove `sweep`",
        ),
        _ if !has_answers => (
            "no turn answered a call of the test as it is written",
            "let the test call the mock, or remove `sweep`",
        ),
        _ if is_all => (
            "no turn that the test uses can go wrong",
            "let a turn answer without a failure, or remove `sweep`",
        ),
        _ => (
            "no turn that the test uses can go wrong in the ways that `sweep` names",
            "write `sweep = faults`, or remove `sweep`",
        ),
    };
    painted(&wrap(
        &format!("the sweep has nothing to try: {why}; {remedy}"),
        WIDTH,
        usize::MAX,
    ))
}

/// The environment asks for a run that the sweep does not have.
pub(crate) fn no_such_run(number: usize, runs: usize) -> String {
    format!(
        "the environment variable `{SWEEP}` is `{number}`, and the sweep has {}: set it to a number up to {runs}, or unset it",
        count(runs, "run")
    )
}
