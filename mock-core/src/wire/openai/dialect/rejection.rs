//! What the bodies of rejections contain beside the message, for each provider.

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::search::Search;

/// The rejections of Mistral that have a code: how the message begins, the type and the code.
const OF_MISTRAL: [(&str, &str, &str); 3] = [
    ("Expected last role", MESSAGE_ORDER.0, MESSAGE_ORDER.1),
    ("Unexpected role", MESSAGE_ORDER.0, MESSAGE_ORDER.1),
    ("Tool call id was", "invalid_function_call", "3280"),
];

const MESSAGE_ORDER: (&str, &str) = ("invalid_request_message_order", "3230");

/// How Mistral's message begins about a field that it does not have.
const EXTRA: &str = "Extra inputs are not permitted";

/// Gives the error of a request that breaks a rule of this provider the status and the body that the provider sends.
pub(in crate::wire) fn complete_rejection(error: &mut ProviderError, profile: Profile) {
    // Most of these providers do not say where. Groq does for a parameter that a model lacks.
    let place = match profile {
        Profile::Groq if error.message.starts_with('`') => None,
        _ => error.param.take(),
    };
    if profile == Profile::Mistral && error.message.starts_with(EXTRA) {
        error.status = Some(422);
        let detail = json!({
            "type": "extra_forbidden", "loc": steps(place.as_deref().unwrap_or_default()),
            "msg": error.message, "input": null,
        });
        let body = json!({ "detail": [detail] }).to_string();
        error.raw.get_or_insert_default().body = Some(body.into());
    }
}

/// The type and the code of a rejection of Mistral with this message.
pub(super) fn of_mistral(message: &str) -> Option<(&'static str, Option<&'static str>)> {
    let known = OF_MISTRAL.find(&|(words, ..)| message.starts_with(words))?;
    Some((known.1, Some(known.2)))
}

/// The steps of a place such as `messages.1.assistant.name`.
fn steps(place: &str) -> Value {
    let steps = place.split('.').map(|step| match step.parse::<u64>() {
        Ok(index) => index.into(),
        Err(_) => step.into(),
    });
    let steps: Vec<Value> = ["body".into()].into_iter().chain(steps).collect();
    steps.into()
}
