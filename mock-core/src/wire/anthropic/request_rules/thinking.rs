//! Extended thinking, and the parameters that depend on it.

use super::message_thread::continues_thread;
use super::{API, model};
use crate::search::Search;
use crate::wire::anthropic::thinking_signature::is_for_other_text;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Piece, Rule, RuleScope, Violation, broken, found_if};

/// The guide to extended thinking.
pub(super) const GUIDE: &str =
    "https://platform.claude.com/docs/en/build-with-claude/extended-thinking";

/// The words for a budget that is not less than the maximum of all tokens.
pub(super) const BUDGET_MAXIMUM: &str =
    "`max_tokens` must be greater than `thinking.budget_tokens`.";

/// `thinking`, if it is of this type.
fn thinking<'t>(body: &'t BorrowedValue<'_>, kind: &str) -> Option<&'t BorrowedValue<'t>> {
    let thinking = body.field("thinking")?;
    (thinking.str("type") == Some(kind)).then_some(thinking)
}

fn budget(body: &BorrowedValue<'_>) -> Option<f64> {
    thinking(body, "enabled")?.number("budget_tokens")
}

fn is_thinking(part: &BorrowedValue<'_>) -> bool {
    matches!(part.str("type"), Some("thinking" | "redacted_thinking"))
}

/// Whether a message has only tool results, so that it continues the model's turn.
fn continues_turn(message: &BorrowedValue<'_>) -> bool {
    let parts = message.list("content");
    let mut kinds = parts.iter().map(|part| part.str("type"));
    !parts.is_empty() && kinds.all(|kind| kind == Some("tool_result"))
}

/// The first message of the model's last turn, if that is still going on, and its place.
fn turn_in_progress<'t>(body: &'t BorrowedValue<'_>) -> Option<(usize, &'t BorrowedValue<'t>)> {
    let messages = body.list("messages");
    let is_model = |message: &BorrowedValue<'_>| message.str("role") == Some("assistant");
    let before = messages
        .iter()
        .rposition(|message| !is_model(message) && !continues_turn(message));
    let first = before.map_or(0, |before| before + 1);
    let first = first + messages[first..].position(&is_model)?;
    Some((first, &messages[first]))
}

