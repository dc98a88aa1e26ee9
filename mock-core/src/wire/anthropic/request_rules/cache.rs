//! Prompt caching.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, broken, found, found_if, texts_of};

/// The guide to prompt caching.
const GUIDE: &str = "https://platform.claude.com/docs/en/build-with-claude/prompt-caching";

/// How many blocks may have one.
const MOST: usize = 4;

/// The marks of the blocks of a request, in the order in which the provider goes through them.
fn marks<'t>(body: &'t BorrowedValue<'_>) -> Vec<&'t BorrowedValue<'t>> {
    let mut marks = Vec::new();
    let mut add = |block: &'t BorrowedValue<'t>| {
        if let Some(mark) = block.field("cache_control") {
            marks.push(mark);
        }
    };
    body.list("tools").iter().for_each(&mut add);
    body.list("system").iter().for_each(&mut add);
    for message in body.list("messages") {
        for block in message.list("content") {
            add(block);
            // A tool result can contain blocks.
            block.list("content").iter().for_each(&mut add);
        }
    }
    marks
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cache_control_count",
        scope: RuleScope::Provider,
        sources: &[
            "dcdpr/jp#242",
            "continuedev/continue#6937",
            "aakshintala/fiber#132",
        ],
        words: "A maximum of 4 blocks with cache_control may be provided. Found {}.",
        help: "tools, system and messages count together",
        rejected: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "2", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "3", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "4", "cache_control": {"type": "ephemeral"}}]}]}"#,
        accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "2", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "3", "cache_control": {"type": "ephemeral"}}]}]}"#,
        check: |body| found_if(Some(marks(body).len()), |count| *count > MOST, ""),
    },
    Rule {
        id: "cache_control_ttl_order",
        scope: RuleScope::Provider,
        sources: &[
            "headroomlabs-ai/headroom#2939",
            "kristianvast/hermes-claude-auth#31",
        ],
        words: "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
        help: "",
        rejected: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}]}"#,
        accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "1h"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}]}]}"#,
        check: |body| {
            let is_long = |mark: &&BorrowedValue<'_>| mark.str("ttl") == Some("1h");
            let marks = marks(body);
            let first_short = marks.position(&|mark| !is_long(mark))?;
            broken(marks[first_short..].any(&is_long), "")
        },
    },
    Rule {
        id: "cache_control_type",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "cache_control: Input tag '{}' found using 'type' does not match any of the expected tags: 'ephemeral'",
        help: "",
        rejected: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "permanent"}}]}"#,
        accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}]}"#,
        check: |body| {
            let marks = marks(body);
            let kinds = texts_of("type", marks);
            found(kinds.find(&|kind| *kind != "ephemeral"), "")
        },
    },
    Rule {
        id: "cache_control_ttl",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
        help: "",
        rejected: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "10m"}}]}"#,
        accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "5m"}}]}"#,
        check: |body| {
            let is_other =
                |mark: &&BorrowedValue<'_>| !matches!(mark.str("ttl"), None | Some("5m" | "1h"));
            broken(marks(body).any(&is_other), "")
        },
    },
];
