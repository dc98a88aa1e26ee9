//! The source of a mock that answers as a recording does: [`to_script`].

use std::time::Duration;

use mock_cassette::{Cassette, Interaction};

use super::layout::{Source, turn_origin};
use super::literal::{literal, time};
use super::turn_words::{Speaker, TimedEvent, Written, pairs, vectors};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::raw_answer_reader::RawAnswers as _;
use crate::recorded_api::Api;
use crate::replay_cassette::replayed_headers::is_replayed;
use crate::scenario::recorded::exchange::RecordedRequest;
use crate::scenario::{Profile, Str};
use crate::search::Search;
use crate::wire::Wires;

/// Returns the source of a `mock_provider!` of this name, which answers as the recorded responses do: with the same texts, tool calls,
/// vectors, failures, finish reasons and usage.
///
/// If the grammar cannot express a response, the source has the recorded bytes, as `raw(..)` or `frames(..)`. Paths that are not for a
/// model get a lane of their own. Gaps between frames become pauses, multiplied by [`Cassette::scale_gaps`]; more than 16 of them become
/// `every(..)` with their mean. Headers that limit the rate are kept. Comments list everything that is left out: other headers, signatures
/// of Gemini's calls, which the server makes itself, and exchanges that the source cannot play. The ids and times of responses are those of
/// the mock.
///
/// ```
/// use mock_core::cassette::{Cassette, to_script};
///
/// let cassette = Cassette::parse(
///     r#"
/// when:
///   path: /v1/chat/completions
///   body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}'
/// then:
///   status: 200
///   body: '{"choices": [{"message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}]}'
/// "#,
/// )?;
/// let source = to_script(&cassette, "Greeter");
/// assert!(source.starts_with("mock_provider!(\n    Greeter = openai(\"gpt-4o\"),"), "{source}");
/// assert!(source.contains("reply(\"Hi.\").usage(none),"), "{source}");
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
pub fn to_script(cassette: &Cassette, name: &str) -> String {
    let file = cassette.file().unwrap_or("the cassette");
    let exchanges = cassette.interactions().iter().map(|interaction| {
        let api = Api::from_exchange(interaction);
        let request = api.and_then(|api| api.read_request(interaction));
        (
            interaction,
            api,
            request.map(|request: RecordedRequest| request.request),
        )
    });
    let exchanges: Vec<_> = exchanges.collect();
    let mut heads = exchanges.iter();
    let head = heads.find_map(|(_, api, request)| Some((*api.as_ref()?, request.as_ref())));
    let profile = head.map_or(Profile::Plain, |(api, _)| api.profile());
    let model = head.and_then(|(_, request)| Some(request?.model.clone()));
    let mut source = Source::new(profile, model);
    let mut speaker = Speaker::new(profile);
    for (interaction, api, request) in &exchanges {
        let Interaction {
            method, path, line, ..
        } = interaction;
        let recorded = Recorded {
            interaction,
            gap_scale: cassette.gap_scale(),
        };
        let written = exchange(recorded, *api, profile, &mut speaker);
        let place = turn_origin(&format!("{file}:{line}: {method} {path}"), request.as_ref());
        let other = format!("{method} {path}");
        source.add(&place, api.is_none().then_some(&*other), &written);
    }
    for fixture in cassette.fixtures() {
        let note =
            "Not in the script: a fixture of another tool, which answers any number of requests";
        source.add(
            &format!("{file}:{}", fixture.line),
            None,
            &Written::nothing(note),
        );
    }
    source.finish(name)
}

/// An exchange, and by how much its gaps are longer.
#[derive(Clone, Copy)]
struct Recorded<'c> {
    interaction: &'c Interaction,
    gap_scale: f64,
}

