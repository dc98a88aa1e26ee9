//! Answers as the source of a `mock_provider!`: those of a recording, and those of the calls of a test.

mod chain;
mod layout;
mod literal;

use chain::{Speaker, Written, pairs, usage_word};
use layout::{Source, asked};
use literal::{literal, time};

use super::api::Api;
use super::{Cassette, Interaction};
use crate::chat::error_kind::ErrorKind;
use crate::chat::raw_answers::RawAnswers as _;
use crate::journal::calls::{Call, Calls, Outcome};
use crate::scenario::recorded::exchange::RecordedRequest;
use crate::scenario::{Action, Profile, Str, Turn};
use crate::wire::Wires;

/// Returns the source of a `mock_provider!` of this name, which answers as the recorded responses do: with the same texts, tool calls,
/// vectors, failures, finish reasons and usage.
///
/// A response that the words of a turn cannot say is written as it was recorded, with `raw(..)` or `frames(..)`. A request of a path that
/// asks no model gets a lane of its own. What the source leaves out is listed in comments: gaps between frames, and exchanges that it cannot
/// play. Headers, and the ids and times of responses, are those of the mock.
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
        let written = exchange(interaction, *api, profile, &mut speaker);
        let place = asked(&format!("{file}:{line}: {method} {path}"), request.as_ref());
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

impl Calls {
    /// Returns the source of a `mock_provider!` of this name, which answers as these calls were answered, in their order. Use it to keep
    /// what a rule, a closure or a driver answered once as a script.
    ///
    /// The turns have the texts, tool calls, vectors, failures, finish reasons and usage that the caller received, and the same pieces of a
    /// stream. They have no matchers, names and times. What they cannot say is listed in comments. Feature `cassette`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([]).rules([on(user("weather in {city}")).reply("It rains in {city}.")]));
    /// llm.answer(Request::new("gpt-4o").user("What is the weather in Paris?")).await?;
    ///
    /// let source = llm.calls().to_script("Rainy");
    /// assert!(source.contains("reply(\"It rains in Paris.\")"), "{source}");
    /// # Ok(()) }
    /// ```
    pub fn to_script(&self, name: &str) -> String {
        let first = self.first();
        let profile = first.map_or(Profile::Plain, |call| call.scenario.profile);
        let mut models = self.iter().map(|call| &call.request().model);
        let model = models.find(|model| !model.is_empty()).cloned();
        let mut source = Source::new(profile, model);
        let allows = |call: &Call| call.scenario.allow.broken_conversations;
        source.allow_broken_conversations(self.iter().any(allows));
        let mut speaker = Speaker::new(profile);
        for call in self {
            let written = said(call, &mut speaker);
            let head = call.head.as_deref().filter(|head| !head.asks_model);
            let path = head.map(|head| head.line());
            let place = format!("call {}", call.number());
            let place = match &path {
                Some(path) => format!("{place}: {path}"),
                None => asked(&place, Some(call.request())),
            };
            source.add(&place, path.as_deref(), &written);
        }
        source.finish(name)
    }
}

/// What was recorded of an exchange.
fn exchange(
    interaction: &Interaction,
    api: Option<Api>,
    profile: Profile,
    speaker: &mut Speaker,
) -> Written {
    let Ok(body) = std::str::from_utf8(&interaction.body) else {
        return Written::nothing("Not in the script: the body is not a text");
    };
    let Some(api) = api else {
        return recorded(interaction, body, None);
    };
    if interaction.status >= 400 && api.rejects(interaction) {
        return Written::nothing(
            "Not in the script: the mock rejects this request itself, as the provider did",
        );
    }
    let mut written = read(interaction, api, body, speaker);
    let gaps = interaction.frames.iter().map(|frame| frame.gap);
    let gaps: Vec<_> = gaps.filter(|gap| !gap.is_zero()).map(time).collect();
    if !gaps.is_empty() {
        const SHOWN: usize = 8;
        let shown = gaps[..gaps.len().min(SHOWN)].join(", ");
        let more = if gaps.len() > SHOWN { ", .." } else { "" };
        written.notes.push(format!(
            "Left out: the gaps between its frames, {shown}{more}"
        ));
    }
    if api.profile() != profile {
        let word = api.profile().word();
        written
            .notes
            .push(format!("Recorded on another wire: {word}"));
    }
    if let Some(lost) = written.lost.take() {
        let notes = written.notes;
        written = recorded(interaction, body, Some(api));
        written.notes = vec![format!("As it was recorded, because of {lost}")];
        written.notes.extend(notes);
    }
    written
}

/// What the reader of a wire reads in a response.
fn read(interaction: &Interaction, api: Api, body: &str, speaker: &mut Speaker) -> Written {
    let lost = Written::unread;
    let profile = api.profile();
    let headers = interaction.headers.iter();
    let headers: Vec<(Str, Str)> = headers
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    let status = interaction.status;
    if let Api::Embeddings(_) = api {
        return match Wires.embeddings(profile, status, &headers, body) {
            Some(Ok(response)) => vectors(&response.embeddings, response.usage.as_ref()),
            Some(Err(error)) if status >= 400 => speaker.failure(&error),
            _ => lost(),
        };
    }
    let Some(frames) = interaction.replayed_frames() else {
        return match Wires.whole(profile, status, &headers, body) {
            Some(Ok(response)) => speaker.whole(&response),
            Some(Err(error)) if status >= 400 => speaker.failure(&error),
            _ => lost(),
        };
    };
    let Some(mut reader) = Wires.frames(profile) else {
        return lost();
    };
    let mut read = Vec::new();
    for (_, frame) in frames {
        read.extend(reader.read(frame));
    }
    read.extend(reader.end().map(Ok));
    let mut events = Vec::new();
    for event in read {
        match event {
            Ok(event) => events.push(event),
            Err(error) if error.kind == ErrorKind::InvalidResponse => return lost(),
            Err(error) => return speaker.streamed(events, Some(&error)),
        }
    }
    speaker.streamed(events, None)
}

