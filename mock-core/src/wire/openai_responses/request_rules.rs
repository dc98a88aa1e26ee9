//! The rules by which the Responses API rejects requests. Each has its source; `docs/rejected-requests.md` lists them.

use serde_json::Value;

use super::request::read;
use crate::chat::conversation::RESPONSES;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::{is_openai, samples_by_itself};
use crate::wire::read::read_borrowed;
use crate::wire::request_rules::{
    Body, BodyChecks, RejectedRequest, Rule, RuleScope, Rules, ToolFormat, Violation, broken,
    foreign_body, foreign_field, foreign_tool, found_if, missing_of_tool,
};

/// The reference of the API.
const API: &str = "https://platform.openai.com/docs/api-reference/responses/create";

static RULES: Rules = Rules {
    profile: Profile::OpenaiResponses,
    is_own_model: is_openai,
    item: |list, index| format!("{list}[{index}]"),
    foreign: FOREIGN_BODY,
    body: &[PARAMETERS, INPUT],
    tool: &[],
    message: &[],
    part: &[],
    call: &[],
    conversation: CONVERSATION,
};

/// A body of another API.
const FOREIGN_BODY: BodyChecks = &[
    (
        Rule {
            id: "foreign_body",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Missing required parameter: '{at}'.",
            help: "this is a request in the format of {}, sent to the path of OpenAI Responses",
            rejected: r#"{"input": null, "messages": [{"role": "user", "content": "hi"}]}"#,
            accepted: r#"{"input": "hi", "a_field_of_the_future": 1}"#,
        },
        |body| foreign_body(body, "input"),
    ),
    (
        Rule {
            id: "foreign_parameter",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Unknown parameter: '{at}'.",
            help: "this is a request in the format of {}, sent to the path of OpenAI Responses",
            rejected: r#"{"system_instruction": "Be brief."}"#,
            accepted: r#"{"instructions": "Be brief."}"#,
        },
        |body| foreign_field(body, "OpenAI Responses"),
    ),
    (
        Rule {
            id: "foreign_tool",
            scope: RuleScope::Everywhere,
            sources: &["stanfordnlp/dspy#9943", "microsoft/autogen#6935"],
            words: "Missing required parameter: '{at}'.",
            help: "this is a tool in the format of {}, sent to the path of OpenAI Responses: write its `name` beside the `type`",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "name": "look"}]}"#,
        },
        |body| {
            foreign_tool(body, ToolFormat::Flat, &|index, tool| {
                Some(format!("tools[{index}].{}", missing_of_tool(tool, "name")?))
            })
        },
    ),
];

/// Fields of other APIs.
const FOREIGN: [&str; 14] = [
    "function_call",
    "functions",
    "generationConfig",
    "logit_bias",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "n",
    "reasoning_effort",
    "response_format",
    "stop",
    "stop_sequences",
    "system",
    "thinking",
];

const PARAMETERS: BodyChecks = &[
    (
        Rule {
            id: "model_missing",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Missing required parameter: 'model'.",
            help: "name a model in `model`",
            rejected: r#"{"model": null}"#,
            accepted: r#"{"model": "gpt-4o"}"#,
        },
        |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    ),
    (
        Rule {
            id: "foreign_field",
            scope: RuleScope::Profile,
            sources: &[API, "router-for-me/CLIProxyAPI#2352"],
            words: "Unsupported parameter: {at}",
            help: "this is a field of another API",
            rejected: r#"{"response_format": {"type": "json_object"}}"#,
            accepted: r#"{"text": {"format": {"type": "json_object"}}, "a_field_of_the_future": 1}"#,
        },
        |body| {
            let field = FOREIGN.find(&|field| body.has(field))?;
            broken(true, field)
        },
    ),
    (
        Rule {
            id: "background_unsupported",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Unsupported parameter: '{at}'.",
            help: "the mock server does not answer in the background; leave `background` out",
            rejected: r#"{"background": true}"#,
            accepted: r#"{"background": false}"#,
        },
        |body| broken(body.is_set("background"), "background"),
    ),
    (
        Rule {
            id: "conversation_unsupported",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Unsupported parameter: '{at}'.",
            help: "the mock server has no conversations; go on with `previous_response_id`",
            rejected: r#"{"conversation": "conv_1"}"#,
            accepted: r#"{"conversation": null}"#,
        },
        |body| broken(body.has("conversation"), "conversation"),
    ),
    (
        Rule {
            id: "input_missing",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "Missing required parameter: 'input'.",
            help: "or go on with a `previous_response_id`",
            rejected: r#"{"input": null}"#,
            accepted: r#"{"input": null, "previous_response_id": "resp_1"}"#,
        },
        |body| {
            let others = ["input", "previous_response_id", "prompt"];
            let has_none = !others.any(&|field| body.has(field));
            broken(has_none, "input")
        },
    ),
    (
        Rule {
            id: "max_output_tokens_minimum",
            scope: RuleScope::Provider,
            sources: &["vectorize-io/hindsight#58", "braintrustdata/lingua#186"],
            words: "Invalid '{at}': integer below minimum value. Expected a value >= 16, but got {} instead.",
            help: "",
            rejected: r#"{"max_output_tokens": 10}"#,
            accepted: r#"{"max_output_tokens": 16}"#,
        },
        |body| {
            let most = body.number("max_output_tokens");
            found_if(most, |most| *most < 16.0, "max_output_tokens")
        },
    ),
    (
        Rule {
            id: "temperature_reasoning",
            scope: RuleScope::Models {
                names: "o-series, `gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
                includes: samples_by_itself,
            },
            sources: &["openai/openai-python#2540", "sourcebot-dev/sourcebot#454"],
            words: "Unsupported parameter: 'temperature' is not supported with this model.",
            help: "",
            rejected: r#"{"model": "gpt-5", "temperature": 0.5}"#,
            accepted: r#"{"model": "gpt-4o", "temperature": 0.5}"#,
        },
        |body| {
            let temperature = body.number("temperature");
            broken(temperature.is_some_and(|it| it != 1.0), "temperature")
        },
    ),
];

