//! What clients make of embeddings: the rules behind the table, which no new table changes.

use std::fmt::Debug;
use std::time::Duration;

use http_on_mocks::embeddings::{EMBEDDERS, EmbedderSetup, Texts};
use http_on_mocks::{CLIENTS, Failure, Wire};
use mock_core::{EmbeddingInput, EmbeddingRequest, Report, provider_test};

use crate::cases::{AUTH, OVERLOADED, RATE_LIMIT};
use crate::embedding_cases::{
    ANSWERS_CHAT, BASE64, DIMENSIONS, EMBEDS, EmbeddingCase, FIXED, IN_ORDER, ONE_TEXT,
    OTHER_DIMENSIONS, OUT_OF_ORDER, RECOVERS, REPEATED, Seen, THREE_TEXTS, TOKENS, TOO_FEW,
    TOO_MANY_DIMENSIONS, UNASKED_DIMENSIONS, as_in_chat, embed,
};
use crate::failures::{refusal, tells, tells_the_wait};
use crate::run::{MODES, outside_of_the_test, run};

/// Asks each client in each of these cases.
async fn each(
    cases: &[EmbeddingCase],
    check: impl Fn(&EmbedderSetup, &EmbeddingCase, &Seen, &str),
) {
    for client in &EMBEDDERS {
        for case in cases.iter().filter(|case| (case.is_on)(client.wire)) {
            let seen = embed(client, case).await;
            check(
                client,
                case,
                &seen,
                &format!("{}, {}", client.name, case.name),
            );
        }
    }
}

/// The client that decodes base64 and tries again.
fn is_async_openai(client: &EmbedderSetup) -> bool {
    client.name.starts_with("async-openai")
}

/// The client that checks what it sends and what it gets.
fn is_rig(client: &EmbedderSetup) -> bool {
    client.name.starts_with("rig-core")
}

/// The same texts, asked for in process.
fn in_process(client: &EmbedderSetup, texts: Texts) -> EmbeddingRequest {
    let request = EmbeddingRequest::new(client.model()).with_inputs(texts.texts);
    match sent_dimensions(client, texts.dimensions) {
        Some(dimensions) => request.with_dimensions(dimensions),
        None => request,
    }
}

/// How many dimensions the client asks for, if the program asks for these.
fn sent_dimensions(client: &EmbedderSetup, asked: Option<u32>) -> Option<u32> {
    match (is_rig(client), client.wire) {
        (false, _) => asked,
        // The client knows the length of the vectors, but does not send it.
        (true, Wire::Ollama) => None,
        (true, Wire::Gemini) => asked.or(Some(3_072)),
        (true, _) => asked.or(Some(1_536)),
    }
}

#[provider_test]
async fn each_client_gets_the_vectors_of_its_texts_in_their_order() {
    for case in [ONE_TEXT, THREE_TEXTS, FIXED, REPEATED, IN_ORDER, DIMENSIONS] {
        for client in &EMBEDDERS {
            let told = format!("{}, {}", client.name, case.name);
            let expected = (case.mock)().answer_embedding(in_process(client, (case.texts)()));
            let expected = expected.await.expect(&told).embeddings;
            let seen = embed(client, &case).await;
            let vectors = &seen.result.as_ref().expect(&told).vectors;
            // Not `assert_eq`, which would print thousands of numbers.
            assert!(*vectors == expected, "{told}: other vectors");
        }
    }
}

#[provider_test]
async fn the_mock_receives_the_texts_and_the_dimensions_that_a_client_sends() {
    each(&[THREE_TEXTS, DIMENSIONS], |client, case, seen, told| {
        let calls = seen.server.calls();
        let received = calls[0].embedding().expect(told);
        let sent = (case.texts)();
        let texts = sent.texts.into_iter().map(EmbeddingInput::Text);
        assert_eq!(received.inputs, texts.collect::<Vec<_>>(), "{told}");
        let dimensions = sent_dimensions(client, sent.dimensions);
        assert_eq!(received.dimensions, dimensions, "{told}");
        assert_eq!(received.model, client.model(), "{told}");
    })
    .await;
}

/// Clients of Gemini do not read the tokens, nor does ollama-rs.
fn tells_tokens(client: &EmbedderSetup) -> bool {
    client.wire != Wire::Gemini && !client.name.starts_with("ollama-rs")
}

#[provider_test]
async fn each_client_returns_the_tokens_of_the_texts() {
    each(&[TOKENS], |client, _, seen, told| {
        let tokens = seen.result.as_ref().expect(told).tokens;
        assert_eq!(tokens, tells_tokens(client).then_some(7), "{told}");
    })
    .await;
}

#[provider_test]
async fn one_client_decodes_base64_and_one_does_not_send_for_it() {
    each(&[BASE64], |client, _, seen, told| {
        let calls = seen.server.calls();
        if is_rig(client) {
            assert!(calls.is_empty(), "{told}");
            return;
        }
        let received = calls[0].embedding().expect(told);
        assert_eq!(received.extra["encoding_format"], "base64", "{told}");
        match &seen.result {
            Ok(answer) => assert_eq!(answer.vectors, [[1.0, -0.5]], "{told}"),
            Err(failure) => assert!(!is_async_openai(client), "{told}: {failure}"),
        }
    })
    .await;
}

