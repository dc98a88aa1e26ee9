//! Bodies in the format of another API.

use super::{Body, Violation};

/// A violation at a field that is required and not there, if the body is in the format of another API: that API's name.
pub(in crate::wire) fn foreign_body(body: &Body<'_>, required: &str) -> Option<Violation> {
    let format = format_of(body).filter(|_| !body.has(required))?;
    Some(Violation::new(required, format))
}

/// The API whose format a body has.
fn format_of(body: &Body<'_>) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().any(|name| body.has(name));
    if has(&["contents", "systemInstruction", "generationConfig"]) {
        return Some("Gemini");
    }
    if body.has("messages") {
        let model = body.str("model").unwrap_or_default();
        let of_anthropic = ["system", "anthropic_version", "stop_sequences", "thinking"];
        return Some(match has(&of_anthropic) || model.starts_with("claude") {
            true => "Anthropic Messages",
            false => "OpenAI Chat Completions",
        });
    }
    body.has("input").then_some("OpenAI Responses")
}
