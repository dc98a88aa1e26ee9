//! S91: fields of a request that `Cassette::ignore` leaves out of the comparison with a recorded one, over the wire and in process.

use mock_core::builder::{replay, script};
use mock_core::cassette::{Cassette, Interaction, Redaction};
use mock_core::wire::{
    WriteError, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};
use mock_core::{EmbeddingRequest, Message, MockProvider, MockServer, Request};
use serde_json::{Value, json};

use crate::cassette_helpers::{CHAT, answer, ask, interaction, question};

type WriteRequest = fn(&Request) -> Result<Value, WriteError>;

/// Each format of requests: the path, and the names of the text, the temperature and the greatest number of tokens.
const FORMATS: [(&str, WriteRequest, [&str; 3]); 6] = [
    (
        CHAT,
        openai::write_request,
        ["messages.*.content", "temperature", "max_completion_tokens"],
    ),
    (
        "/v1/responses",
        openai_responses::write_request,
        ["input", "temperature", "max_output_tokens"],
    ),
    (
        "/v1/messages",
        anthropic::write_request,
        ["messages.*.content", "temperature", "max_tokens"],
    ),
    (
        "/v1beta/models/m:generateContent",
        gemini::write_request,
        [
            "contents.*.parts.*.text",
            "generationConfig.temperature",
            "generationConfig.maxOutputTokens",
        ],
    ),
    (
        "/v1beta/interactions",
        gemini_interactions::write_request,
        [
            "input",
            "generation_config.temperature",
            "generation_config.max_output_tokens",
        ],
    ),
    (
        "/api/chat",
        ollama::write_request,
        [
            "messages.*.content",
            "options.temperature",
            "options.num_predict",
        ],
    ),
];

fn request(text: &str, temperature: f64, max_tokens: u32) -> Request {
    Request::new("m")
        .user(text)
        .with_temperature(temperature)
        .with_max_tokens(max_tokens)
}

/// Requests that differ from `request("hello", 0.5, 100)` in one of these fields each.
fn others() -> [Request; 3] {
    [
        request("Hallo", 0.5, 100),
        request("hello", 0.7, 100),
        request("hello", 0.5, 200),
    ]
}

/// A recorded request in this format. How it was answered is not what is tested here.
fn recorded(path: &str, write: WriteRequest) -> Interaction {
    let body = write(&request("hello", 0.5, 100)).expect("it has a place");
    interaction("POST", path, &body.to_string(), 500, "{}")
}

/// Whether a request in process is equal to the recorded one, and the report if it is not.
async fn in_process(cassette: &Cassette, request: Request) -> Result<(), String> {
    let mock = MockProvider::cassette(cassette.clone());
    let _ = mock.answer(request).await;
    mock.verify().map_err(|report| report.to_string())
}

async fn over_the_wire(cassette: &Cassette, path: &str, body: Value) -> Result<(), String> {
    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    ask(&server, &format!("POST {path}"), body.to_string()).await;
    server.verify().map_err(|report| report.to_string())
}

#[tokio::test]
async fn s91_ignored_fields_are_not_compared_in_any_format_nor_in_process() {
    for (path, write, fields) in FORMATS {
        for (field, other) in fields.into_iter().zip(others()) {
            let strict = Cassette::new([recorded(path, write)]);
            let cassette = strict.clone().ignore(field);
            let body = || write(&other).expect("it has a place");

            let told = over_the_wire(&strict, path, body()).await;
            told.expect_err(&format!("{path} {field}"));
            let told = over_the_wire(&cassette, path, body()).await;
            assert_eq!(told, Ok(()), "{path} {field}");

            let told = in_process(&strict, other.clone()).await;
            told.expect_err(&format!("{path} {field}"));
            let told = in_process(&cassette, other).await;
            assert_eq!(told, Ok(()), "{path} {field}");
        }
    }
}

#[tokio::test]
async fn s91_fields_that_are_not_ignored_are_compared_in_process() {
    for (path, write, fields) in FORMATS {
        for (at, field) in fields.into_iter().enumerate() {
            let cassette = Cassette::new([recorded(path, write)]).ignore(field);
            for (other_at, other) in others().into_iter().enumerate() {
                let told = in_process(&cassette, other).await;
                assert_eq!(told.is_ok(), at == other_at, "{path} {field}: {told:?}");
            }
        }
    }
}

