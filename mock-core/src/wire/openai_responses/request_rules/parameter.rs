//! The parameters of a request.

use super::API;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::field_type::{
    WRONG_TYPE, field_of_wrong_type, sources_of_wrong_type,
};
use crate::wire::openai::shared_rules::values::{
    EFFORTS, GPT_5_1_EFFORTS, GPT_5_EFFORTS, UNKNOWN_EFFORT, unknown,
};
use crate::wire::openai::{is_plain_gpt_5, is_plain_gpt_5_1, samples_by_itself};
use crate::wire::request_rules::{
    FieldType, Rule, RuleScope, Violation, broken, found_if, misspelt_field,
};

/// The types of the fields that Chat Completions does not have.
const TYPES: [(FieldType, &[&str]); 5] = [
    (
        FieldType::Text,
        &[
            "previous_response_id",
            "prompt_cache_retention",
            "truncation",
        ],
    ),
    (FieldType::Integer, &["max_tool_calls"]),
    (FieldType::Flag, &["background"]),
    (FieldType::List, &["include"]),
    (FieldType::Object, &["prompt", "reasoning", "text"]),
];

/// What an answer may include.
const INCLUDED: [&str; 8] = [
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
    "web_search_call.results",
];

/// All fields of a request.
const FIELDS: [&str; 31] = [
    "background",
    "context_management",
    "conversation",
    "include",
    "input",
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "metadata",
    "model",
    "moderation",
    "parallel_tool_calls",
    "previous_response_id",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "truncation",
    "user",
];

/// Fields of other APIs.
const FOREIGN: [&str; 18] = [
    "frequency_penalty",
    "function_call",
    "functions",
    "generationConfig",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "n",
    "presence_penalty",
    "reasoning_effort",
    "response_format",
    "seed",
    "stop",
    "stop_sequences",
    "system",
    "thinking",
];

/// Says that a value is none of those that the model takes, in OpenAI's words, which name the model.
fn other_of_model(
    body: &BorrowedValue<'_>,
    value: Option<&str>,
    known: &[&str],
    at: &str,
) -> Option<Violation> {
    let value = value.filter(|value| !known.contains(value))?;
    let model = body.str("model").unwrap_or_default();
    let found = format!("'{value}' is not supported with the '{model}'");
    Some(Violation::new(at, found))
}

