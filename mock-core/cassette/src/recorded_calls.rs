//! The tool calls of recorded responses, streamed or not: [`RecordedCall`].

use serde_json::Value;

use crate::{Interaction, RecordedWire};

/// A tool call of a recorded response.
///
/// ```
/// use mock_core::cassette::Interaction;
///
/// let mut interaction = Interaction::new("POST", "/v1/messages");
/// interaction.body = br#"{"content": [{"type": "tool_use", "name": "get_weather", "input": {"city": "Paris"}}]}"#.to_vec();
/// let calls = interaction.tool_calls();
/// assert_eq!((&*calls[0].name, &*calls[0].arguments), ("get_weather", r#"{"city":"Paris"}"#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedCall {
    /// The name of the tool.
    pub name: String,
    /// The arguments: a JSON text, unless the model wrote something else.
    pub arguments: String,
    /// The index of the byte in the body at which the name of the tool is. [`Interaction::place_in_body`] finds it in the file.
    pub index: usize,
}

impl Interaction {
    /// Returns the tool calls of the response, in order. A response of no known [`wire`](Self::wire) has none, and neither has an error.
    pub fn tool_calls(&self) -> Vec<RecordedCall> {
        let (Some(wire), Ok(body)) = (self.wire(), std::str::from_utf8(&self.body)) else {
            return Vec::new();
        };
        if self.status >= 400 {
            return Vec::new();
        }
        let mut calls = Calls::default();
        for (start, text) in documents(body) {
            let Ok(document) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            let document = Document {
                start,
                text,
                document: &document,
            };
            // A whole answer of Gemini may be a list of frames.
            match (wire, &document.document) {
                (RecordedWire::Gemini, Value::Array(parts)) => {
                    for part in parts {
                        calls.gemini(&document, part);
                    }
                }
                (RecordedWire::Gemini, whole) => calls.gemini(&document, whole),
                (RecordedWire::Openai, whole) => calls.openai(&document, whole),
                (RecordedWire::OpenaiResponses, whole) => calls.responses(&document, whole),
                (RecordedWire::Anthropic, whole) => calls.anthropic(&document, whole),
                (RecordedWire::GeminiInteractions, whole) => calls.interactions(&document, whole),
                (RecordedWire::Ollama, whole) => calls.ollama(&document, whole),
            }
        }
        let calls = calls.0.into_iter().map(|(_, mut call)| {
            // On these wires, a stream has no piece for an empty object.
            let has_objects = matches!(
                wire,
                RecordedWire::Anthropic | RecordedWire::GeminiInteractions
            );
            if has_objects && call.arguments.is_empty() {
                call.arguments.push_str("{}");
            }
            call
        });
        calls.collect()
    }
}

/// The JSON texts in a body, each with the index at which it begins: the data of events, lines, or all of it.
pub(crate) fn documents(body: &str) -> Vec<(usize, &str)> {
    if serde_json::from_str::<Value>(body).is_ok() {
        return vec![(0, body)];
    }
    let mut documents = Vec::new();
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim_end();
        let data = text.strip_prefix("data:").map(str::trim_start);
        let json = data.or_else(|| text.starts_with('{').then_some(text));
        if let Some(json) = json {
            documents.push((start + text.len() - json.len(), json));
        }
        start += line.len();
    }
    documents
}

/// A JSON text of a body.
struct Document<'b> {
    /// The index of its first byte in the body.
    start: usize,
    text: &'b str,
    document: &'b Value,
}

impl Document<'_> {
    /// The index of the first text with this value that no call has yet.
    fn index_of(&self, name: &str, calls: &Calls) -> usize {
        let quoted = Value::from(name).to_string();
        let indices = self.text.match_indices(&quoted);
        let mut indices = indices.map(|(index, _)| self.start + index + 1);
        let is_new = |index: &usize| calls.0.iter().all(|(_, call)| call.index < *index);
        indices.find(is_new).unwrap_or(self.start)
    }
}

/// The calls so far, each with what its further pieces name it by.
#[derive(Default)]
struct Calls(Vec<(Option<(u64, u64)>, RecordedCall)>);

