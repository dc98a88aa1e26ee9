//! Streams of Gemini, whose frames are answers that come together.

use mock_core::wire::gemini::{StreamReader, StreamWriter, write_response};
use mock_core::{Response, StreamEvent};
use serde_json::{Value, json};

/// Adds a frame to what the frames before it say.
pub(crate) fn join(whole: &mut Value, frame: Value) {
    match (whole, frame) {
        (Value::Object(whole), Value::Object(frame)) => {
            for (name, value) in frame {
                match (name.as_str(), whole.get_mut(&name)) {
                    ("candidates" | "content", Some(known)) => join(known, value),
                    ("parts", Some(Value::Array(parts))) => add_parts(parts, value),
                    _ => drop(whole.insert(name, value)),
                }
            }
        }
        (Value::Array(whole), Value::Array(frame)) => {
            for (known, more) in whole.iter_mut().zip(frame) {
                join(known, more);
            }
        }
        (whole, frame) => *whole = frame,
    }
}

/// Texts that follow one another are one text, until it has a signature. An empty text says nothing.
fn add_parts(parts: &mut Vec<Value>, more: Value) {
    for part in more.as_array().cloned().unwrap_or_default() {
        if part == json!({ "text": "" }) {
            continue;
        }
        let thinks = |part: &Value| part["thought"] == true;
        match parts.last_mut() {
            Some(last)
                if last["text"].is_string()
                    && part["text"].is_string()
                    && thinks(last) == thinks(&part)
                    && last.get("thoughtSignature").is_none() =>
            {
                let text = [&last["text"], &part["text"]].map(|text| text.as_str().unwrap_or(""));
                let text = text.concat();
                let fields = part.as_object().cloned().unwrap_or_default();
                if let Some(last) = last.as_object_mut() {
                    last.extend(fields);
                }
                last["text"] = text.into();
            }
            _ => parts.push(part),
        }
    }
}

/// The whole answer of frames that have been read, written as a stream, and read again.
pub(crate) fn through_a_stream(frames: &[String]) -> Result<Value, String> {
    let (head, events) = read(frames)?;
    let mut writer = StreamWriter::new(&head, 0);
    let mut written = Vec::new();
    for event in &events {
        written.extend(writer.write(event).map_err(|error| error.to_string())?);
    }
    let written: Vec<_> = written
        .iter()
        .map(|frame| frame.trim_start_matches("data: ").to_owned())
        .collect();
    let (mut response, again) = read(&written)?;
    if events != again {
        return Err(format!("the events {events:?} are {again:?}"));
    }
    again.into_iter().for_each(|event| response.push(event));
    write_response(&response, 0).map_err(|error| error.to_string())
}

fn read(frames: &[String]) -> Result<(Response, Vec<StreamEvent>), String> {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for data in frames {
        events.extend(reader.read(data).map_err(|error| error.message)?);
    }
    events.extend(reader.end());
    Ok((reader.head().clone(), events))
}
