//! Whether a request is equal to a recorded one: the parts that are compared, without those that differ from run to run, and the keys made of
//! them.

#[cfg(test)]
mod tests;

use mock_cassette::Comparison;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::chat::message::{Message, Part};
use crate::chat::request::{Request, ToolDefinition};
use crate::hide_secrets;

/// Fields of a body that say who asks, not what.
const VOLATILE: [&str; 4] = ["user", "metadata", "safety_identifier", "prompt_cache_key"];

/// The query and the body of a request, without what differs from run to run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SentRequest {
    /// The parameters of the query, in the order of their names, without credentials.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: SentBody,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SentBody {
    Json(Value),
    Bytes(Vec<u8>),
}

impl SentRequest {
    /// A text that is the same for equal ones only.
    pub(crate) fn key(&self) -> String {
        match &self.body {
            // Sort the fields of objects, because the order of `Value` depends on a feature of serde_json.
            SentBody::Json(value) => format!("{:?}\n{}", self.query, in_order(value)),
            SentBody::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => format!("{:?}\ntext {text:?}", self.query),
                Err(_) => format!("{:?}\nbytes {bytes:?}", self.query),
            },
        }
    }
}

/// A value with the fields of its objects in the order of their names.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.iter().collect();
            names.sort_by_key(|(name, _)| *name);
            let fields = names.into_iter();
            fields
                .map(|(name, value)| (name.clone(), in_order(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(in_order).collect(),
        other => other.clone(),
    }
}

/// The form in which a request with these parameters and this body is compared.
pub(crate) fn sent_request(
    query: Vec<(String, String)>,
    body: &[u8],
    ignored: &[String],
    comparison: &Comparison,
) -> SentRequest {
    let mut query = query;
    // Gemini's API key is in the parameter `key`.
    query.retain(|(name, value)| {
        name != "key" && !hide_secrets::is_credential(name, &Value::from(value.as_str()))
    });
    query.sort();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            let volatile = VOLATILE
                .into_iter()
                .chain(ignored.iter().map(String::as_str));
            volatile.for_each(|path| {
                remove(&mut value, path);
            });
            // Sort the fields before the ids are numbered in their order of appearance.
            SentBody::Json(in_order(&value))
        }
        Err(_) => SentBody::Bytes(without_boundary(body)),
    };
    let text = match &body {
        SentBody::Json(value) => value.to_string().into_bytes(),
        SentBody::Bytes(bytes) => bytes.clone(),
    };
    let (_, query, redacted) = comparison.request("", &query, &text);
    if redacted == text {
        return SentRequest { query, body };
    }
    let body = match (body, serde_json::from_slice(&redacted)) {
        (SentBody::Json(_), Ok(value)) => SentBody::Json(value),
        _ => SentBody::Bytes(redacted),
    };
    SentRequest { query, body }
}

/// The parameters of a query, decoded.
pub(crate) fn query_parameters(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// A body of several parts without the text between them, which each client makes anew.
fn without_boundary(body: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(body).ok();
    let boundary = text.and_then(|text| text.lines().next());
    match (text, boundary) {
        (Some(text), Some(boundary)) if boundary.starts_with("--") && boundary.len() > 2 => {
            text.replace(boundary, "--").into_bytes()
        }
        _ => body.to_vec(),
    }
}

/// Removes the fields of a body that the path names; `*` is each item of a list, and a number the item with this index. Returns whether there are any.
pub(crate) fn remove(value: &mut Value, path: &str) -> bool {
    change_fields(value, path, &mut |fields, name| drop(fields.remove(name)))
}

/// Empties the texts and lists that the path names, as [`remove`] removes them.
pub(crate) fn empty(value: &mut Value, path: &str) {
    change_fields(
        value,
        path,
        &mut |fields, name| match fields.get_mut(name) {
            Some(Value::String(text)) => text.clear(),
            Some(Value::Array(items)) => items.clear(),
            _ => drop(fields.remove(name)),
        },
    );
}

/// Calls `change` with each object and the name of a field in it that the path names. Returns whether there are any.
fn change_fields(
    value: &mut Value,
    path: &str,
    change: &mut dyn FnMut(&mut Map<String, Value>, &str),
) -> bool {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    match (value, rest) {
        (Value::Object(fields), None) => {
            let has_field = fields.contains_key(name);
            if has_field {
                change(fields, name);
            }
            has_field
        }
        (Value::Object(fields), Some(rest)) => {
            let field = fields.get_mut(name);
            field.is_some_and(|field| change_fields(field, rest, change))
        }
        (Value::Array(items), Some(rest)) => {
            let index = name.parse::<usize>().ok();
            let mut has_field = false;
            for (at, item) in items.iter_mut().enumerate() {
                if name == "*" || index == Some(at) {
                    has_field |= change_fields(item, rest, change);
                }
            }
            has_field
        }
        _ => false,
    }
}

/// The data by which a request over the wire is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WireKey {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) sent: String,
}

