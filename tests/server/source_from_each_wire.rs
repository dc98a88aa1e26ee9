//! The source code that is printed for recordings of every wire compiles, and plays the same.

use mock_core::builder::*;
use mock_core::cassette::{Cassette, Interaction, RecordedFrame, to_script};
use mock_core::scenario::{After, Profile, Turn};
use mock_core::testkit::collect;
use mock_core::{
    Allow, EmbeddingRequest, EmbeddingResponse, FinishReason, Message, MockProvider, MockServer,
    Part, ProviderError, Request, Response, Role, StreamEvent, Usage, mock_provider, wire,
};
use serde_json::{Value, json};
use std::time::Duration;

use super::every_wire::{ALL_WIRES, Asked, Wire};
use super::raw_client::{Client, Reply};
use crate::cassette_helpers::{chat, interaction};

const FILE: &str = "server/generated/wires.rs";

include!("generated/wires.rs");

/// The names of the mocks in the file, and what they are of.
const WIRES: [(&str, Profile); 6] = [
    ("OfChat", Profile::Openai),
    ("OfResponses", Profile::OpenaiResponses),
    ("OfMessages", Profile::Anthropic),
    ("OfGemini", Profile::Gemini),
    ("OfInteractions", Profile::Gemini),
    ("OfOllama", Profile::Ollama),
];

/// The printed mocks.
fn printed() -> [MockProvider; 6] {
    [
        (*OfChat::new()).clone(),
        (*OfResponses::new()).clone(),
        (*OfMessages::new()).clone(),
        (*OfGemini::new()).clone(),
        (*OfInteractions::new()).clone(),
        (*OfOllama::new()).clone(),
    ]
}

/// Every kind of answer.
pub(super) fn answers() -> Vec<Turn> {
    let usage = Usage::new(11, 7).cache_read(3).reasoning(2);
    vec![
        reply("It is {{18}} °C.\nSay \"hi\", \\o/."),
        reasoning("Let me see.").reply("Yes."),
        reply("I look.")
            .call("get_weather", [("city", "Oslo")])
            .call("get-weather", [("city", "{{Rome}}")])
            .call("type", ()),
        call("GetTime", ()).pieces(3),
        refusal("I would rather not."),
        reply("Cut").finish(FinishReason::Length),
        reply("No.").finish(FinishReason::ContentFilter),
        reply("Odd.").finish(FinishReason::Other("odd".into())),
        reply("Dear.").usage(usage),
        reply("Free.").usage(None),
        fail(rate_limit().message("Slow {{down}}").retry_after(secs(2))),
        fail(quota()),
        fail(bad_request().message("`x` is wrong").code("wrong_x")),
        fail(server_error().status(502)),
        stream(["It is ", "18", " °C."]).error_after(2, overloaded()),
        stream(["It is ", "18 °C."]).end_after(After::All),
        stream(["One ", "", "two."]),
    ]
}

/// An answer that the words of a turn do not say.
fn two_texts() -> Turn {
    respond_with(|_| {
        let parts = ["One ", "two."].map(|text| Part::Text(text.into()));
        Response::from(Message::new(Role::Assistant, parts.into())).verbatim()
    })
}

/// What is sent to a mock with these answers, and what it sends: each whole, and each streamed.
async fn recorded(wire: Wire, profile: Profile) -> Cassette {
    let mut all = Vec::new();
    for (number, turn) in answers().into_iter().chain([two_texts()]).enumerate() {
        for streamed in [false, true] {
            // The ids of calls come from the seed.
            let seed = 2 * number as u64 + u64::from(streamed);
            let scenario = script([turn.clone()]).profile(profile).seed(seed);
            let allow = Allow::NONE.with_unused_turns();
            let server = MockServer::new(MockProvider::new(scenario.allow(allow)));
            let (path, body) = wire(&Asked {
                model: "model-1",
                streamed,
                has_result: false,
            });
            let mut client = Client::new(&server).await;
            // A part that the wire cannot express fails, and a stream with a fault has no end. Both get no answer here.
            let Ok(reply) = client.ask("POST", &path, body.to_string()).await else {
                continue;
            };
            if !reply.text.contains("has no place") {
                all.push(exchange(&path, &body, &reply));
            }
            server.reset();
        }
    }
    Cassette::new(all)
}

