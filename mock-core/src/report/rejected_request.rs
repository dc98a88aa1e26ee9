//! The problem of a mock that must get no request, or none of a kind, and whose server rejected one.

use super::expectation::source;
use super::formatting::{one_line, shorten};
use super::problem::{AT_END, Explanation, LONGEST, ProblemKind, mock_headline};
use super::unused_turn::answered;
use crate::journal::verdict::Verdict;
use crate::scenario::{Expected, Otherwise};
use crate::search::Search;

/// Explains that a request was rejected: it did not become a call, so nothing else says that it was sent. Whether one has a text of `never_sent`
/// is not known: it may be unreadable.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    // A key is required only by a test that wants to see the rejection.
    let rejected = verdict.rejected.find(&|rejected| !rejected.lacks_key)?;
    let scenario = &verdict.scenario;
    if scenario.allow.unused_turns {
        return None;
    }
    let expected = |is_it: fn(&Expected) -> bool| {
        let expectation = scenario.expect.find(&|known| is_it(&known.kind))?;
        Some(source(&expectation.kind))
    };
    let no_calls = expected(|known| matches!(known, Expected::Calls(range) if range.max == 0));
    let never_sent = expected(|known| matches!(known, Expected::NeverSent(_)));
    let is_empty =
        scenario.all_turns().is_empty() && matches!(scenario.otherwise, Otherwise::Mismatch);
    const NONE: &str = "and the mock is to get none";
    let (kind, expected, ending) = match (no_calls, never_sent) {
        (Some(no_calls), _) => (ProblemKind::UnmetExpectation, no_calls, NONE),
        (None, Some(never_sent)) => (
            ProblemKind::UnmetExpectation,
            never_sent,
            "so `never_sent(..)` cannot be checked",
        ),
        (None, None) if is_empty => (
            ProblemKind::Unscripted,
            "that no request comes: the mock has no turns".to_owned(),
            NONE,
        ),
        (None, None) => return None,
    };
    let request = format!("a request {}", answered(rejected));
    let headline = mock_headline(
        &verdict.mock,
        format_args!("{request}, {ending}"),
        scenario.place,
        format_args!(""),
    );
    let mut problem = Explanation::new(kind, verdict, headline);
    problem.rank = AT_END;
    let detail = &mut problem.detail;
    detail.text("expected:", format_args!("{expected}"));
    let but = format!("{request}: {}", one_line(&rejected.problem));
    detail.text("but:", format_args!("{}", shorten(&but, LONGEST)));
    detail.help(format_args!("remove the request, or fix it"));
    detail.help(format_args!(
        "or, if the test is about the rejection, write `allow = [unused_turns]`"
    ));
    Some(problem)
}
