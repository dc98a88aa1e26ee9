//! A cassette as a scenario: a lane for equal requests, with a turn for each response.

use std::sync::Arc;

use serde_json::Value;

use super::canonical::sent;
use super::{Cassette, Interaction};
use crate::chat::request::Request;
use crate::mock::MockProvider;
use crate::scenario::recorded::{Recorded, RecordedLane};
use crate::scenario::{
    Action, Allow, Lane, Matcher, Pattern, PatternPiece, Place, Profile, Scenario, Turn,
};
use crate::wire::{anthropic, gemini, ollama, openai, openai_responses};

/// Headers that the server writes itself, or that are of one connection (RFC 9110, 7.6.1).
const NOT_REPLAYED: [&str; 10] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Scenario {
    /// Creates a scenario that answers each recorded request with its response. Of equal requests, the first is answered with the first
    /// response. A request that was not recorded fails the test, and so does a response that nobody asked for.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    /// use mock_core::scenario::Scenario;
    ///
    /// let cassette = Cassette::parse("when: {path: /, method: GET}\nthen: {status: 204}")?;
    /// assert_eq!(Scenario::cassette(cassette).check(), Ok(()));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    #[track_caller]
    pub fn cassette(cassette: Cassette) -> Scenario {
        let caller = Place::caller();
        // A place is a `&'static str`, as those of the compiler are. There are as many as cassettes that are loaded.
        let file: Option<&'static str> = cassette.file().map(|file| &*file.to_owned().leak());
        let mut recorded = Recorded::new(cassette.ignored().to_vec());
        let mut turns: Vec<Vec<Turn>> = Vec::new();
        let mut places = Vec::new();
        for interaction in cassette.interactions() {
            let place = match file {
                Some(_) => Place {
                    file,
                    line: interaction.line,
                },
                None => caller,
            };
            let sent = sent(
                interaction.query.clone(),
                &interaction.request_body,
                &recorded.ignored,
            );
            let found = recorded.find(&interaction.method, &interaction.path, &sent);
            let lane = found.unwrap_or_else(|| {
                turns.push(Vec::new());
                places.push(place);
                let (profile, request) = read(interaction);
                recorded.add(RecordedLane {
                    method: interaction.method.clone(),
                    path: interaction.path.clone(),
                    sent,
                    request,
                    profile,
                    binary: Vec::new(),
                })
            });
            let (turn, binary) = turn(interaction, place, cassette.gap_scale());
            turns[lane].push(turn);
            recorded.lanes[lane].binary.push(binary);
        }
        let lanes = recorded.lanes.iter().zip(turns).zip(places);
        let lanes = lanes.map(|((recorded, turns), place)| Lane {
            place,
            // For reports: the index finds the lane.
            matchers: vec![path(&recorded.method, &recorded.path)].into(),
            turns: turns.into(),
        });
        let lanes: Vec<_> = lanes.collect();
        let mut profiles = recorded.lanes.iter().filter_map(|lane| lane.profile);
        let profile = profiles.next().unwrap_or(Profile::Plain);
        Scenario {
            place: Place {
                file: file.or(caller.file),
                line: if file.is_some() { 1 } else { caller.line },
            },
            profile,
            lanes: lanes.into(),
            // What the provider said to it was recorded, too.
            allow: Allow {
                broken_conversations: true,
                ..Allow::NOTHING
            },
            recorded: Some(Arc::new(recorded)),
            ..Scenario::EMPTY
        }
    }
}

impl MockProvider {
    /// Creates a mock that replays recorded exchanges: see [`Scenario::cassette`].
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, cassette::Cassette};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cassette = Cassette::parse(
    ///     r#"
    /// when:
    ///   method: POST
    ///   path: /v1/chat/completions
    ///   body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}'
    /// then:
    ///   status: 200
    ///   body: '{"model": "gpt-4o", "choices": [{"message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}]}'
    /// "#,
    /// )?;
    /// let mock = MockProvider::cassette(cassette);
    ///
    /// let response = mock.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(response.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn cassette(cassette: Cassette) -> Self {
        MockProvider::new(Scenario::cassette(cassette))
    }
}

fn path(method: &str, path: &str) -> Matcher {
    Matcher::Path {
        method: Some(method.to_owned().into()),
        pattern: Pattern::Words(vec![PatternPiece::Text(path.to_owned().into())].into()),
    }
}

