//! Reads and writes the status of an interaction, which holds the finish reason, and its usage.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, add_missing, fields};

/// The statuses that no finish reason of the neutral types is.
const OTHERS: [&str; 4] = ["budget_exceeded", "cancelled", "failed", "queued"];

/// The code of the error of an answer that a filter stopped.
const BLOCKED: &str = "content_blocked";

/// Writes why the model stopped: the status, and the errors where it has some.
///
/// # Errors
/// If it is another reason than a status.
pub(super) fn write_status(
    reason: Option<&FinishReason>,
    place: &'static str,
) -> Result<(String, Option<Value>), WriteError> {
    let status = match reason {
        None => "in_progress",
        Some(FinishReason::Stop) => "completed",
        Some(FinishReason::ToolCalls) => "requires_action",
        Some(FinishReason::Length) => "incomplete",
        Some(FinishReason::ContentFilter) => return Ok(("failed".to_owned(), Some(errors()))),
        Some(FinishReason::Other(name)) if OTHERS.contains(&&**name) => name,
        Some(FinishReason::Other(name)) => {
            let what = format!("the finish reason `{name}`, which is not a status,");
            return Err(WIRE.no_place(&what, place));
        }
    };
    Ok((status.to_owned(), None))
}

fn errors() -> Value {
    json!([{ "code": BLOCKED, "message": "The answer was blocked by a content filter." }])
}

/// Reads why the model stopped, from the fields of an interaction.
pub(super) fn read_status(fields: &mut Fields<'_, '_>) -> Result<Option<FinishReason>, ReadError> {
    let status = fields.text("status")?;
    let is_blocked = match fields.peek("errors") {
        Some(BorrowedValue::List(list)) => list.any(&|error| error.str("code") == Some(BLOCKED)),
        _ => false,
    };
    Ok(match status.as_deref() {
        None | Some("in_progress") => None,
        Some("completed") => Some(FinishReason::Stop),
        Some("requires_action") => Some(FinishReason::ToolCalls),
        Some("incomplete") => Some(FinishReason::Length),
        Some("failed") if is_blocked => {
            fields.take("errors");
            Some(FinishReason::ContentFilter)
        }
        Some(other) => Some(FinishReason::Other(other.to_owned().into())),
    })
}

/// The field that holds a usage.
pub(super) const USAGE: &str = "usage";

/// The names of the counts.
const INPUT: &str = "total_input_tokens";
const CACHED: &str = "total_cached_tokens";
const OUTPUT: &str = "total_output_tokens";
const THOUGHT: &str = "total_thought_tokens";
const TOOLS: &str = "total_tool_use_tokens";
const TOTAL: &str = "total_tokens";

/// Reads a usage, and adds its extra fields to the metadata.
pub(super) fn read_usage(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let input = fields.count(INPUT)?.unwrap_or_default();
    let cached = fields.count(CACHED)?.unwrap_or_default();
    let output = fields.count(OUTPUT)?.unwrap_or_default();
    let thought = fields.count(THOUGHT)?.unwrap_or_default();
    let usage = Usage::new(input, output.saturating_add(thought));
    let usage = usage.cache_read(cached).reasoning(thought);
    let tools = fields.count(TOOLS)?;
    if let Some(tools) = tools.filter(|tools| *tools > 0) {
        fields.keep(TOOLS, Value::from(tools));
    }
    if let Some(total) = fields.count(TOTAL)?
        && total != usage.total_tokens()
    {
        fields.keep(TOTAL, Value::from(total));
    }
    fields.rest_to(metadata, USAGE);
    Ok(usage)
}

/// Writes a usage. `extra_fields` are its fields in the metadata: counts that the neutral type does not have.
///
/// # Errors
/// If it has a count that this wire has no place for.
pub(super) fn write_usage(
    usage: Usage,
    extra_fields: Option<&Value>,
) -> Result<Map<String, Value>, WriteError> {
    let place = "usage";
    if usage.cache_write_tokens > 0 {
        return Err(WIRE.no_place("tokens written to the cache", place));
    }
    let output = usage
        .completion_tokens
        .checked_sub(usage.reasoning_tokens)
        .ok_or_else(|| WIRE.no_place("more tokens of reasoning than of the answer", place))?;
    let mut written = fields(json!({
        INPUT: usage.prompt_tokens, CACHED: usage.cache_read_tokens, OUTPUT: output,
        THOUGHT: usage.reasoning_tokens, TOOLS: 0, TOTAL: usage.total_tokens(),
    }));
    for name in [TOOLS, TOTAL] {
        if extra_fields.is_some_and(|extra_fields| !extra_fields[name].is_null()) {
            written.remove(name);
        }
    }
    Ok(written)
}

/// Adds to an answer what the provider sends with each.
pub(super) fn complete(body: &mut Map<String, Value>) {
    body.entry("service_tier")
        .or_insert_with(|| "standard".into());
    if let Some(usage) = body.get_mut(USAGE) {
        let modality = json!({ "modality": "text", "tokens": usage[INPUT] });
        add_missing(
            usage,
            fields(json!({ "input_tokens_by_modality": [modality] })),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_determines_the_finish_reason() {
        for reason in [
            None,
            Some(FinishReason::Stop),
            Some(FinishReason::ToolCalls),
            Some(FinishReason::Length),
            Some(FinishReason::ContentFilter),
            Some(FinishReason::Other("failed".into())),
            Some(FinishReason::Other("cancelled".into())),
        ] {
            let (status, errors) = write_status(reason.as_ref(), "an answer").expect("a status");
            let body = json!({ "status": status, "errors": errors });
            let mut fields = Fields::new(body, &Path::Body).expect("an object");
            assert_eq!(read_status(&mut fields), Ok(reason));
        }
    }
}
