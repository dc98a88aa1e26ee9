//! The fields that an answer has in addition to those of the wire, by their place: [`ExtraFields`].

use serde_json::{Map, Value};

use super::WIRE;
use crate::chat::response::Response;
use crate::wire::write::WriteError;

pub(super) const PLACE: &str = "an answer";

/// The extra fields of an answer's metadata and message.
#[derive(Debug, Clone, Default)]
pub(super) struct ExtraFields {
    /// Fields of the answer.
    pub(super) body: Map<String, Value>,
    /// Fields of its usage.
    pub(super) usage: Map<String, Value>,
    /// Fields of its first choice.
    pub(super) choice: Map<String, Value>,
    /// Fields of the message in the first choice.
    pub(super) message: Map<String, Value>,
    /// The other choices.
    pub(super) choices: Vec<Value>,
}

impl ExtraFields {
    /// # Errors
    /// If the answer is not the model's, if its message has a name, or if what has to be an object or a list is not.
    pub(super) fn from_response(response: &Response) -> Result<Self, WriteError> {
        let message = &response.message;
        WIRE.check_answer(message)?;
        let mut body = response.metadata.clone();
        let usage = object(body.remove("usage"), "usage")?;
        let mut choices = match body.remove("choices") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(choices)) => choices,
            Some(_) => return Err(WIRE.no_place("`choices` that are not a list", PLACE)),
        };
        let first = (!choices.is_empty()).then(|| choices.remove(0));
        let mut choice = object(first, "choices[0]")?;
        let known = choice.remove("message");
        let mut message = object(known, "choices[0].message")?;
        WIRE.join(&mut message, response.message.extra.clone(), PLACE)?;
        Ok(ExtraFields {
            body,
            usage,
            choice,
            message,
            choices,
        })
    }
}

/// The fields of a value that has to be an object, or is not there.
fn object(value: Option<Value>, path: &str) -> Result<Map<String, Value>, WriteError> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(WIRE.no_place(&format!("`{path}` that is not an object"), PLACE)),
    }
}
