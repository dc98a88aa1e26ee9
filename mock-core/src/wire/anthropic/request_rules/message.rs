//! The messages of a request.

use crate::search::{Search, WHITE_SPACE};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, broken};

/// The guide to prefilled answers.
const PREFILL: &str = "https://platform.claude.com/docs/en/build-with-claude/prompt-engineering/prefill-claudes-response";

/// The text that a message ends with, if it does.
fn last_text<'t>(message: &'t BorrowedValue<'_>) -> Option<&'t str> {
    match message.list("content").last() {
        Some(part) => part.str("text"),
        None => message.str("content"),
    }
}

fn is_blank_text(part: &BorrowedValue<'_>) -> bool {
    let text = part
        .str("text")
        .filter(|_| part.str("type") == Some("text"));
    text.is_some_and(|text| text.trim().is_empty())
}

fn is_blank(message: &BorrowedValue<'_>) -> bool {
    match message.str("content") {
        Some(text) => text.trim().is_empty(),
        None => !message.list("content").is_empty() && message.list("content").all(&is_blank_text),
    }
}

fn is_empty(message: &BorrowedValue<'_>) -> bool {
    message.is_empty_list("content") || message.str("content") == Some("")
}

/// Fields of the messages of other APIs, and of the answer that is sent back whole.
const FOREIGN: [&str; 17] = [
    "annotations",
    "audio",
    "function_call",
    "id",
    "model",
    "name",
    "parts",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "refusal",
    "stop_reason",
    "stop_sequence",
    "tool_call_id",
    "tool_calls",
    "type",
    "usage",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "message_field",
        scope: RuleScope::Provider,
        sources: &["microsoft/autogen#3034", "RooCodeInc/Roo-Code#11429"],
        words: "{at}: Extra inputs are not permitted",
        help: "a message has a `role` and a `content`",
        rejected: r#"{"messages": [{"role": "user", "name": "Ada", "content": "hi"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "a_field_of_the_future": 1, "content": "hi"}]}"#,
        check: |message| broken(true, FOREIGN.find(&|field| message.get(field).is_some())?),
    },
    Rule {
        id: "message_empty",
        scope: RuleScope::Provider,
        sources: &["rescrv/claudius#106", "agno-agi/agno#3977"],
        words: "{at}: all messages must have non-empty content except for the optional final assistant message",
        help: "leave the message out",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": []}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": "go on"}]}"#,
        check: |message| {
            let is_optional = message.role == "assistant" && message.is_last;
            // A system message may be empty, since it may only set parameters.
            broken(
                message.role != "system" && !is_optional && is_empty(message),
                "",
            )
        },
    },
    Rule {
        id: "message_blank",
        scope: RuleScope::Provider,
        sources: &["LibreChat-AI/agents#124", "home-assistant/core#175637"],
        words: "messages: text content blocks must contain non-whitespace text",
        help: "leave the message out",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "\n"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "\n"}, {"type": "text", "text": "hi"}]}]}"#,
        check: |message| {
            let has_empty = message
                .list("content")
                .any(&|part| part.str("text") == Some(""));
            broken(!is_empty(message) && !has_empty && is_blank(message), "")
        },
    },
    Rule {
        id: "prefill_white_space",
        scope: RuleScope::Provider,
        sources: &[PREFILL, "AnswerDotAI/fasthtml-example#11"],
        words: "messages: final assistant content cannot end with trailing whitespace",
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Well, "}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Well,"}]}"#,
        check: |message| {
            let text =
                last_text(message).filter(|_| message.role == "assistant" && message.is_last);
            broken(
                text.is_some_and(|text| text.ends_with(WHITE_SPACE)),
                "content",
            )
        },
    },
];