/// The first block of the last message of the assistant whose thinking is not the one that the mock has signed.
fn modified_thinking(body: &Piece<'_>) -> Option<Violation> {
    let messages = body.list("messages");
    let is_model = |message: &BorrowedValue<'_>| message.str("role") == Some("assistant");
    let last = messages.iter().rposition(is_model)?;
    let is_modified = |block: &BorrowedValue<'_>| {
        let [signature, thinking] = ["signature", "thinking"].map(|field| block.str(field));
        let other = |text| signature.is_some_and(|seal| is_for_other_text(seal, text));
        block.str("type") == Some("thinking") && thinking.is_some_and(other)
    };
    let at = messages[last].list("content").position(&is_modified)?;
    Some(Violation::new(format!("messages.{last}.content.{at}"), ""))
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "effort_without_thinking",
        scope: RuleScope::Models {
            names: "`claude-opus-5`",
            includes: model::thinks_for_high_effort,
        },
        sources: &[
            "anthropics/claude-code#81084",
            "anthropics/claude-code#84844",
            "BerriAI/litellm#35211",
        ],
        words: "output_config.effort '{}' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.",
        help: "",
        rejected: r#"{"model": "claude-opus-5", "thinking": {"type": "disabled"}, "output_config": {"effort": "xhigh"}}"#,
        accepted: r#"{"model": "claude-opus-5", "thinking": {"type": "disabled"}, "output_config": {"effort": "high"}}"#,
        check: |body| {
            let is_disabled = body.field("thinking")?.str("type") == Some("disabled");
            let effort = body.field("output_config")?.str("effort");
            let effort = effort.filter(|_| is_disabled);
            found_if(
                effort,
                |effort| ["xhigh", "max"].contains(effort),
                "output_config.effort",
            )
        },
    },
    Rule {
        id: "thinking_enabled_removed",
        scope: RuleScope::Models {
            names: "Claude 4.7 and later",
            includes: model::thinks_adaptively,
        },
        sources: &[
            "freecodexyz/free-code#32",
            "aaronrussell/anthropix#20",
            "NousResearch/hermes-agent#11145",
            "aakshintala/fiber#132",
        ],
        words: "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.",
        help: "",
        rejected: r#"{"model": "claude-opus-4-7", "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        accepted: r#"{"model": "claude-opus-4-7", "thinking": {"type": "adaptive"}}"#,
        check: |body| broken(thinking(body, "enabled").is_some(), "thinking.type"),
    },
    Rule {
        id: "thinking_adaptive_unsupported",
        scope: RuleScope::Models {
            names: "Claude 4.5 and earlier",
            includes: model::thinks_by_budget,
        },
        sources: &["elizaOS/eliza#16175", "lis186/ccxray#450"],
        words: "adaptive thinking is not supported on this model",
        help: "",
        rejected: r#"{"model": "claude-haiku-4-5", "thinking": {"type": "adaptive"}}"#,
        accepted: r#"{"model": "claude-sonnet-4-6", "thinking": {"type": "adaptive"}}"#,
        check: |body| broken(thinking(body, "adaptive").is_some(), "thinking.type"),
    },
    Rule {
        id: "thinking_type",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Input tag '{}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'",
        help: "",
        rejected: r#"{"thinking": {"type": "auto"}}"#,
        accepted: r#"{"thinking": {"type": "disabled"}}"#,
        check: |body| {
            let kind = body.field("thinking")?.str("type");
            let known = ["adaptive", "disabled", "enabled"];
            found_if(kind, |kind| !known.contains(kind), "thinking")
        },
    },
    Rule {
        id: "thinking_adaptive_field",
        scope: RuleScope::Provider,
        sources: &["withceleste/celeste-python#295"],
        words: "{at}: Extra inputs are not permitted",
        help: "the effort is in `output_config.effort`",
        rejected: r#"{"model": "claude-opus-4-6", "thinking": {"type": "adaptive", "effort": "high"}}"#,
        accepted: r#"{"model": "claude-opus-4-6", "thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "high"}}"#,
        check: |body| {
            let thinking = thinking(body, "adaptive")?;
            let field = ["budget_tokens", "effort"].find(&|field| thinking.has(field))?;
            broken(true, &format!("thinking.adaptive.{field}"))
        },
    },
    Rule {
        id: "thinking_modified",
        scope: RuleScope::Provider,
        sources: &[GUIDE, "anthropics/claude-code#63432"],
        words: "{at}: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.",
        help: "send back the text that came with this signature",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm!", "signature": "EqQBngzIDqzDCDAvbj6MsXFP0IGUAOSOgooGPqH5k5eZiwd6D5UFloOtxmcft9mc0HZ8za1haeQKXckBOxoO5xUu"}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "EqQBngzIDqzDCDAvbj6MsXFP0IGUAOSOgooGPqH5k5eZiwd6D5UFloOtxmcft9mc0HZ8za1haeQKXckBOxoO5xUu"}, {"type": "text", "text": "yes?"}]}, {"role": "user", "content": "go on"}]}"#,
        check: modified_thinking,
    },
    Rule {
        id: "thinking_budget_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "thinking.enabled.budget_tokens: Field required",
        help: "",
        rejected: r#"{"thinking": {"type": "enabled"}}"#,
        accepted: r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        check: |body| {
            let thinking = thinking(body, "enabled")?;
            broken(!thinking.has("budget_tokens"), "thinking.budget_tokens")
        },
    },
    Rule {
        id: "thinking_budget_minimum",
        scope: RuleScope::Provider,
        sources: &["themaximalist/llm.js#30", "clifton/rstructor#36"],
        words: "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        help: "",
        rejected: r#"{"thinking": {"type": "enabled", "budget_tokens": 1023}}"#,
        accepted: r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        check: |body| {
            let budget = budget(body);
            broken(
                budget.is_some_and(|budget| budget < 1024.0),
                "thinking.budget_tokens",
            )
        },
    },
    Rule {
        id: "thinking_budget_maximum",
        scope: RuleScope::Provider,
        sources: &["sudoprivacy/sudocode#438", GUIDE],
        words: BUDGET_MAXIMUM,
        help: "with tools and interleaved thinking it need not be",
        rejected: r#"{"max_tokens": 2048, "thinking": {"type": "enabled", "budget_tokens": 2048}}"#,
        accepted: r#"{"max_tokens": 2049, "thinking": {"type": "enabled", "budget_tokens": 2048}}"#,
        check: |body| {
            let (budget, most) = (budget(body)?, body.number("max_tokens")?);
            // With tools, a header can allow a larger budget.
            let has_no_tools = body.list("tools").is_empty() && !continues_thread(body);
            broken(budget >= most && has_no_tools, "max_tokens")
        },
    },
    Rule {
        id: "thinking_with_temperature",
        scope: RuleScope::Provider,
        sources: &["theopenco/llmgateway#1726", "MayDay-wpf/snow-app#42"],
        words: "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
        help: "",
        rejected: r#"{"temperature": 0.5, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        accepted: r#"{"temperature": 1, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        check: |body| {
            let is_on = thinking(body, "enabled").or_else(|| thinking(body, "adaptive"));
            let temperature = body.number("temperature");
            broken(
                is_on.is_some() && temperature.is_some_and(|temperature| temperature != 1.0),
                "temperature",
            )
        },
    },
    Rule {
        id: "thinking_with_top_k",
        scope: RuleScope::Provider,
        sources: &[
            "quarkiverse/quarkus-langchain4j#1812",
            "danny-avila/LibreChat#6023",
        ],
        words: "`top_k` must be unset when thinking is enabled.",
        help: "",
        rejected: r#"{"top_k": 5, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        accepted: r#"{"top_k": 5, "thinking": {"type": "disabled"}}"#,
        check: |body| {
            broken(
                thinking(body, "enabled").is_some() && body.has("top_k"),
                "top_k",
            )
        },
    },
    Rule {
        id: "thinking_with_top_p",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.",
        help: "",
        rejected: r#"{"top_p": 0.9, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        accepted: r#"{"top_p": 0.95, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        check: |body| {
            let top_p = body.number("top_p");
            broken(
                thinking(body, "enabled").is_some() && top_p.is_some_and(|top_p| top_p < 0.95),
                "top_p",
            )
        },
    },
    Rule {
        id: "thinking_with_forced_tool",
        scope: RuleScope::Provider,
        sources: &["mastra-ai/mastra#7507", "can1357/oh-my-pi#341"],
        words: "Thinking may not be enabled when tool_choice forces tool use.",
        help: "",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}], "tool_choice": {"type": "any"}, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}], "tool_choice": {"type": "auto"}, "thinking": {"type": "enabled", "budget_tokens": 1024}}"#,
        check: |body| {
            thinking(body, "enabled")?;
            let choice = body.field("tool_choice")?.str("type");
            broken(matches!(choice, Some("any" | "tool")), "tool_choice")
        },
    },
    Rule {
        id: "thinking_first",
        scope: RuleScope::Provider,
        sources: &[
            "zed-industries/zed#33317",
            "bigduu/Bamboo-agent#529",
            "UKGovernmentBEIS/inspect_ai#3025",
        ],
        words: "{at}: Expected `thinking` or `redacted_thinking`, but found `{}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).",
        help: "send back what the model said, with its thinking",
        rejected: r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}, "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"thinking": {"type": "enabled", "budget_tokens": 1024}, "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2VhbA=="}, {"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        check: |body| {
            thinking(body, "enabled")?;
            let (index, message) = turn_in_progress(body)?;
            let first = message.list("content").first();
            if first.is_some_and(is_thinking) {
                return None;
            }
            let kind = first.and_then(|part| part.str("type")).unwrap_or("text");
            Some(Violation::new(
                format!("messages.{index}.content.0.type"),
                kind,
            ))
        },
    },
];
