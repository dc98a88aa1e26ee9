//! `POST /v1/embeddings`, as a client of OpenAI sees it: S50 to S53.

use mock_core::builder::{
    any_user_message, cycle, embed, embed_with, fail, ms, on, overloaded, path, pause, rate_limit,
    reply, script, secs, usage,
};
use mock_core::scenario::{Profile, Scenario};
use mock_core::wire::openai::embeddings::read_response;
use mock_core::{
    Allow, EmbeddingInput, Ending, MockProvider, MockServer, Outcome, TestClock, provider_test,
};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, Reply, chat};

const EMBEDDINGS: &str = "/v1/embeddings";
const MODEL: &str = "text-embedding-3-small";

fn request(input: impl Into<Value>) -> Value {
    json!({ "model": MODEL, "input": input.into() })
}

fn with(mut request: Value, field: &str, value: impl Into<Value>) -> Value {
    request[field] = value.into();
    request
}

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario))
}

async fn post(server: &MockServer, request: &Value) -> Reply {
    Client::new(server).await.post(EMBEDDINGS, request).await
}

#[provider_test]
async fn s50_an_answer_has_the_form_of_the_provider(
    #[mock(embed([0.1, -0.25, 1.0]).usage(3, 0))] server: MockServer,
) {
    let reply = post(&server, &with(request("a cat"), "user", "u1")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.text,
        r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-0.25,1.0]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":3,"total_tokens":3}}"#
    );
    let calls = server.calls();
    let embedding = calls[0].embedding().expect("a request for embeddings");
    assert_eq!(embedding.extra["user"], "u1");
    assert_eq!(server.exchanges()[0].call(), Some(1));
}

#[provider_test]
async fn s50_embeddings_of_mistral_have_an_id(
    #[mock(mistral("mistral-embed"), embed([0.5]).times(2))] server: MockServer,
) {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let body = post(&server, &request("a cat")).await.json();
        ids.push(body["id"].as_str().expect("it is a text").to_owned());
    }
    assert_eq!(ids[0].len(), 32);
    assert_ne!(ids[0], ids[1]);
}

#[provider_test]
async fn s50_vectors_come_as_base64_where_that_is_asked_for(
    #[mock(embed([1.0, -0.5]).times(2))] server: MockServer,
) {
    let base64 = with(request("a"), "encoding_format", "base64");
    let reply = post(&server, &base64).await.json();
    // The bytes 00 00 80 3f 00 00 00 bf: the lowest byte of each number first.
    assert_eq!(reply["data"][0]["embedding"], "AACAPwAAAL8=");
    let float = with(request("a"), "encoding_format", "float");
    let floats = post(&server, &float).await.json();
    assert_eq!(floats["data"][0]["embedding"], json!([1.0, -0.5]));
    let read = |body| read_response(body).expect("it is read").embeddings;
    assert_eq!(read(reply), read(floats));
}

#[provider_test]
async fn s52_each_form_of_input_is_read() {
    let server = serve(script([embed().times(5)]));
    let text = |text: &str| EmbeddingInput::Text(text.to_owned());
    let tokens = |tokens: &[u32]| EmbeddingInput::Tokens(tokens.to_vec());
    for (input, expected) in [
        (json!("a cat"), vec![text("a cat")]),
        (json!(""), vec![text("")]),
        (
            json!(["a cat", "a dog"]),
            vec![text("a cat"), text("a dog")],
        ),
        (json!([1, 2]), vec![tokens(&[1, 2])]),
        (json!([[1, 2], [3]]), vec![tokens(&[1, 2]), tokens(&[3])]),
    ] {
        let body = with(request(input), "dimensions", 7);
        let reply = post(&server, &body).await.json();
        let data = reply["data"].as_array().expect("a list");
        assert_eq!(data.len(), expected.len());
        for (index, item) in data.iter().enumerate() {
            assert_eq!(item["index"], index);
            assert_eq!(item["embedding"].as_array().map(Vec::len), Some(7));
        }
        let calls = server.calls();
        let embedding = calls.last().and_then(|call| call.embedding());
        assert_eq!(embedding.expect("it is one").inputs, expected);
    }
}

#[provider_test]
async fn s51_the_vector_is_the_same_in_process_and_over_the_wire() {
    let server = serve(script([embed().times(2)]));
    let reply = post(&server, &request(["a cat", "a dog"])).await.json();
    let over_the_wire = read_response(reply).expect("it is read").embeddings;
    let request = mock_core::EmbeddingRequest::new(MODEL).with_inputs(["a cat", "a dog"]);
    let in_process = server.answer_embedding(request).await.expect("vectors");
    assert_eq!(over_the_wire, in_process.embeddings);
}

#[tokio::test]
async fn s50_the_wrong_kind_is_rejected_and_fails_the_test() {
    for (turn, path, body, says) in [
        (
            reply("Hi."),
            EMBEDDINGS,
            request("a"),
            "it asks for embeddings",
        ),
        (embed(), CHAT, chat("a"), "it asks for a chat answer"),
    ] {
        let allow = Allow::NONE.with_unused_turns();
        let server = serve(script([turn]).allow(allow));
        let reply = Client::new(&server).await.post(path, &body).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains(says), "{}", reply.text);
        let report = server.verify().expect_err("it does not fit").to_string();
        assert!(report.contains(says), "{report}");
    }
}

