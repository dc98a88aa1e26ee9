//! Reads and writes stop reasons, the explanation of a refusal, and usage.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, split};

/// Reads why the model stopped. A refusal with an explanation does not come from a filter.
pub(super) fn read_stop(reason: String, explained: bool) -> FinishReason {
    match reason.as_str() {
        "end_turn" => FinishReason::Stop,
        "max_tokens" => FinishReason::Length,
        "tool_use" => FinishReason::ToolCalls,
        "refusal" if explained => FinishReason::Stop,
        "refusal" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.into()),
    }
}

pub(super) fn write_stop(reason: &FinishReason, has_refusal: bool) -> &str {
    match reason {
        FinishReason::Stop | FinishReason::ContentFilter if has_refusal => "refusal",
        FinishReason::Stop => "end_turn",
        FinishReason::Length => "max_tokens",
        FinishReason::ToolCalls => "tool_use",
        FinishReason::ContentFilter => "refusal",
        FinishReason::Other(name) => name,
    }
}

/// Takes the explanation of a refusal. Other details of the stop are added to the metadata.
pub(super) fn read_stop_details(
    fields: &mut Fields<'_, '_>,
    metadata: &mut Map<String, Value>,
) -> Result<Option<String>, ReadError> {
    let path = fields.path.key("stop_details");
    let mut details = fields.within("stop_details", &path)?;
    let explanation = details.text("explanation")?;
    let rest = details.rest_but_nulls();
    if rest.keys().any(|key| key != "type") {
        metadata.insert("stop_details".into(), rest.into());
    }
    Ok(explanation)
}

/// The details of the stop: the explanation of a refusal.
pub(super) fn write_stop_details(refusal: Option<&str>) -> Option<Value> {
    let details =
        |explanation| json!({ "type": "refusal", "category": null, "explanation": explanation });
    refusal.map(details)
}

/// Takes the tokens of a usage.
pub(super) fn read_usage(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let mut take = |name| -> Result<u64, ReadError> { Ok(fields.count(name)?.unwrap_or_default()) };
    let input = take("input_tokens")?;
    let write = take("cache_creation_input_tokens")?;
    let read = take("cache_read_input_tokens")?;
    let output = take("output_tokens")?;
    let prompt = input.saturating_add(write).saturating_add(read);
    let usage = Usage::new(prompt, output)
        .cache_read(read)
        .cache_write(write);

    let details_path = path.key("output_tokens_details");
    let mut details = fields.within("output_tokens_details", &details_path)?;
    let thinking = details.count_above_zero("thinking_tokens")?;
    fields.keep("output_tokens_details", details.rest_but_nulls());
    fields.rest_to(metadata, "usage");
    Ok(usage.reasoning(thinking))
}

/// Which of its fields a usage has: each of them, as the provider's schema requires, `null` where there is nothing to say.
#[derive(Clone, Copy)]
pub(super) enum UsageFields {
    /// The fields of a whole answer and of the first event of a stream.
    Message,
    /// The same, with the values that the provider sends.
    Completed,
    /// The fields of the last event of a stream.
    Delta,
}

/// The fields that only [`UsageFields::Message`] has.
const OF_MESSAGE: [&str; 3] = ["cache_creation", "inference_geo", "service_tier"];

/// Splits the extra fields of a usage into those of the beginning of a stream and those of its end.
pub(super) fn split_extra_fields(
    extra_fields: Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    split(extra_fields, &|name| OF_MESSAGE.contains(&name))
}

/// Writes a usage.
///
/// # Errors
/// If more tokens are of the cache than there are.
pub(super) fn write_counts(
    json: Json,
    usage: Usage,
    fields: UsageFields,
) -> Result<Json, WriteError> {
    let cached = usage
        .cache_read_tokens
        .checked_add(usage.cache_write_tokens);
    let input = cached.and_then(|cached| usage.prompt_tokens.checked_sub(cached));
    let input =
        input.ok_or_else(|| WIRE.no_place("more cached tokens than prompt tokens", "usage"))?;
    let json = json
        .raw("{\"input_tokens\":")
        .number(input)
        .raw(",\"cache_creation_input_tokens\":")
        .number(usage.cache_write_tokens)
        .raw(",\"cache_read_input_tokens\":")
        .number(usage.cache_read_tokens)
        .raw(",\"output_tokens\":")
        .number(usage.completion_tokens)
        .raw(",\"output_tokens_details\":");
    let json = match usage.reasoning_tokens {
        0 => json.raw("null"),
        tokens => json.raw("{\"thinking_tokens\":").number(tokens).raw("}"),
    };
    let json = json.raw(",\"server_tool_use\":null");
    Ok(match fields {
        UsageFields::Message => OF_MESSAGE
            .iter()
            .fold(json, |json, name| json.raw(",").text(name).raw(":null")),
        UsageFields::Completed => json
            .raw(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":")
            .number(usage.cache_write_tokens)
            .raw(",\"ephemeral_1h_input_tokens\":0},\"inference_geo\":\"global\"")
            .raw(",\"service_tier\":\"standard\""),
        UsageFields::Delta => json,
    }
    .raw("}"))
}

/// Gives the fields of a usage that are `null` the values of [`UsageFields::Completed`].
pub(super) fn complete_usage(usage: &mut Value) {
    let written = usage["cache_creation_input_tokens"].clone();
    for (name, value) in [
        (
            "cache_creation",
            json!({ "ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0 }),
        ),
        ("inference_geo", "global".into()),
        ("service_tier", "standard".into()),
    ] {
        if usage[name].is_null() {
            usage[name] = value;
        }
    }
}

/// A usage as an object; zeros if there is none, as the wire requires one.
///
/// # Errors
/// If more tokens are of the cache than there are.
pub(super) fn write_usage(usage: Option<Usage>, fields: UsageFields) -> Result<Value, WriteError> {
    Ok(write_counts(Json::new(), usage.unwrap_or_default(), fields)?.tree())
}