impl WireKey {
    pub(super) fn has_hole(&self) -> bool {
        Comparison::has_hole(&self.path) || Comparison::has_hole(&self.sent)
    }

    /// Whether a request with this key is equal to the recorded one.
    pub(super) fn fits(&self, sent: &WireKey) -> bool {
        self.method == sent.method
            && Comparison::fits(&self.path, &sent.path)
            && Comparison::fits(&self.sent, &sent.sent)
    }
}

/// Clients differ in which characters of a path they write as `%3A`.
pub(super) fn wire_key(
    comparison: &Comparison,
    method: &str,
    path: &str,
    sent: &SentRequest,
) -> WireKey {
    let path = percent_decode_str(path).decode_utf8_lossy();
    let (path, ..) = comparison.request(&path, &[], &[]);
    WireKey {
        method: method.to_owned(),
        path,
        sent: sent.key(),
    }
}

/// Returns what of a request in process is compared, without how the answer is sent and without the fields of a single wire.
///
/// An empty text counts as none: clients send `"content": ""` beside tool calls, and an adapter leaves it out.
pub(super) fn in_process_request(
    comparison: &Comparison,
    request: &Request,
    is_embedding: bool,
) -> Value {
    let mut compared = json!({
        "model": request.model,
        "messages": request.messages.iter().map(message).collect::<Vec<_>>(),
        "tools": request.tools.iter().map(tool).collect::<Vec<_>>(),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
    });
    if is_embedding {
        compared["embeddings"] = true.into();
        compared["dimensions"] = request.extra.get("dimensions").cloned().into();
    }
    let text = comparison.text(&compared.to_string());
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

fn message(message: &Message) -> Value {
    let parts = message.parts.iter();
    let parts: Vec<_> = parts
        .filter(|part| !matches!(part, Part::Text(text) if text.is_empty()))
        .map(part)
        .collect();
    let mut compared = json!({ "role": message.role.as_str(), "text": message.text() });
    // `text` already has the texts. The order of the parts matters only if there are other parts.
    if parts.iter().any(|part| *part != TEXT) {
        compared["parts"] = parts.into();
    }
    if let Some(name) = &message.name {
        compared["name"] = name.as_str().into();
    }
    with_extra(compared, &message.extra)
}

/// The placeholder for a text among other parts.
const TEXT: &str = "text";

fn part(part: &Part) -> Value {
    match part {
        Part::Text(_) => TEXT.into(),
        Part::ToolCall(call) => with_extra(
            json!({ "id": call.id, "name": call.name, "arguments": call.arguments }),
            &call.extra,
        ),
        Part::ToolResult(result) => {
            let content = match &*result.content {
                [part] => text_or_debug(part),
                parts => parts.iter().map(text_or_debug).collect(),
            };
            let mut compared = json!({ "call_id": result.call_id, "content": content });
            if result.is_error {
                compared["is_error"] = true.into();
            }
            compared
        }
        other => text_or_debug(other),
    }
}

fn text_or_debug(part: &Part) -> Value {
    match part.as_text() {
        Some(text) => text.into(),
        None => format!("{part:?}").into(),
    }
}

fn tool(tool: &ToolDefinition) -> Value {
    with_extra(
        json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters }),
        &tool.extra,
    )
}

/// Adds further fields, if there are any.
fn with_extra(mut compared: Value, extra: &Map<String, Value>) -> Value {
    if !extra.is_empty() {
        compared["extra"] = extra.clone().into();
    }
    compared
}