fn other_effort(body: &BorrowedValue<'_>, known: &[&str]) -> Option<Violation> {
    let effort = body.field("reasoning")?.str("effort");
    other_of_model(body, effort, known, "reasoning.effort")
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "field_type",
        scope: RuleScope::Provider,
        sources: sources_of_wrong_type!(API),
        words: WRONG_TYPE,
        help: "",
        rejected: r#"{"text": "json"}"#,
        accepted: r#"{"text": {"format": {"type": "text"}}}"#,
        check: |body| field_of_wrong_type(body, &TYPES),
    },
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Missing required parameter: 'model'.",
        help: "name a model in `model`",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": null, "prompt": {"id": "pmpt_1"}}"#,
        check: |body| {
            let has_none = body.str("model").is_none_or(str::is_empty);
            broken(has_none && !body.has("prompt"), "model")
        },
    },
    Rule {
        id: "foreign_field",
        scope: RuleScope::Profile,
        sources: &[API, "router-for-me/CLIProxyAPI#2352"],
        words: "Unsupported parameter: {at}",
        help: "this is a field of another API",
        rejected: r#"{"response_format": {"type": "json_object"}}"#,
        accepted: r#"{"text": {"format": {"type": "text"}}, "a_field_of_the_future": 1}"#,
        check: |body| {
            let field = FOREIGN.find(&|field| body.has(field))?;
            broken(true, field)
        },
    },
    Rule {
        id: "misspelt_field",
        scope: RuleScope::Profile,
        sources: &[API, "teabranch/open-responses-server#41"],
        words: "Unknown parameter: '{at}'.",
        help: "did you mean `{}`?",
        rejected: r#"{"max_output_token": 16}"#,
        accepted: r#"{"max_output_tokens": 16, "a_field_of_the_future": 1}"#,
        check: |body| misspelt_field(body, &FIELDS),
    },
    Rule {
        id: "background_unsupported",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Unsupported parameter: '{at}'.",
        help: "the mock server does not answer in the background; leave `background` out",
        rejected: r#"{"background": true}"#,
        accepted: r#"{"background": false}"#,
        check: |body| broken(body.is_set("background"), "background"),
    },
    Rule {
        id: "conversation_unsupported",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Unsupported parameter: '{at}'.",
        help: "the mock server has no conversations; go on with `previous_response_id`",
        rejected: r#"{"conversation": "conv_1"}"#,
        accepted: r#"{"conversation": null}"#,
        check: |body| broken(body.has("conversation"), "conversation"),
    },
    Rule {
        id: "input_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Missing required parameter: 'input'.",
        help: "or go on with a `previous_response_id`",
        rejected: r#"{"input": null}"#,
        accepted: r#"{"input": null, "previous_response_id": "resp_1"}"#,
        check: |body| {
            let others = ["input", "previous_response_id", "prompt"];
            let has_none = !others.any(&|field| body.has(field));
            broken(has_none, "input")
        },
    },
    Rule {
        id: "max_output_tokens_minimum",
        scope: RuleScope::Provider,
        sources: &["vectorize-io/hindsight#58", "braintrustdata/lingua#186"],
        words: "Invalid '{at}': integer below minimum value. Expected a value >= 16, but got {} instead.",
        help: "",
        rejected: r#"{"max_output_tokens": 10}"#,
        accepted: r#"{"max_output_tokens": 16}"#,
        check: |body| {
            let most = body.number("max_output_tokens");
            found_if(most, |most| *most < 16.0, "max_output_tokens")
        },
    },
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
        check: |body| {
            let temperature = body.number("temperature");
            broken(temperature.is_some_and(|it| it != 1.0), "temperature")
        },
    },
    Rule {
        id: "input_empty",
        scope: RuleScope::Provider,
        sources: &["pydantic/pydantic-ai#3470"],
        words: "Missing required parameter: 'input'.",
        help: "or go on with a `previous_response_id`",
        rejected: r#"{"input": []}"#,
        accepted: r#"{"input": [], "previous_response_id": "resp_1"}"#,
        check: |body| {
            let others = ["previous_response_id", "prompt"];
            let has_none = !others.any(&|field| body.has(field));
            broken(body.is_empty_list("input") && has_none, "input")
        },
    },
    Rule {
        id: "include_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', 'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', 'reasoning.encrypted_content', and 'message.output_text.logprobs'.",
        help: "",
        rejected: r#"{"include": ["usage"]}"#,
        accepted: r#"{"include": ["reasoning.encrypted_content"]}"#,
        check: |body| {
            for (index, value) in body.list("include").iter().enumerate() {
                let at = format!("include[{index}]");
                let violation = unknown(value.as_text(), &INCLUDED, &at);
                if violation.is_some() {
                    return violation;
                }
            }
            None
        },
    },
    Rule {
        id: "truncation_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'auto' and 'disabled'.",
        help: "",
        rejected: r#"{"truncation": "middle"}"#,
        accepted: r#"{"truncation": "auto"}"#,
        check: |body| unknown(body.str("truncation"), &["auto", "disabled"], "truncation"),
    },
    Rule {
        id: "reasoning_effort_value",
        scope: RuleScope::Provider,
        sources: &[API, "stanford-crfm/helm#3501"],
        words: UNKNOWN_EFFORT,
        help: "",
        rejected: r#"{"model": "gpt-5", "reasoning": {"effort": "huge"}}"#,
        accepted: r#"{"model": "gpt-5", "reasoning": {"effort": "low"}}"#,
        check: |body| {
            let effort = body.field("reasoning")?.str("effort");
            unknown(effort, &EFFORTS, "reasoning.effort")
        },
    },
    Rule {
        id: "reasoning_summary_value",
        scope: RuleScope::Provider,
        sources: &[API, "anomalyco/opencode#23889"],
        words: "Invalid value: '{}'. Supported values are: 'concise', 'detailed', and 'auto'.",
        help: "",
        rejected: r#"{"model": "gpt-5", "reasoning": {"summary": "brief"}}"#,
        accepted: r#"{"model": "gpt-5", "reasoning": {"summary": "auto"}}"#,
        check: |body| {
            let summary = body.field("reasoning")?.str("summary");
            unknown(
                summary,
                &["concise", "detailed", "auto"],
                "reasoning.summary",
            )
        },
    },
    Rule {
        id: "verbosity_codex",
        scope: RuleScope::Models {
            names: "`gpt-5.1-codex-max`",
            includes: |model| model.starts_with("gpt-5.1-codex-max"),
        },
        sources: &["openai/codex#9035"],
        words: "Unsupported value: {} model. Supported values are: 'medium'.",
        help: "",
        rejected: r#"{"model": "gpt-5.1-codex-max", "text": {"verbosity": "low"}}"#,
        accepted: r#"{"model": "gpt-5.2", "text": {"verbosity": "low"}}"#,
        check: |body| {
            let verbosity = body.field("text")?.str("verbosity");
            other_of_model(body, verbosity, &["medium"], "text.verbosity")
        },
    },
    Rule {
        id: "reasoning_effort_gpt_5",
        scope: RuleScope::Models {
            names: "`gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: is_plain_gpt_5,
        },
        sources: &["anomalyco/models.dev#2351", "openai/codex#6647"],
        words: "Unsupported value: {} model. Supported values are: 'minimal', 'low', 'medium', and 'high'.",
        help: "",
        rejected: r#"{"model": "gpt-5-mini", "reasoning": {"effort": "none"}}"#,
        accepted: r#"{"model": "gpt-5.1", "reasoning": {"effort": "none"}}"#,
        check: |body| other_effort(body, &GPT_5_EFFORTS),
    },
    Rule {
        id: "reasoning_effort_gpt_5_1",
        scope: RuleScope::Models {
            names: "`gpt-5.1`",
            includes: is_plain_gpt_5_1,
        },
        sources: &["openai/openai-agents-python#2089"],
        words: "Unsupported value: {} model. Supported values are: 'none', 'low', 'medium', and 'high'.",
        help: "",
        rejected: r#"{"model": "gpt-5.1", "reasoning": {"effort": "minimal"}}"#,
        accepted: r#"{"model": "gpt-5.2", "reasoning": {"effort": "xhigh"}}"#,
        check: |body| other_effort(body, &GPT_5_1_EFFORTS),
    },
];