#[provider_test]
async fn no_client_sorts_vectors_by_their_index_and_one_counts_them() {
    each(&[OUT_OF_ORDER], |_, _, seen, told| {
        let vectors = &seen.result.as_ref().expect(told).vectors;
        assert_eq!(*vectors, [[0.0, 1.0], [1.0, 0.0]], "{told}");
    })
    .await;
    each(&[TOO_FEW], |client, _, seen, told| {
        assert_eq!(seen.result.is_err(), is_rig(client), "{told}");
    })
    .await;
}

#[provider_test]
async fn dimensions_that_the_model_does_not_have_are_rejected_before_a_turn() {
    each(&[TOO_MANY_DIMENSIONS], |_, _, seen, told| {
        let failure = seen.result.as_ref().expect_err(told);
        assert!(failure.error.contains("(400 "), "{told}: {failure}");
        assert!(seen.server.calls().is_empty(), "{told}");
    })
    .await;
}

#[provider_test]
async fn failures_are_those_of_chat_requests() {
    let cases = [AUTH, RATE_LIMIT, OVERLOADED].map(as_in_chat);
    each(&cases, |client, case, seen, told| {
        let failure = seen.result.as_ref().expect_err(told);
        let expected = refusal(case.name, client.wire);
        let error = &failure.error;
        assert!(tells(client.name, error, expected), "{told}: {failure}");
        let is_tried = is_async_openai(client) && case.name != AUTH.name;
        let tries = if is_tried { 4 } else { 1 };
        assert_eq!(seen.server.calls().len(), tries, "{told}");
    })
    .await;
}

#[provider_test]
async fn the_client_that_tries_again_waits_as_long_as_a_rate_limit_says() {
    each(&[RECOVERS], |client, _, seen, told| {
        match is_async_openai(client) {
            true => {
                let vectors = &seen.result.as_ref().expect(told).vectors;
                assert_eq!(vectors.len(), 1, "{told}");
                seen.server.assert_waited_retry_after();
                assert_eq!(seen.took, Duration::from_secs(4), "{told}");
            }
            false => {
                let failure = seen.result.as_ref().expect_err(told);
                let wait = tells_the_wait(client.name, client.wire).then_some("2");
                assert_eq!(failure.retry_after.as_deref(), wait, "{told}");
            }
        }
    })
    .await;
}

#[test]
fn a_turn_of_the_other_kind_or_of_another_length_answers_no_client() {
    for client in &EMBEDDERS {
        for (case, says) in [
            (ANSWERS_CHAT, "it asks for embeddings"),
            (OTHER_DIMENSIONS, "it asks for 256 dimensions"),
        ] {
            let told = format!("{}, {}", client.name, case.name);
            let is_sent = sent_dimensions(client, Some(256)).is_some();
            if case.name == OTHER_DIMENSIONS.name && !is_sent {
                continue;
            }
            let (result, report) = outside_of_the_test(async || {
                let seen = embed(client, &case).await;
                (seen.result, seen.server.verify())
            });
            rejected(result, report, says, &told);
        }
    }
    for client in &CLIENTS {
        for mode in MODES {
            let told = format!("{}, {mode:?}, {}", client.name, EMBEDS.name);
            let (result, report) = outside_of_the_test(async || {
                let seen = run(client, &EMBEDS, mode).await;
                (seen.result, seen.server.verify())
            });
            rejected(result, report, "it asks for a chat answer", &told);
        }
    }
}

/// The client gets a 400, and the report says why.
#[track_caller]
fn rejected<A: Debug>(
    result: Result<A, Failure>,
    report: Result<(), Report>,
    says: &str,
    told: &str,
) {
    let failure = result.expect_err(told);
    let is_rejected = failure.error.contains("(400 ") || failure.error.starts_with("Other(");
    assert!(is_rejected, "{told}: {failure}");
    let report = report.expect_err(told).to_string();
    assert!(report.contains(says), "{told}: {report}");
}

#[test]
fn one_client_always_sends_the_dimensions_of_a_model_that_it_knows() {
    for client in &EMBEDDERS {
        let told = client.name;
        let (result, report, dimensions) = outside_of_the_test(async || {
            let seen = embed(client, &UNASKED_DIMENSIONS).await;
            let calls = seen.server.calls();
            let dimensions = calls[0].embedding().expect(told).dimensions;
            (seen.result, seen.server.verify(), dimensions)
        });
        assert_eq!(dimensions, sent_dimensions(client, None), "{told}");
        if let Some(dimensions) = dimensions {
            let says = format!("it asks for {dimensions} dimensions");
            rejected(result, report, &says, told);
            continue;
        }
        assert_eq!(result.expect(told).vectors, [[0.5, -0.25, 1.0]], "{told}");
        report.expect(told);
    }
}
