//! Collects what a stream sends in pieces and its answer has in the metadata: extra fields, and the choices after the first.

use serde_json::{Map, Value, json};

use crate::wire::write::{extend, field};

/// The texts that come in pieces. Any other text is whole.
const PIECES: [&str; 8] = [
    "content",
    "reasoning",
    "reasoning_content",
    "refusal",
    "arguments",
    "data",
    "transcript",
    "text",
];

/// Adds extra fields of a delta: texts and lists are appended, and objects are merged.
pub(super) fn fold_fields(known: &mut Map<String, Value>, more: Map<String, Value>) {
    for (name, value) in more {
        match (known.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => fold_fields(known, more),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(Value::String(known)), Value::String(piece)) if PIECES.contains(&&*name) => {
                known.push_str(&piece);
            }
            (Some(_), Value::Null) => {}
            (_, value) => {
                known.insert(name, value);
            }
        }
    }
}

/// Adds the contents of a chunk to the choice with this index. The first choice is kept elsewhere.
pub(super) fn fold_into(choices: &mut Vec<Value>, index: usize, chunk: Map<String, Value>) {
    for choice in choices.iter_mut().skip(1) {
        if let Value::Object(choice) = choice
            && choice.get("index") == Some(&index.into())
        {
            return fold(choice, chunk);
        }
    }
    let mut choice = field("index", index.into());
    fold(&mut choice, chunk);
    choices.push(choice.into());
}

/// The index of a choice in a chunk.
pub(super) fn index_of(choice: &Value) -> usize {
    let index = choice["index"].as_u64().unwrap_or_default();
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// The chunks that say these choices, as they were read, if they still say the same; else as few as can be.
pub(super) fn chunks(choices: &[Value], noted: &[Value]) -> Vec<Value> {
    let mut folded = vec![Value::Null];
    for chunk in noted {
        let mut fields = chunk.as_object().cloned().unwrap_or_default();
        fields.remove("index");
        fold_into(&mut folded, index_of(chunk), fields);
    }
    if !noted.is_empty() && folded[1..] == *choices {
        return noted.to_vec();
    }
    let mut chunks = Vec::new();
    for (position, choice) in choices.iter().enumerate() {
        add_whole_chunks(choice, position + 1, &mut chunks);
    }
    chunks
}

/// Adds the fields of a choice in a chunk.
fn fold(choice: &mut Map<String, Value>, mut chunk: Map<String, Value>) {
    let delta = chunk.remove("delta");
    extend(choice, chunk);
    let message = choice.entry("message").or_insert_with(|| json!({}));
    if let (Value::Object(message), Some(Value::Object(delta))) = (message, delta) {
        fold_delta(message, delta);
    }
}

fn fold_delta(message: &mut Map<String, Value>, mut delta: Map<String, Value>) {
    if let Some(Value::Array(pieces)) = delta.remove("tool_calls") {
        let calls = message.entry("tool_calls").or_insert_with(|| json!([]));
        if let Value::Array(calls) = calls {
            pieces.into_iter().for_each(|piece| fold_call(calls, piece));
        }
    }
    fold_fields(message, delta);
}

/// Adds a piece of a tool call to the call of its index.
fn fold_call(calls: &mut Vec<Value>, piece: Value) {
    let known = calls
        .iter_mut()
        .find(|call| call["index"] == piece["index"]);
    match (known, piece) {
        (Some(Value::Object(call)), Value::Object(piece)) => fold_fields(call, piece),
        (_, piece) => calls.push(piece),
    }
}

/// Adds the choices of chunks that say all of a choice: its beginning, and its end.
fn add_whole_chunks(choice: &Value, position: usize, chunks: &mut Vec<Value>) {
    let mut end = choice.clone();
    let index = match choice["index"].as_u64() {
        Some(index) => Value::from(index),
        None => position.into(),
    };
    let mut delta = end
        .as_object_mut()
        .and_then(|end| end.remove("message"))
        .unwrap_or_else(|| json!({}));
    for (position, call) in delta["tool_calls"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        if call["index"].is_null() {
            call["index"] = position.into();
        }
    }
    if delta["tool_calls"].is_null()
        && let Some(delta) = delta.as_object_mut()
    {
        delta.remove("tool_calls");
    }
    end["delta"] = json!({});
    end["index"] = index.clone();
    chunks.push(json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": null }));
    chunks.push(end);
}
