//! A request that the server does not answer, because a feature of `mock-core` is off.

use super::formatting::{MAX_QUOTED, joined, one_line, shorten};
use super::problem::{Explanation, ProblemKind, mock_headline};
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
    let headline = mock_headline(
        &verdict.mock,
        format_args!("{what} of mock-core"),
        verdict.scenario.place,
        format_args!(": {}", heads.join(", ")),
    );
    // A missing feature usually causes the other problems, so it comes first.
    let mut problem = Explanation::new(ProblemKind::MissingFeature, verdict, headline);
    problem.detail.help(format_args!("{}", turn_on(&features)));
    Some(problem)
}