impl Recorded<'_> {
    fn gap(self, gap: Duration) -> Duration {
        // Times in the source are milliseconds.
        let millis = gap.mul_f64(self.gap_scale).as_millis();
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Adds the gaps of an answer that comes whole, as a pause before it.
    fn pause_before(self, written: &mut Written) {
        let gaps = self.interaction.frames.iter().map(|frame| frame.gap);
        let gap = self.gap(gaps.sum());
        if !gap.is_zero() && !written.chain.is_empty() {
            written.chain.insert(0, format!("pause({})", time(gap)));
        }
    }
}

/// Writes a recorded exchange as a turn.
fn exchange(
    recorded: Recorded<'_>,
    api: Option<Api>,
    profile: Profile,
    speaker: &mut Speaker,
) -> Written {
    let Recorded { interaction, .. } = recorded;
    let Ok(body) = std::str::from_utf8(&interaction.body) else {
        return Written::nothing("Not in the script: the body is not a text");
    };
    let Some(api) = api else {
        return as_recorded(recorded, body, None);
    };
    if interaction.status >= 400 && api.rejects(interaction) {
        return Written::nothing(
            "Not in the script: the mock rejects this request itself, as the provider did",
        );
    }
    let mut written = read(recorded, api, body, speaker);
    if api.profile() != profile {
        let word = api.profile().word();
        written
            .notes
            .push(format!("Recorded on another wire: {word}"));
    }
    if let Some(lost) = written.lost.take() {
        let notes = written.notes;
        written = as_recorded(recorded, body, Some(api));
        written.notes.insert(
            0,
            format!("The recorded bytes, because a turn cannot express {lost}"),
        );
        written.notes.extend(notes);
        return written;
    }
    written.notes.extend(left_out(interaction, &[]));
    written
}

/// Reads a response with the reader of its wire, and writes it as words.
fn read(recorded: Recorded<'_>, api: Api, body: &str, speaker: &mut Speaker) -> Written {
    let interaction = recorded.interaction;
    let mut written = match interaction.replayed_frames() {
        Some(frames) if matches!(api, Api::Chat(_)) => read_stream(recorded, api, &frames, speaker),
        _ => {
            let mut written = read_whole(interaction, api, body, speaker);
            recorded.pause_before(&mut written);
            written
        }
    };
    let headers = kept_headers(interaction);
    let is_failure = |word: &String| word.starts_with("fail(");
    if !headers.is_empty() && !written.chain.any(&is_failure) {
        written.chain.push(format!("headers({})", pairs(&headers)));
    }
    written
}

fn read_whole(interaction: &Interaction, api: Api, body: &str, speaker: &mut Speaker) -> Written {
    let profile = api.profile();
    let headers = interaction.headers.iter();
    let headers: Vec<(Str, Str)> = headers
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    let status = interaction.status;
    let failure = |mut error: ProviderError| {
        let headers = kept_headers(interaction).into_iter();
        // The failure has its own field for the retry-after.
        let has_wait = error.retry_after.is_some();
        let headers: Vec<_> = headers
            .filter(|(name, _)| !has_wait || !name.starts_with("retry-after"))
            .collect();
        if !headers.is_empty() {
            error.raw.get_or_insert_default().headers = headers;
        }
        speaker.failure(&error)
    };
    if let Api::Embeddings(_) = api {
        return match Wires.embeddings(profile, status, &headers, body) {
            Some(Ok(response)) => vectors(&response.embeddings, response.usage.as_ref()),
            Some(Err(error)) if status >= 400 => failure(error),
            _ => Written::unread(),
        };
    }
    match Wires.whole(profile, status, &headers, body) {
        Some(Ok(response)) => speaker.whole(&response),
        Some(Err(error)) if status >= 400 => failure(error),
        _ => Written::unread(),
    }
}