impl Calls {
    /// Adds a call, or the next piece of one.
    fn add(
        &mut self,
        document: &Document<'_>,
        key: Option<(u64, u64)>,
        name: Option<&str>,
        arguments: &str,
    ) {
        let known = key.and_then(|key| self.0.iter_mut().rfind(|(known, _)| *known == Some(key)));
        match (known, name.filter(|name| !name.is_empty())) {
            (Some((_, call)), _) => call.arguments.push_str(arguments),
            (None, Some(name)) => {
                let index = document.index_of(name, self);
                let call = RecordedCall {
                    name: name.to_owned(),
                    arguments: arguments.to_owned(),
                    index,
                };
                self.0.push((key, call));
            }
            (None, None) => {}
        }
    }

    fn openai(&mut self, document: &Document<'_>, whole: &Value) {
        for choice in items(&whole["choices"]) {
            let of_choice = choice["index"].as_u64().unwrap_or(0);
            for call in items(&choice["message"]["tool_calls"]) {
                self.function(document, None, &call["function"]);
            }
            for call in items(&choice["delta"]["tool_calls"]) {
                let key = call["index"].as_u64().map(|index| (of_choice, index));
                self.function(document, key, &call["function"]);
            }
            self.function(document, None, &choice["message"]["function_call"]);
            let key = Some((of_choice, u64::MAX));
            self.function(document, key, &choice["delta"]["function_call"]);
        }
    }

    fn function(&mut self, document: &Document<'_>, key: Option<(u64, u64)>, function: &Value) {
        let arguments = text(&function["arguments"]);
        self.add(document, key, function["name"].as_str(), &arguments);
    }

    fn responses(&mut self, document: &Document<'_>, whole: &Value) {
        let done = (whole["type"] == "response.output_item.done").then_some(&whole["item"]);
        for item in items(&whole["output"]).iter().chain(done) {
            if item["type"] == "function_call" {
                self.function(document, None, item);
            }
        }
    }

    fn anthropic(&mut self, document: &Document<'_>, whole: &Value) {
        for block in items(&whole["content"]) {
            if block["type"] == "tool_use" {
                self.add(
                    document,
                    None,
                    block["name"].as_str(),
                    &text(&block["input"]),
                );
            }
        }
        let key = whole["index"].as_u64().map(|index| (0, index));
        match whole["type"].as_str() {
            Some("content_block_start") if whole["content_block"]["type"] == "tool_use" => {
                let block = &whole["content_block"];
                let arguments = beginning(&block["input"]);
                self.add(document, key, block["name"].as_str(), &arguments);
            }
            Some("content_block_delta") => {
                if let Some(piece) = whole["delta"]["partial_json"].as_str() {
                    self.add(document, key, None, piece);
                }
            }
            _ => {}
        }
    }

    fn gemini(&mut self, document: &Document<'_>, whole: &Value) {
        for candidate in items(&whole["candidates"]) {
            for part in items(&candidate["content"]["parts"]) {
                let call = &part["functionCall"];
                self.add(document, None, call["name"].as_str(), &text(&call["args"]));
            }
        }
    }

    fn interactions(&mut self, document: &Document<'_>, whole: &Value) {
        for step in items(&whole["steps"]) {
            if step["type"] == "function_call" {
                self.function(document, None, step);
            }
        }
        let key = whole["index"].as_u64().map(|index| (0, index));
        match whole["event_type"].as_str() {
            Some("step.start") if whole["step"]["type"] == "function_call" => {
                let step = &whole["step"];
                let arguments = beginning(&step["arguments"]);
                self.add(document, key, step["name"].as_str(), &arguments);
            }
            Some("step.delta") => {
                if let Some(piece) = whole["delta"]["arguments"].as_str() {
                    self.add(document, key, None, piece);
                }
            }
            _ => {}
        }
    }

    fn ollama(&mut self, document: &Document<'_>, whole: &Value) {
        for call in items(&whole["message"]["tool_calls"]) {
            self.function(document, None, &call["function"]);
        }
    }
}

/// Arguments with which a call begins in a stream. The pieces replace an empty object.
fn beginning(arguments: &Value) -> String {
    match arguments {
        Value::Object(fields) if fields.is_empty() => String::new(),
        arguments => text(arguments),
    }
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// Arguments as a text, which they may be already.
fn text(arguments: &Value) -> String {
    match arguments {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