/// A response as it was recorded.
fn recorded(interaction: &Interaction, body: &str, api: Option<Api>) -> Written {
    let frames = interaction.replayed_frames().filter(|_| api.is_some());
    let (word, usual) = match frames {
        Some(frames) => {
            let frames = frames.iter().map(|(_, frame)| literal(frame));
            (
                format!("frames([{}])", frames.collect::<Vec<_>>().join(", ")),
                None,
            )
        }
        None => (format!("raw({})", literal(body)), Some("application/json")),
    };
    let mut written = Written::word(word);
    if interaction.status != 200 {
        written
            .chain
            .push(format!("status({})", interaction.status));
    }
    let is_written = |(name, value): &&(String, String)| match &*name.to_ascii_lowercase() {
        "content-type" => usual.is_some_and(|usual| usual != value),
        name => name.starts_with("retry-after"),
    };
    let headers = interaction.headers.iter().filter(is_written);
    let headers: Vec<(Str, Str)> = headers
        .map(|(name, value)| (name.to_ascii_lowercase().into(), value.clone().into()))
        .collect();
    if !headers.is_empty() {
        written.chain.push(format!("headers({})", pairs(&headers)));
    }
    written
}

fn vectors(vectors: &[Vec<f32>], usage: Option<&crate::chat::finish::Usage>) -> Written {
    let mut written = Written::default();
    for vector in vectors {
        let numbers = vector.iter().map(|number| format!("{number:?}"));
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        written.chain.push(format!("embed([{numbers}])"));
    }
    if vectors.iter().any(Vec::is_empty) || vectors.is_empty() {
        written.lost = Some("a vector without numbers".to_owned());
    }
    written.chain.push(usage_word(usage));
    written
}

/// What a call was answered with.
fn said(call: &Call, speaker: &mut Speaker) -> Written {
    let mut written = match call.outcome() {
        None => {
            let mut written = Written::word("hang()".to_owned());
            written.notes.push("The call was in flight".to_owned());
            written
        }
        Some(Outcome::Panicked(_)) => {
            return Written::nothing("Not in the script: a closure panicked");
        }
        Some(_) if call.answered_by().is_none() => {
            return Written::nothing("Not in the script: no turn answered the call");
        }
        Some(outcome) => answer(call, outcome, speaker),
    };
    let turn = call.answered_by().map(|turn| call.scenario.turn(turn));
    if let Some(lost) = written.lost.take() {
        match turn.and_then(as_written) {
            Some(raw) => {
                written.chain = raw;
                written
                    .notes
                    .push(format!("As the turn was written, because of {lost}"));
            }
            None => written.notes.push(format!("Left out: {lost}")),
        }
    }
    written
}

fn answer(call: &Call, outcome: &Outcome, speaker: &mut Speaker) -> Written {
    if call.is_embedding() {
        return match (outcome, call.vectors_of_answer()) {
            (Outcome::Failed(error), _) => speaker.failure(error),
            (_, Some(all)) => vectors(&all, call.usage().as_ref()),
            _ => dropped(Written::word("hang()".to_owned())),
        };
    }
    let events = call.events_of_answer();
    let failure = match outcome {
        Outcome::Failed(error) => Some(error),
        _ => None,
    };
    match (events, outcome) {
        (Some((head, events)), Outcome::Completed) if !call.is_streamed() => {
            let mut response = head;
            events.into_iter().for_each(|event| response.push(event));
            speaker.whole(&response)
        }
        (Some((_, events)), Outcome::DroppedAfter(_) | Outcome::Cancelled) => {
            let mut written = speaker.streamed(events, None);
            let fault = written
                .chain
                .iter_mut()
                .rfind(|word| *word == "end_after(all)");
            if let Some(fault) = fault {
                *fault = "stall_after(all)".to_owned();
            }
            dropped(written)
        }
        (Some((_, events)), _) => speaker.streamed(events, failure),
        (None, Outcome::Failed(error)) => speaker.failure(error),
        (None, Outcome::Completed | Outcome::Truncated) => Written::unread(),
        (None, _) => dropped(Written::word("hang()".to_owned())),
    }
}

fn dropped(mut written: Written) -> Written {
    written
        .notes
        .push("The caller dropped the call here".to_owned());
    written
}

/// The words of a turn with a body or frames of its own.
fn as_written(turn: &Turn) -> Option<Vec<String>> {
    let mut chain = Vec::new();
    for action in turn.actions.iter() {
        match action {
            Action::Raw(body) => chain.push(format!("raw({})", literal(body))),
            Action::Frames(frames) => {
                let frames = frames.iter().map(|frame| literal(frame));
                let frames = frames.collect::<Vec<_>>().join(", ");
                chain.push(format!("frames([{frames}])"));
            }
            wait if wait.is_wait() => {}
            _ => return None,
        }
    }
    if let Some(status) = turn.status.filter(|status| *status != 200) {
        chain.push(format!("status({status})"));
    }
    if !turn.headers.is_empty() {
        chain.push(format!("headers({})", pairs(&turn.headers)));
    }
    Some(chain).filter(|chain| !chain.is_empty())
}
