//! Conversations that continue an earlier interaction by its id: the steps of earlier requests and answers.

use serde_json::{Value, json};

use super::read_step::read_step;
use super::request::{is_instruction, read_input};
use crate::chat::request::Request;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::continued_conversation::{self, items};
use crate::wire::read::{Path, read_borrowed};

/// Puts the earlier steps into a request. `before` has the body of each earlier request and of its answer, oldest first. A body that
/// cannot be read is left out.
pub(crate) fn join_history(request: &mut Request, before: &[(&[u8], &[u8])]) {
    let read_stored_request: continued_conversation::ReadStoredRequest = |body, messages| {
        if let Ok(BorrowedValue::Object(fields)) = read_borrowed(body)
            && let Some((_, input)) = fields.into_iter().find(|(name, _)| name == "input")
        {
            let _ = read_input(input, &Path::Body.key("input"), messages);
        }
    };
    let read_stored_answer: continued_conversation::ReadStoredAnswer = |answered, parts| {
        let path = Path::Body.key("steps");
        for (index, step) in items(answered, "steps").into_iter().enumerate() {
            let _ = read_step(step, &path.index(index), parts);
        }
    };
    continued_conversation::join_history(
        request,
        before,
        is_instruction,
        (read_stored_request, read_stored_answer),
    );
}

/// The input of a request as steps.
pub(crate) fn input_steps(request: &[u8]) -> Value {
    let user = |content: Value| json!([{ "type": "user_input", "content": content }]);
    let Ok(body) = read_borrowed(request) else {
        return json!([]);
    };
    match body.get("input") {
        Some(BorrowedValue::Text(text)) => user(json!([{ "type": "text", "text": text }])),
        Some(BorrowedValue::Object(_)) => {
            let body = Value::from(body);
            user(json!([body["input"]]))
        }
        _ => {
            let list: Vec<_> = items(request, "input")
                .into_iter()
                .map(Value::from)
                .collect();
            let are_contents = list.all(&|item| {
                item["type"]
                    .as_str()
                    .is_some_and(super::content::is_content)
            });
            match are_contents && !list.is_empty() {
                true => user(list.into()),
                false => list.into(),
            }
        }
    }
}
