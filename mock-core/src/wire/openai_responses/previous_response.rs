//! Conversations that continue an earlier answer by its id: the items of earlier requests and answers.

use serde_json::{Value, json};

use super::finish_and_usage::write_counts;
use super::item::item_fields;
use super::read_item::read_item;
use super::request::instructions;
use super::request::read_input;
use super::{item_id, signature};
use crate::chat::finish_and_usage::Usage;
use crate::chat::message::{Message, Part};
use crate::chat::request::Request;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::continued_conversation::{self, items};
use crate::wire::read::{Path, read_borrowed};
use crate::wire::write::{Json, texts};

/// Puts the earlier items into a request. `before` has the body of each earlier request and of its answer, oldest first. A body that
/// cannot be read is left out.
pub(crate) fn join_history(request: &mut Request, before: &[(&[u8], &[u8])]) {
    let read_stored_request: continued_conversation::ReadStoredRequest = |body, messages| {
        let _ = read_input(input(body), &Path::Body.key("input"), messages);
    };
    let read_stored_answer: continued_conversation::ReadStoredAnswer = |answered, parts| {
        let path = Path::Body.key("output");
        for (index, item) in items(answered, "output").into_iter().enumerate() {
            let _ = read_item(item, &path.index(index), None, parts);
        }
    };
    let is_instruction = |message: &Message| instructions(message).is_some();
    continued_conversation::join_history(
        request,
        before,
        is_instruction,
        (read_stored_request, read_stored_answer),
    );
}

/// The items of a request's input; a text is a message of the user.
fn input(request: &[u8]) -> Vec<BorrowedValue<'_>> {
    match read_borrowed(request) {
        Ok(body) => match body.get("input") {
            Some(BorrowedValue::Text(text)) => {
                vec![texts(&[("type", "message"), ("role", "user"), ("content", text)]).into()]
            }
            _ => items(request, "input"),
        },
        Err(_) => Vec::new(),
    }
}

/// Puts the items that a request names by their ids in their places. The name of an item that `find` does not know stays in its place.
///
/// # Errors
/// The id of the first item that `find` does not know.
pub(crate) fn resolve_references(
    request: &mut Request,
    find: impl Fn(&str) -> Option<Value>,
) -> Result<(), String> {
    let mut unknown = None;
    for message in &mut request.messages {
        if !message.parts.any(&|part| reference(part).is_some()) {
            continue;
        }
        let mut parts = Vec::new();
        for part in message.parts.drain(..) {
            let Some(id) = reference(&part) else {
                parts.push(part);
                continue;
            };
            let item = find(id);
            if item.is_none() {
                unknown.get_or_insert_with(|| id.to_owned());
            }
            let is_read = item
                .is_some_and(|item| read_item(item.into(), &Path::Body, None, &mut parts).is_ok());
            if !is_read {
                parts.push(part);
            }
        }
        message.parts = parts;
    }
    match unknown {
        Some(id) => Err(id),
        None => Ok(()),
    }
}

/// Finds the first item of a request that the model wrote after reasoning, where the request leaves this reasoning out. `required` returns the
/// id of the reasoning before an item. Returns the ids of both.
pub(crate) fn missing_reasoning(
    request: &Request,
    required: impl Fn(&str) -> Option<String>,
) -> Option<[String; 2]> {
    let parts = || request.messages.iter().flat_map(|message| &message.parts);
    let is_sent = |id: &str| parts().any(|part| item_id_of(part).or(reference(part)) == Some(id));
    parts().find_map(|part| {
        let id = item_id_of(part)?;
        let reasoning = required(id).filter(|reasoning| !is_sent(reasoning))?;
        Some([id.to_owned(), reasoning])
    })
}

/// The id of the item that begins with this part.
fn item_id_of(part: &Part) -> Option<&str> {
    item_fields(part)?.get("id")?.as_str()
}

/// The id of the item that a part represents.
fn reference(part: &Part) -> Option<&str> {
    match part {
        Part::Other(item) if item["type"] == "item_reference" => item["id"].as_str(),
        _ => None,
    }
}

/// The items of an answer that have ids, by these.
pub(crate) fn output_items(answer: &[u8]) -> Vec<(String, Value)> {
    let mut identified = Vec::new();
    for item in items(answer, "output") {
        if let Some(id) = item.str("id") {
            identified.push((id.to_owned(), Value::from(item)));
        }
    }
    identified
}

/// The items of a request's input, each with an id: that of the client, or one that is made from the id of the `answer`.
pub(crate) fn input_items(request: &[u8], answer: &str) -> Vec<Value> {
    let mut items = Vec::new();
    for (index, item) in input(request).into_iter().enumerate() {
        let mut item = Value::from(item);
        if item["type"].is_null() {
            item["type"] = "message".into();
        }
        let prefix = match item["type"].as_str() {
            Some("message") => "msg_",
            Some("function_call") => "fc_",
            Some("function_call_output") => "fco_",
            _ => "item_",
        };
        if item["id"].is_null() {
            item["id"] = item_id(prefix, answer, usize::MAX - index).into();
        }
        if item["type"] == "message"
            && let Some(text) = item["content"].as_str()
        {
            let kind = match item["role"] == "assistant" {
                true => "output_text",
                false => "input_text",
            };
            let mut part = texts(&[("type", kind), ("text", text)]);
            if kind == "output_text" {
                part["annotations"] = json!([]);
            }
            item["content"] = json!([part]);
        }
        if item["type"] == "message" && item["status"].is_null() {
            item["status"] = "completed".into();
        }
        items.push(item);
    }
    items
}

/// Writes a compacted conversation: the messages of the user, and one item with the whole conversation, which only the provider reads.
pub(crate) fn write_compaction(
    request: &[u8],
    id: &str,
    created: u64,
    number: u64,
    usage: Usage,
) -> Value {
    let mut output = input_items(request, id);
    output.retain(|item| item["role"] == "user");
    let length = output.len();
    output.push(json!({
        "type": "compaction", "id": item_id("cmp_", id, length),
        "encrypted_content": signature(length as u64, number),
    }));
    json!({
        "id": id, "object": "response.compaction", "created_at": created, "output": output,
        "usage": write_counts(Json::new(), usage).tree(),
    })
}
