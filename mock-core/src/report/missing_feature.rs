//! A request that the server does not answer, because a feature of `mock-core` is off.

use super::formatting::{MAX_QUOTED, joined, one_line, short_place, shorten};
use super::help;
use super::problem::{Explanation, ProblemKind, headline};
use super::turn::label;
use crate::journal::verdict::Verdict;

/// The remedy if features of `mock-core` are off.
pub(crate) fn turn_on(features: &[&str]) -> String {
    let features = joined(features, ", ", |feature| format!("\"{feature}\""));
    format!("write `mock-core = {{ version = \"..\", features = [{features}] }}` in Cargo.toml")
}

/// Explains the first request for each feature that is off: one line of Cargo.toml turns all of them on.
pub(super) fn problem(verdict: &Verdict) -> Option<Explanation<'_>> {
    let (mut features, mut heads) = (Vec::new(), Vec::new());
    for request in &verdict.rejected {
        if let Some(feature) = request.missing_feature
            && !features.contains(&feature)
        {
            features.push(feature);
            heads.push(shorten(&one_line(&request.head), MAX_QUOTED));
        }
    }
    let what = match &features[..] {
        [] => return None,
        [feature] => format!("a request needs the feature `{feature}`"),
        several => format!(
            "requests need the features {}",
            joined(several, " and ", |feature| format!("`{feature}`"))
        ),
    };
    Some(Explanation {
        verdict,
        rank: 1,
        // It is usually the cause of what else went wrong.
        order: 0,
        kind: ProblemKind::MissingFeature,
        call: None,
        turn: None,
        headline: headline(
            &format!("mock `{}`: {what} of mock-core", label(&verdict.mock)),
            &short_place(verdict.scenario.place),
            &format!(": {}", heads.join(", ")),
        ),
        detail: help::lines(vec![turn_on(&features)]),
    })
}
