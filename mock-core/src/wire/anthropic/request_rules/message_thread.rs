//! The field `thread` of a request: what it asks of a message thread.

use crate::wire::request_rules::{BodyChecks, Rule, RuleScope, broken, found_if};

const GUIDE: &str = "https://platform.claude.com/docs/en/build-with-claude/message-threads";

pub(super) const RULES: BodyChecks = &[
    (
        Rule {
            id: "thread_type",
            scope: RuleScope::Provider,
            sources: &[GUIDE],
            words: "{at}: Input tag '{}' found using 'type' does not match any of the expected tags: 'continue', 'create'",
            help: "",
            rejected: r#"{"thread": {"type": "resume"}}"#,
            accepted: r#"{"thread": {"type": "create"}}"#,
        },
        |body| {
            let thread = body.field("thread")?;
            let kind = Some(thread.str("type").unwrap_or_default());
            found_if(
                kind,
                |kind| !matches!(*kind, "create" | "continue"),
                "thread",
            )
        },
    ),
    (
        Rule {
            id: "thread_previous_message_id",
            scope: RuleScope::Provider,
            sources: &[GUIDE],
            words: "{at}: Field required",
            help: "name the answer that the request continues by its `id`",
            rejected: r#"{"thread": {"type": "continue"}}"#,
            accepted: r#"{"thread": {"type": "continue", "previous_message_id": "msg_1"}}"#,
        },
        |body| {
            let thread = body.field("thread")?;
            let continues = thread.str("type") == Some("continue");
            let lacks_id = continues && thread.str("previous_message_id").is_none();
            broken(lacks_id, "thread.continue.previous_message_id")
        },
    ),
];