/// The turn that answers with a recorded response, and its body if that is not a text.
fn turn(interaction: &Interaction, place: Place, gap_scale: f64) -> (Turn, Option<Vec<u8>>) {
    let Interaction { status, frames, .. } = interaction;
    let status = *status;
    let is_replayed = |name: &str| {
        let mut not = NOT_REPLAYED.iter();
        !not.any(|not| name.eq_ignore_ascii_case(not))
    };
    let headers = interaction.headers.iter();
    let headers: Vec<_> = headers
        .filter(|(name, _)| is_replayed(name))
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    let mut actions = Vec::new();
    let mut binary = None;
    match String::from_utf8(interaction.body.clone()) {
        Ok(body) if status < 400 && !frames.is_empty() => {
            let mut rest = &*body;
            for frame in frames {
                let gap = frame.gap.mul_f64(gap_scale);
                if !gap.is_zero() {
                    actions.push(Action::Pause(gap));
                }
                // A frame may end within a character, which goes with the next one.
                let end =
                    (frame.bytes..).find(|end| *end >= rest.len() || rest.is_char_boundary(*end));
                let (frame, behind) = rest.split_at(end.unwrap_or(rest.len()).min(rest.len()));
                rest = behind;
                actions.push(Action::Frames(vec![frame.to_owned().into()].into()));
            }
        }
        Ok(body) if status < 400 && is_stream(&headers) && !body.is_empty() => {
            let frames: Vec<_> = split(&body).map(|frame| frame.to_owned().into()).collect();
            actions.push(Action::Frames(frames.into()));
        }
        Ok(body) => actions.push(Action::Raw(body.into())),
        Err(error) => {
            actions.push(Action::Raw("".into()));
            binary = Some(error.into_bytes());
        }
    }
    let turn = Turn {
        place,
        actions: actions.into(),
        status: Some(status),
        headers: headers.into(),
        ..Turn::EMPTY
    };
    (turn, binary)
}

fn is_stream(headers: &[(crate::scenario::Str, crate::scenario::Str)]) -> bool {
    headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && ["text/event-stream", "application/x-ndjson"]
                .iter()
                .any(|stream| value.starts_with(stream))
    })
}

/// The events of a stream, each with the empty line after it, or its lines where it has no events.
fn split(body: &str) -> impl Iterator<Item = &str> {
    let is_of_lines = body.starts_with('{');
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let ends: &[&str] = match is_of_lines {
            true => &["\n"],
            false => &["\n\n", "\r\n\r\n"],
        };
        let ends = ends
            .iter()
            .filter_map(|end| Some(rest.find(end)? + end.len()));
        let (frame, behind) = rest.split_at(ends.min().unwrap_or(rest.len()));
        rest = behind;
        Some(frame)
    })
}

/// The wire of an exchange that is known by a profile, and its request.
fn read(interaction: &Interaction) -> (Option<Profile>, Option<Request>) {
    let path = &*interaction.path;
    let body = || serde_json::from_slice::<Value>(&interaction.request_body).ok();
    if path.ends_with("/chat/completions") {
        let request = body().and_then(|body| openai::read_request(body).ok());
        (Some(Profile::Openai), request)
    } else if path.ends_with("/responses") {
        let request = body().and_then(|body| openai_responses::read_request(body).ok());
        (Some(Profile::OpenaiResponses), request)
    } else if path.ends_with("/messages") {
        let request = body().and_then(|body| anthropic::read_request(body).ok());
        (Some(Profile::Anthropic), request)
    } else if let Some((model, method)) = path.rsplit('/').next().and_then(|of| of.split_once(':'))
        && matches!(method, "generateContent" | "streamGenerateContent")
    {
        let request = body().and_then(|body| gemini::read_request(body).ok());
        let request = request.map(|mut request| {
            request.model = model.to_owned();
            request.stream = (method == "streamGenerateContent").then_some(true);
            request
        });
        (Some(Profile::Gemini), request)
    } else if path == "/api/chat" {
        let request = body().and_then(|body| ollama::read_request(body).ok());
        (Some(Profile::Ollama), request)
    } else {
        (None, None)
    }
}
