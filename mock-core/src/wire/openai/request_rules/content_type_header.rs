//! The header `content-type`: Chat Completions and Embeddings read nothing but JSON.

use super::{RULES, RejectedRequest};
use crate::scenario::Profile;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation, is_json};

const SOURCES: &[&str] = &["cortexkit/aft#36", "upstash/qstash-js#211"];

/// The provider does not read a body of another type, so it finds no model.
const NO_MODEL: &str = "you must provide a model parameter";

// Hand-written requests in tests often lack this header. So the rule applies only to mocks with the provider's profile.
const MISSING: Rule = Rule {
    id: "content_type_missing",
    scope: RuleScope::Profile,
    sources: SOURCES,
    words: NO_MODEL,
    help: "the request has no header `content-type`: send `content-type: application/json`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

const NOT_JSON: Rule = Rule {
    id: "content_type",
    scope: RuleScope::Provider,
    sources: SOURCES,
    words: NO_MODEL,
    help: "the request has {}: send `content-type: application/json` once",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Rejects a request by its header `content-type`.
///
/// # Errors
/// If there is not exactly one header, for JSON, and the rule about that holds for this profile and this model.
pub(crate) fn check_content_type(
    content_type: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    let (rule, found) = match content_type {
        Some(value) if is_json(value) => return Ok(()),
        Some(value) => (&NOT_JSON, format!("`content-type: {value}`")),
        None => (&MISSING, String::new()),
    };
    RULES.reject_headers(rule, Violation::new("", found), profile, model)
}
