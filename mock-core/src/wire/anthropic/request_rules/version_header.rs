//! The header `anthropic-version`, which says for which version of the API a request is written.

use super::{RULES, RejectedRequest};
use crate::scenario::Profile;
use crate::wire::request_rules::{Rule, RuleScope, Violation};

/// The versions that there are.
const VERSIONS: [&str; 2] = ["2023-06-01", "2023-01-01"];

const DOCS: &str = "https://platform.claude.com/docs/en/api/versioning";

// Requests that tests write themselves often have no such header, so the rule is for mocks that say whom they mock.
const MISSING: Rule = Rule {
    id: "version_header_missing",
    scope: RuleScope::Profile,
    sources: &[
        DOCS,
        "PipedreamHQ/pipedream#9697",
        "explosion/spacy-llm#323",
    ],
    words: "{at}: header is required",
    help: "send the header `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
};

const UNKNOWN: Rule = Rule {
    id: "version_header_unknown",
    scope: RuleScope::Provider,
    sources: &[DOCS, "decolua/9router#2357", "sseshachala/conductai#2179"],
    words: "{at}: \"{}\" is not a valid version",
    help: "send the header `anthropic-version: 2023-06-01`",
    rejected: "{}",
    accepted: "{}",
};

/// Rejects a request by its header `anthropic-version`.
///
/// # Errors
/// If a rule about it holds for this profile and this model, and the header is missing or not a known version.
pub(crate) fn check_version_header(
    version: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    let (rule, found) = match version {
        Some(version) if VERSIONS.contains(&version) => return Ok(()),
        Some(version) => (&UNKNOWN, version),
        None => (&MISSING, ""),
    };
    let violation = Violation::new("anthropic-version", found);
    RULES.reject_headers(rule, violation, profile, model)
}
