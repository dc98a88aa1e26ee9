//! The header `content-type`: Chat Completions and Embeddings read nothing but JSON.

use super::{RULES, RejectedRequest};
use crate::scenario::Profile;
use crate::wire::request_rules::{Rule, RuleScope, Violation, is_json};

/// The provider does not read a body of another type, so it finds no model.
const NOT_JSON: Rule = Rule {
    id: "content_type",
    scope: RuleScope::Provider,
    sources: &["cortexkit/aft#36", "upstash/qstash-js#211"],
    words: "you must provide a model parameter",
    help: "the request has {}: send `content-type: application/json` once",
    rejected: "{}",
    accepted: "{}",
};

/// Rejects a request by its header `content-type`.
///
/// # Errors
/// If the rule about it holds for this profile and this model, and there is not exactly one header, for JSON.
pub(crate) fn check_content_type(
    content_type: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    let found = match content_type {
        Some(value) if is_json(value) => return Ok(()),
        Some(value) => format!("`content-type: {value}`"),
        None => "no header `content-type`".to_owned(),
    };
    RULES.reject_headers(&NOT_JSON, Violation::new("", found), profile, model)
}
