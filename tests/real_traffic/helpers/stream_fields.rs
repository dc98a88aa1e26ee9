//! The fields of a streamed answer, collected from its frames: [`StreamFields`].

use std::collections::BTreeMap;

use serde_json::Value;

/// What the frames of a stream say.
#[derive(Default)]
pub(crate) struct StreamFields {
    /// The pieces of text of each choice, in order: where each belongs, and what it is.
    pub(crate) pieces: BTreeMap<String, Vec<(String, String)>>,
    /// All else, by its place: each value that it has had.
    pub(crate) fields: BTreeMap<String, Vec<Value>>,
    /// How many frames say it.
    pub(crate) frames: BTreeMap<String, usize>,
}

/// The fields that come in pieces.
const PIECES: [&str; 10] = [
    "content",
    "reasoning",
    "reasoning_content",
    "refusal",
    "arguments",
    "text",
    "thinking",
    "partial_json",
    "signature",
    "delta",
];

/// What is there to hide the length of a frame, and the number of an event, which its writer counts.
const PADDING: [&str; 5] = [
    "obfuscation",
    "p",
    "sequence_number",
    "event_id",
    "created_at",
];

impl StreamFields {
    pub(crate) fn from_frames(frames: impl IntoIterator<Item = String>) -> StreamFields {
        let mut said = StreamFields::default();
        for data in frames {
            if let Ok(frame) = serde_json::from_str::<Value>(&data) {
                said.read(&frame, &place_of(&frame));
            }
        }
        said
    }

    fn read(&mut self, value: &Value, place: &str) {
        match value {
            Value::Null => {}
            Value::Object(object) => {
                for (name, value) in object {
                    match value {
                        Value::String(_) | Value::Number(_) if PADDING.contains(&&**name) => {}
                        Value::String(text) if PIECES.contains(&&**name) => {
                            self.piece(format!("{place}.{name}"), text);
                        }
                        value => self.read(value, &format!("{place}.{name}")),
                    }
                }
            }
            Value::Array(list) if !list.is_empty() && list.iter().all(is_numbered) => {
                for item in list {
                    self.read(item, &format!("{place}[{}]", item["index"]));
                }
            }
            Value::Array(list) => {
                self.note(place);
                let known = self.fields.entry(place.to_owned()).or_default();
                known.extend(list.iter().cloned());
            }
            value => {
                self.note(place);
                let known = self.fields.entry(place.to_owned()).or_default();
                if known.last() != Some(value) {
                    known.push(value.clone());
                }
            }
        }
    }

    fn note(&mut self, place: &str) {
        *self.frames.entry(place.to_owned()).or_default() += 1;
    }

    /// Adds a piece of a choice's text. Pieces that are empty say nothing.
    fn piece(&mut self, place: String, text: &str) {
        if text.is_empty() {
            return;
        }
        let choice = match place.starts_with(".choices[") {
            true => place.split('.').nth(1).unwrap_or_default().to_owned(),
            false => String::new(),
        };
        let pieces = self.pieces.entry(choice).or_default();
        pieces.push((place, text.to_owned()));
    }

    /// What these frames say and others do not.
    pub(crate) fn lost_in(&self, written: &StreamFields) -> Vec<String> {
        let mut lost = Vec::new();
        for (choice, pieces) in &self.pieces {
            let written = written
                .pieces
                .get(choice)
                .map(Vec::as_slice)
                .unwrap_or_default();
            if pieces != written {
                let at = pieces.iter().zip(written).position(|(a, b)| a != b);
                let at = at.unwrap_or(pieces.len().min(written.len()));
                lost.push(format!(
                    "pieces: {:?} is {:?}",
                    pieces.get(at),
                    written.get(at)
                ));
            }
        }
        for (place, values) in &self.fields {
            if written.fields.get(place) != Some(values) {
                lost.push(format!(
                    "{place}: {values:?} is {:?}",
                    written.fields.get(place)
                ));
            } else if self.frames[place] == 1 && written.frames[place] != 1 && !is_number(place) {
                lost.push(format!(
                    "{place}: in one frame, and then in {}",
                    written.frames[place]
                ));
            }
        }
        lost
    }
}

/// Whether a field only says which choice or call a piece is of.
fn is_number(place: &str) -> bool {
    place.ends_with(".index")
}

fn is_numbered(item: &Value) -> bool {
    item["index"].is_u64() && !item["type"].as_str().is_some_and(|kind| kind.contains('.'))
}

/// Where the fields of an event belong that names its kind.
fn place_of(frame: &Value) -> String {
    let kind = frame["type"].as_str().or(frame["event_type"].as_str());
    let Some(kind) = kind else {
        return String::new();
    };
    match frame["index"].as_u64().or(frame["output_index"].as_u64()) {
        Some(index) => format!("{kind}[{index}]"),
        None => kind.to_owned(),
    }
}
