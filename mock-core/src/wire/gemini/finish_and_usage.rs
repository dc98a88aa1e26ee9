//! Reads and writes finish reasons and usage.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, add_missing, fields};

/// Reads why the model stopped. A refusal with an explanation does not come from a filter.
pub(super) fn read_finish(reason: String, has_calls: bool, explained: bool) -> FinishReason {
    match reason.as_str() {
        "STOP" => FinishReason::stopped(has_calls),
        "MAX_TOKENS" => FinishReason::Length,
        "SAFETY" if explained => FinishReason::Stop,
        "SAFETY" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.into()),
    }
}

/// Writes why the model stopped.
///
/// # Errors
/// If the answer has a refusal and stops for another reason.
pub(super) fn write_finish<'r>(
    reason: Option<&'r FinishReason>,
    refusal: Option<&str>,
    place: &'static str,
) -> Result<Option<&'r str>, WriteError> {
    if refusal.is_some() {
        return match reason {
            Some(FinishReason::Stop | FinishReason::ContentFilter) => Ok(Some("SAFETY")),
            reason => {
                let reason = reason.map_or("none", FinishReason::as_str);
                let what = format!("a refusal with the finish reason `{reason}`");
                Err(WIRE.no_place(&what, place))
            }
        };
    }
    Ok(reason.map(|reason| match reason {
        FinishReason::Stop | FinishReason::ToolCalls => "STOP",
        FinishReason::Length => "MAX_TOKENS",
        FinishReason::ContentFilter => "SAFETY",
        FinishReason::Other(name) => name,
    }))
}

/// Takes the explanation of a refusal.
pub(super) fn read_refusal(candidate: &mut Fields<'_, '_>) -> Result<Option<String>, ReadError> {
    match candidate
        .peek("finishReason")
        .and_then(BorrowedValue::as_text)
    {
        Some("SAFETY") => candidate.text("finishMessage"),
        _ => Ok(None),
    }
}

/// The names of the counts.
const PROMPT: &str = "promptTokenCount";
const CACHED: &str = "cachedContentTokenCount";
const CANDIDATES: &str = "candidatesTokenCount";
const THOUGHTS: &str = "thoughtsTokenCount";
const TOTAL: &str = "totalTokenCount";

/// Reads a usage, and adds its extra fields to the metadata.
pub(super) fn read_usage(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let prompt = fields.count(PROMPT)?.unwrap_or_default();
    let cached = fields.count_above_zero(CACHED)?;
    let answer = fields.count(CANDIDATES)?.unwrap_or_default();
    let thoughts = fields.count_above_zero(THOUGHTS)?;
    let usage = Usage::new(prompt, answer.saturating_add(thoughts));
    let usage = usage.cache_read(cached).reasoning(thoughts);
    if let Some(total) = fields.count(TOTAL)?
        && total != usage.total_tokens()
    {
        fields.keep(TOTAL, Value::from(total));
    }
    fields.rest_to(metadata, USAGE);
    Ok(usage)
}

/// The field that holds a usage.
pub(super) const USAGE: &str = "usageMetadata";

/// Writes a usage. `extra_fields` are its fields in the metadata, such as a total that is not the sum of the counts.
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
    let answer = usage
        .completion_tokens
        .checked_sub(usage.reasoning_tokens)
        .ok_or_else(|| WIRE.no_place("more tokens of reasoning than of the answer", place))?;
    let mut written = fields(json!({ PROMPT: usage.prompt_tokens, CANDIDATES: answer }));
    for (name, tokens) in [
        (CACHED, usage.cache_read_tokens),
        (THOUGHTS, usage.reasoning_tokens),
    ] {
        if tokens > 0 {
            written.insert(name.into(), tokens.into());
        }
    }
    if extra_fields.is_none_or(|extra_fields| extra_fields[TOTAL].is_null()) {
        written.insert(TOTAL.into(), usage.total_tokens().into());
    }
    Ok(written)
}

/// Adds to an answer what the provider sends with each usage. A frame without a usage gets that of the answer so far.
pub(super) fn complete_usage(body: &mut Map<String, Value>, so_far: Option<Usage>) {
    let counts = so_far.and_then(|usage| write_usage(usage, body.get(USAGE)).ok());
    if !body.contains_key(USAGE) && counts.is_none() {
        return;
    }
    let usage = body.entry(USAGE).or_insert_with(|| Map::new().into());
    add_missing(usage, counts.unwrap_or_default());
    if let Some(tokens) = usage.get(PROMPT).cloned() {
        let modality = json!({ "modality": "TEXT", "tokenCount": tokens });
        let more = json!({ "promptTokensDetails": [modality], "serviceTier": "standard" });
        add_missing(usage, fields(more));
    }
}
