//! The answer to `countTokens`: how many tokens a request has.

use serde_json::{Value, json};

use super::field_names::in_camel_case;
use super::request_rules;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::read_borrowed;
use crate::wire::request_rules::RejectedRequest;

/// Reads the request whose tokens are counted: the one in `generateContentRequest`, else the body itself. It is rejected by the rules for its
/// contents that hold for the profile, if there is one.
pub(crate) fn read_counted(
    body: &[u8],
    profile: Option<Profile>,
    model: Option<&str>,
) -> Result<Request, RejectedRequest> {
    let unreadable = |error| RejectedRequest::unreadable(&error, Profile::Gemini);
    let body = in_camel_case(read_borrowed(body).map_err(unreadable)?);
    let (body, is_whole) = match body {
        BorrowedValue::Object(mut object) => {
            let mut names = object.iter().map(|(name, _)| name);
            let at = names.position(|name| name == "generateContentRequest");
            match at {
                Some(at) => (object.swap_remove(at).1, true),
                None => (BorrowedValue::Object(object), false),
            }
        }
        other => (other, false),
    };
    let body = request_rules::with_model(body, model);
    request_rules::read_counted(body, profile, is_whole)
}

/// Writes the answer of `countTokens`.
///
/// ```
/// assert_eq!(mock_core::wire::gemini::write_token_count(7)["totalTokens"], 7);
/// ```
pub fn write_token_count(tokens: u64) -> Value {
    let of_text = json!([{ "modality": "TEXT", "tokenCount": tokens }]);
    json!({ "totalTokens": tokens, "promptTokensDetails": of_text })
}
