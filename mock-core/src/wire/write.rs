//! Writes JSON field by field: [`WriteError`], and how fields are put together.

use std::fmt;

use serde_core::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::chat::event::StreamEvent;
use crate::chat::message::{Message, Part, Role};
use crate::chat::request::Request;
use crate::chat::response::Response;

/// The reason why something cannot be written as the provider would send it, and what to do.
///
/// ```
/// use mock_core::{Response, StreamEvent, wire::{WriteError, anthropic}};
///
/// let mut response = Response::new("msg_1", "claude");
/// response.push(StreamEvent::ToolCallStart { index: 0, id: "toolu_1".into(), name: "get_time".into(), extra: None });
/// response.push(StreamEvent::ToolCallDelta { index: 0, arguments: "{\"city\": \"Par".into() });
///
/// let error = anthropic::write_response(&response, 0).unwrap_err();
/// assert!(matches!(error, WriteError::Arguments { .. }), "half an object can be streamed only");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteError {
    /// The provider has no place for it.
    NoPlace {
        /// The wire's name.
        wire: &'static str,
        /// What has no place.
        what: String,
        /// In what it has no place, such as an answer.
        place: &'static str,
    },
    /// The arguments of a tool call are not JSON, and this wire holds them as JSON.
    Arguments {
        /// The wire's name.
        wire: &'static str,
        /// The call's id.
        id: String,
    },
    /// An event comes at a point of the stream where this wire cannot have it.
    Order {
        /// The wire's name.
        wire: &'static str,
        /// The event's name.
        event: &'static str,
        /// The point of the stream.
        place: &'static str,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::NoPlace { wire, what, place } => write!(
                f,
                "{wire} has no place for {what} in {place}: leave it out, or speak another wire"
            ),
            WriteError::Arguments { wire, id } => write!(
                f,
                "the arguments of the tool call `{id}` are not JSON, which {wire} can only stream: stream the answer, or give arguments that are JSON"
            ),
            WriteError::Order { wire, event, place } => write!(
                f,
                "{wire} can have no {event} {place}: change the order of the events"
            ),
        }
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for WriteError {}

/// The text of an answer to a request whose path is not that of a wire.
///
/// # Errors
/// If the answer has anything else.
pub(crate) fn write_text(response: &Response) -> Result<Vec<u8>, WriteError> {
    let mut parts = response.message.parts.iter();
    match parts.find(|part| !matches!(part, Part::Text(_))) {
        None => Ok(response.text().into_owned().into_bytes()),
        Some(part) => Err(WriteError::NoPlace {
            wire: "a request of no wire",
            what: part.name().to_owned(),
            place: "its answer, which is text or JSON",
        }),
    }
}

