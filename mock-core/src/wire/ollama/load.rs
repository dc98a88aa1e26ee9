//! Requests that only load a model, or unload it.

use serde_json::{Value, json};

use super::Endpoint;
use crate::chat::message::Part;
use crate::chat::request::Request;
use crate::wire::time;

/// Returns the answer to a request without a prompt, with which clients load a model, or unload it with a `keep_alive` of 0. `created` is the
/// time in seconds since 1970.
pub(crate) fn write_loaded(endpoint: Endpoint, request: &Request, created: u64) -> Option<Value> {
    if has_prompt(endpoint, request) {
        return None;
    }
    let reason = match request.extra.get("keep_alive") {
        Some(time) if is_zero(time) => "unload",
        _ => "load",
    };
    let mut answer = json!({
        "model": request.model, "created_at": time::rfc3339(created), "done": true,
        "done_reason": reason,
    });
    match endpoint {
        Endpoint::Chat => answer["message"] = json!({ "role": "assistant", "content": "" }),
        Endpoint::Generate => answer["response"] = json!(""),
    }
    Some(answer)
}

fn has_prompt(endpoint: Endpoint, request: &Request) -> bool {
    match endpoint {
        Endpoint::Chat => !request.messages.is_empty(),
        // The user's message is the last one. It exists even without a prompt, so look at its parts.
        Endpoint::Generate => request.messages.last().is_some_and(|message| {
            let mut parts = message.parts.iter();
            parts.any(|part| matches!(part, Part::Text(_)))
        }),
    }
}

/// Whether a length of time, in seconds or as in `10m`, is none.
fn is_zero(time: &Value) -> bool {
    match time {
        Value::Number(seconds) => seconds.as_f64() == Some(0.0),
        Value::String(text) => !text.contains(|c| matches!(c, '1'..='9')),
        _ => false,
    }
}
