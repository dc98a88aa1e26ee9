//! What the Responses API refuses. Each rule has its source; `docs/refusals.md` lists them.

use serde_json::Value;

use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::openai::is_openai;
use crate::wire::read::read_tree;
use crate::wire::rules::{BodyChecks, Holds, Refused, Rule, Rules, broken};

/// The reference of the API.
const API: &str = "https://platform.openai.com/docs/api-reference/responses/create";

static RULES: Rules = Rules {
    profile: Profile::OpenaiResponses,
    is_own_model: is_openai,
    item: |list, index| format!("{list}[{index}]"),
    body: &[BODY],
    tool: &[],
    message: &[],
    part: &[],
    call: &[],
    conversation: &[],
};

const BODY: BodyChecks = &[(
    Rule {
        id: "model_missing",
        holds: Holds::Everywhere,
        sources: &[API],
        words: "Missing required parameter: 'model'.",
        help: "name a model in `model`",
        refused: r#"{"model": null}"#,
        accepted: r#"{"model": "gpt-4o"}"#,
    },
    |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
)];

/// The rules by which [`check`] refuses requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::openai_responses::rules;
///
/// assert!(rules().any(|rule| rule.id == "model_missing"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Refuses the body of a request as the provider would, by these [`rules`].
///
/// The profile is the mock's. With [`Profile::OpenaiResponses`] and [`Profile::Openai`] all rules hold. With [`Profile::Plain`] those of a
/// model that is known by its name hold, and for other models those of every provider of this wire. With other profiles only the latter
/// hold.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong in the provider's words, where, and what to do. A body that cannot be
/// read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::openai_responses::check};
/// use serde_json::json;
///
/// let mut body = json!({"model": "gpt-4o", "input": "Hello"});
/// assert!(check(&body, Profile::Plain).is_ok());
///
/// body["model"] = json!("");
/// let error = check(&body, Profile::Plain).unwrap_err();
/// assert_eq!((error.status, error.param.as_deref()), (Some(400), Some("model")));
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    RULES.check(body.clone().into(), profile, read)
}

/// Reads a request from bytes, and refuses it by the rules that hold for the profile, if there is one. Its calls and results are not checked.
pub(crate) fn read_checked(body: &[u8], profile: Option<Profile>) -> Result<Request, Refused> {
    let body =
        read_tree(body).map_err(|error| Refused::unreadable(&error, Profile::OpenaiResponses))?;
    RULES.read(body, profile, read)
}
