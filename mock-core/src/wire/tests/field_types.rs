//! Fields that have another type than the provider takes.

use serde_json::{Value, json};

use crate::scenario::Profile;
use crate::wire::{anthropic, openai, openai_responses};

/// The messages with which a wire rejects each of these fields.
fn rejections(
    check: fn(&Value, Profile) -> Result<(), crate::ProviderError>,
    profile: Profile,
    plain: &Value,
    fields: &[(&str, Value)],
) -> Vec<String> {
    let mut messages = Vec::new();
    for (field, value) in fields {
        let mut body = plain.clone();
        body[field] = value.clone();
        let error = check(&body, profile).expect_err(field);
        let (message, _) = error.message.split_once(" [mock: ").expect("it has help");
        messages.push(message.to_owned());
    }
    messages
}

#[test]
fn chat_completions_rejects_fields_of_another_type() {
    let plain = json!({ "model": "gpt-4o", "messages": [{ "role": "user", "content": "hi" }], "store": true });
    let fields = [
        ("seed", json!("a")),
        ("seed", json!(1.5)),
        ("logprobs", json!("yes")),
        ("user", json!(5)),
        ("response_format", json!("json_object")),
        ("metadata", json!({ "a": 1 })),
        ("metadata", json!([])),
        ("stop", json!(1)),
        ("tool_choice", json!(true)),
    ];
    assert_eq!(
        rejections(openai::check, Profile::Openai, &plain, &fields),
        [
            "Invalid type for 'seed': expected an integer, but got a string instead.",
            "Invalid type for 'seed': expected an integer, but got a decimal number instead.",
            "Invalid type for 'logprobs': expected a boolean, but got a string instead.",
            "Invalid type for 'user': expected a string, but got an integer instead.",
            "Invalid type for 'response_format': expected an object, but got a string instead.",
            "Invalid type for 'metadata.a': expected a string, but got an integer instead.",
            "Invalid type for 'metadata': expected an object, but got an array instead.",
            "Invalid type for 'stop': expected one of a string or an array, but got an integer instead.",
            "Invalid type for 'tool_choice': expected one of a string or an object, but got a boolean instead.",
        ]
    );
}

#[test]
fn responses_rejects_fields_of_another_type() {
    let plain = json!({ "model": "gpt-4o", "input": "hi" });
    let fields = [
        ("text", json!("json")),
        ("store", json!("true")),
        ("include", json!("usage")),
        ("top_p", json!("high")),
    ];
    let profile = Profile::OpenaiResponses;
    assert_eq!(
        rejections(openai_responses::check, profile, &plain, &fields),
        [
            "Invalid type for 'text': expected an object, but got a string instead.",
            "Invalid type for 'store': expected a boolean, but got a string instead.",
            "Invalid type for 'include': expected an array, but got a string instead.",
            "Invalid type for 'top_p': expected a decimal number, but got a string instead.",
        ]
    );
}

#[test]
fn messages_rejects_fields_of_another_type() {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    let plain = json!({ "model": "claude-sonnet-4-5", "max_tokens": 5, "messages": messages });
    let fields = [
        ("stop_sequences", json!("a")),
        ("metadata", json!("a")),
        ("top_k", json!("a")),
        ("service_tier", json!(1)),
    ];
    assert_eq!(
        rejections(anthropic::check, Profile::Anthropic, &plain, &fields),
        [
            "stop_sequences: Input should be a valid list",
            "metadata: Input should be a valid dictionary",
            "top_k: Input should be a valid integer",
            "service_tier: Input should be a valid string",
        ]
    );
}
