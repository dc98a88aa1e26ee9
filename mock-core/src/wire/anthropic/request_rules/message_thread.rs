//! The field `thread` of a request: what it asks of a message thread.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation, broken, found_if};

const GUIDE: &str = "https://platform.claude.com/docs/en/build-with-claude/message-threads";

/// Whether a request sends only what is new: its thread has the earlier messages, the system prompt and the tools.
pub(super) fn continues_thread(body: &BorrowedValue<'_>) -> bool {
    let thread = body.field("thread");
    thread.is_some_and(|thread| thread.str("type") == Some("continue"))
}

/// Whether a block of the system prompt is for the provider alone. Claude Code sends one with each request.
fn is_billing_header(block: &BorrowedValue<'_>) -> bool {
    let text = block.str("text");
    text.is_some_and(|text| text.starts_with("x-anthropic-billing-header:"))
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "thread_type",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "{at}: Input tag '{}' found using 'type' does not match any of the expected tags: 'continue', 'create'",
        help: "",
        rejected: r#"{"thread": {"type": "resume"}}"#,
        accepted: r#"{"thread": {"type": "create"}}"#,
        check: |body| {
            let thread = body.field("thread")?;
            let kind = Some(thread.str("type").unwrap_or_default());
            found_if(
                kind,
                |kind| !matches!(*kind, "create" | "continue"),
                "thread",
            )
        },
    },
    Rule {
        id: "thread_previous_message_id",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "{at}: Field required",
        help: "name the answer that the request continues by its `id`",
        rejected: r#"{"thread": {"type": "continue"}}"#,
        accepted: r#"{"thread": {"type": "continue", "previous_message_id": "msg_1"}}"#,
        check: |body| {
            let thread = body.field("thread")?;
            let lacks_id = thread.str("previous_message_id").is_none();
            broken(
                continues_thread(body) && lacks_id,
                "thread.continue.previous_message_id",
            )
        },
    },
    // The provider's words are not published.
    Rule {
        id: "thread_field_kept",
        scope: RuleScope::Provider,
        sources: &[GUIDE],
        words: "{at}: a request that continues a thread cannot change it",
        help: "leave `{}` out: the thread has that of the request that created it",
        rejected: r#"{"thread": {"type": "continue", "previous_message_id": "msg_1"}, "system": "Be brief."}"#,
        accepted: r#"{"thread": {"type": "continue", "previous_message_id": "msg_1"}, "system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1;"}]}"#,
        check: |body| {
            let is_prompt = |system: &BorrowedValue<'_>| match system.as_text() {
                Some(text) => !text.is_empty(),
                None => !system.items().all(&is_billing_header),
            };
            let field = if body.field("system").is_some_and(is_prompt) {
                "system"
            } else if !body.list("tools").is_empty() {
                "tools"
            } else {
                return None;
            };
            continues_thread(body).then(|| Violation::new(field, field))
        },
    },
];
