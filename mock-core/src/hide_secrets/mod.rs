//! Secrets, which must not be printed: keys, tokens, passwords.
//!
//! Recordings have a search of their own (`detect` in `mock-cassette`), which a default build does not have. This one only hides, so it takes
//! shorter keys and more names for secrets, and knows no personal data and no ids. Tests compare the keys and the names that both know.

pub(crate) mod in_text;
mod secret_names_in_reports;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::chat::error::ProviderError;
use crate::chat::message::{Image, Message, Part, Reasoning, ToolCall, ToolResult};
use crate::chat::request::{Request, ToolDefinition};

pub(crate) use secret_names_in_reports::is_credential;

const HIDDEN: &str = "[redacted]";

/// A text without secrets, whatever kind of text it is. What holds no secret is not changed.
pub(crate) fn hide(text: &str) -> Cow<'_, str> {
    // A name or a key may contain escapes.
    if text.contains("\\u")
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        let hidden = hide_value("", &value);
        if hidden != value {
            return hidden.to_string().into();
        }
    }
    in_text::hide_in_text(text)
}

/// The value of a header without secrets; of credentials, the scheme stays.
pub(crate) fn hide_header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !secret_names_in_reports::is_key(name) && !is_credential(name, &Value::from(value)) {
        return hide(value);
    }
    let scheme = value
        .split_once(' ')
        .and_then(|(name, _)| in_text::scheme(name));
    match scheme {
        Some(scheme) => format!("{scheme} {HIDDEN}").into(),
        None => HIDDEN.into(),
    }
}

/// A value without secrets.
pub(crate) fn hide_value(name: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if is_credential(name, value) => HIDDEN.into(),
        Value::String(text) => hide(text).into(),
        Value::Array(items) => {
            let mut hidden = Vec::with_capacity(items.len());
            for item in items {
                hidden.push(hide_value("", item));
            }
            Value::Array(hidden)
        }
        Value::Object(fields) => Value::Object(hidden_fields(fields)),
        other => other.clone(),
    }
}

fn hidden_fields(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut hidden = Map::new();
    for (name, value) in fields {
        hidden.insert(name.clone(), hide_value(name, value));
    }
    hidden
}

/// A request without secrets.
pub(crate) fn hidden_request(request: &Request) -> Request {
    let mut hidden = request.clone();
    let Request {
        model,
        messages,
        tools,
        temperature: _,
        max_tokens: _,
        stream: _,
        extra,
    } = &mut hidden;
    hide_in(model);
    for message in messages {
        hide_in_message(message);
    }
    for tool in tools {
        hide_in_tool(tool);
    }
    hide_fields(extra);
    hidden
}

pub(crate) fn hide_in_message(message: &mut Message) {
    let Message {
        role: _,
        parts,
        name,
        extra,
        ..
    } = message;
    parts.iter_mut().for_each(hide_in_part);
    name.iter_mut().for_each(hide_in);
    hide_fields(extra);
}

fn hide_in_part(part: &mut Part) {
    match part {
        Part::Text(text) | Part::RedactedReasoning(text) | Part::Refusal(text) => hide_in(text),
        Part::Image(Image::Url(text) | Image::File(text)) => hide_in(text),
        Part::Image(Image::Base64 { media_type, data }) => {
            hide_in(media_type);
            hide_in(data);
        }
        Part::Reasoning(Reasoning { text, signature }) => {
            hide_in(text);
            signature.iter_mut().for_each(hide_in);
        }
        Part::ToolCall(ToolCall {
            id,
            name,
            arguments,
            extra,
        }) => {
            hide_in(id);
            hide_in(name);
            hide_in(arguments);
            hide_fields(extra);
        }
        Part::ToolResult(ToolResult {
            call_id,
            content,
            is_error: _,
            ..
        }) => {
            hide_in(call_id);
            content.iter_mut().for_each(hide_in_part);
        }
        Part::Extra(fields) => hide_fields(fields),
        Part::Other(value) => *value = hide_value("", value),
    }
}

fn hide_in_tool(tool: &mut ToolDefinition) {
    let ToolDefinition {
        name,
        description,
        parameters,
        extra,
    } = tool;
    hide_in(name);
    hide_in(description);
    *parameters = hide_value("", parameters);
    hide_fields(extra);
}

fn hide_in(text: &mut String) {
    if let Cow::Owned(hidden) = hide(text) {
        *text = hidden;
    }
}

fn hide_fields(fields: &mut Map<String, Value>) {
    *fields = hidden_fields(fields);
}

/// An error without secrets.
pub(crate) fn hidden_error(error: &ProviderError) -> ProviderError {
    let mut error = error.clone();
    error.message = hide(&error.message).into_owned();
    if let Some(raw) = &mut error.raw {
        for (name, value) in &mut raw.headers {
            let hidden = hide_value(name, &Value::from(&**value));
            *value = hidden.as_str().unwrap_or_default().to_owned().into();
        }
        let body = raw.body.as_ref();
        raw.body = body.map(|body| hide(body).into_owned().into());
    }
    error
}
