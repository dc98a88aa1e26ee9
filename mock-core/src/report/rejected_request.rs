//! The problem of a mock that must get no request, or none of a kind, and whose server rejected one.

use super::expectation::source;
use super::formatting::{one_line, short_place, shorten};
use super::help;
use super::problem::{Explanation, LONGEST, ProblemKind, block, headline, in_full};
use super::turn::label;
use super::unused_turn::answered;
use crate::journal::verdict::Verdict;
use crate::scenario::{Expected, Otherwise, Scenario};
use crate::search::Search;

/// Explains that a request was rejected: it did not become a call, so nothing else says that it was sent.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    // A key is required only by a test that wants to see the rejection.
    let rejected = verdict.rejected.find(&|rejected| !rejected.lacks_key)?;
    let scenario = &verdict.scenario;
    if scenario.allow.unused_turns {
        return None;
    }
    let Contradicted {
        kind,
        expected,
        ending,
    } = contradicted(scenario)?;
    let problem = one_line(&rejected.problem);
    let mut detail = block("expected:", in_full(&expected));
    let but = format!("a request {}: {problem}", answered(rejected));
    detail.extend(block("but:", in_full(&shorten(&but, LONGEST))));
    detail.extend(help::lines(vec![
        "remove the request, or fix it".to_owned(),
        "or, if the test is about the rejection, write `allow = [unused_turns]`".to_owned(),
    ]));
    Some(Explanation {
        verdict,
        rank: 2,
        order: 0,
        kind,
        call: None,
        turn: None,
        headline: headline(
            &format!(
                "mock `{}`: a request {}, {ending}",
                label(&verdict.mock),
                answered(rejected)
            ),
            &short_place(scenario.place),
            "",
        ),
        detail,
    })
}

/// What the scenario says that a rejected request contradicts, or may contradict.
struct Contradicted {
    kind: ProblemKind,
    expected: String,
    /// How the headline ends.
    ending: &'static str,
}

/// Returns what the scenario says against rejected requests, if it says anything. Whether one has a text of `never_sent` is not known: it may
/// be unreadable.
fn contradicted(scenario: &Scenario) -> Option<Contradicted> {
    let no_calls = |known: &Expected| matches!(known, Expected::Calls(range) if range.max == 0);
    let never_sent = |known: &Expected| matches!(known, Expected::NeverSent(_));
    let expects =
        |is_it: &dyn Fn(&Expected) -> bool| scenario.expect.find(&|known| is_it(&known.kind));
    const NONE: &str = "and the mock is to get none";
    if let Some(expectation) = expects(&no_calls) {
        return Some(Contradicted {
            kind: ProblemKind::UnmetExpectation,
            expected: source(expectation),
            ending: NONE,
        });
    }
    if let Some(expectation) = expects(&never_sent) {
        return Some(Contradicted {
            kind: ProblemKind::UnmetExpectation,
            expected: source(expectation),
            ending: "so `never_sent(..)` cannot be checked",
        });
    }
    let has_turns = !scenario.all_turns().is_empty();
    let is_mismatch = matches!(scenario.otherwise, Otherwise::Mismatch);
    (!has_turns && is_mismatch).then(|| Contradicted {
        kind: ProblemKind::Unscripted,
        expected: "that no request comes: the mock has no turns".to_owned(),
        ending: NONE,
    })
}
