//! The configuration of a request.

use super::API;
use super::model::{always_thinks, is_before_3, thinks_by_budget};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Body, BodyChecks, Rule, RuleScope, Violation, broken, found_if};

fn config<'t>(body: &'t Body<'_>) -> Option<&'t BorrowedValue<'t>> {
    body.field("generationConfig")
}

pub(super) fn has_declarations(body: &Body<'_>) -> bool {
    let mut tools = body.list("tools").iter();
    tools.any(|tool| !tool.list("functionDeclarations").is_empty())
}

pub(super) const RULES: BodyChecks = &[
    (
        Rule {
            id: "temperature_range",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0], but is {}.",
            help: "",
            rejected: r#"{"generationConfig": {"temperature": 2.1}}"#,
            accepted: r#"{"generationConfig": {"temperature": 2.0}}"#,
        },
        |body| {
            let temperature = config(body)?.number("temperature");
            found_if(
                temperature,
                |temperature| !(0.0..=2.0).contains(temperature),
                "generation_config.temperature",
            )
        },
    ),
    (
        Rule {
            id: "top_p_range",
            scope: RuleScope::Provider,
            sources: &[API, "langchain-ai/langchainjs#3008"],
            words: "* GenerateContentRequest.generation_config.top_p: top_p must be in the range [0.0, 1.0], but is {}.",
            help: "",
            rejected: r#"{"generationConfig": {"topP": 1.1}}"#,
            accepted: r#"{"generationConfig": {"topP": 1.0}}"#,
        },
        |body| {
            found_if(
                config(body)?.number("topP"),
                |top_p| !(0.0..=1.0).contains(top_p),
                "generation_config.top_p",
            )
        },
    ),
    (
        Rule {
            id: "two_response_schemas",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "* GenerateContentRequest.generation_config: response_schema must be omitted when response_json_schema is set.",
            help: "",
            rejected: r#"{"generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}, "responseJsonSchema": {"type": "object"}}}"#,
            accepted: r#"{"generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}}}"#,
        },
        |body| {
            let config = config(body)?;
            broken(
                config.has("responseSchema") && config.has("responseJsonSchema"),
                "generation_config.response_schema",
            )
        },
    ),
    (
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
        },
        |body| {
            let is_json = config(body)?.str("responseMimeType") == Some("application/json");
            broken(
                is_json && has_declarations(body),
                "generation_config.response_mime_type",
            )
        },
    ),
    (
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
        },
        |body| {
            let budget = config(body)?
                .field("thinkingConfig")?
                .number("thinkingBudget");
            broken(
                budget == Some(0.0),
                "generation_config.thinking_config.thinking_budget",
            )
        },
    ),
    (
        Rule {
            id: "thinking_budget_and_level",
            scope: RuleScope::Provider,
            sources: &["sterlp/eclipse-peon-ai#115"],
            words: "You can only set only one of thinking budget and thinking level.",
            help: "",
            rejected: r#"{"model": "models/gemini-3-flash", "generationConfig": {"thinkingConfig": {"thinkingBudget": 1024, "thinkingLevel": "low"}}}"#,
            accepted: r#"{"model": "models/gemini-3-flash", "generationConfig": {"thinkingConfig": {"includeThoughts": true, "thinkingLevel": "low"}}}"#,
        },
        |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            broken(
                thinking.has("thinkingBudget") && thinking.has("thinkingLevel"),
                "generation_config.thinking_config",
            )
        },
    ),
    (
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
        },
        |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            broken(
                thinking.has("thinkingLevel"),
                "generation_config.thinking_config.thinking_level",
            )
        },
    ),
    (
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
            help: "a budget is at most 24576, and at most 32768 for `gemini-2.5-pro`",
            rejected: r#"{"generationConfig": {"thinkingConfig": {"thinkingBudget": 24577}}}"#,
            accepted: r#"{"model": "models/gemini-2.5-pro", "generationConfig": {"thinkingConfig": {"thinkingBudget": 32768}}}"#,
        },
        |body| {
            let thinking = config(body)?.field("thinkingConfig")?;
            let most = match always_thinks(body.str("model").unwrap_or_default()) {
                true => 32_768.0,
                false => 24_576.0,
            };
            found_if(
                thinking.number("thinkingBudget"),
                |budget| *budget > most,
                "generation_config.thinking_config.thinking_budget",
            )
        },
    ),
    (
        Rule {
            id: "safety_category",
            scope: RuleScope::Provider,
            sources: &["NEKOparapa/AiNiee#746"],
            words: "Invalid value at '{at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory), {}",
            help: "a category is written as `HARM_CATEGORY_HARASSMENT`",
            rejected: r#"{"safetySettings": [{"category": "HARASSMENT", "threshold": "BLOCK_NONE"}]}"#,
            accepted: r#"{"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]}"#,
        },
        |body| {
            for (at, setting) in body.list("safetySettings").iter().enumerate() {
                let category = setting.str("category")?;
                if !category.to_ascii_uppercase().starts_with("HARM_CATEGORY_") {
                    let at = format!("safety_settings[{at}].category");
                    return Some(Violation::new(at, format!("\"{category}\"")));
                }
            }
            None
        },
    ),
    (
        Rule {
            id: "function_calling_mode",
            scope: RuleScope::Provider,
            sources: &["https://ai.google.dev/api/caching#FunctionCallingConfig"],
            words: "Invalid value at '{at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), {}",
            help: "a mode is `AUTO`, `ANY`, `NONE` or `VALIDATED`",
            rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "required"}}}"#,
            accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#,
        },
        |body| {
            let config = body.field("toolConfig")?.field("functionCallingConfig")?;
            let mode = config.str("mode")?;
            // Protocol Buffers accept the names of an enum in upper and lower case.
            let is_known = MODES.any(&|known| known.eq_ignore_ascii_case(mode));
            (!is_known).then(|| {
                let at = "tool_config.function_calling_config.mode";
                Violation::new(at, format!("\"{mode}\""))
            })
        },
    ),
];

/// How a model may call functions.
const MODES: [&str; 5] = ["ANY", "AUTO", "MODE_UNSPECIFIED", "NONE", "VALIDATED"];
