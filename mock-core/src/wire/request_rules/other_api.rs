//! Finds bodies and tools in the format of another API.

use super::Violation;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;

const GEMINI: &str = "Gemini";
const GEMINI_EMBEDDINGS: &str = "Gemini Embeddings";
const INTERACTIONS: &str = "Gemini Interactions";
const OLLAMA: &str = "Ollama";
const MESSAGES: &str = "Anthropic Messages";
const CHAT: &str = "OpenAI Chat Completions";
const RESPONSES: &str = "OpenAI Responses";

/// The APIs whose requests have an `input`, each with the fields that it alone has beside that.
const OF_INPUT: [(&str, &[&str]); 4] = [
    (
        INTERACTIONS,
        &[
            "generation_config",
            "previous_interaction_id",
            "system_instruction",
        ],
    ),
    (
        RESPONSES,
        &["instructions", "max_output_tokens", "previous_response_id"],
    ),
    ("OpenAI Embeddings", &["encoding_format"]),
    (OLLAMA, &["keep_alive", "options"]),
];

/// The fields that Anthropic's requests do not have, and some of the others that have `messages` do.
const NOT_OF_ANTHROPIC: [(&str, &[&str]); 2] = [
    (
        CHAT,
        &["max_completion_tokens", "response_format", "stream_options"],
    ),
    (OLLAMA, &["format", "keep_alive", "options", "think"]),
];

/// A violation at a field that is required and not there, if the body is in the format of another API: that API's name.
pub(in crate::wire) fn foreign_body(body: &BorrowedValue<'_>, required: &str) -> Option<Violation> {
    let format = format_of(body).filter(|_| !body.has(required))?;
    Some(Violation::new(required, format))
}

/// A violation at a field that only another API has beside `input`: that API's name. `own` is the API that the body is sent to.
pub(in crate::wire) fn foreign_field(body: &BorrowedValue<'_>, own: &str) -> Option<Violation> {
    let (format, field) = first_field(body, &OF_INPUT).filter(|(format, _)| *format != own)?;
    body.has("input").then(|| Violation::new(field, format))
}

/// A violation at `max_tokens` of Anthropic, if the messages are in the format of another API: that API's name.
pub(in crate::wire) fn foreign_messages(body: &BorrowedValue<'_>) -> Option<Violation> {
    let (format, _) = first_field(body, &NOT_OF_ANTHROPIC)?;
    let is_foreign = body.has("messages") && !body.has("max_tokens");
    is_foreign.then(|| Violation::new("max_tokens", format))
}

/// How an API describes a tool that is a function.
#[derive(Clone, Copy)]
pub(in crate::wire) enum ToolFormat {
    /// Chat Completions and Ollama: within `function`.
    Nested,
    /// Responses and Interactions: beside the `type`.
    Flat,
    /// Messages: with an `input_schema`.
    InputSchema,
    /// Gemini: in a list of declarations.
    Declarations,
}

impl ToolFormat {
    const ALL: [ToolFormat; 4] = [
        ToolFormat::Nested,
        ToolFormat::Declarations,
        ToolFormat::InputSchema,
        ToolFormat::Flat,
    ];

    /// Whether the fields of a tool are those of this format.
    fn fits(self, tool: &BorrowedValue<'_>) -> bool {
        match self {
            ToolFormat::Nested => matches!(tool.get("function"), Some(BorrowedValue::Object(_))),
            ToolFormat::Flat => tool.str("type") == Some("function") && tool.has("name"),
            ToolFormat::InputSchema => tool.has("input_schema"),
            ToolFormat::Declarations => {
                tool.has("functionDeclarations") || tool.has("function_declarations")
            }
        }
    }

    fn api(self) -> &'static str {
        match self {
            ToolFormat::Nested => CHAT,
            ToolFormat::Flat => RESPONSES,
            ToolFormat::InputSchema => MESSAGES,
            ToolFormat::Declarations => GEMINI,
        }
    }
}

/// A violation at the first tool that is in the format of another API: that API's name. `own` is the format of the API that the body is
/// sent to, and `at` says from the index of a tool what is wrong with it there, if anything is.
pub(in crate::wire) fn foreign_tool(
    body: &BorrowedValue<'_>,
    own: ToolFormat,
    at: &dyn Fn(usize, &BorrowedValue<'_>) -> Option<String>,
) -> Option<Violation> {
    for (index, tool) in body.list("tools").iter().enumerate() {
        if own.fits(tool) {
            continue;
        }
        let format = ToolFormat::ALL.find(&|format| format.fits(tool));
        if let Some(format) = format
            && let Some(at) = at(index, tool)
        {
            return Some(Violation::new(at, format.api()));
        }
    }
    None
}

/// The field of a tool that OpenAI misses first: the `type`, or the one where a function is described.
pub(in crate::wire) fn missing_of_tool(
    tool: &BorrowedValue<'_>,
    described: &str,
) -> Option<String> {
    match tool.str("type") {
        None => Some("type".to_owned()),
        Some("function") => Some(described.to_owned()),
        // Other kinds of tools belong to one API only.
        Some(_) => None,
    }
}

/// The first field that reveals an API, and that API.
fn first_field(
    body: &BorrowedValue<'_>,
    fields: &[(&'static str, &[&'static str])],
) -> Option<(&'static str, &'static str)> {
    fields.iter().find_map(|(format, names)| {
        let name = names.find(&|name| body.has(name))?;
        Some((*format, *name))
    })
}

/// The API whose format a body has.
fn format_of(body: &BorrowedValue<'_>) -> Option<&'static str> {
    let has = |names: &[&str]| names.any(&|name| body.has(name));
    if has(&["contents"]) {
        return Some(GEMINI);
    }
    // Interactions has the same fields, but only Gemini writes them in camelCase.
    if has(&["systemInstruction", "generationConfig"]) {
        return Some(match body.has("input") {
            true => INTERACTIONS,
            false => GEMINI,
        });
    }
    if has(&["requests", "content"]) {
        return Some(GEMINI_EMBEDDINGS);
    }
    if body.has("messages") {
        let model = body.str("model").unwrap_or_default();
        let of_anthropic = ["system", "anthropic_version", "stop_sequences", "thinking"];
        if has(&of_anthropic) || model.starts_with("claude") {
            return Some(MESSAGES);
        }
        let found = first_field(body, &NOT_OF_ANTHROPIC);
        return Some(found.map_or(CHAT, |(format, _)| format));
    }
    // The prompt of Ollama is a text. The stored prompt of Responses is an object.
    if body.str("prompt").is_some() {
        return Some(OLLAMA);
    }
    let found = first_field(body, &OF_INPUT).map_or(RESPONSES, |(format, _)| format);
    body.has("input").then_some(found)
}
