//! The header `content-type`: Google's servers read the body of a form as parameters of the query, and any other body as JSON.

use super::{RULES, RejectedRequest};
use crate::scenario::Profile;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation, media_type};

const FORM: Rule = Rule {
    id: "content_type",
    scope: RuleScope::Provider,
    sources: &[
        "googleapis/google-api-nodejs-client#1830",
        "GoogleCloudPlatform/php-docs-samples#460",
    ],
    words: "Invalid JSON payload received. Unknown name: Cannot bind query parameter.",
    help: "the request has `content-type: {}`: send `content-type: application/json`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Rejects a request by its header `content-type`.
///
/// # Errors
/// If the rule about it holds for this profile and this model, and the header is that of a form.
pub(crate) fn check_content_type(
    content_type: Option<&str>,
    profile: Profile,
    model: &str,
) -> Result<(), RejectedRequest> {
    let is_form =
        |value: &&str| media_type(value).eq_ignore_ascii_case("application/x-www-form-urlencoded");
    match content_type.filter(is_form) {
        Some(value) => RULES.reject_headers(&FORM, Violation::new("", value), profile, model),
        None => Ok(()),
    }
}
