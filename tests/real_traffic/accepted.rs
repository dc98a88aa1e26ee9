//! Recorded requests that a provider answered: no rule rejects them.

use std::path::Path;

use mock_core::scenario::Profile;
use serde_json::{Value, json};

use crate::helpers::recording::{Recording, read_all};
use crate::helpers::wire::Wire;

#[test]
fn no_rule_rejects_a_request_that_a_provider_accepted() {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: MOCK_CORE_RECORDINGS names no folder");
        return;
    };
    let (mut accepted, mut problems) = (0, Vec::new());
    for recording in &read_all(Path::new(&folder)) {
        let is_answered = recording.status < 300;
        if let (true, Some(result)) = (is_answered, checked(recording)) {
            match result {
                Ok(()) => accepted += 1,
                Err(problem) => problems.push(format!("{}: {problem}", recording.file)),
            }
        }
    }
    eprintln!("accepted, as by the provider: {accepted}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What the rules of its provider say of a request; `None` if they do not know the API, or all of the conversation.
fn checked(recording: &Recording) -> Option<Result<(), String>> {
    let profile: Profile = recording.provider().parse().ok()?;
    let request = recording.request.clone()?;
    // The ids of tool calls are redacted. Mistral only takes ids of nine letters and digits.
    let unredacted = request.to_string().replace("call_REDACTED_", "callAbcd");
    let mut request: Value = serde_json::from_str(&unredacted).expect("it is JSON");
    let goes_on = ["previous_response_id", "previous_interaction_id"];
    if goes_on.iter().any(|id| request.get(*id).is_some()) {
        return None;
    }
    if let Some(api) = recording.embeddings_api() {
        return Some(api.check(&with_model(request, recording), profile));
    }
    let wire = Wire::of_recording(recording)?;
    if wire == Wire::Gemini {
        request = with_model(request, recording);
    }
    Some(wire.check(&request, profile))
}

/// A body of Gemini with the model of its path, by which the rules know it.
fn with_model(mut request: Value, recording: &Recording) -> Value {
    let named = recording.path.split_once("models/");
    if let Some((model, _)) = named.and_then(|(_, rest)| rest.split_once(':')) {
        request["model"] = json!(model);
    }
    request
}
