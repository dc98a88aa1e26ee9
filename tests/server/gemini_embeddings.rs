//! `:embedContent` and `:batchEmbedContents`, as clients of Gemini see them.

use mock_core::builder::{
    any_user_message, embed, embed_with, fail, on, rate_limit, script, usage,
};
use mock_core::scenario::{Profile, Scenario};
use mock_core::wire::gemini::embeddings::{Form, read_response, write_request};
use mock_core::{Allow, EmbeddingInput, EmbeddingRequest, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, Reply};

const ONE: &str = "/v1beta/models/gemini-embedding-001:embedContent";
const BATCH: &str = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
const MODEL: &str = "gemini-embedding-001";

fn one(text: &str) -> Value {
    json!({ "content": { "parts": [{ "text": text }] } })
}

fn batch(texts: &[&str]) -> Value {
    let request = EmbeddingRequest::new(MODEL).with_inputs(texts.iter().copied());
    write_request(&request, Form::Batch).expect("these are texts")
}

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario.profile(Profile::Gemini)))
}

async fn post(server: &MockServer, path: &str, request: &Value) -> Reply {
    Client::new(server).await.post(path, request).await
}

#[provider_test]
async fn an_answer_has_the_form_of_its_method() {
    let server = serve(script([embed_with([0.1, -0.25, 1.0])
        .usage(usage(3, 0))
        .times(3)]));
    let reply = post(&server, ONE, &one("a cat")).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(
        reply.text,
        r#"{"embedding":{"values":[0.1,-0.25,1.0]},"usageMetadata":{"promptTokenCount":3}}"#
    );
    let reply = post(&server, BATCH, &batch(&["a cat", "a dog"])).await;
    assert_eq!(
        reply.text,
        r#"{"embeddings":[{"values":[0.1,-0.25,1.0]},{"values":[0.1,-0.25,1.0]}],"usageMetadata":{"promptTokenCount":3}}"#
    );
    let path = "/v1/models/gemini-embedding-001:batchEmbedContents";
    assert_eq!(post(&server, path, &batch(&["a"])).await.status, 200);
    let calls = server.calls();
    let read = calls[1].embedding().expect("a request for embeddings");
    let texts = ["a cat", "a dog"].map(EmbeddingInput::from);
    assert_eq!((&*read.model, &*read.inputs), (MODEL, &texts[..]));
}

#[provider_test]
async fn the_vector_is_the_same_in_process_and_in_both_forms() {
    let server = serve(script([embed().times(3)]));
    let batch = post(&server, BATCH, &batch(&["a cat", "a dog"]))
        .await
        .json();
    let batch = read_response(batch).expect("it is read").embeddings;
    let single = post(&server, ONE, &one("a cat")).await.json();
    let single = read_response(single).expect("it is read").embeddings;
    assert_eq!(batch[..1], single);
    let request = EmbeddingRequest::new(MODEL).with_inputs(["a cat", "a dog"]);
    let in_process = server.answer_embedding(request).await.expect("vectors");
    assert_eq!(batch, in_process.embeddings);
}

#[provider_test]
async fn dimensions_and_further_fields_are_read_in_both_spellings() {
    let server = serve(script([embed().times(2)]));
    for (dimensions, task) in [
        ("outputDimensionality", "taskType"),
        ("output_dimensionality", "task_type"),
    ] {
        let mut request = one("a cat");
        request[dimensions] = 7.into();
        request[task] = "RETRIEVAL_QUERY".into();
        let reply = post(&server, ONE, &request).await.json();
        assert_eq!(
            reply["embedding"]["values"].as_array().map(Vec::len),
            Some(7)
        );
        let calls = server.calls();
        let read = calls.last().and_then(|call| call.embedding());
        assert_eq!(
            read.expect("it is one").extra["taskType"],
            "RETRIEVAL_QUERY"
        );
    }
}

#[provider_test]
async fn failures_and_matchers_are_those_of_other_answers() {
    let rules = [
        on(any_user_message("a dog")).embed_with([2.0]),
        on(any_user_message("a cat")).embed_with([1.0]),
    ];
    let server = serve(script([fail(rate_limit())]).rules(rules));
    let limited = post(&server, ONE, &one("a cat")).await;
    assert_eq!(limited.status, 429);
    assert_eq!(limited.json()["error"]["status"], "RESOURCE_EXHAUSTED");
    for (text, value) in [("a cat", 1.0), ("a dog", 2.0)] {
        let reply = post(&server, ONE, &one(text)).await.json();
        assert_eq!(reply["embedding"]["values"], json!([value]));
    }
}

#[provider_test]
async fn a_rejected_request_claims_no_turn() {
    let allow = Allow::NONE.with_unused_turns();
    let server = serve(script([embed_with([1.0])]).allow(allow));
    let mut other_dimensions = batch(&["a", "b"]);
    other_dimensions["requests"][1]["outputDimensionality"] = 3.into();
    let mut other_model = batch(&["a"]);
    other_model["requests"][0]["model"] = "models/another".into();
    let image = json!({ "content": { "parts": [{ "inlineData": {} }] } });
    for (path, body, says) in [
        (ONE, json!({}), "contents is not specified"),
        (
            ONE,
            json!({ "content": { "parts": [] } }),
            "contents is not specified",
        ),
        (ONE, json!({ "content": "a cat" }), "`content` is a text"),
        (ONE, image, "`content.parts[0].text` is missing"),
        (ONE, json!({ "input": "a cat" }), "format of OpenAI"),
        (BATCH, json!({ "requests": [] }), "at least one request"),
        (BATCH, json!({ "requests": 4 }), "`requests` is a number"),
        (BATCH, batch(&["a"; 101]), "at most 100 requests"),
        (
            BATCH,
            other_dimensions,
            "`requests[1].outputDimensionality` is `3`",
        ),
        (BATCH, other_model, "`requests[0].model` is `another`"),
    ] {
        let reply = post(&server, path, &body).await;
        assert_eq!(reply.status, 400, "{body}: {}", reply.text);
        let message = reply.json()["error"]["message"].take();
        let message = message.as_str().unwrap_or_default();
        assert!(message.contains(says), "{message}");
    }
    assert!(server.calls().is_empty());
}

#[provider_test]
async fn a_batch_of_one_content_and_a_content_in_a_batch_are_reported() {
    let allow = Allow::NONE.with_unused_turns();
    let server = serve(script([embed()]).allow(allow));
    let reply = post(&server, ONE, &batch(&["a", "b"])).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(":batchEmbedContents"), "{}", reply.text);
    let reply = post(&server, BATCH, &one("a")).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains(":embedContent"), "{}", reply.text);
    let get = Client::new(&server).await.get(ONE).await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
}
