//! Puts the deltas of a block together: [`fold_delta`].

use serde_json::{Map, Value};

use crate::wire::write::{extend, field};

/// Adds what a delta says to the fields of its block. The piece of an input is added as a text: [`end_input`] makes it the input.
pub(super) fn fold_delta(block: &mut Map<String, Value>, delta: &Value) {
    match (delta["type"].as_str(), delta) {
        (Some("citations_delta"), delta) => {
            if let Some(citation) = delta.get("citation") {
                let citations = vec![citation.clone()].into();
                extend(block, field("citations", citations));
            }
        }
        (_, delta) if is_input(delta) => {
            if let Some(piece) = delta["partial_json"]
                .as_str()
                .filter(|piece| !piece.is_empty())
            {
                match block.get_mut("input") {
                    Some(Value::String(input)) => input.push_str(piece),
                    _ => drop(block.insert("input".to_owned(), piece.into())),
                }
            }
        }
        (_, Value::Object(delta)) => {
            for (name, value) in delta {
                if name != "type" && !value.is_null() {
                    fold_field(block, name, value);
                }
            }
        }
        _ => {}
    }
}

/// Texts and lists are appended.
fn fold_field(known: &mut Map<String, Value>, name: &str, value: &Value) {
    match (known.get_mut(name), value) {
        (Some(Value::String(known)), Value::String(piece)) => known.push_str(piece),
        (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
        (_, value) => {
            known.insert(name.to_owned(), value.clone());
        }
    }
}

/// Whether a delta is a piece of an input.
pub(super) fn is_input(delta: &Value) -> bool {
    delta["type"] == "input_json_delta"
}

/// Makes the pieces of an input the input, at the end of a block.
pub(super) fn end_input(block: &mut Map<String, Value>) {
    if let Some(Value::String(pieces)) = block.get("input")
        && let Ok(input) = serde_json::from_str(pieces)
    {
        block.insert("input".to_owned(), input);
    }
}
