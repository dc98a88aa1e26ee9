//! The parameters of a request.

use super::message_thread::continues_thread;
use super::{API, model};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    FieldType, Rule, RuleScope, Violation, broken, found_if, misspelt_field, wrong_type,
};

/// All fields of a request.
const FIELDS: [&str; 28] = [
    "billing_policy",
    "cache_control",
    "compaction",
    "container",
    "context_management",
    "diagnostics",
    "fallback_credit_token",
    "fallbacks",
    "inference_geo",
    "max_tokens",
    "mcp_servers",
    "messages",
    "metadata",
    "model",
    "output_config",
    "output_format",
    "service_tier",
    "speed",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "thread",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];

/// Fields of OpenAI's API.
const FOREIGN: [&str; 19] = [
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "modalities",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "reasoning_effort",
    "response_format",
    "seed",
    "stop",
    "stream_options",
    "top_logprobs",
    "user",
];

/// The guide to effort.
const EFFORT: &str = "https://platform.claude.com/docs/en/build-with-claude/effort";

/// The guide to requests that only fill the prompt cache.
const CACHE_WARMING: &str =
    "https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pre-warming-the-cache";

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a number is present and out of range.
fn outside(body: &BorrowedValue<'_>, field: &str, least: f64, most: f64) -> Option<Violation> {
    broken(
        body.number(field)
            .is_some_and(|number| !(least..=most).contains(&number)),
        field,
    )
}

/// The types of the fields.
const TYPES: [(FieldType, &[&str]); 5] = [
    (FieldType::Text, &["inference_geo", "service_tier"]),
    (FieldType::Number, &["top_p"]),
    (FieldType::Integer, &["top_k"]),
    (FieldType::List, &["mcp_servers", "stop_sequences"]),
    (
        FieldType::Object,
        &[
            "cache_control",
            "context_management",
            "metadata",
            "output_config",
            "thinking",
        ],
    ),
];

