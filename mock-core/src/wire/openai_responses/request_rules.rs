//! The rules by which the Responses API rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

mod content_type_header;
mod conversation;
mod format;
mod input;
mod parameter;
mod tool;

use serde_json::Value;

pub(crate) use content_type_header::check_content_type;

use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::openai::{is_openai, shared_rules};
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, ToolFormat, foreign_body, foreign_field, foreign_tool,
    missing_of_tool,
};

/// The reference of the API.
const API: &str = "https://platform.openai.com/docs/api-reference/responses/create";

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[
        parameter::RULES,
        shared_rules::parameter::RULES,
        format::RULES,
        format::JSON_SCHEMA,
        format::STRICT_SCHEMA,
        tool::CHOICE,
        input::RULES,
    ],
    tool: &[tool::RULES, tool::STRICT],
    conversation: conversation::RULES,
    ..Rules::new(Profile::OpenaiResponses, is_openai)
};

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "this is a request in the format of {}, sent to the path of OpenAI Responses",
        rejected: r#"{"input": null, "messages": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"input": "hi", "a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "input"),
    },
    Rule {
        id: "foreign_parameter",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Unknown parameter: '{at}'.",
        help: "this is a request in the format of {}, sent to the path of OpenAI Responses",
        rejected: r#"{"system_instruction": "Be brief."}"#,
        accepted: r#"{"instructions": "Be brief."}"#,
        check: |body| foreign_field(body, "OpenAI Responses"),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &["stanfordnlp/dspy#9943", "microsoft/autogen#6935"],
        words: "Missing required parameter: '{at}'.",
        help: "this is a tool in the format of {}, sent to the path of OpenAI Responses: write its `name` beside the `type`",
        rejected: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Flat, &|index, tool| {
                Some(format!("tools[{index}].{}", missing_of_tool(tool, "name")?))
            })
        },
    },
];

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::openai_responses::rules;
///
/// assert!(rules().any(|rule| rule.id == "model_missing"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`].
///
/// `profile` is that of the mock. With [`Profile::OpenaiResponses`] and [`Profile::Openai`] all rules hold. With [`Profile::Plain`], the
/// rules of a model hold if its name is known; for other models, only the rules that all providers of this wire share. With other profiles,
/// only the latter hold.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, in the provider's words, where, and what to do. A body that
/// cannot be read is an error too.
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

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one. Its calls and results are not checked.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<Request, RejectedRequest> {
    RULES.read_bytes(body, profile, read)
}