fn exchange(path: &str, body: &Value, reply: &Reply) -> Interaction {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut interaction = Interaction::new("POST", path);
    if let Some((name, value)) = query.split_once('=') {
        interaction.query = vec![(name.to_owned(), value.to_owned())];
    }
    interaction.request_body = body.to_string().into_bytes();
    interaction.status = reply.status;
    let headers = reply.headers.iter();
    interaction.headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
        .collect();
    interaction.body = reply.text.clone().into_bytes();
    let lengths = interaction.replayed_frames().map(|frames| {
        let lengths = frames.iter().map(|(_, frame)| frame.len());
        lengths.collect::<Vec<_>>()
    });
    let gaps = [40, 0, 25].into_iter().map(ms).cycle();
    let frames = lengths.into_iter().flatten().zip(gaps);
    interaction.frames = frames
        .map(|(length, gap)| RecordedFrame::new(length, gap))
        .collect();
    interaction
}

/// Requests for embeddings, on each wire that has them: whole, and with an error.
async fn embeddings(profile: Profile) -> Cassette {
    let (path, body) = match profile {
        Profile::Gemini => {
            let one = |text: &str| json!({ "content": { "parts": [{ "text": text }] } });
            let path = "/v1beta/models/model-1:batchEmbedContents";
            (path, json!({ "requests": [one("a"), one("b")] }))
        }
        Profile::Ollama => (
            "/api/embed",
            json!({ "model": "model-1", "input": ["a", "b"] }),
        ),
        _ => {
            let body =
                json!({ "model": "model-1", "input": ["a", "b"], "encoding_format": "base64" });
            ("/v1/embeddings", body)
        }
    };
    let mut all = Vec::new();
    for turn in [
        embed_with([0.1_f32, -1e-7]).embed_with([1.0_f32, 3.402_823_5e38]),
        fail(rate_limit().message("Slow")),
    ] {
        let server = MockServer::new(MockProvider::new(script([turn]).profile(profile)));
        let reply = Client::new(&server).await.post(path, &body).await;
        all.push(exchange(path, &body, &reply));
    }
    Cassette::new(all)
}

#[tokio::test]
async fn the_printed_embeddings_are_those_of_the_recordings() {
    let scripted = [
        (*ChatEmbeddings::new()).clone(),
        (*GeminiEmbeddings::new()).clone(),
        (*OllamaEmbeddings::new()).clone(),
    ];
    for ((_, profile), scripted) in EMBEDDINGS.into_iter().zip(scripted) {
        let cassette = embeddings(profile).await;
        let replayed = MockProvider::cassette(cassette.clone());
        for _ in cassette.interactions() {
            let request = EmbeddingRequest::new("model-1").with_inputs(["a", "b"]);
            let said = scripted.answer_embedding(request.clone()).await;
            let recorded = replayed.answer_embedding(request).await;
            let compared = |answer: EmbeddingResponse| (answer.embeddings, answer.usage);
            assert_eq!(
                said.map(compared).map_err(compared_error),
                recorded.map(compared).map_err(compared_error),
                "{profile:?}"
            );
        }
        scripted.verify().expect("all of it was asked for");
        replayed.verify().expect("all of it was asked for");
    }
}

/// The mocks of recorded embeddings.
const EMBEDDINGS: [(&str, Profile); 3] = [
    ("ChatEmbeddings", Profile::Openai),
    ("GeminiEmbeddings", Profile::Gemini),
    ("OllamaEmbeddings", Profile::Ollama),
];