#[tokio::test]
async fn s91_ignored_inputs_of_embeddings_are_not_compared_in_process() {
    let body = json!({"model": "small", "input": ["a cat"], "dimensions": 8});
    let vectors = json!({"data": [{"index": 0, "embedding": [0.5]}]});
    let recorded = interaction(
        "POST",
        "/v1/embeddings",
        &body.to_string(),
        200,
        &vectors.to_string(),
    );
    let strict = Cassette::new([recorded]);
    let asked = EmbeddingRequest::new("small").with_input("a dog");
    let asked = asked.with_dimensions(8);
    for (cassette, is_equal) in [(strict.clone(), false), (strict.ignore("input"), true)] {
        let mock = MockProvider::cassette(cassette);
        let _ = mock.answer_embedding(asked.clone()).await;
        assert_eq!(mock.verify().is_ok(), is_equal);
    }
}

#[tokio::test]
async fn s91_a_report_names_the_ignored_fields_that_no_recorded_request_has() {
    let of = |fields: &[&str]| {
        let recorded = interaction("POST", CHAT, &question("hello").to_string(), 500, "{}");
        let cassette = Cassette::new([recorded]);
        fields
            .iter()
            .fold(cassette, |cassette, field| cassette.ignore(*field))
    };
    for (ignored, note) in [
        (vec!["messages.*.content"], None),
        (
            vec!["model", "model", "messages", "messages.0.content"],
            None,
        ),
        (
            vec!["messages.content"],
            Some("the field of `.ignore(\"messages.content\")`"),
        ),
        (
            vec!["model", "message.*.content", "seed"],
            Some("the fields of `.ignore(\"message.*.content\")`, `.ignore(\"seed\")`"),
        ),
    ] {
        let cassette = of(&ignored);
        let mut other = question("Hallo");
        other["n"] = 2.into();
        let wire = over_the_wire(&cassette, CHAT, other).await;
        let process = in_process(&cassette, request("Hallo", 0.5, 100)).await;
        for told in [wire, process] {
            let told = told.expect_err("it is not recorded");
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            match note {
                Some(note) => {
                    let note = format!("note: no recorded request has {note}");
                    assert!(told.contains(&note), "{note}\n{told}");
                }
                None => assert!(!told.contains("note:"), "{told}"),
            }
        }
    }
}

#[tokio::test]
async fn s91_own_rules_for_fields_hold_for_embeddings_in_process() {
    let inputs = |name: &str| {
        let parts = json!({"parts": [{"text": format!("{name} likes cats")}]});
        let one = json!({"model": "models/small", "content": parts});
        [
            (
                "/v1/embeddings",
                json!({"model": "small", "input": [format!("{name} likes cats")]}),
                "input.*",
                json!({"data": [{"index": 0, "embedding": [0.5]}]}),
            ),
            (
                "/v1beta/models/small:batchEmbedContents",
                json!({"requests": [one]}),
                "requests.*.content.parts.*.text",
                json!({"embeddings": [{"values": [0.5]}]}),
            ),
            (
                "/api/embed",
                json!({"model": "small", "input": format!("{name} likes cats")}),
                "input",
                json!({"model": "small", "embeddings": [[0.5]]}),
            ),
        ]
    };
    for ((path, body, field, answer), (_, recorded, ..)) in
        inputs("Ada").into_iter().zip(inputs("somebody"))
    {
        let recorded = interaction(
            "POST",
            path,
            &recorded.to_string(),
            200,
            &answer.to_string(),
        );
        let redaction = Redaction::default().json(field, "somebody likes cats");
        let cassette = Cassette::new([recorded]).redaction(redaction);

        let server = MockServer::new(MockProvider::cassette(cassette.clone()));
        let (head, _) = ask(&server, &format!("POST {path}"), body.to_string()).await;
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");

        let mock = MockProvider::cassette(cassette.clone());
        let asked = EmbeddingRequest::new("small").with_input("Ada likes cats");
        let vectors = mock.answer_embedding(asked).await.expect(path).embeddings;
        assert_eq!(vectors, [[0.5]]);
        mock.verify().expect("all of it was asked for");

        let mock = MockProvider::cassette(cassette);
        let asked = EmbeddingRequest::new("large").with_input("Ada likes cats");
        let answer = mock.answer_embedding(asked).await;
        answer.expect_err("the model is another");
        let report = mock.verify().expect_err("it is not recorded").to_string();
        assert!(report.contains("large"), "{report}");
        assert!(!report.contains("Ada likes cats\", not"), "{report}");
    }
}

