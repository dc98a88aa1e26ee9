//! What other providers that speak Chat Completions reject, and OpenAI accepts.

use crate::scenario::Profile;
use crate::search::{CharTest, Search, consists_of};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::json_schema::says_json;
use crate::wire::request_rules::{Piece, Rule, RuleScope, Violation, broken, found_if};

/// A conversation of these messages, each with the index.
fn messages<'t>(
    body: &'t BorrowedValue<'_>,
) -> impl DoubleEndedIterator<Item = (usize, &'t BorrowedValue<'t>)> {
    body.list("messages").iter().enumerate()
}

/// Writes a request whose first message is followed by these messages.
macro_rules! goes_on {
    ($messages:literal $(, $fields:literal)*) => {
        concat!(
            "{", $($fields, ", ",)*
            r#""messages": [{"role": "user", "content": "hi"}, "#, $messages, "]}"
        )
    };
}

/// Fields of messages that Groq is known to reject. It rejects any field that it does not know.
const NOT_IN_MESSAGES_OF_GROQ: [&str; 3] = ["metadata", "reasoning_content", "timestamp"];

/// The same of a request.
const NOT_OF_GROQ: [&str; 2] = ["prompt_cache_key", "reasoning"];

/// Fields of a request that Mistral is known to reject.
const NOT_OF_MISTRAL: [&str; 2] = ["max_completion_tokens", "store"];

/// The effort of Groq's models that can only switch their reasoning on and off.
const EFFORTS_OF_QWEN: [&str; 2] = ["default", "none"];

/// A field of a request, its name in the message, and whether a model lacks it.
type Lacking = (&'static str, &'static str, fn(&str) -> bool);

/// The parameters that models of xAI reject.
const NOT_OF_XAI: [Lacking; 4] = [
    ("presence_penalty", "presencePenalty", lacks_penalties),
    ("frequency_penalty", "frequencyPenalty", lacks_penalties),
    ("stop", "stop", |model| {
        lacks_penalties(model) && !model.contains("non-reasoning")
    }),
    ("reasoning_effort", "reasoningEffort", |model| {
        let lacking = ["grok-4-", "grok-4.20-0309", "grok-code-fast"];
        model == "grok-4" || lacking.any(&|name| model.starts_with(name))
    }),
];

fn lacks_penalties(model: &str) -> bool {
    let names = ["grok-4", "grok-3-mini", "grok-code-fast"];
    names.any(&|name| model.starts_with(name))
}

/// Whether DeepSeek's model thinks before it answers this request, as its newer models do unless they are told not to.
fn thinks(body: &BorrowedValue<'_>) -> bool {
    let thinking = body.field("thinking").and_then(|field| field.str("type"));
    let model = body.str("model").unwrap_or_default();
    model.starts_with("deepseek-v4") && thinking != Some("disabled")
}

/// Whether a model of Groq neither reasons nor keeps to a schema.
fn is_llama_3(body: &BorrowedValue<'_>) -> bool {
    let model = body.str("model").unwrap_or_default();
    model.starts_with("llama-3.")
}

fn format_of<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t str> {
    body.field("response_format")?.str("type")
}