/// The name of a wire, as its errors say it.
#[derive(Clone, Copy)]
pub(super) struct WireName(pub(super) &'static str);

impl WireName {
    /// The error of what the wire has no place for.
    pub(super) fn no_place(self, what: &str, place: &'static str) -> WriteError {
        WriteError::NoPlace {
            wire: self.0,
            what: what.to_owned(),
            place,
        }
    }

    /// The error of a field that extra fields give another value than the one that it has.
    pub(super) fn duplicate_value(self, path: &str, place: &'static str) -> WriteError {
        self.no_place(&format!("a second value of `{path}`"), place)
    }

    /// The error of an event that cannot come at this point of a stream.
    pub(super) fn out_of_order(self, event: &StreamEvent, place: &'static str) -> WriteError {
        WriteError::Order {
            wire: self.0,
            event: event.name(),
            place,
        }
    }

    /// Merges fields of the wire with the extra fields, as [`join`] does.
    ///
    /// # Errors
    /// If a field has two different values.
    pub(super) fn join(
        self,
        extra_fields: &mut Map<String, Value>,
        own: Map<String, Value>,
        place: &'static str,
    ) -> Result<(), WriteError> {
        self.join_at(extra_fields, own, "", place)
    }

    /// The same for fields whose paths begin with `at`.
    pub(super) fn join_at(
        self,
        extra_fields: &mut Map<String, Value>,
        own: Map<String, Value>,
        at: &str,
        place: &'static str,
    ) -> Result<(), WriteError> {
        match join(extra_fields, own) {
            Err(path) => Err(self.duplicate_value(&[at, &path].concat(), place)),
            Ok(()) => Ok(()),
        }
    }

    /// Adds extra fields to those of the wire.
    ///
    /// # Errors
    /// If a field has two different values.
    pub(super) fn add_extra(
        self,
        own: &mut Map<String, Value>,
        extra: &Map<String, Value>,
        place: &'static str,
    ) -> Result<(), WriteError> {
        let mut all = extra.clone();
        self.join(&mut all, std::mem::take(own), place)?;
        *own = all;
        Ok(())
    }

    /// # Errors
    /// If the message of an answer is not the model's, or has a name.
    pub(super) fn check_answer(self, message: &Message) -> Result<(), WriteError> {
        let what = match (message.role, &message.name) {
            (Role::Assistant, None) => return Ok(()),
            (Role::Assistant, Some(_)) => "a name",
            _ => "a role that is not `assistant`",
        };
        Err(self.no_place(what, "an answer"))
    }

    /// # Errors
    /// If a message of a request has a name.
    pub(super) fn check_name(self, message: &Message) -> Result<(), WriteError> {
        match message.name {
            Some(_) => Err(self.no_place("a name", "a message")),
            None => Ok(()),
        }
    }
}

/// The depth up to which nested objects are merged.
const DEPTH: usize = 4;

/// Merges `over` into `base`. Its fields win, and objects in both are merged.
pub(super) fn merge(base: &mut Map<String, Value>, over: Map<String, Value>) {
    merge_to(base, over, DEPTH);
}

fn merge_to(base: &mut Map<String, Value>, over: Map<String, Value>, depth: usize) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(base)), Value::Object(over)) if depth > 0 => {
                merge_to(base, over, depth - 1);
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Merges the fields that a wire writes by itself with the `extra_fields` of the answer. Objects in both are merged, and a `null` gives
/// way to any other value.
///
/// # Errors
/// If a field has two different values: its path.
pub(super) fn join(
    extra_fields: &mut Map<String, Value>,
    own: Map<String, Value>,
) -> Result<(), String> {
    for (key, value) in own {
        match (extra_fields.get_mut(&key), value) {
            (Some(Value::Object(extra_fields)), Value::Object(own)) => {
                join(extra_fields, own).map_err(|path| format!("{key}.{path}"))?;
            }
            (Some(known), own) if own.is_null() || *known == own => {}
            (Some(known), _) if !known.is_null() => return Err(key),
            (_, value) => {
                extra_fields.insert(key, value);
            }
        }
    }
    Ok(())
}

/// Adds the fields that are not there yet, within objects too.
pub(super) fn add_missing(object: &mut Value, fields: Map<String, Value>) {
    if let Some(object) = object.as_object_mut() {
        for (name, value) in fields {
            match (object.get_mut(&name), value) {
                (Some(known), Value::Object(more)) => add_missing(known, more),
                (Some(_), _) => {}
                (None, value) => drop(object.insert(name, value)),
            }
        }
    }
}

/// Adds a further piece of fields that are streamed: lists are appended, and objects are merged.
pub(super) fn extend(known: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (known.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => extend(known, more),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(_), Value::Null) => {}
            (_, value) => {
                known.insert(key, value);
            }
        }
    }
}

/// Keeps the fields for which this is true, in a new map: `Map::retain` compiles to ten times the code.
pub(super) fn retain(fields: &mut Map<String, Value>, keep: &mut dyn FnMut(&str, &Value) -> bool) {
    for (name, value) in std::mem::take(fields) {
        if keep(&name, &value) {
            fields.insert(name, value);
        }
    }
}

/// Adds the options of a request that have the same names on these wires.
pub(super) fn insert_options(body: &mut Map<String, Value>, request: &Request) {
    if let Some(temperature) = request.temperature {
        body.insert("temperature".into(), temperature.into());
    }
    if let Some(stream) = request.stream {
        body.insert("stream".into(), stream.into());
    }
}

/// Whether a part of an unknown kind can be in a list of parts. It must be an object with a `type`.
pub(super) fn has_type(other: &Value) -> bool {
    other["type"].is_string()
}

/// Returns the name of a part, for the error that the wire cannot express it.
pub(super) fn describe(part: &Part) -> String {
    match part {
        Part::Image(_) => "an image".to_owned(),
        Part::ToolResult(_) => "a tool result".to_owned(),
        Part::Extra(extra) => describe_fields(extra),
        Part::Other(other) if !other.is_object() => "a part that is not an object".to_owned(),
        Part::Other(other) => match other["type"].as_str() {
            Some(kind) => format!("a part of the type `{kind}`"),
            None => "a part without a type".to_owned(),
        },
        part => part.name().to_owned(),
    }
}

/// Returns the names of a part's fields, for the same error.
pub(super) fn describe_fields(fields: &Map<String, Value>) -> String {
    let mut names = Vec::with_capacity(fields.len());
    for name in fields.keys() {
        names.push(format!("`{name}`"));
    }
    format!("{} of the part before", names.join(", "))
}

/// Whether `arguments`, which end with `piece`, are a complete JSON object.
pub(super) fn is_whole_object(arguments: &str, piece: &str) -> bool {
    piece.trim_end().ends_with('}') && serde_json::from_str::<IgnoredAny>(arguments).is_ok()
}

/// An object of these fields. `json!` would compile to a hundred lines for each of them.
pub(super) fn object(fields: &mut [(&str, Value)]) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert((*name).to_owned(), value.take());
    }
    object
}

/// An object whose fields are texts. It is compiled once, while `json!` would compile to a hundred lines for each field.
pub(super) fn texts(fields: &[(&str, &str)]) -> Value {
    let mut object = Map::new();
    for (name, text) in fields {
        object.insert((*name).to_owned(), (*text).into());
    }
    object.into()
}

