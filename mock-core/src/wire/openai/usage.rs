//! Finish reasons and usage.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::finish::{FinishReason, Usage};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{fields, merge, tree};

pub(super) fn read_finish(reason: String) -> FinishReason {
    match reason.as_str() {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "tool_calls" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other(reason.into()),
    }
}

/// Reads the usage, and puts what is left of it to the metadata.
pub(super) fn read_usage(
    value: Value,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let path = Path::Body.key("usage");
    let mut fields = Fields::of(value, &path)?;
    let prompt = fields.count("prompt_tokens")?.unwrap_or_default();
    let completion = fields.count("completion_tokens")?.unwrap_or_default();
    let mut usage = Usage::new(prompt, completion);
    // It is the sum of the two.
    fields.count("total_tokens")?;

    let prompt_path = path.key("prompt_tokens_details");
    let mut details = fields.within("prompt_tokens_details", &prompt_path)?;
    usage.cache_read_tokens = details.count("cached_tokens")?.unwrap_or_default();
    usage.cache_write_tokens = details.count("cache_write_tokens")?.unwrap_or_default();
    fields.keep("prompt_tokens_details", details.rest());

    let completion_path = path.key("completion_tokens_details");
    let mut details = fields.within("completion_tokens_details", &completion_path)?;
    usage.reasoning_tokens = details.count("reasoning_tokens")?.unwrap_or_default();
    fields.keep("completion_tokens_details", details.rest());

    let rest = fields.rest();
    if !rest.is_empty() {
        metadata.insert("usage".into(), rest.into());
    }
    Ok(usage)
}

/// The usage as the provider writes it.
#[derive(Serialize)]
pub(super) struct Counts {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: PromptDetails,
    completion_tokens_details: CompletionDetails,
}

#[derive(Serialize)]
struct PromptDetails {
    cached_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    cache_write_tokens: u64,
}

#[derive(Serialize)]
struct CompletionDetails {
    reasoning_tokens: u64,
}

fn is_zero(tokens: &u64) -> bool {
    *tokens == 0
}

impl From<Usage> for Counts {
    fn from(usage: Usage) -> Self {
        Counts {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.total_tokens(),
            prompt_tokens_details: PromptDetails {
                cached_tokens: usage.cache_read_tokens,
                cache_write_tokens: usage.cache_write_tokens,
            },
            completion_tokens_details: CompletionDetails {
                reasoning_tokens: usage.reasoning_tokens,
            },
        }
    }
}

/// Writes the usage, with what the metadata knows of it.
pub(super) fn write_usage(usage: Usage, metadata: &Map<String, Value>) -> Value {
    let known = metadata.get("usage").and_then(Value::as_object);
    let mut written = known.cloned().unwrap_or_default();
    merge(&mut written, fields(tree(&Counts::from(usage))));
    written.into()
}
