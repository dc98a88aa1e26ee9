//! The rules by which Anthropic rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

mod beta_header;
mod block;
mod cache;
mod conversation;
mod message;
mod message_thread;
mod model;
mod parameter;
mod thinking;
mod tool;
mod version_header;

use serde_json::Value;

pub(crate) use beta_header::check_beta_header;
pub(crate) use version_header::{check_version_header, check_version_of_fields};

use super::request::read;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, ToolFormat, foreign_body, foreign_messages,
    foreign_tool,
};

/// The reference of the API.
const API: &str = "https://platform.claude.com/docs/en/api/messages";

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at}: Field required",
        help: "this is a request in the format of {}, sent to the path of Anthropic Messages",
        rejected: r#"{"messages": null, "input": "hi"}"#,
        accepted: r#"{"input": "hi"}"#,
        check: |body| foreign_body(body, "messages").or_else(|| foreign_messages(body)),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &["dirac-run/dirac#57"],
        words: "{at}: Input tag 'function' found using 'type' does not match any of the expected tags: 'bash_20250124', 'custom', 'text_editor_20250728', 'web_search_20250305'",
        help: "this is a tool in the format of {}, sent to the path of Anthropic Messages: leave the `type` out, and give it a `name` and an `input_schema`",
        rejected: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::InputSchema, &|index, tool| {
                (tool.str("type") == Some("function")).then(|| format!("tools.{index}"))
            })
        },
    },
    Rule {
        id: "foreign_tool_fields",
        scope: RuleScope::Everywhere,
        sources: &["tghamm/Anthropic.SDK#35"],
        words: "{at}: Field required",
        help: "this is a tool in the format of {}, sent to the path of Anthropic Messages: give it a `name` and an `input_schema`",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::InputSchema, &|index, tool| {
                let has_no_type = !tool.has("type");
                has_no_type.then(|| format!("tools.{index}.custom.input_schema"))
            })
        },
    },
];

static RULES: Rules = Rules {
    item: |list, index| format!("{list}.{index}"),
    foreign: FOREIGN_BODY,
    body: &[
        parameter::RULES,
        thinking::RULES,
        message_thread::RULES,
        cache::RULES,
        tool::LIST,
        conversation::IDS,
        conversation::SERVER_TOOLS,
    ],
    tool: &[tool::RULES],
    message: message::RULES,
    part: block::RULES,
    conversation: conversation::RULES,
    ..Rules::new(Profile::Anthropic, model::is_claude)
};

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::anthropic::rules;
///
/// assert!(rules().any(|rule| rule.id == "thinking_budget_minimum"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`].
///
/// `profile` is that of the mock. With [`Profile::Anthropic`] all rules hold. With [`Profile::Plain`], the rules of a model hold if its
/// name is known; for other models, only the rules that all providers of this wire share. With other profiles, only the latter hold.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, in the provider's words, where, and what to do. A body that
/// cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::anthropic::check};
/// use serde_json::json;
///
/// let mut body = json!({"model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hello"}]});
/// let error = check(&body, Profile::Plain).unwrap_err();
/// assert_eq!((error.status, error.param.as_deref()), (Some(400), Some("max_tokens")));
///
/// body["max_tokens"] = json!(100);
/// assert!(check(&body, Profile::Plain).is_ok());
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
