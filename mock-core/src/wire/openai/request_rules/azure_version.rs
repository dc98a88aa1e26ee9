//! The version of Azure's API, which the query of its paths names.

use serde_json::json;

use super::{RULES, RejectedRequest};
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope, Violation};

/// The first version that has JSON schemas, without its suffix.
const WITH_SCHEMAS: &str = "2024-08-01";

// The path is Azure's, whatever the profile of the mock.
const JSON_SCHEMA: Rule = Rule {
    id: "json_schema_version",
    scope: RuleScope::Everywhere,
    sources: &[
        "Azure/azure-sdk-for-net#46579",
        "danny-avila/LibreChat#8325",
        "crmne/ruby_llm#600",
    ],
    words: "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later",
    help: "the request has `api-version={}`",
    rejected: "{}",
    accepted: "{}",
    check: ELSEWHERE,
};

/// Rejects a request to a path of Azure, by the version that its query names.
///
/// # Errors
/// If this version does not have a parameter of the request.
pub(crate) fn check_azure_version(
    version: &str,
    profile: Profile,
    request: &Request,
) -> Result<(), RejectedRequest> {
    let format = request.extra.get("response_format");
    let is_schema = format.is_some_and(|format| format["type"] == "json_schema");
    // A version is a date, or a word such as `preview` for the newest.
    let date = version.get(..WITH_SCHEMAS.len());
    let is_old = date.is_some_and(|date| date.starts_with("20") && date < WITH_SCHEMAS);
    if !is_schema || !is_old {
        return Ok(());
    }
    let violation = Violation::new("", version);
    let checked = RULES.reject_headers(&JSON_SCHEMA, violation, profile, &request.model);
    checked.map_err(|mut rejected| {
        let body = json!({ "error": { "code": "BadRequest", "message": rejected.error.message } });
        let raw = rejected.error.raw.get_or_insert_default();
        raw.body = Some(body.to_string().into());
        rejected
    })
}