#[provider_test]
async fn s50_failures_time_and_headers_are_those_of_other_answers(clock: TestClock) {
    let server = serve(
        script([
            fail(rate_limit().retry_after(secs(2))),
            fail(overloaded()),
            pause(ms(300)).embed().headers([("x-request-id", "r1")]),
        ])
        .latency(ms(100))
        .profile(Profile::Openai),
    );
    let limited = post(&server, &request("a")).await;
    assert_eq!(
        (limited.status, limited.header("retry-after")),
        (429, Some("2"))
    );
    assert_eq!(post(&server, &request("a")).await.status, 503);
    let started = clock.elapsed();
    let reply = post(&server, &request("a")).await;
    assert_eq!(clock.elapsed() - started, ms(400));
    assert_eq!(
        (reply.status, reply.header("x-request-id")),
        (200, Some("r1"))
    );
    assert_eq!(server.calls()[2].outcome(), Some(&Outcome::Completed));
    assert_eq!(server.exchanges()[2].ending(), Some(Ending::Completed));
}

#[provider_test]
async fn s50_a_raw_answer_answers_embeddings_over_the_wire() {
    let rules = [on(path("POST /v1/embeddings"))
        .raw("{\"data\":[]}")
        .status(201)];
    let server = serve(script([]).rules(rules));
    let reply = post(&server, &request("a")).await;
    assert_eq!((reply.status, &*reply.text), (201, "{\"data\":[]}"));
}

#[provider_test]
async fn s50_metadata_and_other_answers_stand_beside_embeddings() {
    let server = serve(
        script([])
            .rules([on(any_user_message("a cat")).embed_with([1.0])])
            .otherwise(reply("Hi."))
            .metadata(json!({ "provider": "x" }))
            .usage(usage(5, 0)),
    );
    let reply = post(&server, &request("a cat")).await.json();
    assert_eq!(reply["provider"], "x");
    assert_eq!(reply["usage"]["total_tokens"], 5);
    let chat = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(chat.json()["choices"][0]["message"]["content"], "Hi.");
}

#[provider_test]
async fn s52_a_rejected_request_for_embeddings_claims_no_turn(
    #[mock(openai, script = [embed()], allow = [unused_turns])] server: MockServer,
) {
    let texts = vec!["a"; 2_049];
    let ada = json!({ "model": "text-embedding-ada-002", "input": "a", "dimensions": 8 });
    for (body, param, says) in [
        (json!({ "input": "a" }), "model", "you must provide a model"),
        (json!({ "model": MODEL }), "input", "`input` is missing"),
        (request(json!([])), "input", "is invalid"),
        (request(json!(["a", ""])), "input", "is invalid"),
        (request(json!([[1], []])), "input", "is invalid"),
        (request(texts), "input", "send at most 2048"),
        (request(4), "input", "`input` is a number"),
        (request(json!(["a", 4])), "input[1]", "give it a text"),
        (request(json!([1, "a"])), "input[1]", "give it a token"),
        (request(json!([1, -1])), "input[1]", "give it a token"),
        (request(json!([[1], "a"])), "input[1]", "a list of tokens"),
        (with(request("a"), "dimensions", 0), "dimensions", ">= 1"),
        (
            with(request("a"), "dimensions", -1),
            "dimensions",
            "from 0 on",
        ),
        (
            with(request("a"), "dimensions", 1.5),
            "dimensions",
            "a whole number",
        ),
        (
            with(request("a"), "dimensions", 1_537),
            "dimensions",
            "1536",
        ),
        (ada, "dimensions", "does not support specifying dimensions"),
        (
            with(request("a"), "encoding_format", "int8"),
            "encoding_format",
            "use `float` or `base64`",
        ),
    ] {
        let reply = post(&server, &body).await;
        let error = &reply.json()["error"];
        assert_eq!(
            (reply.status, &error["param"]),
            (400, &json!(param)),
            "{}",
            reply.text
        );
        assert_eq!(error["type"], "invalid_request_error");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(says), "{message}");
    }
    assert!(server.calls().is_empty());
}

#[provider_test]
async fn s52_a_lenient_server_answers_what_it_can_read() {
    let server = serve(script([embed_with([1.0]).times(2)]).profile(Profile::Openai));
    server.lenient();
    for body in [request(json!(["a", ""])), request("a")] {
        assert_eq!(post(&server, &body).await.status, 200);
    }
}

#[provider_test]
async fn s50_other_methods_and_paths_are_reported() {
    let allow = Allow::NONE.with_unused_turns();
    let server = serve(script([embed()]).otherwise(cycle()).allow(allow));
    let mut client = Client::new(&server).await;
    let reply = client.get(EMBEDDINGS).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    let reply = client.post("/embeddings", &request("a")).await;
    assert!(
        reply.text.contains("the base URL must end in /v1"),
        "{}",
        reply.text
    );
    assert_eq!(reply.status, 404);
}
