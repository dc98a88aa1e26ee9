//! Images in a user's message: on each wire, the mock is told the image that the client sends.

use mock_core::{Image, MockServer, Part, mock_provider, provider_test};
use serde_json::{Value, json};

use crate::raw_client::Client;

mock_provider!(
    Eyes,
    rules = match request {
        _ => reply("A cat."),
    }
);

const PNG: &str = "iVBORw0KGgo=";
const ADDRESS: &str = "https://example.com/cat.png";

/// The path and the body of a request whose only message is a question with this content.
type Wire = fn(Vec<Value>) -> (&'static str, Value);

fn chat(content: Vec<Value>) -> (&'static str, Value) {
    let messages = json!([{ "role": "user", "content": content }]);
    let body = json!({ "model": "m", "messages": messages });
    ("/v1/chat/completions", body)
}

fn responses(content: Vec<Value>) -> (&'static str, Value) {
    let input = json!([{ "role": "user", "content": content }]);
    ("/v1/responses", json!({ "model": "m", "input": input }))
}

fn messages(content: Vec<Value>) -> (&'static str, Value) {
    let messages = json!([{ "role": "user", "content": content }]);
    let body = json!({ "model": "m", "max_tokens": 100, "messages": messages });
    ("/v1/messages", body)
}

fn gemini(parts: Vec<Value>) -> (&'static str, Value) {
    let body = json!({ "contents": [{ "role": "user", "parts": parts }] });
    ("/v1beta/models/m:generateContent", body)
}

fn interactions(content: Vec<Value>) -> (&'static str, Value) {
    let input = json!([{ "type": "user_input", "content": content }]);
    let body = json!({ "model": "m", "input": input });
    ("/v1beta/interactions", body)
}

/// Its images stand beside the text.
fn ollama(images: Vec<Value>) -> (&'static str, Value) {
    let message = json!({ "role": "user", "content": "What is it?", "images": images });
    let body = json!({ "model": "m", "stream": false, "messages": [message] });
    ("/api/chat", body)
}

#[provider_test]
async fn each_wire_reports_the_image_of_a_message(llm: Eyes) {
    let data = format!("data:image/png;base64,{PNG}");
    let text = |kind: &str| json!({ "type": kind, "text": "What is it?" });
    let base64 = json!({ "type": "base64", "media_type": "image/png", "data": PNG });
    let cases: Vec<(Wire, Option<Value>, Value, Option<Value>)> = vec![
        (
            chat,
            Some(text("text")),
            json!({ "type": "image_url", "image_url": { "url": data } }),
            Some(json!({ "type": "image_url", "image_url": { "url": ADDRESS } })),
        ),
        (
            responses,
            Some(text("input_text")),
            json!({ "type": "input_image", "image_url": data }),
            Some(json!({ "type": "input_image", "image_url": ADDRESS })),
        ),
        (
            messages,
            Some(text("text")),
            json!({ "type": "image", "source": base64 }),
            Some(json!({ "type": "image", "source": { "type": "url", "url": ADDRESS } })),
        ),
        (
            gemini,
            Some(json!({ "text": "What is it?" })),
            json!({ "inlineData": { "mimeType": "image/png", "data": PNG } }),
            Some(json!({ "fileData": { "mimeType": "image/png", "fileUri": ADDRESS } })),
        ),
        (
            interactions,
            Some(text("text")),
            json!({ "type": "image", "mime_type": "image/png", "data": PNG }),
            Some(json!({ "type": "image", "mime_type": "image/png", "uri": ADDRESS })),
        ),
        // This wire accepts no URLs of images.
        (ollama, None, json!(PNG), None),
    ];
    let server = MockServer::new((*llm).clone());
    let mut client = Client::new(&server).await;
    for (wire, text, as_data, by_address) in cases {
        let sent_as_data = Image::Base64 {
            media_type: "image/png".into(),
            data: PNG.into(),
        };
        let both = [
            (Some(as_data), sent_as_data),
            (by_address, Image::Url(ADDRESS.into())),
        ];
        for (image, expected) in both {
            let Some(image) = image else { continue };
            let (path, body) = wire(text.clone().into_iter().chain([image]).collect());
            let reply = client.post(path, &body).await;
            assert_eq!(reply.status, 200, "{path}: {body}");
            let calls = llm.calls();
            let call = calls.last().expect("it is a call");
            let message = &call.request().messages[0];
            // Further fields of an image are in a part of their own.
            let is_known = |part: &&Part| !matches!(part, Part::Extra(_));
            let parts: Vec<_> = message.parts.iter().filter(is_known).cloned().collect();
            let expected = [Part::Text("What is it?".into()), Part::Image(expected)];
            assert_eq!(parts, expected, "{path}: {body}");
        }
    }
}
