//! The extra fields of a streamed answer, by the chunk that they come with: [`StreamedExtraFields`].

use serde_json::{Map, Value};

use super::WIRE;
use super::extra_fields::{ExtraFields, PLACE};
use super::further_choices;
use super::logprobs::Logprobs;
use crate::chat::response::{Once, Response};
use crate::wire::write::WriteError;

/// The extra fields of an answer, by the chunk that they come with.
#[derive(Debug, Clone)]
pub(super) struct StreamedExtraFields {
    /// With the pieces of text.
    pub(super) logprobs: Option<Logprobs>,
    /// In a delta of their own, before the finish reason.
    pub(super) message: Map<String, Value>,
    /// With the finish reason.
    pub(super) choice: Map<String, Value>,
    /// With the usage.
    pub(super) usage: Map<String, Value>,
    /// How many choices there are that are not the first, and the chunks of these, before the usage.
    pub(super) choices: usize,
    pub(super) others: Vec<Value>,
    /// With the first frame, and with the last.
    pub(super) at_start: Map<String, Value>,
    pub(super) at_end: Map<String, Value>,
}

impl StreamedExtraFields {
    fn from_extra_fields(mut extra_fields: ExtraFields) -> Result<Self, WriteError> {
        // The deltas already contain these fields.
        for &own in &[
            "role",
            "content",
            "refusal",
            "reasoning_content",
            "tool_calls",
        ] {
            if extra_fields
                .message
                .remove(own)
                .is_some_and(|value| !is_empty(&value))
            {
                return Err(WIRE.duplicate_value(&format!("choices[0].message.{own}"), PLACE));
            }
        }
        let logprobs = match extra_fields.choice.remove("logprobs") {
            Some(Value::Object(logprobs)) => Some(Logprobs::new(logprobs)),
            Some(other) => {
                extra_fields.choice.insert("logprobs".into(), other);
                None
            }
            None => None,
        };
        Ok(StreamedExtraFields {
            logprobs,
            message: extra_fields.message,
            choice: extra_fields.choice,
            usage: extra_fields.usage,
            choices: extra_fields.choices.len(),
            others: Vec::new(),
            at_start: Map::new(),
            at_end: Map::new(),
        })
    }
}

/// The extra fields of each chunk, and those of single chunks.
pub(super) fn with_extra_fields(
    head: &Response,
    own: &Map<String, Value>,
) -> Result<(Map<String, Value>, StreamedExtraFields), WriteError> {
    let mut extra_fields = ExtraFields::from_response(head)?;
    let (mut at_start, mut at_end) = (Map::new(), Map::new());
    let mut chunk = Map::new();
    for (name, value) in std::mem::take(&mut extra_fields.body) {
        let fields = match head.once(&name) {
            None => &mut chunk,
            Some(Once::AtStart) => &mut at_start,
            Some(Once::AtEnd) => &mut at_end,
        };
        fields.insert(name, value);
    }
    WIRE.join(&mut chunk, own.clone(), PLACE)?;
    let others = further_choices::chunks(&extra_fields.choices, head.noted_chunks());
    let mut streamed = StreamedExtraFields::from_extra_fields(extra_fields)?;
    streamed.others = others;
    (streamed.at_start, streamed.at_end) = (at_start, at_end);
    Ok((chunk, streamed))
}

/// Whether a field is `null`, an empty text or an empty list.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