#[tokio::test]
async fn s91_own_rules_for_fields_hold_in_process() {
    let request = |name: &str, text: &str| json!({"model": "gpt-4o", "messages": [{"role": "user", "name": name, "content": text}]});
    let recorded = interaction(
        "POST",
        CHAT,
        &request("somebody", "hello").to_string(),
        200,
        &answer("Hi."),
    );
    let redaction = Redaction::default().json("messages.*.name", "somebody");
    let cassette = Cassette::new([recorded]).redaction(redaction);

    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    let (head, _) = ask(
        &server,
        &format!("POST {CHAT}"),
        request("Ada", "hello").to_string(),
    )
    .await;
    assert!(head.starts_with("http/1.1 200"), "{head}");

    let asked = |name: &str, text: &str| {
        let mut message = Message::user(text);
        message.name = Some(name.to_owned());
        Request::new("gpt-4o").with_message(message)
    };
    let mock = MockProvider::cassette(cassette.clone());
    let said = mock
        .answer(asked("Ada", "hello"))
        .await
        .expect("it is recorded");
    assert_eq!(said.text(), "Hi.");
    mock.verify().expect("all of it was asked for");

    let mock = MockProvider::new(script([replay(..)]).replaying(cassette.clone()));
    mock.answer(asked("Bob", "hello"))
        .await
        .expect("it is recorded");

    let mock = MockProvider::cassette(cassette);
    mock.answer(asked("Ada", "Hallo"))
        .await
        .expect_err("the text is another");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("messages[0].text is \"Hallo\", not \"hello\""),
        "{report}"
    );
}

#[tokio::test]
async fn s91_the_fields_of_a_question_are_never_offered_to_be_ignored() {
    let recorded = json!({
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "hello", "id": "a"}],
        "tools": [],
        "seed": 1,
    });
    let recorded = || interaction("POST", CHAT, &recorded.to_string(), 500, "{}");
    let body: Value = serde_json::from_slice(&recorded().request_body).expect("JSON");
    for (pointer, value, offered) in [
        ("/model", json!("gpt-5"), None),
        ("/messages/0/content", json!("Hallo"), None),
        ("/messages/0/role", json!("system"), None),
        ("/tools", json!([{"type": "function"}]), None),
        (
            "/messages/0/id",
            json!("b"),
            Some("`.ignore(\"messages.*.id\")`"),
        ),
        ("/seed", json!(2), Some("`.ignore(\"seed\")`")),
    ] {
        let mut other = body.clone();
        *other.pointer_mut(pointer).expect("it is there") = value;
        let cassette = Cassette::new([recorded()]);
        let told = over_the_wire(&cassette, CHAT, other).await;
        let told = told.expect_err("it is a different request");
        match offered {
            Some(offered) => assert!(told.contains(offered), "{offered}\n{told}"),
            None => assert!(!told.contains(".ignore("), "{pointer}\n{told}"),
        }
    }
    for (other, is_offered) in others().into_iter().zip([false, true, true]) {
        let recorded = FORMATS[0];
        let cassette = Cassette::new([self::recorded(recorded.0, recorded.1)]);
        let told = in_process(&cassette, other).await;
        let told = told.expect_err("it is a different request");
        assert_eq!(told.contains(".ignore(..)"), is_offered, "{told}");
    }
}

#[tokio::test]
async fn s91_one_item_of_a_list_is_ignored_by_its_index_as_reports_write_it() {
    let body = |first: &str, second: &str| {
        json!({"model": "m", "messages": [
            {"role": "system", "content": first},
            {"role": "user", "content": second},
        ]})
    };
    let recorded = || interaction("POST", CHAT, &body("a", "b").to_string(), 500, "{}");
    for path in ["messages[1].content", "messages.1.content"] {
        let cassette = Cassette::new([recorded()]).ignore(path);
        let told = over_the_wire(&cassette, CHAT, body("a", "x")).await;
        assert_eq!(told, Ok(()), "{path}");
        let told = over_the_wire(&cassette, CHAT, body("x", "b")).await;
        told.expect_err("the other item is compared");
    }
}
