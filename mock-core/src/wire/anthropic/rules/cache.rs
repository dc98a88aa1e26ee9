//! Prompt caching.

use crate::wire::rules::{Body, BodyChecks, Holds, Rule, broken, found_if};
use crate::wire::tree::Tree;

/// The guide to prompt caching.
const GUIDE: &str = "https://platform.claude.com/docs/en/build-with-claude/prompt-caching";

/// How many blocks may have one.
const MOST: usize = 4;

/// The marks of the blocks of a request, in the order in which the provider goes through them.
fn marks<'t>(body: &'t Body<'_>) -> impl Iterator<Item = &'t Tree<'t>> {
    let blocks = body.list("messages").iter();
    let blocks = blocks.flat_map(|message| message.list("content"));
    // A result may have blocks of its own.
    let blocks = blocks.flat_map(|block| std::iter::once(block).chain(block.list("content")));
    let all = body.list("tools").iter().chain(body.list("system"));
    all.chain(blocks)
        .filter_map(|block| block.field("cache_control"))
}

pub(super) const RULES: BodyChecks = &[
    (
        Rule {
            id: "cache_control_count",
            holds: Holds::Provider,
            sources: &[
                "dcdpr/jp#242",
                "continuedev/continue#6937",
                "aakshintala/fiber#132",
            ],
            words: "A maximum of 4 blocks with cache_control may be provided. Found {}.",
            help: "tools, system and messages count together",
            refused: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "2", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "3", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "4", "cache_control": {"type": "ephemeral"}}]}]}"#,
            accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "2", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "3", "cache_control": {"type": "ephemeral"}}]}]}"#,
        },
        |body| found_if(Some(marks(body).count()), |count| *count > MOST, ""),
    ),
    (
        Rule {
            id: "cache_control_ttl_order",
            holds: Holds::Provider,
            sources: &[
                "headroomlabs-ai/headroom#2939",
                "kristianvast/hermes-claude-auth#31",
            ],
            words: "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
            help: "",
            refused: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}]}"#,
            accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "1h"}}], "messages": [{"role": "user", "content": [{"type": "text", "text": "1", "cache_control": {"type": "ephemeral"}}]}]}"#,
        },
        |body| {
            let is_long = |mark: &Tree<'_>| mark.str("ttl") == Some("1h");
            let mut marks = marks(body).skip_while(|mark| is_long(mark));
            broken(marks.any(is_long), "")
        },
    ),
    (
        Rule {
            id: "cache_control_ttl",
            holds: Holds::Provider,
            sources: &[GUIDE],
            words: "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
            help: "",
            refused: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "10m"}}]}"#,
            accepted: r#"{"system": [{"type": "text", "text": "0", "cache_control": {"type": "ephemeral", "ttl": "5m"}}]}"#,
        },
        |body| {
            let mut ttls = marks(body).filter_map(|mark| mark.str("ttl"));
            broken(ttls.any(|ttl| !matches!(ttl, "5m" | "1h")), "")
        },
    ),
];
