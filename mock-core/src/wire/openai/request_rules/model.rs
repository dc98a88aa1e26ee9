//! Rules for single models, and the groups of models by their names.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::values::{GPT_5_1_EFFORTS, GPT_5_EFFORTS, unknown};
use crate::wire::request_rules::{Rule, RuleScope, broken, found, found_if};

/// Whether a name is one of the provider's models.
pub(in crate::wire) fn is_openai(model: &str) -> bool {
    let is_open = model.starts_with("gpt-oss");
    let own = ["gpt-", "chatgpt-", "ft:gpt-", "text-embedding-"];
    is_o_series(model) || !is_open && own.any(&|known| model.starts_with(known))
}

/// Whether `model` is `known`, or begins with `known-`.
fn is_model_or_variant(model: &str, known: &str) -> bool {
    let rest = model.strip_prefix(known);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn is_o_series(model: &str) -> bool {
    ["o1", "o3", "o4"].any(&|known| is_model_or_variant(model, known))
}

/// GPT-5 and its small ones, not 5.1 and later.
fn is_first_gpt_5(model: &str) -> bool {
    is_model_or_variant(model, "gpt-5") && !is_model_or_variant(model, "gpt-5-chat")
}

fn is_gpt_5(model: &str) -> bool {
    model.starts_with("gpt-5") && !model.contains("chat")
}

fn reasons(model: &str) -> bool {
    is_o_series(model) || is_gpt_5(model)
}

pub(in crate::wire) fn samples_by_itself(model: &str) -> bool {
    is_o_series(model) || is_first_gpt_5(model)
}

fn takes_no_stop(model: &str) -> bool {
    let known = ["o1-mini", "o3", "o4"];
    let is_one = is_first_gpt_5(model) || known.any(&|known| is_model_or_variant(model, known));
    is_one && !is_model_or_variant(model, "o3-mini")
}

/// How many tokens an answer of a model may have, where all of its versions of this name have the same limit.
fn most_tokens(model: &str) -> Option<u32> {
    let gpt_4o = [
        "gpt-4o",
        "gpt-4o-2024-08-06",
        "gpt-4o-2024-11-20",
        "gpt-4o-mini",
        "gpt-4o-mini-2024-07-18",
    ];
    match model {
        _ if gpt_4o.contains(&model) => Some(16_384),
        _ if is_model_or_variant(model, "gpt-4.1") => Some(32_768),
        _ if is_model_or_variant(model, "gpt-4-turbo") => Some(4_096),
        _ => None,
    }
}

/// Whether a model cannot search the web while it answers.
fn searches_nothing(model: &str) -> bool {
    is_openai(model) && !model.contains("search")
}

/// Whether a model is this one or a smaller one, and none for chats or code.
fn is_plain_or_small(model: &str, known: &str) -> bool {
    let others = ["chat", "codex", "pro"];
    is_model_or_variant(model, known) && !others.any(&|word| model.contains(word))
}

pub(in crate::wire) fn is_plain_gpt_5(model: &str) -> bool {
    is_plain_or_small(model, "gpt-5")
}

pub(in crate::wire) fn is_plain_gpt_5_1(model: &str) -> bool {
    is_plain_or_small(model, "gpt-5.1")
}

/// Whether a model takes functions on Responses only, unless it is not to reason.
fn takes_functions_without_effort(model: &str) -> bool {
    ["gpt-5.4", "gpt-5.5"].any(&|known| is_plain_or_small(model, known))
}

fn is_plain_gpt_5_6(model: &str) -> bool {
    is_plain_or_small(model, "gpt-5.6")
}

fn has_functions(body: &BorrowedValue<'_>) -> bool {
    let mut tools = body.list("tools").iter();
    tools.any(|tool| tool.str("type") == Some("function"))
}

fn does_not_reason(model: &str) -> bool {
    ["gpt-4o", "gpt-4.1"].any(&|known| is_model_or_variant(model, known))
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "max_tokens_reasoning",
        scope: RuleScope::Models {
            names: "o-series, GPT-5 family",
            includes: reasons,
        },
        sources: &[
            "teilomillet/gollm#33",
            "continuedev/continue#7052",
            "devnullvoid/dms-ai-assistant#12",
        ],
        words: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        help: "",
        rejected: r#"{"model": "gpt-5", "max_tokens": 100}"#,
        accepted: r#"{"model": "gpt-5", "max_completion_tokens": 100}"#,
        check: |body| broken(body.has("max_tokens"), "max_tokens"),
    },
    Rule {
        id: "temperature_reasoning",
        scope: RuleScope::Models {
            names: "o-series, `gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: samples_by_itself,
        },
        sources: &["owndev/Open-WebUI-Functions#98", "vibrantlabsai/ragas#2418"],
        words: "Unsupported value: 'temperature' does not support {} with this model. Only the default (1) value is supported.",
        help: "",
        rejected: r#"{"model": "gpt-5", "temperature": 0.5}"#,
        accepted: r#"{"model": "gpt-5", "temperature": 1}"#,
        check: |body| {
            let temperature = body.number("temperature");
            found_if(
                temperature,
                |temperature| *temperature != 1.0,
                "temperature",
            )
        },
    },
    Rule {
        id: "top_p_reasoning",
        scope: RuleScope::Models {
            names: "o-series, `gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: samples_by_itself,
        },
        sources: &["chatboxai/chatbox#2627", "vibrantlabsai/ragas#2418"],
        words: "Unsupported parameter: 'top_p' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "gpt-5", "top_p": 0.5}"#,
        accepted: r#"{"model": "gpt-4o", "top_p": 0.5}"#,
        check: |body| broken(body.has("top_p"), "top_p"),
    },
    Rule {
        id: "stop_reasoning",
        scope: RuleScope::Models {
            names: "`o1-mini`, `o3`, `o4-mini`, `gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: takes_no_stop,
        },
        sources: &[
            "huggingface/smolagents#1662",
            "huggingface/smolagents#1671",
            "pollinations/pollinations#6890",
        ],
        words: "Unsupported parameter: 'stop' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "gpt-5", "stop": ["."]}"#,
        accepted: r#"{"model": "o3-mini", "stop": ["."]}"#,
        check: |body| broken(body.has("stop"), "stop"),
    },
    Rule {
        id: "penalty_reasoning",
        scope: RuleScope::Models {
            names: "`gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: is_first_gpt_5,
        },
        sources: &[
            "nextai-translator/nextai-translator#1781",
            "oracle/ai-optimizer#240",
        ],
        words: "Unsupported parameter: '{at}' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "gpt-5", "presence_penalty": 0.5}"#,
        accepted: r#"{"model": "gpt-4o", "presence_penalty": 0.5}"#,
        check: |body| {
            let penalties = ["presence_penalty", "frequency_penalty"];
            let is_set = |field: &&str| body.number(field).is_some_and(|it| it != 0.0);
            broken(true, penalties.find(&is_set)?)
        },
    },
    Rule {
        id: "logprobs_reasoning",
        scope: RuleScope::Models {
            names: "`gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: is_first_gpt_5,
        },
        sources: &["CopilotKit/CopilotKit#7191", "BerriAI/litellm#18856"],
        words: "Unsupported parameter: 'logprobs' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "gpt-5", "logprobs": true}"#,
        accepted: r#"{"model": "gpt-5", "logprobs": false}"#,
        check: |body| broken(body.is_set("logprobs"), "logprobs"),
    },
    Rule {
        id: "logit_bias_reasoning",
        scope: RuleScope::Models {
            names: "GPT-5 family",
            includes: is_gpt_5,
        },
        sources: &["BerriAI/litellm#21576"],
        words: "Unsupported parameter: '{at}' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "gpt-5", "logit_bias": {"50256": 1}}"#,
        accepted: r#"{"model": "gpt-4o", "logit_bias": {"50256": 1}}"#,
        check: |body| {
            let fields = ["logit_bias", "prediction"];
            broken(true, fields.find(&|field| body.has(field))?)
        },
    },
    Rule {
        id: "parallel_tool_calls_reasoning",
        scope: RuleScope::Models {
            names: "o-series",
            includes: is_o_series,
        },
        sources: &[
            "run-llama/llama_index#20865",
            "evalstate/fast-agent#279",
            "defog-ai/defog#171",
        ],
        words: "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
        help: "",
        rejected: r#"{"model": "o4-mini", "parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"model": "gpt-4o", "parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| broken(body.has("parallel_tool_calls"), "parallel_tool_calls"),
    },
    Rule {
        id: "reasoning_effort_gpt_5",
        scope: RuleScope::Models {
            names: "`gpt-5`, `gpt-5-mini`, `gpt-5-nano`",
            includes: is_plain_gpt_5,
        },
        sources: &["anomalyco/models.dev#2351", "livekit/agents#3966"],
        words: "Unsupported value: 'reasoning_effort' does not support '{}' with this model. Supported values are: 'minimal', 'low', 'medium', and 'high'.",
        help: "",
        rejected: r#"{"model": "gpt-5-mini", "reasoning_effort": "none"}"#,
        accepted: r#"{"model": "gpt-5.1", "reasoning_effort": "none"}"#,
        check: |body| {
            unknown(
                body.str("reasoning_effort"),
                &GPT_5_EFFORTS,
                "reasoning_effort",
            )
        },
    },
    Rule {
        id: "reasoning_effort_gpt_5_1",
        scope: RuleScope::Models {
            names: "`gpt-5.1`",
            includes: is_plain_gpt_5_1,
        },
        sources: &[
            "nextai-translator/nextai-translator#1841",
            "livekit/agents#3966",
        ],
        words: "Unsupported value: 'reasoning_effort' does not support '{}' with this model. Supported values are: 'none', 'low', 'medium', and 'high'.",
        help: "",
        rejected: r#"{"model": "gpt-5.1", "reasoning_effort": "minimal"}"#,
        accepted: r#"{"model": "gpt-5.2", "reasoning_effort": "xhigh"}"#,
        check: |body| {
            unknown(
                body.str("reasoning_effort"),
                &GPT_5_1_EFFORTS,
                "reasoning_effort",
            )
        },
    },
    Rule {
        id: "functions_with_effort",
        scope: RuleScope::Models {
            names: "`gpt-5.4`, `gpt-5.5`",
            includes: takes_functions_without_effort,
        },
        sources: &["pipecat-ai/pipecat#4043", "charmbracelet/crush#2913"],
        words: "Function tools with reasoning_effort are not supported for {} in /v1/chat/completions. Please use /v1/responses instead.",
        help: "",
        rejected: r#"{"model": "gpt-5.4", "reasoning_effort": "low", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"model": "gpt-5.4", "reasoning_effort": "none", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            let effort = body.str("reasoning_effort");
            let reasons = effort.is_some_and(|effort| effort != "none");
            let model = body.str("model")?;
            found_if(
                Some(model),
                |_| reasons && has_functions(body),
                "reasoning_effort",
            )
        },
    },
    Rule {
        id: "functions_with_reasoning",
        scope: RuleScope::Models {
            names: "`gpt-5.6`",
            includes: is_plain_gpt_5_6,
        },
        sources: &[
            "GEMISIS/leviath#333",
            "danny-avila/LibreChat#14355",
            "BerriAI/litellm#34569",
        ],
        words: "Function tools with reasoning_effort are not supported for {} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
        help: "this model reasons by default",
        rejected: r#"{"model": "gpt-5.6", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"model": "gpt-5.6", "reasoning_effort": "none", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            let reasons = body.str("reasoning_effort") != Some("none");
            let model = body.str("model")?;
            found_if(
                Some(model),
                |_| reasons && has_functions(body),
                "reasoning_effort",
            )
        },
    },
    Rule {
        id: "reasoning_effort_without_reasoning",
        scope: RuleScope::Models {
            names: "`gpt-4o`, `gpt-4.1` and their small ones",
            includes: does_not_reason,
        },
        sources: &["generative-computing/mellea#270", "umputun/tg-spam#304"],
        words: "Unrecognized request argument supplied: reasoning_effort",
        help: "",
        rejected: r#"{"model": "gpt-4o", "reasoning_effort": "low"}"#,
        accepted: r#"{"model": "gpt-5", "reasoning_effort": "low"}"#,
        check: |body| broken(body.has("reasoning_effort"), "reasoning_effort"),
    },
    Rule {
        id: "max_tokens_maximum",
        scope: RuleScope::Models {
            names: "`gpt-4o`, `gpt-4o-mini`, `gpt-4.1`, `gpt-4-turbo`",
            includes: |model| most_tokens(model).is_some(),
        },
        sources: &["tailcallhq/forgecode#1185", "enoch3712/ExtractThinker#346"],
        words: "{at} is too large: {}",
        help: "",
        rejected: r#"{"model": "gpt-4o", "max_tokens": 16385}"#,
        accepted: r#"{"model": "gpt-4.1-mini", "max_tokens": 32768}"#,
        check: |body| {
            let most = most_tokens(body.str("model")?)?;
            let fields = ["max_tokens", "max_completion_tokens"];
            let is_larger = |field: &&str| body.number(field) > Some(f64::from(most));
            let field = fields.find(&is_larger)?;
            found(
                body.number(field).map(|requested| {
                    format!("{requested}. This model supports at most {most} completion tokens, whereas you provided {requested}.")
                }),
                field,
            )
        },
    },
    Rule {
        id: "web_search_unsupported",
        scope: RuleScope::Models {
            names: "models without `search` in their names",
            includes: searches_nothing,
        },
        sources: &[
            "https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat",
            "BerriAI/litellm#12311",
        ],
        words: "Web search options not supported with this model.",
        help: "ask a model as `gpt-4o-search-preview`",
        rejected: r#"{"web_search_options": {"search_context_size": "low"}}"#,
        accepted: r#"{"model": "gpt-4o-search-preview", "web_search_options": {"search_context_size": "low"}}"#,
        check: |body| broken(body.has("web_search_options"), "web_search_options"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_known_by_its_name() {
        for own in ["gpt-4o", "o3", "o4-mini", "chatgpt-4o-latest", "gpt-5.2"] {
            assert!(is_openai(own), "{own}");
        }
        for other in ["gpt-oss-20b", "openai/gpt-4o", "o1x", "claude", ""] {
            assert!(!is_openai(other), "{other}");
        }
        assert!(reasons("gpt-5.2") && reasons("o1") && !reasons("gpt-5-chat-latest"));
        assert!(is_first_gpt_5("gpt-5-mini-2025-08-07") && !is_first_gpt_5("gpt-5.1"));
    }
}
