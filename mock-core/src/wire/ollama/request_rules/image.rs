//! Images, which must be plain base64.

use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Check, Piece, Rule, RuleScope, Violation, illegal_byte};

fn first_illegal(images: &[BorrowedValue<'_>], place: &str) -> Option<Violation> {
    let mut images = images.iter().enumerate();
    images.find_map(|(index, image)| {
        let at = illegal_byte(image.as_text()?, &[])?;
        Some(Violation::new(
            format!("{place}images[{index}]"),
            at.to_string(),
        ))
    })
}

fn in_messages(body: &Piece<'_>) -> Option<Violation> {
    let mut messages = body.list("messages").iter().enumerate();
    messages.find_map(|(index, message)| {
        let place = format!("messages[{index}].");
        first_illegal(message.list("images"), &place)
    })
}

const fn rule(rejected: &'static str, accepted: &'static str, check: Check) -> Rule {
    Rule {
        id: "image_base64",
        scope: RuleScope::Everywhere,
        sources: &["BerriAI/litellm#18338", "ollama/ollama-js#68"],
        words: "illegal base64 data at input byte {}",
        help: "send images as plain base64, not as URLs",
        rejected,
        accepted,
        check,
    }
}

pub(super) const OF_MESSAGES: &[Rule] = &[rule(
    r#"{"messages": [{"role": "user", "content": "hi", "images": ["data:image/png;base64,iVBORw0KGgo="]}]}"#,
    r#"{"messages": [{"role": "user", "content": "hi", "images": ["iVBORw0KGgo="]}]}"#,
    in_messages,
)];

pub(in crate::wire::ollama) const OF_PROMPT: &[Rule] = &[rule(
    r#"{"images": ["https://example.com/cat.png"]}"#,
    r#"{"images": ["iVBORw0KGgo="]}"#,
    |body| first_illegal(body.list("images"), ""),
)];
