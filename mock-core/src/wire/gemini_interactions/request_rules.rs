//! The rules by which Interactions rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

use serde_json::Value;

use super::request::read;
use crate::chat::conversation::GEMINI;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::gemini::is_gemini;
use crate::wire::request_rules::{
    ELSEWHERE, RejectedRequest, Rule, RuleScope, Rules, ToolFormat, Violation, broken,
    foreign_body, foreign_field, foreign_tool, found_if, missing_of_tool, repeated, texts_of,
};

/// The reference of the API.
const API: &str = "https://ai.google.dev/api/interactions-api";

/// A body of another API.
const FOREIGN_BODY: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "The request is missing the required field '{at}'.",
        help: "this is a request in the format of {}, sent to the path of Gemini Interactions",
        rejected: r#"{"input": null, "messages": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "input"),
    },
    Rule {
        id: "foreign_parameter",
        scope: RuleScope::Everywhere,
        sources: &["https://ai.google.dev/gemini-api/docs/api-errors"],
        words: "Unknown parameter '{at}'.",
        help: "this is a request in the format of {}, sent to the path of Gemini Interactions",
        rejected: r#"{"instructions": "Be brief."}"#,
        accepted: r#"{"system_instruction": "Be brief."}"#,
        check: |body| foreign_field(body, "Gemini Interactions"),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "The request is missing the required field '{at}'.",
        help: "this is a tool in the format of {}, sent to the path of Gemini Interactions: write its `name` beside the `type`",
        rejected: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Flat, &|index, tool| {
                Some(format!("tools[{index}].{}", missing_of_tool(tool, "name")?))
            })
        },
    },
    Rule {
        id: "legacy_input",
        scope: RuleScope::Everywhere,
        sources: &["allenhutchison/gemini-cli-deep-research#73"],
        words: "The legacy Interactions API schema is no longer supported. Please adopt the new 'steps' schema.",
        help: "`{}` has a role: send a step of the type `user_input` or `model_output`",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}]}"#,
        check: |body| {
            let mut items = body.list("input").iter();
            let at = items.position(|item| item.has("role") && !item.has("type"))?;
            let at = format!("input[{at}]");
            Some(Violation::new(at.clone(), at))
        },
    },
];

const OF_BODY: &[Rule] = &[
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "The request is missing the required field 'model'.",
        help: "name a model in `model`, or an agent in `agent`",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": "gemini-3-flash", "agent": null}"#,
        check: |body| {
            let is_named = |name| body.str(name).is_some_and(|name| !name.is_empty());
            broken(!is_named("model") && !is_named("agent"), "model")
        },
    },
    Rule {
        id: "input_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "The request is missing the required field 'input'.",
        help: "send a text or at least one step",
        rejected: r#"{"input": []}"#,
        accepted: r#"{"input": ""}"#,
        check: |body| broken(!body.has("input") || body.is_empty_list("input"), "input"),
    },
    Rule {
        id: "temperature_range",
        scope: RuleScope::Provider,
        sources: &["https://ai.google.dev/api/generate-content"],
        words: "generation_config.temperature must be in the range [0.0, 2.0], but is {}.",
        help: "",
        rejected: r#"{"generation_config": {"temperature": 2.1}}"#,
        accepted: r#"{"generation_config": {"temperature": 2.0}}"#,
        check: |body| {
            let config = body.field("generation_config")?;
            found_if(
                config.number("temperature"),
                |temperature| !(0.0..=2.0).contains(temperature),
                "generation_config.temperature",
            )
        },
    },
    Rule {
        id: "response_format_missing",
        scope: RuleScope::Provider,
        sources: &["defog-ai/defog#279"],
        words: "responseFormat must be set when responseMimeType is set",
        help: "leave `response_mime_type` out: `response_format` has the type",
        rejected: r#"{"response_mime_type": "application/json"}"#,
        accepted: r#"{"response_format": {"type": "text", "mime_type": "application/json", "schema": {"type": "object"}}}"#,
        check: |body| {
            broken(
                body.has("response_mime_type") && !body.has("response_format"),
                "response_format",
            )
        },
    },
    Rule {
        id: "function_names_unique",
        scope: RuleScope::Provider,
        sources: &["tridz-dev/huf#341"],
        words: "Duplicate function declaration found: {}",
        help: "",
        rejected: r#"{"tools": [{"type": "function", "name": "look"}, {"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tools": [{"type": "function", "name": "look"}, {"type": "function", "name": "look2"}]}"#,
        check: |body| {
            let is_function = |tool: &&BorrowedValue<'_>| tool.str("type") == Some("function");
            let functions = body.list("tools").iter().filter(is_function);
            repeated(texts_of("name", functions)).map(|name| Violation::new("tools", name))
        },
    },
];

/// Calls and their results.
const CONVERSATION: &[Rule] = &[
    Rule {
        id: "function_result_without_call",
        scope: RuleScope::Everywhere,
        sources: &["langchain-ai/langchain#27799", "BerriAI/litellm#26755"],
        words: GEMINI.unasked,
        help: "",
        rejected: r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}, {"type": "function_result", "call_id": "c1", "name": "look", "result": "x"}]}"#,
        accepted: r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}, {"type": "function_call", "id": "c1", "name": "look", "arguments": {}}, {"type": "function_result", "call_id": "c1", "name": "look", "result": "x"}]}"#,
        check: ELSEWHERE,
    },
    Rule {
        id: "function_call_without_result",
        scope: RuleScope::Everywhere,
        sources: &["google-gemini/gemini-cli#4504", "microsoft/vscode#299295"],
        words: GEMINI.unanswered,
        help: "",
        rejected: r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}, {"type": "function_call", "id": "c1", "name": "look", "arguments": {}}, {"type": "user_input", "content": [{"type": "text", "text": "go on"}]}]}"#,
        accepted: r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}, {"type": "function_call", "id": "c1", "name": "look", "arguments": {}}, {"type": "function_result", "call_id": "c1", "result": {"output": "x"}}, {"type": "user_input", "content": [{"type": "text", "text": "go on"}]}]}"#,
        check: ELSEWHERE,
    },
];

static RULES: Rules = Rules {
    foreign: FOREIGN_BODY,
    body: &[OF_BODY],
    conversation: CONVERSATION,
    ..Rules::new(Profile::Gemini, is_gemini)
};

/// Returns the rules by which [`check`] rejects requests, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::gemini_interactions::rules;
///
/// assert!(rules().any(|rule| rule.id == "input_missing"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request as the provider would, by these [`rules`]. `profile` is that of the mock, as in
/// [`gemini::check`](crate::wire::gemini::check).
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong, where, and what to do. A body that cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::gemini_interactions::check};
/// use serde_json::json;
///
/// assert!(check(&json!({"model": "gemini-3-flash", "input": "Hello"}), Profile::Gemini).is_ok());
/// assert!(check(&json!({"model": "gemini-3-flash", "input": []}), Profile::Gemini).is_err());
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
