//! The header `content-type`: Responses read nothing but JSON. What they do without the header is not known.

use super::{RULES, RejectedRequest};
use crate::scenario::Profile;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation, is_json};

const NOT_JSON: Rule = Rule {
    id: "content_type",
    scope: RuleScope::Provider,
    sources: &["openai/openai-openapi#502", "openai/openai-openapi#194"],
    words: "Unsupported content type: '{}'. This API method only accepts 'application/json' requests, but you specified the header 'Content-Type: {}'. Please try again with a supported content type.",
    help: "send `content-type: application/json` once",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Rejects a request by its header `content-type`.
///
/// # Errors
/// If the rule about it holds for this profile and this model, and the header is not that of JSON, or is there several times.
pub(crate) fn check_content_type(
    content_type: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    match content_type.filter(|value| !is_json(value)) {
        Some(value) => RULES.reject_headers(&NOT_JSON, Violation::new("", value), profile, model),
        None => Ok(()),
    }
}
