//! The problem of a mock whose server rejected a request: as the provider would, or although the mock must get no request, or none of a kind.

use super::broken_conversation::ABOUT_THE_REJECTION;
use super::expectation::source;
use super::formatting::{one_line, shorten};
use super::help::LENIENT;
use super::problem::{AT_END, Explanation, LONGEST, ProblemKind, mock_headline};
use super::unused_turn::answered;
use crate::journal::verdict::{RejectedRequest, RequestFlaw, Verdict};
use crate::scenario::{Expected, Otherwise, Scenario};
use crate::search::Search;

/// Explains that a request was rejected: it did not become a call, so nothing else says that it was sent.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let scenario = &verdict.scenario;
    if scenario.allow.rejected_requests {
        return None;
    }
    // A key is required only by a test that wants to see the rejection.
    let has_key = |request: &RejectedRequest| request.flaw != Some(RequestFlaw::Key);
    let is_wrong = |request: &RejectedRequest| has_key(request) && request.flaw.is_some();
    let forbidden = forbidden(scenario).filter(|_| !scenario.allow.unused_turns);
    let rejected = match &forbidden {
        Some(_) => verdict.rejected.find(&has_key)?,
        None => verdict.rejected.find(&is_wrong)?,
    };
    let may_be_sent = forbidden.is_none();
    let (kind, expected, ending) = forbidden.unwrap_or_else(|| {
        let expected = "that the provider would answer each request".to_owned();
        (ProblemKind::Unscripted, expected, "as by the provider")
    });
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
    if may_be_sent && rejected.flaw == Some(RequestFlaw::Rule) {
        detail.help(format_args!("{LENIENT}"));
    }
    detail.help(format_args!("{ABOUT_THE_REJECTION}"));
    Some(problem)
}

/// Returns what forbids every request, or may forbid it, with the end of the headline. Whether a rejected request has a text of `never_sent`
/// is not known: it may be unreadable.
fn forbidden(scenario: &Scenario) -> Option<(ProblemKind, String, &'static str)> {
    const NONE: &str = "and the mock is to get none";
    let expected = |is_it: fn(&Expected) -> bool| {
        let expectation = scenario.expect.find(&|known| is_it(&known.kind))?;
        Some(source(&expectation.kind))
    };
    if let Some(none) = expected(|known| matches!(known, Expected::Calls(range) if range.max == 0))
    {
        return Some((ProblemKind::UnmetExpectation, none, NONE));
    }
    if let Some(never_sent) = expected(|known| matches!(known, Expected::NeverSent(_))) {
        let ending = "so `never_sent(..)` cannot be checked";
        return Some((ProblemKind::UnmetExpectation, never_sent, ending));
    }
    let is_empty =
        scenario.all_turns().is_empty() && matches!(scenario.otherwise, Otherwise::Mismatch);
    is_empty.then(|| {
        let expected = "that no request comes: the mock has no turns".to_owned();
        (ProblemKind::Unscripted, expected, NONE)
    })
}
