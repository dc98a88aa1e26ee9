//! A refusal of the model: on each wire, the field in which it is sent, whole and in pieces. A wire without such a field fails the test.

use mock_core::{MockServer, mock_provider, provider_test};
use serde_json::Value;

use super::every_wire::{ALL_WIRES, Asked};
use crate::raw_client::{Client, events};

mock_provider!(
    Refuses,
    rules = match request {
        _ => refusal(["I would ", "rather not."]),
    },
);

const TEXT: &str = "I would rather not.";

/// Where a wire sends a refusal and the reason for the end: JSON pointers.
struct Place {
    path: &'static str,
    whole: &'static str,
    reason: (&'static str, &'static str),
    streamed: &'static str,
    /// How many pieces the stream has: a wire that sends the refusal with its end has one.
    pieces: usize,
}

const PLACES: [Place; 4] = [
    Place {
        path: "/v1/chat/completions",
        whole: "/choices/0/message/refusal",
        reason: ("/choices/0/finish_reason", "stop"),
        streamed: "/choices/0/delta/refusal",
        pieces: 2,
    },
    Place {
        path: "/v1/responses",
        whole: "/output/0/content/0/refusal",
        reason: ("/status", "completed"),
        streamed: "/delta",
        pieces: 2,
    },
    Place {
        path: "/v1/messages",
        whole: "/stop_details/explanation",
        reason: ("/stop_reason", "refusal"),
        streamed: "/delta/stop_details/explanation",
        pieces: 1,
    },
    Place {
        path: "/v1beta/models/m:",
        whole: "/candidates/0/finishMessage",
        reason: ("/candidates/0/finishReason", "SAFETY"),
        streamed: "/candidates/0/finishMessage",
        pieces: 1,
    },
];

/// The wires that have no field for a refusal.
const WITHOUT: [&str; 2] = ["/v1beta/interactions", "/api/chat"];

/// The path and the body of a request on each wire.
fn requests(streamed: bool) -> impl Iterator<Item = (String, Value)> {
    let asked = Asked {
        model: "m",
        streamed,
        has_result: false,
    };
    ALL_WIRES.into_iter().map(move |wire| wire(&asked))
}

fn place_of(path: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| path.starts_with(place.path))
}

#[provider_test]
async fn a_whole_answer_has_the_refusal_in_the_field_of_its_wire(llm: Refuses) {
    let server = MockServer::new((*llm).clone());
    for (path, request) in requests(false) {
        let Some(place) = place_of(&path) else {
            continue;
        };
        let body = Client::new(&server)
            .await
            .post(&path, &request)
            .await
            .json();
        let text = |pointer| body.pointer(pointer).and_then(Value::as_str);
        assert_eq!(text(place.whole), Some(TEXT), "{path}: {body}");
        assert_eq!(text(place.reason.0), Some(place.reason.1), "{path}: {body}");
        let told = body.to_string().matches(TEXT).count();
        assert_eq!(told, 1, "it is not the text of the answer: {path}: {body}");
    }
}

#[provider_test]
async fn a_stream_has_the_refusal_in_the_field_of_its_wire(llm: Refuses) {
    let server = MockServer::new((*llm).clone());
    for (path, request) in requests(true) {
        let Some(place) = place_of(&path) else {
            continue;
        };
        let reply = Client::new(&server).await.post(&path, &request).await;
        let frames = events(&reply.text).into_iter();
        let frames = frames.filter_map(|event| serde_json::from_str::<Value>(&event.data).ok());
        let pieces: Vec<String> = frames
            .filter_map(|frame| Some(frame.pointer(place.streamed)?.as_str()?.to_owned()))
            .filter(|piece| !piece.is_empty())
            .collect();
        assert_eq!(pieces.concat(), TEXT, "{path}: {}", reply.text);
        assert_eq!(pieces.len(), place.pieces, "{path}: {}", reply.text);
    }
}

#[provider_test]
async fn a_wire_without_a_field_for_it_fails_the_test() {
    for streamed in [false, true] {
        for (path, request) in requests(streamed) {
            assert_ne!(
                place_of(&path).is_some(),
                WITHOUT.contains(&&*path),
                "{path}"
            );
            if place_of(&path).is_some() {
                continue;
            }
            let server = MockServer::new((*Refuses::new()).clone());
            let reply = Client::new(&server).await.post(&path, &request).await;
            assert!(reply.text.contains("has no place for"), "{path}: {reply:?}");
            let report = server.verify().expect_err("it cannot be sent").to_string();
            assert!(report.contains("has no place for"), "{path}: {report}");
            server.reset();
        }
    }
}