/// Types of content parts of other APIs.
const FOREIGN_PARTS: [&str; 7] = [
    "document",
    "image",
    "image_url",
    "text",
    "thinking",
    "tool_result",
    "tool_use",
];

/// How the id of an item begins.
const PREFIXES: [(&str, &str); 4] = [
    ("custom_tool_call", "ctc"),
    ("function_call", "fc"),
    ("message", "msg"),
    ("reasoning", "rs"),
];

const INPUT: BodyChecks = &[
    (
        Rule {
            id: "part_type",
            scope: RuleScope::Provider,
            sources: &["MervinPraison/PraisonAI#3934"],
            words: "Invalid value: '{}'. Supported values are: 'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', 'computer_screenshot', 'summary_text', and 'encrypted_content'.",
            help: "this is a part of another API",
            rejected: r#"{"input": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}"#,
            accepted: r#"{"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}"#,
        },
        |body| {
            each_item(body, &|item, at| {
                for (index, part) in item.list("content").iter().enumerate() {
                    if let Some(kind) = part.str("type")
                        && FOREIGN_PARTS.contains(&kind)
                    {
                        return Some(Violation::new(format!("{at}.content[{index}].type"), kind));
                    }
                }
                None
            })
        },
    ),
    (
        Rule {
            id: "id_prefix",
            scope: RuleScope::Provider,
            sources: &[
                "BigPizzaV3/CodexPlusPlus#1796",
                "jlcodes99/cockpit-tools#2090",
            ],
            words: "Invalid '{at}': {}.",
            help: "send the item as it came, or without its id",
            rejected: r#"{"input": [{"type": "function_call", "id": "call_1", "call_id": "call_1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_1", "output": "x"}]}"#,
            accepted: r#"{"input": [{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_1", "output": "x"}]}"#,
        },
        |body| {
            each_item(body, &|item, at| {
                let kind = item.str("type")?;
                let (_, prefix) = PREFIXES.find(&|(known, _)| *known == kind)?;
                let id = item.str("id").filter(|id| !id.starts_with(prefix))?;
                let found = format!("'{id}'. Expected an ID that begins with '{prefix}'");
                Some(Violation::new(format!("{at}.id"), found))
            })
        },
    ),
    (
        Rule {
            id: "reasoning_without_following",
            scope: RuleScope::Provider,
            sources: &["continuedev/continue#8933", "openai/openai-node#1567"],
            words: "Item '{}' of type 'reasoning' was provided without its required following item.",
            help: "send what the model said after it",
            rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "reasoning", "id": "rs_1", "summary": []}, {"role": "user", "content": "go on"}]}"#,
            accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "reasoning", "id": "rs_1", "summary": []}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": "go on"}]}"#,
        },
        |body| {
            let items = body.list("input");
            for (index, item) in items.iter().enumerate() {
                let is_followed = items.get(index + 1).is_some_and(is_of_the_model);
                if let Some(id) = item.str("id")
                    && is_reasoning(item)
                    && !is_followed
                {
                    return Some(Violation::new("input", id));
                }
            }
            None
        },
    ),
];

fn each_item(
    body: &Body<'_>,
    check: &dyn Fn(&BorrowedValue<'_>, &str) -> Option<Violation>,
) -> Option<Violation> {
    for (index, item) in body.list("input").iter().enumerate() {
        let violation = check(item, &format!("input[{index}]"));
        if violation.is_some() {
            return violation;
        }
    }
    None
}

fn is_reasoning(item: &BorrowedValue<'_>) -> bool {
    item.str("type") == Some("reasoning")
}

fn is_of_the_model(item: &BorrowedValue<'_>) -> bool {
    match (item.str("type"), item.str("role")) {
        (None | Some("message"), role) => role == Some("assistant"),
        (Some(kind), _) => !kind.ends_with("_output"),
    }
}

/// Calls and their results.
const CONVERSATION: &[Rule] = &[
    Rule {
        id: "function_call_output_without_call",
        scope: RuleScope::Everywhere,
        sources: &["continuedev/continue#10092", "microsoft/vscode#320060"],
        words: RESPONSES.unasked,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}]}"#,
    },
    Rule {
        id: "function_call_without_output",
        scope: RuleScope::Everywhere,
        sources: &["openai/codex#93", "symgraph/GhidrAssist#78"],
        words: RESPONSES.unanswered,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}, {"role": "user", "content": "go on"}]}"#,
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
    let body = read_borrowed(body)
        .map_err(|error| RejectedRequest::unreadable(&error, Profile::OpenaiResponses))?;
    RULES.read(body, profile, read)
}
