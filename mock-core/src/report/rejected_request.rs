//! The problem of a mock that must get no request, or none of a kind, and whose server rejected one.

use super::expectation::source;
use super::formatting::{one_line, short_place, shorten};
use super::help;
use super::problem::{Explanation, LONGEST, ProblemKind, block, headline, in_full};
use super::turn::label;
use super::unused::answered;
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
    let (kind, expected) = expects_none(scenario)?;
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
                "mock `{}`: a request {}, and the mock is to get none",
                label(&verdict.mock),
                answered(rejected)
            ),
            &short_place(scenario.place),
            "",
        ),
        detail,
    })
}

/// What says that the mock gets no request, or none of a kind, if anything does.
fn expects_none(scenario: &Scenario) -> Option<(ProblemKind, String)> {
    let is_none = |expected: &Expected| match expected {
        Expected::Calls(range) => range.max == 0,
        Expected::NeverSent(_) => true,
        _ => false,
    };
    if let Some(expectation) = scenario.expect.find(&|known| is_none(&known.kind)) {
        return Some((ProblemKind::UnmetExpectation, source(expectation)));
    }
    let has_turns = !scenario.all_turns().is_empty();
    let is_mismatch = matches!(scenario.otherwise, Otherwise::Mismatch);
    (!has_turns && is_mismatch).then(|| {
        let expected = "no request: there are no turns".to_owned();
        (ProblemKind::Unscripted, expected)
    })
}
