//! Reads and writes the status of an answer, which holds the finish reason, and its usage.

use serde_json::{Map, Value};

use super::WIRE;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields};

const COMPLETED: &str = "completed";
const INCOMPLETE: &str = "incomplete";
pub(super) const FAILED: &str = "failed";

/// The statuses that do not end an answer that this library makes.
const OTHERS: [&str; 4] = [FAILED, "cancelled", "in_progress", "queued"];

/// A status, and the reason why the answer is incomplete, if there is one.
#[derive(Clone, Copy)]
pub(super) struct Status<'r> {
    pub(super) name: &'r str,
    pub(super) reason: Option<&'r str>,
}

impl<'r> Status<'r> {
    pub(super) fn new(reason: Option<&'r FinishReason>) -> Self {
        let incomplete = |reason| Status {
            name: INCOMPLETE,
            reason,
        };
        match reason {
            None => incomplete(None),
            Some(FinishReason::Stop | FinishReason::ToolCalls) => Status {
                name: COMPLETED,
                reason: None,
            },
            Some(FinishReason::Length) => incomplete(Some("max_output_tokens")),
            Some(FinishReason::ContentFilter) => incomplete(Some("content_filter")),
            Some(FinishReason::Other(name)) if OTHERS.contains(&&**name) => {
                Status { name, reason: None }
            }
            Some(FinishReason::Other(reason)) => incomplete(Some(reason)),
        }
    }

    /// The status of an item of the answer.
    pub(super) fn for_item(self, is_last: bool) -> &'r str {
        match is_last && self.name != COMPLETED {
            true => match self.name {
                "in_progress" | "queued" => "in_progress",
                _ => INCOMPLETE,
            },
            false => COMPLETED,
        }
    }

    pub(super) fn is_completed(self) -> bool {
        self.name == COMPLETED
    }

    /// The event with which a stream ends so.
    pub(super) fn event(self) -> &'static str {
        match self.name {
            COMPLETED => "response.completed",
            FAILED => "response.failed",
            _ => "response.incomplete",
        }
    }

    /// The finish reason; of a complete answer it depends on whether there are `calls`.
    pub(super) fn read(self, calls: bool) -> Option<FinishReason> {
        match (self.name, self.reason) {
            (COMPLETED, _) => Some(FinishReason::stopped(calls)),
            (INCOMPLETE, None) => None,
            (INCOMPLETE, Some("max_output_tokens")) => Some(FinishReason::Length),
            (INCOMPLETE, Some("content_filter")) => Some(FinishReason::ContentFilter),
            (INCOMPLETE, Some(reason)) => Some(FinishReason::Other(reason.to_owned().into())),
            (name, _) => Some(FinishReason::Other(name.to_owned().into())),
        }
    }
}

/// Reads the usage, and adds its extra fields to the metadata.
pub(super) fn read_usage(
    tree: BorrowedValue<'_>,
    metadata: &mut Map<String, Value>,
) -> Result<Usage, ReadError> {
    let path = Path::Body.key("usage");
    let mut fields = Fields::new(tree, &path)?;
    let input = fields.count("input_tokens")?.unwrap_or_default();
    let output = fields.count("output_tokens")?.unwrap_or_default();
    let mut usage = Usage::new(input, output);
    // Leave out the total, which is computed.
    fields.count("total_tokens")?;

    let input_path = path.key("input_tokens_details");
    let mut details = fields.within("input_tokens_details", &input_path)?;
    usage.cache_read_tokens = details.count("cached_tokens")?.unwrap_or_default();
    usage.cache_write_tokens = details.count("cache_write_tokens")?.unwrap_or_default();
    fields.keep("input_tokens_details", details.rest_but_nulls());

    let output_path = path.key("output_tokens_details");
    let mut details = fields.within("output_tokens_details", &output_path)?;
    usage.reasoning_tokens = details.count("reasoning_tokens")?.unwrap_or_default();
    fields.keep("output_tokens_details", details.rest_but_nulls());

    fields.rest_to(metadata, "usage");
    Ok(usage)
}

/// Writes the usage.
pub(super) fn write_counts(json: Json, usage: Usage) -> Json {
    json.raw("{\"input_tokens\":")
        .number(usage.prompt_tokens)
        .raw(",\"input_tokens_details\":{\"cache_write_tokens\":")
        .number(usage.cache_write_tokens)
        .raw(",\"cached_tokens\":")
        .number(usage.cache_read_tokens)
        .raw("},\"output_tokens\":")
        .number(usage.completion_tokens)
        .raw(",\"output_tokens_details\":{\"reasoning_tokens\":")
        .number(usage.reasoning_tokens)
        .raw("},\"total_tokens\":")
        .number(usage.total_tokens())
        .raw("}")
}

/// Writes the usage with `extra_fields`; `null` if there is nothing to write.
///
/// # Errors
/// If a extra field has another value than the usage.
pub(super) fn write_usage(
    json: Json,
    usage: Option<Usage>,
    extra_fields: &Map<String, Value>,
) -> Result<Json, WriteError> {
    if extra_fields.is_empty() {
        return Ok(match usage {
            Some(usage) => write_counts(json, usage),
            None => json.raw("null"),
        });
    }
    let mut all = extra_fields.clone();
    if let Some(usage) = usage {
        let own = fields(write_counts(Json::new(), usage).tree());
        WIRE.join_at(&mut all, own, "usage.", "an answer")?;
    }
    Ok(json.value(&all.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_determines_the_finish_reason() {
        for (reason, calls) in [
            (None, false),
            (Some(FinishReason::Stop), false),
            (Some(FinishReason::ToolCalls), true),
            (Some(FinishReason::Length), false),
            (Some(FinishReason::ContentFilter), true),
            (Some(FinishReason::Other("max_messages".into())), false),
            (Some(FinishReason::Other("failed".into())), false),
            (Some(FinishReason::Other("in_progress".into())), false),
        ] {
            let status = Status::new(reason.as_ref());
            assert_eq!(status.read(calls), reason);
        }
    }
}
