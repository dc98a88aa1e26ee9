//! The parameters of a request.

use super::API;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::request::MOST_ANSWERS;
use crate::wire::openai::shared_rules::field_type::{
    WRONG_TYPE, field_of_wrong_type, sources_of_wrong_type,
};
use crate::wire::openai::shared_rules::parameter::outside;
use crate::wire::openai::shared_rules::values::{
    EFFORTS, UNKNOWN_EFFORT, UNKNOWN_VERBOSITY, VERBOSITIES, unknown,
};
use crate::wire::request_rules::{
    FieldType, Rule, RuleScope, Violation, broken, found_if, misspelt_field,
};

/// All fields of a request.
const FIELDS: [&str; 37] = [
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "moderation",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
];

/// Fields of other providers' APIs.
const FOREIGN: [&str; 14] = [
    "anthropic_version",
    "cache_control",
    "chat_template_kwargs",
    "generationConfig",
    "max_output_tokens",
    "min_p",
    "provider",
    "reasoning",
    "repetition_penalty",
    "stop_sequences",
    "system",
    "thinking",
    "top_k",
    "typical_p",
];

/// The types of the fields that Responses does not have.
const TYPES: [(FieldType, &[&str]); 7] = [
    (FieldType::Text, &["reasoning_effort", "verbosity"]),
    (
        FieldType::Number,
        &["frequency_penalty", "presence_penalty"],
    ),
    (FieldType::Integer, &["seed"]),
    (FieldType::Flag, &["logprobs"]),
    (FieldType::List, &["functions", "modalities"]),
    (
        FieldType::Object,
        &[
            "audio",
            "logit_bias",
            "prediction",
            "response_format",
            "web_search_options",
        ],
    ),
    (FieldType::TextOrList, &["stop"]),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "field_type",
        scope: RuleScope::Provider,
        sources: sources_of_wrong_type!(API),
        words: WRONG_TYPE,
        help: "",
        rejected: r#"{"seed": "7"}"#,
        accepted: r#"{"seed": 7}"#,
        check: |body| field_of_wrong_type(body, &TYPES),
    },
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "you must provide a model parameter",
        help: "name a model in `model`",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": "gpt-4o"}"#,
        check: |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    },
    Rule {
        id: "messages_empty",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        help: "`messages` is empty: send at least one",
        rejected: r#"{"messages": []}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}]}"#,
        check: |body| broken(body.list("messages").is_empty(), "messages"),
    },
    Rule {
        id: "max_tokens_minimum",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid '{at}': integer below minimum value. Expected a value >= 1, but got {} instead.",
        help: "",
        rejected: r#"{"max_completion_tokens": 0}"#,
        accepted: r#"{"max_completion_tokens": 1}"#,
        check: |body| {
            outside(body, "max_completion_tokens", 1.0, f64::INFINITY)
                .or_else(|| outside(body, "max_tokens", 1.0, f64::INFINITY))
        },
    },
    Rule {
        id: "max_tokens_twice",
        scope: RuleScope::Provider,
        sources: &[
            "langchain-ai/langgraph#5943",
            "yaroslavyaroslav/OpenAI-sublime-text#65",
        ],
        words: "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        help: "",
        rejected: r#"{"max_tokens": 100, "max_completion_tokens": 100}"#,
        accepted: r#"{"max_tokens": 100}"#,
        check: |body| {
            broken(
                body.has("max_tokens") && body.has("max_completion_tokens"),
                "max_tokens",
            )
        },
    },
    Rule {
        id: "penalty_range",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid '{at}': decimal out of range. Expected a value from -2 to 2, but got {} instead.",
        help: "",
        rejected: r#"{"presence_penalty": 2.1}"#,
        accepted: r#"{"presence_penalty": 2.0}"#,
        check: |body| {
            outside(body, "presence_penalty", -2.0, 2.0)
                .or_else(|| outside(body, "frequency_penalty", -2.0, 2.0))
        },
    },
    Rule {
        id: "logit_bias_range",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid '{at}': decimal out of range. Expected a value from -100 to 100, but got {} instead.",
        help: "",
        rejected: r#"{"logit_bias": {"50256": 101}}"#,
        accepted: r#"{"logit_bias": {"50256": 100}}"#,
        check: |body| {
            let mut biases = body.field("logit_bias")?.entries();
            biases.find_map(|(_, bias)| match bias {
                BorrowedValue::Number(bias) => found_if(
                    bias.as_f64(),
                    |bias| !(-100.0..=100.0).contains(bias),
                    "logit_bias",
                ),
                _ => None,
            })
        },
    },
    Rule {
        id: "top_logprobs_without_logprobs",
        scope: RuleScope::Provider,
        sources: &[API, "openai/openai-cookbook#948"],
        words: "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        help: "",
        rejected: r#"{"top_logprobs": 2}"#,
        accepted: r#"{"logprobs": true, "top_logprobs": 2}"#,
        check: |body| {
            broken(
                body.has("top_logprobs") && !body.is_set("logprobs"),
                "top_logprobs",
            )
        },
    },
    Rule {
        id: "n_range",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "Invalid 'n': integer out of range. Expected a value from 1 to 128, but got {} instead.",
        help: "",
        rejected: r#"{"n": 0}"#,
        accepted: r#"{"n": 2}"#,
        check: |body| match body.field("n")? {
            BorrowedValue::Number(n) => found_if(
                Some(n),
                |n| {
                    !n.as_u64()
                        .is_some_and(|n| (1..=MOST_ANSWERS as u64).contains(&n))
                },
                "n",
            ),
            _ => Some(Violation::new("n", "another type")),
        },
    },
    Rule {
        id: "stop_count",
        scope: RuleScope::Provider,
        sources: &[API, "continuedev/continue#2461"],
        words: "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length {} instead.",
        help: "",
        rejected: r#"{"stop": ["1", "2", "3", "4", "5"]}"#,
        accepted: r#"{"stop": ["1", "2", "3", "4"]}"#,
        check: |body| found_if(Some(body.list("stop").len()), |stops| *stops > 4, "stop"),
    },
    Rule {
        id: "metadata_without_store",
        scope: RuleScope::Provider,
        sources: &["QwenLM/qwen-code#243", "tmc/langchaingo#1484"],
        words: "The 'metadata' parameter is only allowed when 'store' is enabled.",
        help: "",
        rejected: r#"{"metadata": {"a": "b"}}"#,
        accepted: r#"{"metadata": {"a": "b"}, "store": true}"#,
        check: |body| broken(body.has("metadata") && !body.is_set("store"), "metadata"),
    },
    Rule {
        id: "audio_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Missing required parameter: 'audio'.",
        help: "say its voice and format",
        rejected: r#"{"modalities": ["text", "audio"]}"#,
        accepted: r#"{"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}"#,
        check: |body| {
            let mut modalities = body.list("modalities").iter();
            let speaks = modalities.any(|kind| kind.as_text() == Some("audio"));
            broken(speaks && !body.has("audio"), "audio")
        },
    },
    Rule {
        id: "reasoning_effort_value",
        scope: RuleScope::Provider,
        sources: &[API, "stanford-crfm/helm#3501"],
        words: UNKNOWN_EFFORT,
        help: "",
        rejected: r#"{"model": "gpt-5", "reasoning_effort": "huge"}"#,
        accepted: r#"{"model": "gpt-5", "reasoning_effort": "low"}"#,
        check: |body| {
            let effort = body.str("reasoning_effort");
            unknown(effort, &EFFORTS, "reasoning_effort")
        },
    },
    Rule {
        id: "verbosity_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: UNKNOWN_VERBOSITY,
        help: "",
        rejected: r#"{"verbosity": "loud"}"#,
        accepted: r#"{"verbosity": "low"}"#,
        check: |body| unknown(body.str("verbosity"), &VERBOSITIES, "verbosity"),
    },
    Rule {
        id: "foreign_field",
        scope: RuleScope::Profile,
        sources: &[
            API,
            "xlinx/sd-webui-decadetw-auto-prompt-llm#29",
            "nashsu/llm_wiki#336",
            "musistudio/claude-code-router#724",
        ],
        words: "Unrecognized request argument supplied: {at}",
        help: "this is a field of another provider's API",
        rejected: r#"{"top_k": 40}"#,
        accepted: r#"{"top_p": 0.5, "a_field_of_the_future": 1}"#,
        check: |body| {
            let field = FOREIGN.find(&|field| body.has(field))?;
            broken(true, field)
        },
    },
    Rule {
        id: "misspelt_field",
        scope: RuleScope::Profile,
        sources: &[API, "davidmigloz/langchain_dart#712"],
        words: "Unrecognized request argument supplied: {at}",
        help: "did you mean `{}`?",
        rejected: r#"{"max_token": 4}"#,
        accepted: r#"{"max_tokens": 4, "a_field_of_the_future": 1}"#,
        check: |body| misspelt_field(body, &FIELDS),
    },
];
