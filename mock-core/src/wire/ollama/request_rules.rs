//! The rules by which Ollama rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

pub(super) mod image;
mod message;
pub(super) mod option;
pub(super) mod parameter;

use serde_json::Value;

use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::request_rules::{RejectedRequest, Rule, Rules};

/// The reference of the API.
pub(super) const API: &str = "https://docs.ollama.com/api/chat";

static RULES: Rules = Rules {
    foreign: message::UNREADABLE,
    body: &[parameter::RULES, option::RULES, image::OF_MESSAGES],
    // Only Ollama speaks this wire, so its rules hold for every model.
    ..Rules::new(Profile::Ollama, |_| true)
};

/// Returns the rules by which [`check`] rejects requests of `/api/chat`, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::ollama::rules;
///
/// assert!(rules().any(|rule| rule.id == "content_text"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request of `/api/chat` as Ollama would, by these [`rules`]. They apply to every profile, because no other provider
/// uses this wire. Calls without results are rejected too, although Ollama itself accepts them.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong in the provider's words, and what to do. A body that cannot be read is
/// an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::ollama::check};
/// use serde_json::json;
///
/// let mut body = json!({"model": "llama3.2", "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]});
/// let error = check(&body, Profile::Ollama).unwrap_err();
/// assert!(error.message.starts_with("json: cannot unmarshal array into Go struct field"));
///
/// body["messages"][0]["content"] = json!("Hello");
/// assert!(check(&body, Profile::Ollama).is_ok());
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    RULES.check(body.clone().into(), profile, read)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one. Its calls and results are not checked.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<Request, RejectedRequest> {
    RULES.read_bytes(body, profile, read)
}