/// Whether a tool call has an id as Mistral's have: nine letters and digits.
fn is_id_of_mistral(id: &str) -> bool {
    let fits: CharTest = |c| c.is_ascii_alphanumeric();
    id.len() == 9 && consists_of(id, fits)
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "groq_message_field",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &[
            "NousResearch/hermes-agent#11089",
            "tashfeenahmed/freellmapi#1070",
            "odysseus-dev/odysseus#40",
            "ServiceStack/llms#17",
        ],
        words: "'{at}' : for 'role:{}' is unsupported)]",
        help: "Groq rejects fields of messages that it does not know",
        rejected: goes_on!(
            r#"{"role": "assistant", "content": "yes?", "reasoning_content": "Hm."}, {"role": "user", "content": "go on"}"#
        ),
        accepted: goes_on!(
            r#"{"role": "assistant", "content": "yes?", "reasoning": "Hm."}, {"role": "user", "content": "go on"}"#
        ),
        check: |body| {
            messages(body).find_map(|(n, message)| {
                let field = NOT_IN_MESSAGES_OF_GROQ.find(&|field| message.has(field))?;
                let role = message.str("role").unwrap_or_default();
                let place = format!("messages.{n}");
                let found = format!(
                    "{role}' the following must be satisfied[('{place}' : property '{field}"
                );
                Some(Violation::new(place, found))
            })
        },
    },
    Rule {
        id: "groq_field",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["eigent-ai/eigent#1827", "musistudio/llms#64"],
        words: "property '{at}' is unsupported",
        help: "",
        rejected: r#"{"prompt_cache_key": "a"}"#,
        accepted: r#"{"user": "a"}"#,
        check: |body| {
            let field = NOT_OF_GROQ.find(&|field| body.has(field))?;
            broken(true, field)
        },
    },
    Rule {
        id: "groq_parameter",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &[
            "groq/groq-python#25",
            "groq/groq-python#31",
            "0xPlaygrounds/rig#1134",
        ],
        words: "`{at}` is not supported with this model",
        help: "",
        rejected: r#"{"logprobs": true}"#,
        accepted: r#"{"logprobs": false, "reasoning_format": "parsed"}"#,
        check: |body| {
            let formats = body.has("reasoning_format") && is_llama_3(body);
            broken(body.is_set("logprobs"), "logprobs")
                .or_else(|| broken(formats, "reasoning_format"))
        },
    },
    Rule {
        id: "groq_json_schema",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["plune-ai/cairn#36", "ItzCrazyKns/Vane#980"],
        words: "This model does not support response format `json_schema`.",
        help: "",
        rejected: r#"{"model": "llama-3.3-70b-versatile", "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        accepted: r#"{"model": "openai/gpt-oss-20b", "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        check: |body| {
            let is_schema = format_of(body) == Some("json_schema");
            broken(is_schema && is_llama_3(body), "response_format")
        },
    },
    Rule {
        id: "groq_json_object_with_tools",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["vercel/ai#16540", "agno-agi/agno#1065"],
        words: "json mode cannot be combined with tool/function calling",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "say it in JSON"}], "response_format": {"type": "json_object"}, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "say it in JSON"}], "response_format": {"type": "json_object"}}"#,
        check: |body| {
            let has_both = format_of(body) == Some("json_object") && !body.list("tools").is_empty();
            broken(has_both, "response_format")
        },
    },
    Rule {
        id: "groq_json_object_without_json",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["vercel/ai#7508"],
        words: "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        help: "",
        rejected: r#"{"response_format": {"type": "json_object"}}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "say it in JSON"}], "response_format": {"type": "json_object"}}"#,
        check: lacks_json,
    },
    Rule {
        id: "groq_reasoning_effort",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["earendil-works/pi#1745"],
        words: "`reasoning_effort` must be one of `none` or `default`",
        help: "",
        rejected: r#"{"model": "qwen/qwen3-32b", "reasoning_effort": "high"}"#,
        accepted: r#"{"model": "openai/gpt-oss-20b", "reasoning_effort": "high"}"#,
        check: |body| {
            let effort = body.str("reasoning_effort");
            let is_limited = body.str("model") == Some("qwen/qwen3-32b");
            let effort = effort.filter(|_| is_limited);
            found_if(
                effort,
                |effort| !EFFORTS_OF_QWEN.contains(effort),
                "reasoning_effort",
            )
        },
    },
    Rule {
        id: "mistral_field",
        scope: RuleScope::Dialect(Profile::Mistral),
        sources: &["Gitlawb/openclaude#739", "editor-code-assistant/eca#231"],
        words: "Extra inputs are not permitted",
        help: "Mistral does not have `{}`",
        rejected: r#"{"max_completion_tokens": 8192}"#,
        accepted: r#"{"max_tokens": 8192}"#,
        check: |body| {
            let field = NOT_OF_MISTRAL.find(&|field| body.has(field))?;
            Some(Violation::new(*field, *field))
        },
    },
    Rule {
        id: "mistral_message_field",
        scope: RuleScope::Dialect(Profile::Mistral),
        sources: &["charmbracelet/crush#1590", "BerriAI/litellm#30835"],
        words: "Extra inputs are not permitted",
        help: "Mistral's messages do not have `{}`: send the reasoning as a part of the type `thinking`",
        rejected: goes_on!(
            r#"{"role": "assistant", "content": "yes?", "reasoning_content": "Hm."}, {"role": "user", "content": "go on"}"#
        ),
        accepted: goes_on!(
            r#"{"role": "assistant", "content": "yes?"}, {"role": "user", "content": "go on"}"#
        ),
        check: |body| {
            messages(body).find_map(|(n, message)| {
                let role = message.str("role").unwrap_or_default();
                let field = "reasoning_content";
                message.field(field)?;
                Some(Violation::new(
                    format!("messages.{n}.{role}.{field}"),
                    field,
                ))
            })
        },
    },
    Rule {
        id: "mistral_tool_call_id",
        scope: RuleScope::Dialect(Profile::Mistral),
        sources: &[
            "nearai/ironclaw#1241",
            "mistralai/mistral-vibe#1075",
            "anomalyco/opencode#1680",
        ],
        words: "Tool call id was {} but must be a-z, A-Z, 0-9, with a length of 9.",
        help: "the mock's own calls have such ids",
        rejected: goes_on!(
            r#"{"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "call_1", "content": "x"}"#
        ),
        accepted: goes_on!(
            r#"{"role": "assistant", "tool_calls": [{"id": "D681PevKs", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "D681PevKs", "content": "x"}"#
        ),
        check: |body| {
            messages(body).find_map(|(n, message)| {
                let calls = message.list("tool_calls").iter();
                let ids = calls.filter_map(|call| call.str("id"));
                let mut ids = ids.chain(message.str("tool_call_id"));
                let id = ids.find(|id| !is_id_of_mistral(id))?;
                Some(Violation::new(format!("messages.{n}"), id))
            })
        },
    },
    Rule {
        id: "mistral_last_role",
        scope: RuleScope::Dialect(Profile::Mistral),
        sources: &["dyad-sh/dyad#1543", "0xPlaygrounds/rig#708"],
        words: "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
        help: "",
        rejected: goes_on!(r#"{"role": "assistant", "content": "It"}"#),
        accepted: goes_on!(r#"{"role": "assistant", "content": "It", "prefix": true}"#),
        check: |body| {
            let (_, last) = messages(body).next_back()?;
            let is_open = last.str("role") == Some("assistant") && !last.is_set("prefix");
            broken(is_open, "messages")
        },
    },
    Rule {
        id: "mistral_empty_message",
        scope: RuleScope::Dialect(Profile::Mistral),
        sources: &["OpenHands/OpenHands#8685", "solbrowse/extension#16"],
        words: "Assistant message must have either content or tool_calls, but not none.",
        help: "",
        rejected: goes_on!(
            r#"{"role": "assistant", "content": ""}, {"role": "user", "content": "go on"}"#
        ),
        accepted: goes_on!(
            r#"{"role": "assistant", "content": "yes?"}, {"role": "user", "content": "go on"}"#
        ),
        check: |body| {
            messages(body).find_map(|(n, message)| {
                let says = message.str("content").is_some_and(|text| !text.is_empty())
                    || !message.list("content").is_empty()
                    || !message.list("tool_calls").is_empty();
                let is_empty = message.str("role") == Some("assistant") && !says;
                broken(is_empty, &format!("messages.{n}"))
            })
        },
    },
    Rule {
        id: "deepseek_part_type",
        scope: RuleScope::Dialect(Profile::Deepseek),
        sources: &[
            "BigPizzaV3/CodexPlusPlus#631",
            "esengine/DeepSeek-Reasonix#7859",
        ],
        words: "Failed to deserialize the JSON body into the target type: {at}: unknown variant `{}`, expected `text`",
        help: "these models read nothing but text",
        rejected: r#"{"model": "deepseek-v4-flash", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]}"#,
        accepted: r#"{"model": "deepseek-v4-flash", "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}"#,
        check: |body| {
            let model = body.str("model")?;
            let reads_text = ["deepseek-chat", "deepseek-reasoner", "deepseek-v4"];
            if !reads_text.any(&|name| model.starts_with(name)) {
                return None;
            }
            messages(body).find_map(|(n, message)| {
                let mut parts = message.list("content").iter();
                let kind = parts.find_map(|part| part.str("type").filter(|kind| *kind != "text"));
                Some(Violation::new(format!("messages[{n}]"), kind?))
            })
        },
    },
    Rule {
        id: "deepseek_json_schema",
        scope: RuleScope::Dialect(Profile::Deepseek),
        sources: &["llm-exe/llm-exe#662", "UKGovernmentBEIS/inspect_ai#4916"],
        words: "This response_format type is unavailable now",
        help: "`json_object` is available",
        rejected: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "say it in JSON"}], "response_format": {"type": "json_object"}}"#,
        check: |body| broken(format_of(body) == Some("json_schema"), "response_format"),
    },
    Rule {
        id: "deepseek_json_object_without_json",
        scope: RuleScope::Dialect(Profile::Deepseek),
        sources: &["vercel/ai#7913", "browserbase/stagehand#1204"],
        words: "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
        help: "",
        rejected: r#"{"response_format": {"type": "json_object"}}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "say it in JSON"}], "response_format": {"type": "json_object"}}"#,
        check: lacks_json,
    },
    Rule {
        id: "deepseek_tool_choice",
        scope: RuleScope::Dialect(Profile::Deepseek),
        sources: &["deepseek-ai/DeepSeek-V3#1376", "BerriAI/litellm#37470"],
        words: "Thinking mode does not support this tool_choice",
        help: r#"`"thinking": {"type": "disabled"}` allows it"#,
        rejected: r#"{"model": "deepseek-v4-flash", "tool_choice": "required", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"model": "deepseek-v4-flash", "tool_choice": "required", "tools": [{"type": "function", "function": {"name": "look"}}], "thinking": {"type": "disabled"}}"#,
        check: |body| {
            let choice = body.field("tool_choice")?;
            let is_forced = choice.as_text().is_none_or(|choice| choice == "required");
            broken(is_forced && thinks(body), "tool_choice")
        },
    },
    Rule {
        id: "xai_parameter",
        scope: RuleScope::Dialect(Profile::Xai),
        sources: &[
            "miaoxworld/NativeTavern#83",
            "lidge-jun/opencodex#5278",
            "chenyme/grok2api#814",
            "NousResearch/hermes-agent#23088",
        ],
        words: "Model {} does not support parameter {at}.",
        help: "",
        rejected: r#"{"model": "grok-4-1-fast-reasoning", "stop": ["x"]}"#,
        accepted: r#"{"model": "grok-4-1-fast-non-reasoning", "stop": ["x"]}"#,
        check: |body| {
            let model = body.str("model")?;
            let is_rejected =
                |(field, _, lacks): &(&str, _, fn(&str) -> bool)| body.has(field) && lacks(model);
            let (_, name, _) = NOT_OF_XAI.find(&is_rejected)?;
            Some(Violation::new(*name, model))
        },
    },
    Rule {
        id: "openrouter_reasoning_twice",
        scope: RuleScope::Dialect(Profile::Openrouter),
        sources: &["omeryasirkucuk/amx#66"],
        words: r#"Only one of "reasoning.effort" and "reasoning.max_tokens" can be specified"#,
        help: "",
        rejected: r#"{"reasoning": {"effort": "low", "max_tokens": 100}}"#,
        accepted: r#"{"reasoning": {"effort": "low"}}"#,
        check: |body| {
            let reasoning = body.field("reasoning")?;
            broken(
                reasoning.has("effort") && reasoning.has("max_tokens"),
                "reasoning",
            )
        },
    },
    Rule {
        id: "llamacpp_prefill",
        scope: RuleScope::Dialect(Profile::Llamacpp),
        sources: &["ggml-org/llama.cpp#20861", "ggml-org/llama.cpp#15404"],
        words: "Assistant response prefill is incompatible with enable_thinking.",
        help: "the last message is the assistant's",
        rejected: goes_on!(
            r#"{"role": "assistant", "content": "It"}"#,
            r#""chat_template_kwargs": {"enable_thinking": true}"#
        ),
        accepted: goes_on!(
            r#"{"role": "assistant", "content": "It"}"#,
            r#""chat_template_kwargs": {"enable_thinking": false}"#
        ),
        check: |body| {
            let (_, last) = messages(body).next_back()?;
            let template = body.field("chat_template_kwargs")?;
            let is_prefill = last.str("role") == Some("assistant");
            broken(is_prefill && template.is_set("enable_thinking"), "messages")
        },
    },
];

/// A violation if the answer is to be JSON, and no message says so.
fn lacks_json(body: &Piece<'_>) -> Option<Violation> {
    let is_json = format_of(body) == Some("json_object");
    broken(
        is_json && !body.list("messages").any(&says_json),
        "messages",
    )
}
