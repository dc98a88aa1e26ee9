//! What the mock answers to a recorded request has the fields that all recorded answers of its kind have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request as HttpRequest;
use mock_core::builder::{respond_with, script};
use mock_core::scenario::Profile;
use mock_core::{Message, MockProvider, MockServer, Part, Response, Role};
use serde_json::Value;

use crate::helpers::recording::{Recording, read_all};
use crate::helpers::wire::Wire;
use crate::read_and_written::data_of;
use crate::replayed::connect;

/// The objects of a place: how many there are, and how many of them have each field.
type Places = BTreeMap<String, (usize, BTreeMap<String, usize>)>;

/// What belongs to the caller or the model, and not to the wire.
const CONTENTS: [&str; 6] = ["args", "arguments", "input", "metadata", "schema", "tools"];

/// The fewest objects of a place that say what all have.
const FEWEST: usize = 3;

/// What all recorded answers have and the mock's have not, by the end of its place: `docs/wires.md` says so of the padding. The others depend
/// on the model, or on parameters of the request.
const MISSING: [&str; 7] = [
    ".obfuscation",
    ".p",
    ".finishMessage",
    "<reasoning>.content",
    "<reasoning>.encrypted_content",
    "<json_schema>.description",
    ".raw_prompt_token",
];

fn collect(value: &Value, place: &str, places: &mut Places) {
    match value {
        Value::Object(fields) => {
            let kind = value["type"].as_str().or(value["event_type"].as_str());
            let place = kind.map_or(place.to_owned(), |kind| format!("{place}<{kind}>"));
            let known = places.entry(place.clone()).or_default();
            known.0 += 1;
            for name in fields.keys() {
                *known.1.entry(name.clone()).or_default() += 1;
            }
            for (name, value) in fields
                .iter()
                .filter(|(name, _)| !CONTENTS.contains(&&***name))
            {
                collect(value, &format!("{place}.{name}"), places);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, &format!("{place}[]"), places);
            }
        }
        _ => {}
    }
}

fn frames(wire: Wire, body: &str) -> Vec<String> {
    match wire {
        Wire::Ollama => body.lines().map(str::to_owned).collect(),
        _ => data_of(body),
    }
}

/// The kind of a chunk that does not name it: a delta, the one with the finish reason, or the usage.
fn kind_of(frame: &Value) -> &'static str {
    match &frame["choices"] {
        Value::Array(choices) if choices.is_empty() => " usage",
        Value::Array(choices) if choices[0]["finish_reason"].is_string() => " finish",
        _ if frame["candidates"][0]["finishReason"].is_string() => " finish",
        _ => "",
    }
}

#[tokio::test]
async fn answers_have_the_fields_of_recorded_ones() {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: MOCK_CORE_RECORDINGS names no folder");
        return;
    };
    let (mut theirs, mut ours) = (Places::new(), Places::new());
    let (mut compared, mut others) = (0, 0);
    for recording in &read_all(Path::new(&folder)) {
        let wire = Wire::of_recording(recording).filter(|_| recording.status < 300);
        let Some(wire) = wire.filter(|_| recording.method == "POST") else {
            continue;
        };
        let data = recording.is_stream().then(|| frames(wire, &recording.body));
        let read = wire
            .read_answer(recording, data.clone())
            .expect("it is an answer");
        // A stored answer that a request continues is not there.
        let Some(body) = ask(recording, read).await else {
            others += 1;
            continue;
        };
        compared += 1;
        let api = recording.path.rsplit(['/', ':']).next().unwrap_or_default();
        for (body, places) in [(&recording.body, &mut theirs), (&body, &mut ours)] {
            let place = format!("{} {api}", recording.provider());
            let Some(_) = &data else {
                let body = serde_json::from_str(body).unwrap_or_default();
                collect(&body, &place, places);
                continue;
            };
            for data in frames(wire, body) {
                if let Ok(frame) = serde_json::from_str(&data) {
                    let place = format!("{place} streamed{}", kind_of(&frame));
                    collect(&frame, &place, places);
                }
            }
        }
    }
    let mut missing = BTreeSet::new();
    for (place, (count, fields)) in &theirs {
        let Some((known, own)) = ours.get(place).filter(|_| *count >= FEWEST) else {
            continue;
        };
        for (name, _) in fields.iter().filter(|(_, having)| *having == count) {
            let place = format!("{place}.{name}");
            let is_known = MISSING.iter().any(|end| place.ends_with(end));
            if !is_known && own.get(name).is_none_or(|having| having < known) {
                missing.insert(place);
            }
        }
    }
    eprintln!("answers compared by their fields: {compared}, and {others} that go on");
    let missing: Vec<_> = missing.into_iter().collect();
    assert!(missing.is_empty(), "the mock lacks\n{}", missing.join("\n"));
}

/// The body of the mock's answer that says the same; `None` if it rejects the request.
async fn ask(recording: &Recording, read: Response) -> Option<String> {
    let mut parts = read.message.parts;
    parts.retain(|part| !matches!(part, Part::Extra(_) | Part::Other(_)));
    for part in &mut parts {
        if let Part::ToolCall(call) = part {
            call.extra.clear();
        }
    }
    let mut response = Response::from(Message::new(Role::Assistant, parts));
    (response.model, response.usage) = (read.model, read.usage);
    response.finish_reason = read.finish_reason;
    let profile: Profile = recording.provider().parse().expect("it is a provider");
    let turn = respond_with(move |_| response.clone()).times(0..);
    let server = MockServer::new(MockProvider::new(script([turn]).profile(profile)));
    server.lenient();
    let query = recording
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let query = query.collect::<Vec<_>>().join("&");
    let query = query.replace('[', "%5B").replace(']', "%5D");
    let request = HttpRequest::builder()
        .method("POST")
        .uri(format!("{}?{query}", recording.path))
        .header("host", "recorded")
        .header("content-type", "application/json")
        .header("anthropic-version", "2023-06-01")
        .body(Full::<Bytes>::from(recording.sent.clone()))
        .expect("it is a request");
    let reply = connect(&server).await.send_request(request).await;
    let (head, body) = reply.expect("it answers").into_parts();
    let body = body.collect().await.expect("it is whole").to_bytes();
    server.reset();
    let is_answer = head.status.is_success();
    is_answer.then(|| String::from_utf8_lossy(&body).into_owned())
}
