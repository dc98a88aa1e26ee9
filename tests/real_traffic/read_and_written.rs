//! Recorded requests, answers, streams and errors of real providers, read and written again, say the same.

use std::collections::BTreeMap;
use std::path::Path;

use eventsource_stream::Eventsource;
use futures::{FutureExt, StreamExt, stream as streams};
use serde_json::{Map, Value};

use crate::helpers::recording::Recording;
use crate::helpers::stream_fields::StreamFields;
use crate::helpers::wire::{EmbeddingsApi, Wire};

/// How many of a kind there are, and how many of them are kept.
type Counts = BTreeMap<(String, &'static str), (usize, usize)>;

#[test]
fn recorded_exchanges_are_read_and_written_without_loss() {
    let Some(folder) = std::env::var_os("MOCK_CORE_RECORDINGS") else {
        eprintln!("skipped: MOCK_CORE_RECORDINGS names no folder");
        return;
    };
    let mut counts = Counts::new();
    let mut lost = Vec::new();
    // The exchanges of APIs that are not read, by their paths.
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |recording: &Recording, kind, problems: Vec<String>| {
        let counts = counts
            .entry((recording.provider().to_owned(), kind))
            .or_default();
        counts.0 += 1;
        counts.1 += usize::from(problems.is_empty());
        lost.extend(
            problems
                .into_iter()
                .map(|problem| format!("{}: {kind}: {problem}", recording.file)),
        );
    };
    for recording in &crate::helpers::recording::read_all(Path::new(&folder)) {
        if let (Some(api), Some(request)) = (recording.embeddings_api(), &recording.request) {
            count(
                recording,
                "embeddings",
                check_embeddings(api, request, recording),
            );
            continue;
        }
        let Some(wire) = Wire::of_recording(recording) else {
            *others.entry(recording.other_api()).or_default() += 1;
            continue;
        };
        if let Some(request) = &recording.request {
            let written = wire.request(request.clone());
            count(recording, "requests", compare(request, written));
        }
        if recording.status >= 400 {
            let body = serde_json::from_str(&recording.body).unwrap_or_default();
            count(recording, "errors", compare(&body, wire.error(recording)));
        } else if recording.path.ends_with("/models") || recording.path == "/api/tags" {
            let body: Value = serde_json::from_str(&recording.body).unwrap_or_default();
            count(
                recording,
                "lists of models",
                compare(&body, wire.models(body.clone())),
            );
        } else if recording.is_stream() {
            count(recording, "streams", check_stream(wire, recording));
        } else if let Ok(body) = serde_json::from_str::<Value>(&recording.body) {
            count(
                recording,
                "whole answers",
                compare(&body, wire.response(body.clone(), recording.provider())),
            );
        }
    }
    for ((provider, kind), (all, kept)) in &counts {
        eprintln!("{provider}: {kept} of {all} {kind}");
    }
    for (path, exchanges) in &others {
        eprintln!("not read: {exchanges} of {path}");
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

fn check_embeddings(api: EmbeddingsApi, request: &Value, recording: &Recording) -> Vec<String> {
    let answer: Value = serde_json::from_str(&recording.body).unwrap_or_default();
    let request = in_camel_case(request);
    let mut lost = compare(&request, api.request(request.clone()));
    let answered = match (recording.status >= 400, api) {
        (true, EmbeddingsApi::Openai) => Wire::Openai.error(recording),
        (true, EmbeddingsApi::Gemini(_)) => Wire::Gemini.error(recording),
        (false, api) => api.response(answer.clone()),
    };
    lost.extend(compare(&answer, answered));
    lost
}

/// A body of a request for embeddings, with the names that Gemini's documentation uses.
fn in_camel_case(request: &Value) -> Value {
    let text = request.to_string();
    let text = text.replace("\"output_dimensionality\"", "\"outputDimensionality\"");
    serde_json::from_str(&text).expect("it is JSON")
}

fn check_stream(wire: Wire, recording: &Recording) -> Vec<String> {
    if wire == Wire::Ollama {
        return check_lines(&recording.body);
    }
    let frames = data_of(&recording.body);
    if wire == Wire::Gemini {
        return check_frames_of_gemini(&frames);
    }
    match wire.stream(&frames, recording.provider()) {
        Err(problem) => vec![problem],
        Ok(written) => {
            StreamFields::from_frames(frames).lost_in(&StreamFields::from_frames(data_of(&written)))
        }
    }
}

/// The frames of Gemini are parts of one answer: together they are the whole answer. Each repeats the usage, and the last one counts.
fn check_frames_of_gemini(frames: &[String]) -> Vec<String> {
    let mut whole = Value::Null;
    for data in frames {
        match serde_json::from_str(data) {
            Ok(frame) => crate::helpers::gemini_streams::join(&mut whole, frame),
            Err(error) => return vec![error.to_string()],
        }
    }
    let written = crate::helpers::gemini_streams::through_a_stream(frames);
    compare(&whole, written)
}

/// The lines of Ollama.
fn check_lines(body: &str) -> Vec<String> {
    let lines = |body: &str| body.lines().map(str::to_owned).collect::<Vec<_>>();
    match Wire::Ollama.stream(&lines(body), "ollama") {
        Err(problem) => vec![problem],
        Ok(written) => StreamFields::from_frames(lines(body))
            .lost_in(&StreamFields::from_frames(lines(&written))),
    }
}

/// The data of the events in a body.
pub(crate) fn data_of(body: &str) -> Vec<String> {
    let body = streams::iter([Ok::<_, std::convert::Infallible>(body.to_owned())]);
    let events = body
        .eventsource()
        .map(|event| event.expect("it is text").data);
    events.collect().now_or_never().expect("all of it is there")
}

/// What is recorded, and is not in what is written.
fn compare(recorded: &Value, written: Result<Value, String>) -> Vec<String> {
    let mut lost = Vec::new();
    match written {
        Ok(written) => find_lost(recorded, &written, "", &mut lost),
        Err(problem) => lost.push(problem),
    }
    lost
}

fn find_lost(recorded: &Value, written: &Value, place: &str, lost: &mut Vec<String>) {
    match (recorded, written) {
        (Value::Null, _) => {}
        (Value::Object(recorded), Value::Object(written)) => {
            for (name, value) in recorded {
                let place = format!("{place}.{name}");
                find_lost(value, field(written, name), &place, lost);
            }
        }
        (Value::Array(recorded), Value::Array(written)) if recorded.len() == written.len() => {
            for (at, (recorded, written)) in recorded.iter().zip(written).enumerate() {
                find_lost(recorded, written, &format!("{place}[{at}]"), lost);
            }
        }
        (Value::Number(recorded), Value::Number(written))
            if recorded.as_f64() == written.as_f64() => {}
        (recorded, written) if recorded == written => {}
        (recorded, written) => lost.push(format!("{place}: {recorded} is {written}")),
    }
}

fn field<'v>(object: &'v Map<String, Value>, name: &str) -> &'v Value {
    object.get(name).unwrap_or(&Value::Null)
}
