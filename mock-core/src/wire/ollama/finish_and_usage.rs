//! Reads and writes the end of an answer: the reason, the counts of tokens, the durations.

use serde_json::{Map, Value};

use super::WIRE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::search::Search;
use crate::wire::read::{Fields, ReadError};
use crate::wire::write::WriteError;

/// Nanoseconds in a millisecond.
const MILLISECOND: u64 = 1_000_000;

pub(super) fn read_reason(reason: String, has_calls: bool) -> FinishReason {
    match reason.as_str() {
        "stop" => FinishReason::stopped(has_calls),
        "length" => FinishReason::Length,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.into()),
    }
}

fn write_reason(reason: &FinishReason) -> &str {
    match reason {
        FinishReason::ToolCalls => "stop",
        reason => reason.as_str(),
    }
}

pub(super) fn read_usage(fields: &mut Fields<'_, '_>) -> Result<Option<Usage>, ReadError> {
    let prompt = fields.count("prompt_eval_count")?;
    let cached = fields.count("prompt_eval_cached_count")?;
    let answer = fields.count("eval_count")?;
    let is_there = prompt.is_some() || cached.is_some() || answer.is_some();
    let usage = Usage::new(prompt.unwrap_or_default(), answer.unwrap_or_default());
    Ok(is_there.then(|| usage.cache_read(cached.unwrap_or_default())))
}

/// The fields at the end of an answer, without the durations that are written elsewhere.
///
/// # Errors
/// If there are counts that this wire does not have.
pub(super) fn write_end(
    reason: Option<&FinishReason>,
    usage: Option<Usage>,
    extra: &Map<String, Value>,
    place: &'static str,
) -> Result<Map<String, Value>, WriteError> {
    let mut end = Map::new();
    end.insert("done".into(), true.into());
    if let Some(reason) = reason {
        end.insert("done_reason".into(), write_reason(reason).into());
    }
    let counted = usage.unwrap_or_default();
    for (name, duration) in durations(counted) {
        if extra.get(name).is_none_or(Value::is_null) {
            end.insert(name.into(), duration.into());
        }
    }
    let extra_fields = [
        (
            counted.cache_write_tokens,
            "tokens that are written to a cache",
        ),
        (counted.reasoning_tokens, "tokens of reasoning"),
    ];
    if let Some((_, what)) = extra_fields.find(&|(tokens, _)| *tokens > 0) {
        return Err(WIRE.no_place(what, place));
    }
    if usage.is_some() {
        end.insert("prompt_eval_count".into(), counted.prompt_tokens.into());
        if counted.cache_read_tokens > 0 {
            let cached = counted.cache_read_tokens.into();
            end.insert("prompt_eval_cached_count".into(), cached);
        }
        end.insert("eval_count".into(), counted.completion_tokens.into());
    }
    Ok(end)
}

/// How long an answer takes that does not say it, in nanoseconds: never 0, since clients divide by it.
pub(super) fn durations(usage: Usage) -> [(&'static str, u64); 4] {
    let load = MILLISECOND;
    let prompt = MILLISECOND.saturating_mul(usage.prompt_tokens.max(1));
    let answer = (10 * MILLISECOND).saturating_mul(usage.completion_tokens.max(1));
    let total = load.saturating_add(prompt).saturating_add(answer);
    [
        ("total_duration", total),
        ("load_duration", load),
        ("prompt_eval_duration", prompt),
        ("eval_duration", answer),
    ]
}
