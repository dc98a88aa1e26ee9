//! The configuration of a request.

use super::API;
use super::model::{always_thinks, is_before_3, is_from_3, thinks_by_budget};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation, broken, found_if};

fn config<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    body.field("generationConfig")
}

/// A number, under one of the two names of its field. The names in snake_case are also those of parameters of other APIs, which the rule
/// `unknown_field` finds.
fn number(config: &BorrowedValue<'_>, camel_case: &str, snake_case: &str) -> Option<f64> {
    let value = config.number(camel_case);
    value.or_else(|| config.number(snake_case))
}

pub(super) fn has_declarations(body: &BorrowedValue<'_>) -> bool {
    let mut tools = body.list("tools").iter();
    tools.any(|tool| !tool.list("functionDeclarations").is_empty())
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "temperature_range",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0], but is {}.",
        help: "",
        rejected: r#"{"generationConfig": {"temperature": 2.1}}"#,
        accepted: r#"{"generationConfig": {"temperature": 2.0}}"#,
        check: |body| {
            let temperature = config(body)?.number("temperature");
            found_if(
                temperature,
                |temperature| !(0.0..=2.0).contains(temperature),
                "generation_config.temperature",
            )
        },
    },
    Rule {
        id: "top_p_range",
        scope: RuleScope::Provider,
        sources: &[API, "langchain-ai/langchainjs#3008"],
        words: "* GenerateContentRequest.generation_config.top_p: top_p must be in the range [0.0, 1.0], but is {}.",
        help: "",
        rejected: r#"{"generationConfig": {"topP": 1.1}}"#,
        accepted: r#"{"generationConfig": {"topP": 1.0}}"#,
        check: |body| {
            found_if(
                number(config(body)?, "topP", "top_p"),
                |top_p| !(0.0..=1.0).contains(top_p),
                "generation_config.top_p",
            )
        },
    },
    Rule {
        id: "stop_sequences_count",
        scope: RuleScope::Provider,
        sources: &[API, "continuedev/continue#2702"],
        words: "the number of stop_sequences must not exceed 5",
        help: "",
        rejected: r#"{"generationConfig": {"stopSequences": ["1", "2", "3", "4", "5", "6"]}}"#,
        accepted: r#"{"generationConfig": {"stopSequences": ["1", "2", "3", "4", "5"]}}"#,
        check: |body| {
            let stops = config(body)?.list("stopSequences");
            broken(stops.len() > 5, "generation_config.stop_sequences")
        },
    },
    Rule {
        id: "several_candidates",
        scope: RuleScope::Models {
            names: "`gemini-3` and later",
            includes: is_from_3,
        },
        sources: &["googleapis/js-genai#1609", "googleapis/python-genai#1723"],
        words: "Multiple candidates is not enabled for this model",
        help: "",
        rejected: r#"{"model": "models/gemini-3-flash", "generationConfig": {"candidateCount": 2}}"#,
        accepted: r#"{"model": "models/gemini-3-flash", "generationConfig": {"candidateCount": 1}}"#,
        check: |body| {
            let count = config(body)?.number("candidateCount");
            broken(
                count.is_some_and(|count| count > 1.0),
                "generation_config.candidate_count",
            )
        },
    },
    Rule {
        id: "penalty",
        scope: RuleScope::Models {
            names: "`gemini-2.5` and later",
            includes: |model| thinks_by_budget(model) || is_from_3(model),
        },
        sources: &[
            "google-gemini/cookbook#1290",
            "PublicAffairs/openai-gemini#63",
        ],
        words: "Penalty is not enabled for this model",
        help: "",
        rejected: r#"{"generationConfig": {"presencePenalty": 0.2}}"#,
        accepted: r#"{"generationConfig": {"presencePenalty": 0.0}}"#,
        check: |body| {
            let config = config(body)?;
            let penalties = [
                ("presencePenalty", "presence_penalty"),
                ("frequencyPenalty", "frequency_penalty"),
            ];
            let (_, name) = penalties.find(&|(camel_case, snake_case)| {
                number(config, camel_case, snake_case).is_some_and(|penalty| penalty != 0.0)
            })?;
            broken(true, &format!("generation_config.{name}"))
        },
    },
    Rule {
        id: "unknown_field_of_config",
        scope: RuleScope::Provider,
        sources: &["braintrustdata/braintrust-proxy#40"],
        words: "Invalid JSON payload received. Unknown name \"{}\" at '{at}': Cannot find field.",
        help: "this is a field of another API",
        rejected: r#"{"generationConfig": {"stop": ["x"]}}"#,
        accepted: r#"{"generationConfig": {"stopSequences": ["x"], "a_field_of_the_future": 1}}"#,
        check: |body| {
            let config = config(body)?;
            let field = NOT_OF_CONFIG.find(&|field| config.has(field))?;
            Some(Violation::new("generation_config", *field))
        },
    },
    Rule {
        id: "response_schema_without_type",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "* GenerateContentRequest.generation_config.response_mime_type: response_mime_type must be set to a compatible type when {} is set.",
        help: "set `responseMimeType` to `application/json`",
        rejected: r#"{"generationConfig": {"responseSchema": {"type": "OBJECT"}}}"#,
        accepted: r#"{"generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}}}"#,
        check: |body| {
            let config = config(body)?;
            let schemas = [
                ("responseSchema", "response_schema"),
                ("responseJsonSchema", "response_json_schema"),
            ];
            let (_, name) = schemas.find(&|(field, _)| config.has(field))?;
            let kind = config.str("responseMimeType").unwrap_or("text/plain");
            let is_text = kind == "text/plain";
            is_text.then(|| Violation::new("generation_config.response_mime_type", *name))
        },
    },
    Rule {
        id: "two_response_schemas",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "* GenerateContentRequest.generation_config: response_schema must be omitted when response_json_schema is set.",
        help: "",
        rejected: r#"{"generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}, "responseJsonSchema": {"type": "object"}}}"#,
        accepted: r#"{"generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}}}"#,
        check: |body| {
            let config = config(body)?;
            broken(
                config.has("responseSchema") && config.has("responseJsonSchema"),
                "generation_config.response_schema",
            )
        },
    },
    Rule {
        id: "functions_with_json",
        scope: RuleScope::Models {
            names: "models before `gemini-3`",
            includes: is_before_3,
        },
        sources: &["symfony/ai#1777", "googleapis/python-genai#867"],
        words: "Function calling with a response mime type: 'application/json' is unsupported",
        help: "",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "generationConfig": {"responseMimeType": "application/json"}}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "generationConfig": {"responseMimeType": "text/plain"}}"#,
        check: |body| {
            let is_json = config(body)?.str("responseMimeType") == Some("application/json");
            broken(
                is_json && has_declarations(body),
                "generation_config.response_mime_type",
            )
        },
    },
    Rule {
        id: "thinking_budget_zero",
        scope: RuleScope::Models {
            names: "`gemini-2.5-pro`",
            includes: always_thinks,
        },
        sources: &["snailyp/gemini-balance#206", "vercel/ai#8027"],
        words: "Budget 0 is invalid. This model only works in thinking mode.",
        help: "",
        rejected: r#"{"model": "models/gemini-2.5-pro", "generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}}"#,
        accepted: r#"{"model": "models/gemini-2.5-pro", "generationConfig": {"thinkingConfig": {"thinkingBudget": 128}}}"#,
        check: |body| {
            let budget = config(body)?
                .field("thinkingConfig")?
                .number("thinkingBudget");
            broken(
                budget == Some(0.0),
                "generation_config.thinking_config.thinking_budget",
            )
        },
    },
    Rule {
        id: "thinking_budget_and_level",
        scope: RuleScope::Provider,
        sources: &["sterlp/eclipse-peon-ai#115"],
        words: "You can only set only one of thinking budget and thinking level.",
        help: "",
        rejected: r#"{"model": "models/gemini-3-flash", "generationConfig": {"thinkingConfig": {"thinkingBudget": 1024, "thinkingLevel": "low"}}}"#,
        accepted: r#"{"model": "models/gemini-3-flash", "generationConfig": {"thinkingConfig": {"includeThoughts": true, "thinkingLevel": "low"}}}"#,
        check: |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            broken(
                thinking.has("thinkingBudget") && thinking.has("thinkingLevel"),
                "generation_config.thinking_config",
            )
        },
    },
    Rule {
        id: "thinking_level_unsupported",
        scope: RuleScope::Models {
            names: "models before `gemini-3`",
            includes: is_before_3,
        },
        sources: &[
            "https://ai.google.dev/gemini-api/docs/thinking",
            "juspay/neurolink#1707",
        ],
        words: "Thinking level is not supported for this model.",
        help: "set `thinkingBudget`",
        rejected: r#"{"generationConfig": {"thinkingConfig": {"thinkingLevel": "low"}}}"#,
        accepted: r#"{"generationConfig": {"thinkingConfig": {"thinkingBudget": 1024}}}"#,
        check: |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            broken(
                thinking.has("thinkingLevel"),
                "generation_config.thinking_config.thinking_level",
            )
        },
    },
    Rule {
        id: "thinking_budget_range",
        scope: RuleScope::Models {
            names: "`gemini-2.5`",
            includes: thinks_by_budget,
        },
        sources: &[
            "https://ai.google.dev/gemini-api/docs/thinking",
            "RooCodeInc/Roo-Code#4399",
        ],
        words: "The thinking budget ({}) is invalid.",
        help: "a budget is -1, or at most 24576; for `gemini-2.5-pro` 128 to 32768, for `gemini-2.5-flash-lite` at least 512, or 0",
        rejected: r#"{"generationConfig": {"thinkingConfig": {"thinkingBudget": 24577}}}"#,
        accepted: r#"{"model": "models/gemini-2.5-pro", "generationConfig": {"thinkingConfig": {"thinkingBudget": 32768}}}"#,
        check: |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            let model = body.str("model").unwrap_or_default();
            let (least, most) = match (always_thinks(model), model.contains("flash-lite")) {
                (true, _) => (128.0, 32_768.0),
                (_, true) => (512.0, 24_576.0),
                _ => (0.0, 24_576.0),
            };
            // Without a limit, and without thinking:
            let is_special = |budget: f64| budget == -1.0 || budget == 0.0;
            found_if(
                thinking.number("thinkingBudget"),
                |budget| !is_special(*budget) && !(least..=most).contains(budget),
                "generation_config.thinking_config.thinking_budget",
            )
        },
    },
    Rule {
        id: "safety_category",
        scope: RuleScope::Provider,
        sources: &["NEKOparapa/AiNiee#746"],
        words: "Invalid value at '{at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory), {}",
        help: "a category is written as `HARM_CATEGORY_HARASSMENT`",
        rejected: r#"{"safetySettings": [{"category": "HARASSMENT", "threshold": "BLOCK_NONE"}]}"#,
        accepted: r#"{"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]}"#,
        check: |body| {
            for (at, setting) in body.list("safetySettings").iter().enumerate() {
                let category = setting.str("category")?;
                if !category.to_ascii_uppercase().starts_with("HARM_CATEGORY_") {
                    let at = format!("safety_settings[{at}].category");
                    return Some(Violation::new(at, format!("\"{category}\"")));
                }
            }
            None
        },
    },
    Rule {
        id: "safety_threshold",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value at '{at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.SafetySetting.HarmBlockThreshold), {}",
        help: "a threshold is written as `BLOCK_ONLY_HIGH`",
        rejected: r#"{"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "HIGH"}]}"#,
        accepted: r#"{"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]}"#,
        check: |body| {
            let mut settings = body.list("safetySettings").iter().enumerate();
            settings.find_map(|(at, setting)| {
                let threshold = setting.str("threshold")?;
                let is_known = THRESHOLDS.any(&|known| known.eq_ignore_ascii_case(threshold));
                let at = format!("safety_settings[{at}].threshold");
                (!is_known).then(|| Violation::new(at, format!("\"{threshold}\"")))
            })
        },
    },
    Rule {
        id: "function_calling_mode",
        scope: RuleScope::Provider,
        sources: &["https://ai.google.dev/api/caching#FunctionCallingConfig"],
        words: "Invalid value at '{at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), {}",
        help: "a mode is `AUTO`, `ANY`, `NONE` or `VALIDATED`",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "required"}}}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#,
        check: |body| {
            let config = body.field("toolConfig")?.field("functionCallingConfig")?;
            let mode = config.str("mode")?;
            // Protocol Buffers accept the names of an enum in upper and lower case.
            let is_known = MODES.any(&|known| known.eq_ignore_ascii_case(mode));
            (!is_known).then(|| {
                let at = "tool_config.function_calling_config.mode";
                Violation::new(at, format!("\"{mode}\""))
            })
        },
    },
];

/// From which probability an answer is blocked.
const THRESHOLDS: [&str; 6] = [
    "BLOCK_LOW_AND_ABOVE",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_NONE",
    "BLOCK_ONLY_HIGH",
    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
    "OFF",
];

/// Fields of other providers' APIs that clients have sent in the configuration.
const NOT_OF_CONFIG: [&str; 4] = ["max_completion_tokens", "max_tokens", "n", "stop"];

/// How a model may call functions.
const MODES: [&str; 5] = ["ANY", "AUTO", "MODE_UNSPECIFIED", "NONE", "VALIDATED"];