/// JSON that is always the same.
pub(super) fn constant(json: &str) -> Value {
    // The callers pass valid JSON.
    serde_json::from_str(json).unwrap_or_default()
}

/// An object with one field. `Map::from_iter` would compile another sort.
pub(super) fn field(name: &str, value: Value) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert(name.to_owned(), value);
    object
}

/// Splits fields into those with these names and the others.
pub(super) fn split(
    fields: Map<String, Value>,
    is_first: &dyn Fn(&str) -> bool,
) -> (Map<String, Value>, Map<String, Value>) {
    let (mut first, mut others) = (Map::new(), Map::new());
    for (name, value) in fields {
        match is_first(&name) {
            true => first.insert(name, value),
            false => others.insert(name, value),
        };
    }
    (first, others)
}

/// The fields of a JSON object that is a literal in the code.
pub(super) fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The text of a part, if the part has only this type and a text.
pub(super) fn plain_text_part<'p>(part: &'p Value, kind: &str) -> Option<&'p str> {
    let part = part.as_object()?;
    let is_plain = part.len() == 2 && part.get("type")?.as_str() == Some(kind);
    part.get("text")?.as_str().filter(|_| is_plain)
}

/// Builds JSON as a text, in a fifth of the time that a tree of values takes.
pub(super) struct Json(String);

impl Json {
    pub(super) fn new() -> Self {
        // Enough for most answers.
        Json(String::with_capacity(512))
    }

    /// Adds JSON unchanged.
    pub(super) fn raw(mut self, json: &str) -> Self {
        self.0.push_str(json);
        self
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        push_text(&mut self.0, text);
        self
    }

    /// Adds a text, or `null`.
    pub(super) fn text_or_null(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.raw("null"),
        }
    }

    pub(super) fn number(self, number: u64) -> Self {
        self.raw(itoa::Buffer::new().format(number))
    }

    pub(super) fn value(self, value: &Value) -> Self {
        // Serializing a value cannot fail.
        self.raw(&serde_json::to_string(value).unwrap_or_default())
    }

    /// Appends the output of `write`, if there is a value.
    pub(super) fn when<T>(self, some: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match some {
            Some(some) => write(self, some),
            None => self,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Returns the JSON as a tree of values; `None` if it is nested too deeply to be read.
    pub(super) fn deep_tree(&self) -> Option<Value> {
        serde_json::from_str(&self.0).ok()
    }

    /// Returns JSON of a few levels as a tree of values.
    pub(super) fn tree(&self) -> Value {
        // The text is valid JSON, because the writer builds it.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

/// Adds a text to JSON.
pub(super) fn push_text(json: &mut String, text: &str) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    match text.bytes().all(is_plain) {
        true => json.extend(["\"", text, "\""]),
        // Serializing a text cannot fail.
        false => *json += &serde_json::to_string(text).unwrap_or_default(),
    }
}

/// A frame of server-sent events without a name.
pub(super) fn data(payload: &impl std::fmt::Display) -> String {
    format!("data: {payload}\n\n")
}

/// A frame of server-sent events with a name.
pub(super) fn event(name: &str, payload: &impl std::fmt::Display) -> String {
    format!("event: {name}\ndata: {payload}\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_has_one_value() {
        let own =
            || fields(json!({ "id": "a", "usage": { "in": 1 }, "reason": null, "list": [1] }));
        let joined =
            |mut extra_fields| join(&mut extra_fields, own()).map(|()| Value::from(extra_fields));
        let extra_fields =
            fields(json!({ "id": null, "usage": { "more": 2 }, "reason": "x", "b": null }));
        assert_eq!(
            joined(extra_fields),
            Ok(json!({
                "id": "a", "usage": { "in": 1, "more": 2 }, "reason": "x", "b": null, "list": [1],
            }))
        );
        for (extra_fields, path) in [
            (json!({ "id": "b" }), "id"),
            (json!({ "usage": { "in": 2 } }), "usage.in"),
            (json!({ "usage": 1 }), "usage"),
            (json!({ "list": [2] }), "list"),
        ] {
            assert_eq!(joined(fields(extra_fields)), Err(path.to_owned()));
        }
    }

    #[test]
    fn pieces_of_fields_come_together() {
        let mut known = fields(json!({ "a": { "list": [1] }, "b": "x", "c": null }));
        let more = fields(json!({ "a": { "list": [2] }, "b": null, "c": 1, "d": null }));
        extend(&mut known, more);
        let expected = json!({ "a": { "list": [1, 2] }, "b": "x", "c": 1, "d": null });
        assert_eq!(Value::from(known), expected);
    }

    #[test]
    fn objects_within_objects_come_together() {
        let mut base = fields(json!({ "a": { "b": { "c": { "base": 1, "both": 1 } } }, "x": 1 }));
        let over = fields(json!({ "a": { "b": { "c": { "over": 2, "both": 2 } } }, "x": {} }));
        merge(&mut base, over);
        let expected = json!({
            "a": { "b": { "c": { "base": 1, "over": 2, "both": 2 } } }, "x": {},
        });
        assert_eq!(Value::from(base), expected);
    }
}
