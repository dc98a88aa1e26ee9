//! The rules by which Ollama rejects requests of `/api/generate`.

use serde_json::Value;

use super::super::request_rules::{API, image, option, parameter};
use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{RejectedRequest, Rule, RuleScope, Rules, broken, foreign_body};

const FOREIGN_BODY: &[Rule] = &[Rule {
    id: "foreign_body",
    scope: RuleScope::Everywhere,
    sources: &[API],
    words: "{at} is required",
    help: "this is a request in the format of {}, sent to /api/generate of Ollama; messages go to /api/chat",
    rejected: r#"{"prompt": null, "messages": [{"role": "user", "content": "hi"}]}"#,
    accepted: r#"{"a_field_of_the_future": 1}"#,
    check: |body| foreign_body(body, "prompt"),
}];

/// Whether the body has a field that raw mode does not accept.
fn has_more_than_a_prompt(body: &BorrowedValue<'_>) -> bool {
    let is_there = |name| match body.field(name) {
        Some(BorrowedValue::Text(text)) => !text.is_empty(),
        Some(BorrowedValue::List(items)) => !items.is_empty(),
        _ => false,
    };
    ["template", "system", "context"].into_iter().any(is_there)
}

const RAW: &[Rule] = &[Rule {
    id: "raw_mode",
    scope: RuleScope::Everywhere,
    sources: &["ollama/ollama#12370", "letta-ai/letta#663"],
    words: "raw mode does not support template, system, or context",
    help: "",
    rejected: r#"{"raw": true, "system": "Be brief."}"#,
    accepted: r#"{"raw": true, "system": ""}"#,
    check: |body| broken(body.is_set("raw") && has_more_than_a_prompt(body), "raw"),
}];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[parameter::RULES, option::RULES, RAW, image::OF_PROMPT],
    // Only Ollama speaks this wire, so its rules hold for every model.
    ..Rules::new(Profile::Ollama, |_| true)
};

/// Returns the rules by which [`check`] rejects requests of `/api/generate`, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::ollama::generate::rules;
///
/// assert!(rules().any(|rule| rule.id == "raw_mode"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request of `/api/generate` as Ollama would, by these [`rules`]. They apply to every profile.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong in the provider's words. A body that cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::ollama::generate::check};
/// use serde_json::json;
///
/// let body = json!({"model": "llama3.2", "prompt": "Hello", "raw": true, "system": "Be brief."});
/// let error = check(&body, Profile::Ollama).unwrap_err();
/// assert_eq!(error.message, "raw mode does not support template, system, or context");
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    RULES.check(body.clone().into(), profile, read)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<Request, RejectedRequest> {
    RULES.read_bytes(body, profile, read)
}