fn read_stream(
    recorded: Recorded<'_>,
    api: Api,
    frames: &[(Duration, &str)],
    speaker: &mut Speaker,
) -> Written {
    let Some(mut reader) = Wires.frames(api.profile()) else {
        return Written::unread();
    };
    let mut events = Vec::new();
    let mut waited = Duration::ZERO;
    for (index, (gap, frame)) in frames.iter().enumerate() {
        waited += recorded.gap(*gap);
        let mut read = reader.read(frame);
        if index + 1 == frames.len() {
            read.extend(reader.end().map(Ok));
        }
        for event in read {
            match event {
                Ok(event) => {
                    let gap = std::mem::take(&mut waited);
                    events.push(TimedEvent { gap, event });
                }
                Err(error) if error.kind == ErrorKind::InvalidResponse => return Written::unread(),
                Err(error) => return speaker.streamed(events, Some(&error), waited),
            }
        }
    }
    speaker.streamed(events, None, waited)
}

/// A response as it was recorded.
fn as_recorded(recorded: Recorded<'_>, body: &str, api: Option<Api>) -> Written {
    let interaction = recorded.interaction;
    let frames = interaction.replayed_frames().filter(|_| api.is_some());
    let (mut written, usual) = match frames {
        Some(frames) => (framed(recorded, &frames), None),
        None => {
            let mut written = Written::word(format!("raw({})", literal(body)));
            recorded.pause_before(&mut written);
            (written, Some("application/json"))
        }
    };
    if interaction.status != 200 {
        written
            .chain
            .push(format!("status({})", interaction.status));
    }
    let is_unusual = |(name, value): &&(String, String)| {
        name.eq_ignore_ascii_case("content-type") && usual.is_some_and(|usual| usual != value)
    };
    let content_type = interaction.headers.iter().filter(is_unusual);
    let content_type = content_type.map(|(_, value)| ("content-type".into(), value.clone().into()));
    let headers: Vec<(Str, Str)> = content_type.chain(kept_headers(interaction)).collect();
    if !headers.is_empty() {
        written.chain.push(format!("headers({})", pairs(&headers)));
    }
    written.notes.extend(left_out(interaction, &headers));
    written
}

/// Frames as they were recorded, with their gaps.
fn framed(recorded: Recorded<'_>, frames: &[(Duration, &str)]) -> Written {
    let mut written = Written::default();
    let mut together: Vec<String> = Vec::new();
    let word = |together: &mut Vec<String>| {
        let frames = std::mem::take(together).join(", ");
        format!("frames([{frames}])")
    };
    for (gap, frame) in frames {
        let gap = recorded.gap(*gap);
        if !gap.is_zero() {
            if !together.is_empty() {
                written.chain.push(word(&mut together));
            }
            written.chain.push(format!("pause({})", time(gap)));
        }
        together.push(literal(frame));
    }
    written.chain.push(word(&mut together));
    written
}

/// The start of the names of headers that clients act on.
const KEPT: [&str; 5] = [
    "retry-after",
    "x-ratelimit-",
    "ratelimit-",
    "anthropic-ratelimit-",
    "x-should-retry",
];

/// The headers that the mock makes itself.
const MADE: [&str; 4] = [
    "cache-control",
    "content-type",
    "x-request-id",
    "request-id",
];

/// The headers that a client acts on.
fn kept_headers(interaction: &Interaction) -> Vec<(Str, Str)> {
    let headers = interaction.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value));
    headers
        .filter(|(name, _)| KEPT.any(&|kept| name.starts_with(kept)))
        .map(|(name, value)| (name.into(), value.clone().into()))
        .collect()
}

/// A note of the headers that are left out, if there are some.
fn left_out(interaction: &Interaction, written: &[(Str, Str)]) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &interaction.headers {
        let name = name.to_ascii_lowercase();
        let is_known = MADE.contains(&&*name)
            || KEPT.any(&|kept| name.starts_with(kept))
            || written.any(&|(known, _)| *known == name)
            || !is_replayed(&name);
        if !is_known && !names.contains(&name) {
            names.push(name);
        }
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("Left out: the headers {}", names.join(", ")))
}