/// Exchanges of paths that ask no model, among one that does.
fn of_paths() -> Cassette {
    let exchange = |method, path, status, body| interaction(method, path, "", status, body);
    let mut text = exchange("GET", "/v1/files/a*b", 200, "line 1\nline 2\n");
    text.headers = vec![("content-type".into(), "text/plain".into())];
    Cassette::new([
        exchange("GET", "/v1/models", 200, "{\"data\":[]}"),
        exchange("POST", "/v1/files", 201, "{\"id\":\"file-1\"}"),
        chat("hello", "Hi."),
        exchange("POST", "/v1/files", 503, ""),
        text,
        exchange("DELETE", "/v1/files/1", 204, ""),
    ])
}

#[tokio::test]
async fn the_printed_lanes_of_other_paths_answer_as_the_recording_does() {
    let cassette = of_paths();
    let replayed = MockServer::new(MockProvider::cassette(cassette.clone()));
    let scripted = MockServer::new((*OfPaths::new()).clone());
    for interaction in cassette.interactions() {
        let line = format!("{} {}", interaction.method, interaction.path);
        let mut came = Vec::new();
        for server in [&replayed, &scripted] {
            let mut client = Client::new(server).await;
            let body = interaction.request_body.clone();
            let reply = client
                .ask(&interaction.method, &interaction.path, body)
                .await;
            let reply = reply.expect("an answer");
            let text = match &*line {
                "POST /v1/chat/completions" => {
                    reply.json()["choices"][0]["message"]["content"].to_string()
                }
                _ => reply.text,
            };
            came.push((reply.status, text));
        }
        assert_eq!(came[0], came[1], "{line}");
    }
    scripted.verify().expect("all of it was asked for");
}

/// The recordings of all wires, and the source of each.
async fn all_recorded() -> Vec<(Cassette, String)> {
    let mut all = Vec::new();
    for (wire, (name, profile)) in ALL_WIRES.into_iter().zip(WIRES) {
        let cassette = recorded(wire, profile).await;
        let source = to_script(&cassette, name);
        all.push((cassette, source));
    }
    all
}

/// `UPDATE_REPORTS=1` writes it anew.
#[tokio::test]
async fn the_printed_sources_of_all_wires_are_those_that_are_compiled_here() {
    let sources = all_recorded().await.into_iter().map(|(_, source)| source);
    let mut sources: Vec<_> = sources.collect();
    for (name, profile) in EMBEDDINGS {
        sources.push(to_script(&embeddings(profile).await, name));
    }
    sources.push(to_script(&of_paths(), "OfPaths"));
    let sources = sources.join("\n");
    if std::env::var_os("UPDATE_REPORTS").is_some() {
        std::fs::write(FILE, &sources).expect("it can be written");
    }
    assert_eq!(sources, include_str!("generated/wires.rs"));
}

#[tokio::test(start_paused = true)]
async fn the_printed_scripts_of_all_wires_answer_as_the_recordings_do() {
    let all = all_recorded().await.into_iter().zip(printed()).zip(WIRES);
    for (((cassette, _), scripted), (name, _)) in all {
        let replayed = MockProvider::cassette(cassette.clone());
        for interaction in cassette.interactions() {
            let (request, streamed) = request(name, interaction);
            let at = format!("{name}: {}", String::from_utf8_lossy(&interaction.body));
            match streamed {
                true => {
                    let said = answer_stream(&scripted, &request).await;
                    let recorded = answer_stream(&replayed, &request).await;
                    assert_eq!(said, recorded, "{at}");
                    let [said, recorded] = [&scripted, &replayed].map(times);
                    assert_eq!(said.last(), recorded.last(), "{at}");
                    // The pieces of a tool call come together.
                    if !at.contains("GetTime") && !at.contains("Oslo") {
                        assert_eq!(said, recorded, "{at}");
                    }
                }
                false => {
                    let said = scripted.answer(request.clone()).await;
                    let recorded = replayed.answer(request).await;
                    assert_eq!(
                        said.map(compared).map_err(compared_error),
                        recorded.map(compared).map_err(compared_error),
                        "{at}"
                    );
                }
            }
        }
        scripted.verify().expect("all of it was asked for");
    }
}

