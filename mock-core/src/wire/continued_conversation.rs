//! Conversations that continue an earlier answer by its id: the earlier messages come first.

use super::borrowed_value::BorrowedValue;
use super::read::read_borrowed;
use crate::chat::message::{Message, Part, Role};
use crate::chat::request::Request;

/// Reads the messages of a stored request.
pub(super) type ReadStoredRequest = fn(&[u8], &mut Vec<Message>);

/// Reads the parts of a stored answer.
pub(super) type ReadStoredAnswer = fn(&[u8], &mut Vec<Part>);

/// Puts the earlier messages into a request. `before` has the body of each earlier request and of its answer, oldest first. If
/// `is_instruction` holds for the first message of the request, this message stays the first.
pub(super) fn join_history(
    request: &mut Request,
    before: &[(&[u8], &[u8])],
    is_instruction: fn(&Message) -> bool,
    (read_stored_request, read_stored_answer): (ReadStoredRequest, ReadStoredAnswer),
) {
    let mut messages = Vec::new();
    for (request_body, answer_body) in before {
        read_stored_request(request_body, &mut messages);
        let mut parts = Vec::new();
        read_stored_answer(answer_body, &mut parts);
        add(&mut messages, Message::new(Role::Assistant, parts));
    }
    // Each request has its own instructions: those of earlier requests do not apply.
    let instructions = usize::from(request.messages.first().is_some_and(is_instruction));
    let own = request.messages.split_off(instructions);
    request.messages.append(&mut messages);
    for message in own {
        add(&mut request.messages, message);
    }
}

/// Adds a message. A message of the model is joined with one of the model before it.
fn add(messages: &mut Vec<Message>, message: Message) {
    match messages.last_mut() {
        Some(last) if last.role == Role::Assistant && message.role == Role::Assistant => {
            last.parts.extend(message.parts);
        }
        _ if message.role == Role::Assistant && message.parts.is_empty() => {}
        _ => messages.push(message),
    }
}

/// The items of a list in a stored body.
pub(super) fn items<'b>(body: &'b [u8], field: &str) -> Vec<BorrowedValue<'b>> {
    match read_borrowed(body) {
        Ok(BorrowedValue::Object(fields)) => {
            let mut fields = fields.into_iter();
            match fields.find(|(name, _)| name == field) {
                Some((_, BorrowedValue::List(list))) => list,
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}
