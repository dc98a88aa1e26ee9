//! Reads and writes finish reasons and usage.

use serde_json::{Map, Value};

use super::WIRE;
use super::extra_fields::PLACE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields};

pub(super) fn read_finish(reason: String) -> FinishReason {
    match reason.as_str() {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "tool_calls" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.into()),
    }
}

/// Reads the usage, and adds its extra fields to the metadata.
pub(super) fn read_usage(
    tree: BorrowedValue<'_>,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let path = Path::Body.key("usage");
    let mut fields = Fields::new(tree, &path)?;
    let prompt = fields.count("prompt_tokens")?.unwrap_or_default();
    let completion = fields.count("completion_tokens")?.unwrap_or_default();
    let mut usage = Usage::new(prompt, completion);
    let total = fields.count("total_tokens")?;

    let prompt_path = path.key("prompt_tokens_details");
    let mut details = fields.within("prompt_tokens_details", &prompt_path)?;
    usage.cache_read_tokens = details.count("cached_tokens")?.unwrap_or_default();
    usage.cache_write_tokens = details.count_above_zero("cache_write_tokens")?;
    fields.keep("prompt_tokens_details", details.rest_but_nulls());

    let completion_path = path.key("completion_tokens_details");
    let mut details = fields.within("completion_tokens_details", &completion_path)?;
    usage.reasoning_tokens = details.count("reasoning_tokens")?.unwrap_or_default();
    fields.keep("completion_tokens_details", details.rest_but_nulls());

    // xAI does not count the reasoning in the tokens of the completion.
    let is_apart = usage.reasoning_tokens > 0
        && total == usage.total_tokens().checked_add(usage.reasoning_tokens);
    if is_apart {
        usage.completion_tokens += usage.reasoning_tokens;
    }
    // Most providers send the sum of the two, which need not be kept.
    if let Some(total) = total.filter(|total| *total != usage.total_tokens()) {
        fields.keep("total_tokens", BorrowedValue::Number(total.into()));
    }

    fields.rest_to(metadata, "usage");
    Ok(usage)
}

/// Writes the usage. `completed` says whether it has the details that OpenAI has and a [`Usage`] does not, which are 0.
pub(super) fn write_counts(json: Json, usage: Usage, completed: bool) -> Json {
    let (audio, predicted) = match completed {
        true => (
            ",\"audio_tokens\":0",
            ",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0",
        ),
        false => ("", ""),
    };
    let written = match usage.cache_write_tokens {
        0 => None,
        tokens => Some(tokens),
    };
    json.raw("{\"prompt_tokens\":")
        .number(usage.prompt_tokens)
        .raw(",\"completion_tokens\":")
        .number(usage.completion_tokens)
        .raw(",\"total_tokens\":")
        .number(usage.total_tokens())
        .raw(",\"prompt_tokens_details\":{\"cached_tokens\":")
        .number(usage.cache_read_tokens)
        .when(written, |json, tokens| {
            json.raw(",\"cache_write_tokens\":").number(tokens)
        })
        .raw(audio)
        .raw("},\"completion_tokens_details\":{\"reasoning_tokens\":")
        .number(usage.reasoning_tokens)
        .raw(predicted)
        .raw("}}")
}

/// Writes the usage, if there is one, with `extra_fields`; `None` if there is nothing to write.
///
/// # Errors
/// If a extra field has another value than the usage.
pub(super) fn write_usage(
    usage: Option<Usage>,
    mut extra_fields: Map<String, Value>,
) -> Result<Option<Value>, WriteError> {
    if let Some(usage) = usage {
        let mut own = fields(write_counts(Json::new(), usage, false).tree());
        if extra_fields.contains_key("total_tokens") {
            own.remove("total_tokens");
        }
        WIRE.join_at(&mut extra_fields, own, "usage.", PLACE)?;
    }
    Ok((!extra_fields.is_empty()).then(|| extra_fields.into()))
}