/// When the events of the last call came, and when it ended, since its start.
fn times(mock: &MockProvider) -> Vec<Duration> {
    let calls = mock.calls();
    let call = calls.last().expect("there is one");
    let mut times = call.event_times();
    times.extend(call.ended_at());
    times.iter().map(|time| *time - call.started_at()).collect()
}

#[test]
fn many_gaps_are_written_as_their_mean_and_a_factor_changes_them() {
    let mut recorded = chat("hello", "");
    recorded.headers = vec![
        ("content-type".into(), "text/event-stream".into()),
        ("x-ratelimit-remaining-requests".into(), "7".into()),
        ("server".into(), "nginx".into()),
        ("date".into(), "today".into()),
    ];
    recorded.body.clear();
    for index in 0..40 {
        let choice = json!({"index": 0, "delta": {"content": "a "}, "finish_reason": null});
        let frame = format!("data: {}\n\n", json!({ "choices": [choice] }));
        recorded.body.extend_from_slice(frame.as_bytes());
        let gap = ms(10 + index % 2 * 10);
        recorded.frames.push(RecordedFrame::new(frame.len(), gap));
    }
    let cassette = Cassette::new([recorded]);
    let source = to_script(&cassette, "Many");
    for part in [
        "// The 39 gaps between its events were 10ms to 20ms long; `every` is their mean.",
        "// Left out: the headers `server`.",
        "pause(10ms)",
        ".every(15ms)",
        ".headers([(\"x-ratelimit-remaining-requests\", \"7\")])",
    ] {
        assert!(source.contains(part), "{part}\n{source}");
    }
    assert_eq!(source.matches("pause(").count(), 1, "{source}");
    let source = to_script(&cassette.scale_gaps(0.0), "Many");
    assert!(
        !source.contains("pause(") && !source.contains("every("),
        "{source}"
    );
}

/// The request of an exchange, and whether it asks for a stream.
fn request(name: &str, interaction: &Interaction) -> (Request, bool) {
    let body = serde_json::from_slice(&interaction.request_body).expect("it is JSON");
    let request = match name {
        "OfChat" => wire::openai::read_request(body),
        "OfResponses" => wire::openai_responses::read_request(body),
        "OfMessages" => wire::anthropic::read_request(body),
        "OfGemini" => wire::gemini::read_request(body),
        "OfInteractions" => wire::gemini_interactions::read_request(body),
        _ => wire::ollama::read_request(body),
    };
    let mut request = request.expect("it is one");
    if name == "OfGemini" {
        request.model = "model-1".to_owned();
        let streams = interaction.path.ends_with(":streamGenerateContent");
        request.stream = Some(streams);
    }
    let streamed = request.stream == Some(true);
    (request, streamed)
}

/// What is the same in both: not the id of the answer, the name of the provider, and what only one wire has.
pub(super) fn compared(response: Response) -> (Message, Option<FinishReason>, Option<Usage>) {
    let mut message = response.message;
    for part in &mut message.parts {
        if let Part::ToolCall(call) = part {
            call.extra.remove("thoughtSignature");
        }
    }
    (message, response.finish_reason, response.usage)
}

/// An event without the signature of a call, which only the server adds.
fn without_signature(mut event: StreamEvent) -> StreamEvent {
    if let StreamEvent::ToolCallStart { extra, .. } = &mut event {
        *extra = extra
            .take()
            .filter(|extra| !extra.contains_key("thoughtSignature"));
    }
    event
}

pub(super) fn compared_error(mut error: ProviderError) -> ProviderError {
    error.raw = None;
    error.provider = None;
    error
}

pub(super) async fn answer_stream(
    mock: &MockProvider,
    request: &Request,
) -> Result<Vec<Result<StreamEvent, ProviderError>>, ProviderError> {
    let stream = mock.answer_stream(request.clone()).await;
    let items = collect(stream.map_err(compared_error)?).await.items;
    let items = items.into_iter();
    let items = items.map(|item| item.map(without_signature).map_err(compared_error));
    Ok(items.collect())
}
