//! A request that the server does not answer, because a feature of `mock-core` is off.

use super::formatting::{MAX_QUOTED, one_line, short_place, shorten};
use super::help;
use super::problem::{Explanation, ProblemKind, headline};
use super::turn::label;
use crate::journal::verdict::Verdict;

/// The remedy if a feature of `mock-core` is off.
pub(crate) fn turn_on_feature(feature: &str) -> String {
    format!("write `mock-core = {{ version = \"..\", features = [\"{feature}\"] }}` in Cargo.toml")
}

pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let mut rejected = verdict.rejected.iter();
    let (request, feature) =
        rejected.find_map(|request| Some((request, request.missing_feature?)))?;
    Some(Explanation {
        verdict,
        rank: 1,
        // It is usually the cause of what else went wrong.
        order: 0,
        kind: ProblemKind::MissingFeature,
        call: None,
        turn: None,
        headline: headline(
            &format!(
                "mock `{}`: a request needs the feature `{feature}` of mock-core",
                label(&verdict.mock)
            ),
            &short_place(verdict.scenario.place),
            &format!(": {}", shorten(&one_line(&request.head), MAX_QUOTED)),
        ),
        detail: help::lines(vec![turn_on_feature(feature)]),
    })
}
