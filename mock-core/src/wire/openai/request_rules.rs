//! The rules by which OpenAI rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

mod azure_version;
mod content_type_header;
mod conversation;
mod dialects;
mod format;
mod message;
mod model;
mod parameter;
mod tool;

use serde_json::Value;

pub(crate) use azure_version::check_azure_version;
pub(crate) use content_type_header::check_content_type;
pub(in crate::wire) use model::{is_openai, is_plain_gpt_5, is_plain_gpt_5_1, samples_by_itself};

use super::request::read;
use super::shared_rules;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, ToolFormat, foreign_body, foreign_tool,
    missing_of_tool,
};

/// The reference of the API.
const API: &str = "https://platform.openai.com/docs/api-reference/chat/create";

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "this is a request in the format of {}, sent to the path of OpenAI Chat Completions",
        rejected: r#"{"messages": null, "contents": [{"parts": [{"text": "hi"}]}]}"#,
        accepted: r#"{"contents": [{"parts": [{"text": "hi"}]}]}"#,
        check: |body| foreign_body(body, "messages"),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &[
            "microsoft/semantic-kernel#6825",
            "openai/openai-cookbook#1248",
        ],
        words: "Missing required parameter: '{at}'.",
        help: "this is a tool in the format of {}, sent to the path of OpenAI Chat Completions: describe it in `function`",
        rejected: r#"{"tools": [{"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Nested, &|index, tool| {
                Some(format!(
                    "tools[{index}].{}",
                    missing_of_tool(tool, "function")?
                ))
            })
        },
    },
];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[
        shared_rules::parameter::RULES,
        parameter::RULES,
        model::RULES,
        format::RULES,
        format::JSON_SCHEMA,
        format::STRICT_SCHEMA,
        tool::LIST,
        dialects::RULES,
    ],
    tool: &[tool::RULES, tool::STRICT],
    message: message::RULES,
    part: message::PARTS,
    call: message::CALLS,
    conversation: conversation::RULES,
    ..Rules::new(Profile::Openai, model::is_openai)
};

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::openai::rules;
///
/// assert!(rules().any(|rule| rule.id == "tools_empty"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`].
///
/// `profile` is that of the mock. With [`Profile::Openai`] all rules hold. With [`Profile::Plain`], the rules of a model hold if its name
/// is known; for other models, only the rules that all providers of this wire share. With other profiles, only the latter hold.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, in the provider's words, where, and what to do. A body that
/// cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::openai::check};
/// use serde_json::json;
///
/// let mut body = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]});
/// assert!(check(&body, Profile::Plain).is_ok());
///
/// body["parallel_tool_calls"] = json!(false);
/// let error = check(&body, Profile::Plain).unwrap_err();
/// assert_eq!((error.status, error.param.as_deref()), (Some(400), Some("parallel_tool_calls")));
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