/// The provider's words for the type that a field must have.
fn expected(wrong: FieldType) -> &'static str {
    match wrong {
        FieldType::Text | FieldType::TextOrList | FieldType::TextOrObject => "a valid string",
        FieldType::Number => "a valid number",
        FieldType::Integer => "a valid integer",
        FieldType::Flag => "a valid boolean",
        FieldType::List => "a valid list",
        FieldType::Object | FieldType::Texts => "a valid dictionary",
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "field_type",
        scope: RuleScope::Provider,
        sources: &[API, "anthropics/claude-code#6695"],
        words: "{at}: Input should be {}",
        help: "",
        rejected: r#"{"stop_sequences": "."}"#,
        accepted: r#"{"stop_sequences": ["."]}"#,
        check: |body| {
            let wrong = wrong_type(body, &TYPES)?;
            Some(Violation::new(wrong.at, expected(wrong.expected)))
        },
    },
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at}: Field required",
        help: "",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": "claude-sonnet-4-5"}"#,
        check: |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    },
    Rule {
        id: "max_tokens_missing",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at}: Field required",
        help: "",
        rejected: r#"{"max_tokens": null}"#,
        accepted: r#"{"max_tokens": 100}"#,
        check: |body| broken(!body.has("max_tokens"), "max_tokens"),
    },
    Rule {
        id: "max_tokens_minimum",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Input should be greater than or equal to 0",
        help: "",
        rejected: r#"{"max_tokens": -1}"#,
        accepted: r#"{"max_tokens": 0}"#,
        check: |body| {
            let most = body.number("max_tokens");
            broken(most.is_some_and(|most| most < 0.0), "max_tokens")
        },
    },
    Rule {
        id: "max_tokens_maximum",
        scope: RuleScope::Models {
            names: "Claude 3, 3.5, and 4 to 4.5",
            includes: |model| model::most_tokens(model).is_some(),
        },
        sources: &[
            "Natively-AI-assistant/natively-cluely-ai-assistant#54",
            "OpenHands/OpenHands#11090",
        ],
        words: "{at}: {}, which is the maximum allowed number of output tokens for this model",
        help: "",
        rejected: r#"{"model": "claude-opus-4-1", "max_tokens": 32001}"#,
        accepted: r#"{"model": "claude-sonnet-4-5", "max_tokens": 64000}"#,
        check: |body| {
            let most = f64::from(model::most_tokens(body.str("model")?)?);
            // A request for a token count has no maximum. It is checked with `u32::MAX`.
            let is_larger =
                |max_tokens: &f64| *max_tokens > most && *max_tokens < f64::from(u32::MAX);
            let max_tokens = body.number("max_tokens").filter(is_larger)?;
            Some(Violation::new(
                "max_tokens",
                format!("{max_tokens} > {most}"),
            ))
        },
    },
    Rule {
        id: "max_tokens_zero",
        scope: RuleScope::Provider,
        sources: &[CACHE_WARMING, "anthony-chaudhary/fak#718"],
        words: "{at}: 0 is not supported with {}",
        help: "a request without tokens only fills the prompt cache",
        rejected: r#"{"max_tokens": 0, "stream": true}"#,
        accepted: r#"{"max_tokens": 0, "stream": false, "tools": [{"name": "look", "input_schema": {"type": "object"}}], "tool_choice": {"type": "auto"}}"#,
        check: |body| {
            if body.number("max_tokens") != Some(0.0) {
                return None;
            }
            let type_of = |field: &str| body.field(field)?.str("type");
            let is_forced = matches!(type_of("tool_choice"), Some("any" | "tool"));
            let thinks = matches!(type_of("thinking"), Some("enabled" | "adaptive"));
            let has_format = body
                .field("output_config")
                .is_some_and(|config| config.has("format"));
            let with = [
                (body.is_set("stream"), "`stream`"),
                (thinks, "extended thinking"),
                (has_format, "structured outputs"),
                (is_forced, "a `tool_choice` that forces a call"),
            ];
            let (_, with) = with.find(&|(is_there, _)| *is_there)?;
            Some(Violation::new("max_tokens", *with))
        },
    },
    Rule {
        id: "messages_empty",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at}: at least one message is required",
        help: "",
        rejected: r#"{"messages": []}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}]}"#,
        check: |body| {
            let mut messages = body.list("messages").iter();
            let is_system = |message| message == Some("system");
            let is_empty = messages.all(|message| is_system(message.str("role")));
            // The model goes on with its own answer.
            broken(is_empty && !continues_thread(body), "messages")
        },
    },
    Rule {
        id: "system_message_first",
        scope: RuleScope::Provider,
        sources: &["elastic/elasticsearch#149198", "sgl-project/sglang#367"],
        words: "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.",
        help: "only a later message may be one of the system",
        rejected: r#"{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "system", "content": "Be brief."}]}"#,
        check: |body| {
            let first = body.list("messages").first()?;
            let is_system = first.str("role") == Some("system");
            broken(is_system && !continues_thread(body), "messages")
        },
    },
    Rule {
        id: "temperature_range",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: range: 0..1",
        help: "",
        rejected: r#"{"temperature": 1.1}"#,
        accepted: r#"{"temperature": 1.0}"#,
        check: |body| outside(body, "temperature", 0.0, 1.0),
    },
    Rule {
        id: "top_p_range",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: range: 0..1",
        help: "",
        rejected: r#"{"top_p": 1.1}"#,
        accepted: r#"{"top_p": 1.0}"#,
        check: |body| outside(body, "top_p", 0.0, 1.0),
    },
    Rule {
        id: "top_k_minimum",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Input should be greater than or equal to 0",
        help: "",
        rejected: r#"{"top_k": -1}"#,
        accepted: r#"{"top_k": 0}"#,
        check: |body| outside(body, "top_k", 0.0, f64::INFINITY),
    },
    Rule {
        id: "sampling_removed",
        scope: RuleScope::Models {
            names: "Claude 4.7 and later",
            includes: model::takes_no_sampling,
        },
        sources: &[
            "earendil-works/pi#7961",
            "tinovyatkin/amazon-bedrock-copilot-chat#546",
            "promptfoo/promptfoo#9500",
        ],
        words: "`{at}` is deprecated for this model.",
        help: "leave it out",
        rejected: r#"{"model": "claude-opus-4-7", "temperature": 0.5}"#,
        accepted: r#"{"model": "claude-opus-4-6", "temperature": 0.5}"#,
        check: |body| {
            let is_changed = |field| body.number(field).is_some_and(|value| value != 1.0);
            let field = match (is_changed("temperature"), is_changed("top_p")) {
                (true, _) => "temperature",
                (_, true) => "top_p",
                _ => "top_k",
            };
            broken(field != "top_k" || body.has("top_k"), field)
        },
    },
    Rule {
        id: "temperature_and_top_p",
        scope: RuleScope::Models {
            names: "Claude 4.1 to 4.6",
            includes: model::takes_one_of_temperature_and_top_p,
        },
        sources: &[
            "cloud-apim/otoroshi-llm-extension#140",
            "BerriAI/litellm#15097",
            "skydiscover-ai/skydiscover#15",
        ],
        words: "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        help: "",
        rejected: r#"{"temperature": 0.5, "top_p": 0.5}"#,
        accepted: r#"{"temperature": 0.5}"#,
        check: |body| broken(body.has("temperature") && body.has("top_p"), "top_p"),
    },
    Rule {
        id: "stop_sequence_blank",
        scope: RuleScope::Provider,
        sources: &["BerriAI/litellm#3286", "BerriAI/litellm#7484"],
        words: "{at}: each stop sequence must contain non-whitespace",
        help: "",
        rejected: r#"{"stop_sequences": ["\n"]}"#,
        accepted: r#"{"stop_sequences": ["\n."]}"#,
        check: |body| {
            let mut stops = body.list("stop_sequences").iter();
            broken(
                stops.any(|stop| stop.as_text().is_some_and(is_blank)),
                "stop_sequences",
            )
        },
    },
    Rule {
        id: "service_tier_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Input should be 'auto' or 'standard_only'",
        help: "",
        rejected: r#"{"service_tier": "priority"}"#,
        accepted: r#"{"service_tier": "standard_only"}"#,
        check: |body| {
            let tier = body.str("service_tier");
            found_if(
                tier,
                |tier| !["auto", "standard_only"].contains(tier),
                "service_tier",
            )
        },
    },
    Rule {
        id: "effort_value",
        scope: RuleScope::Provider,
        sources: &[EFFORT, "lis186/ccxray#450"],
        words: "{at}: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
        help: "",
        rejected: r#"{"model": "claude-opus-4-6", "output_config": {"effort": "none"}}"#,
        accepted: r#"{"model": "claude-opus-4-6", "output_config": {"effort": "high"}}"#,
        check: |body| {
            let effort = body.field("output_config")?.str("effort");
            let known = ["low", "medium", "high", "xhigh", "max"];
            found_if(
                effort,
                |effort| !known.contains(effort),
                "output_config.effort",
            )
        },
    },
    Rule {
        id: "effort_unsupported",
        scope: RuleScope::Models {
            names: "Claude before 4.6, not Opus 4.5",
            includes: model::takes_no_effort,
        },
        sources: &[
            EFFORT,
            "TauricResearch/TradingAgents#831",
            "Oaklight/llm-rosetta#289",
        ],
        words: "This model does not support the effort parameter.",
        help: "leave `output_config.effort` out",
        rejected: r#"{"model": "claude-haiku-4-5", "output_config": {"effort": "low"}}"#,
        accepted: r#"{"model": "claude-opus-4-5", "output_config": {"effort": "low"}}"#,
        check: |body| {
            let config = body.field("output_config")?;
            broken(config.has("effort"), "output_config.effort")
        },
    },
    Rule {
        id: "effort_xhigh",
        scope: RuleScope::Models {
            names: "Claude before 4.7",
            includes: model::takes_no_extra_high_effort,
        },
        sources: &[EFFORT, "SkillfulAgents/SuperAgent#1142"],
        words: "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
        help: "",
        rejected: r#"{"model": "claude-opus-4-6", "output_config": {"effort": "xhigh"}}"#,
        accepted: r#"{"model": "claude-opus-4-7", "output_config": {"effort": "xhigh"}}"#,
        check: |body| {
            let effort = body.field("output_config")?.str("effort");
            broken(effort == Some("xhigh"), "output_config.effort")
        },
    },
    Rule {
        id: "metadata_field",
        scope: RuleScope::Provider,
        sources: &[API, "BerriAI/litellm#24661"],
        words: "{at}: Extra inputs are not permitted",
        help: "`metadata` has a `user_id`, and nothing else",
        rejected: r#"{"metadata": {"session": "s1"}}"#,
        accepted: r#"{"metadata": {"user_id": "u1"}}"#,
        check: |body| {
            let mut fields = body.field("metadata")?.entries();
            let (field, _) = fields.find(|(field, _)| *field != "user_id")?;
            broken(true, &format!("metadata.{field}"))
        },
    },
    Rule {
        id: "user_id_length",
        scope: RuleScope::Provider,
        sources: &[API, "vercel/ai#12419"],
        words: "{at}: String should have at most 256 characters",
        help: "",
        rejected: concat!(
            r#"{"metadata": {"user_id": ""#,
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef+",
            r#""}}"#
        ),
        accepted: concat!(
            r#"{"metadata": {"user_id": ""#,
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            r#""}}"#
        ),
        check: |body| {
            let id = body.field("metadata").and_then(|data| data.str("user_id"));
            broken(
                id.is_some_and(|id| id.chars().count() > 256),
                "metadata.user_id",
            )
        },
    },
    Rule {
        id: "foreign_field",
        scope: RuleScope::Profile,
        sources: &[API, "amrit110/oli#7"],
        words: "{at}: Extra inputs are not permitted",
        help: "this is a field of OpenAI's API",
        rejected: r#"{"response_format": {"type": "json_object"}}"#,
        accepted: r#"{"service_tier": "auto", "a_field_of_the_future": 1}"#,
        check: |body| {
            let field = FOREIGN.find(&|field| body.has(field))?;
            broken(true, field)
        },
    },
    Rule {
        id: "misspelt_field",
        scope: RuleScope::Profile,
        sources: &[API, "amrit110/oli#7"],
        words: "{at}: Extra inputs are not permitted",
        help: "did you mean `{}`?",
        rejected: r#"{"stop_sequence": ["."]}"#,
        accepted: r#"{"stop_sequences": ["."], "a_field_of_the_future": 1}"#,
        check: |body| misspelt_field(body, &FIELDS),
    },
    Rule {
        id: "system_empty",
        scope: RuleScope::Provider,
        sources: &["t8y2/dbx#1298"],
        words: "{at}: text content blocks must be non-empty",
        help: "leave `system` out",
        rejected: r#"{"system": ""}"#,
        accepted: r#"{"system": "Be brief."}"#,
        check: |body| broken(body.str("system") == Some(""), "system"),
    },
    Rule {
        id: "system_blank",
        scope: RuleScope::Provider,
        sources: &["BoltAI/BoltAI#165"],
        words: "{at}: text content blocks must contain non-whitespace text",
        help: "leave `system` out",
        rejected: r#"{"system": " "}"#,
        accepted: r#"{"system": " ."}"#,
        check: |body| broken(body.str("system").is_some_and(is_blank), "system"),
    },
    Rule {
        id: "tool_choice_type",
        scope: RuleScope::Provider,
        sources: &[API, "envoyproxy/ai-gateway#1490"],
        words: "{at}: Input should be an object of the type 'auto', 'any', 'tool' or 'none'",
        help: "",
        rejected: r#"{"tool_choice": "auto", "tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tool_choice": {"type": "auto"}, "tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        check: |body| {
            let kind = body.field("tool_choice")?.str("type");
            let is_known = matches!(kind, Some("auto" | "any" | "tool" | "none"));
            broken(!is_known, "tool_choice")
        },
    },
    Rule {
        id: "tool_choice_without_tools",
        scope: RuleScope::Provider,
        sources: &["aakshintala/fiber#132"],
        words: "tool_choice.any may only be specified while providing tools",
        help: "",
        rejected: r#"{"tool_choice": {"type": "any"}}"#,
        accepted: r#"{"tool_choice": {"type": "auto"}}"#,
        check: |body| {
            let choice = body.field("tool_choice")?;
            let is_any = choice.str("type") == Some("any");
            let has_none = body.list("tools").is_empty() && !continues_thread(body);
            broken(is_any && has_none, "tool_choice")
        },
    },
    Rule {
        id: "tool_choice_unknown",
        scope: RuleScope::Provider,
        sources: &["aakshintala/fiber#132"],
        words: "Tool '{}' not found in provided tools",
        help: "",
        rejected: r#"{"tool_choice": {"type": "tool", "name": "look"}, "tools": [{"name": "listen", "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tool_choice": {"type": "tool", "name": "look"}, "tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        check: |body| {
            let choice = body.field("tool_choice")?;
            let name = choice
                .str("name")
                .filter(|_| choice.str("type") == Some("tool"));
            let is_unknown = |name: &&str| {
                let mut tools = body.list("tools").iter();
                !continues_thread(body) && !tools.any(|tool| tool.str("name") == Some(name))
            };
            found_if(name, is_unknown, "tool_choice.name")
        },
    },
    Rule {
        id: "prefill_removed",
        scope: RuleScope::Models {
            names: "Claude 4.6 and later",
            includes: model::takes_no_prefill,
        },
        sources: &[
            "agenticloops-ai/agentic-ai-engineering#43",
            "Tarquinen/opencode-dynamic-context-pruning#520",
        ],
        words: "This model does not support assistant message prefill. The conversation must end with a user message.",
        help: "",
        rejected: r#"{"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Well,"}]}"#,
        accepted: r#"{"model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Well,"}]}"#,
        check: |body| {
            let last = body.list("messages").last()?;
            // An answer that one of the provider's own tools has paused is sent back unchanged.
            let says_text = match last.list("content").last() {
                Some(part) => part.str("type") == Some("text"),
                None => last.str("content").is_some(),
            };
            broken(
                last.str("role") == Some("assistant") && says_text,
                "messages",
            )
        },
    },
];
