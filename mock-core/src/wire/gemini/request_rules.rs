//! The rules by which Gemini rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

mod config;
mod content;
mod content_type_header;
mod conversation;
mod model;
mod schema;
mod tool;
mod unknown_field;

use serde_json::Value;

pub(crate) use content_type_header::check_content_type;
pub(in crate::wire) use model::is_gemini;

use super::field_names::in_camel_case;
use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::read_borrowed;
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, ToolFormat, foreign_body, foreign_tool,
};

/// The reference of the API.
const API: &str = "https://ai.google.dev/api/generate-content";

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &["langchain-ai/langchain-google#1393", "vercel/ai#3775"],
        words: "* GenerateContentRequest.{at}: contents is not specified",
        help: "this is a request in the format of {}, sent to the path of Gemini",
        rejected: r#"{"contents": null, "messages": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "contents"),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &["github/github-mcp-server#1385"],
        words: "Invalid JSON payload received. Unknown name \"type\" at '{at}': Cannot find field.",
        help: "this is a tool in the format of {}, sent to the path of Gemini: declare it in `functionDeclarations`",
        rejected: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Declarations, &|index, tool| {
                tool.has("type").then(|| format!("tools[{index}]"))
            })
        },
    },
    Rule {
        id: "foreign_tool_fields",
        scope: RuleScope::Everywhere,
        sources: &["github/github-mcp-server#1385"],
        words: "Invalid JSON payload received. Unknown name \"name\" at '{at}': Cannot find field.",
        help: "this is a tool in the format of {}, sent to the path of Gemini: declare it in `functionDeclarations`",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Declarations, &|index, tool| {
                let is_named = !tool.has("type") && tool.has("name");
                is_named.then(|| format!("tools[{index}]"))
            })
        },
    },
];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[
        unknown_field::RULES,
        content::RULES,
        content::TURNS,
        config::RULES,
        tool::RULES,
        schema::RULES,
    ],
    conversation: conversation::RULES,
    ..Rules::new(Profile::Gemini, is_gemini)
};

/// The rules that hold for a request whose tokens are counted.
static COUNTED: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[content::RULES],
    ..Rules::new(Profile::Gemini, is_gemini)
};

/// Reads a request whose tokens are counted, and rejects it by the rules that hold for the profile, if there is one. `is_whole` says whether
/// it is a whole request of `generateContent`, after which the provider names it in its messages.
pub(super) fn read_counted(
    body: BorrowedValue<'_>,
    profile: Option<Profile>,
    is_whole: bool,
) -> Result<Request, RejectedRequest> {
    let request = COUNTED.read(body, profile, read);
    request.map_err(|mut rejected| {
        if !is_whole {
            let message = &mut rejected.error.message;
            *message = message.replace("GenerateContentRequest", "CountTokensRequest");
        }
        rejected
    })
}

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::gemini::rules;
///
/// assert!(rules().any(|rule| rule.id == "contents_missing"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`].
///
/// The profile is the mock's. With [`Profile::Gemini`] all rules hold. With [`Profile::Plain`] those of a model that is known by its name
/// hold, and for other models those of every provider of this wire. With other profiles only the latter hold. The model is the `model` of the
/// body.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong in the provider's words, where, and what to do. A body that cannot be
/// read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::gemini::check};
/// use serde_json::json;
///
/// let mut body = json!({"contents": []});
/// let error = check(&body, Profile::Plain).unwrap_err();
/// assert_eq!((error.status, error.param.as_deref()), (Some(400), Some("contents")));
///
/// body["contents"] = json!([{"role": "user", "parts": [{"text": "Hello"}]}]);
/// assert!(check(&body, Profile::Plain).is_ok());
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    RULES.check(in_camel_case(body.clone().into()), profile, read)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one. Its calls and results are not checked.
/// `model` is the one that the path names.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
    model: Option<&str>,
) -> Result<Request, RejectedRequest> {
    let body = read_borrowed(body)
        .map_err(|error| RejectedRequest::unreadable(&error, Profile::Gemini))?;
    RULES.read(with_model(in_camel_case(body), model), profile, read)
}

/// A body with the model that its path names, if it names one.
pub(super) fn with_model<'b>(
    mut body: BorrowedValue<'b>,
    model: Option<&str>,
) -> BorrowedValue<'b> {
    if let (Some(model), BorrowedValue::Object(object)) = (model, &mut body) {
        object.retain(|(name, _)| name != "model");
        object.push(("model".into(), model.to_owned().into()));
    }
    body
}
