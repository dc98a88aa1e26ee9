//! Recorded exchanges as the source of a `mock_provider!`.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Cassette, Interaction};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::chat::raw_answers::RawAnswers as _;
use crate::chat::response::Response;
use crate::scenario::{Profile, Str};
use crate::wire::raw::Wires;

/// A turn of the source, and what it cannot say.
#[derive(Default)]
struct Written {
    /// Lines of comments, without their slashes.
    notes: Vec<String>,
    /// The words of the chain; none if the exchange is no turn.
    chain: Vec<String>,
}

/// Returns the source of a `mock_provider!` of this name, whose turns answer with what the readers of the wires read in the recorded
/// responses. What a turn cannot say is listed in a comment above it. So is an exchange that no reader reads.
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
    let mut head = None;
    let mut turns = String::new();
    for interaction in cassette.interactions() {
        let (profile, request) = super::replay::read(interaction);
        let mut written = match profile {
            Some(profile) => written(interaction, profile),
            None => Written::not_read(),
        };
        if let (None, Some(profile)) = (&head, profile) {
            let model = request.as_ref().map(|request| request.model.clone());
            head = Some((profile, model.filter(|model| !model.is_empty())));
        }
        if let (Some((first, _)), Some(profile)) = (&head, profile)
            && *first != profile
        {
            let other = format!("it was recorded on another wire, {}", word(profile));
            written.notes.push(other);
        }
        let asked = request.and_then(|request| request.user_text().map(|text| text.into_owned()));
        let asked = asked.map_or(String::new(), |text| {
            format!(", user {}", quoted_short(&text))
        });
        let Interaction {
            method, path, line, ..
        } = interaction;
        // Writing to a text does not fail.
        let _ = writeln!(turns, "        // {file}:{line}: {method} {path}{asked}");
        for note in &written.notes {
            let _ = writeln!(turns, "        // Not in the turn: {}.", one_line(note));
        }
        turns.push_str(&laid_out(&written.chain));
    }
    let (profile, model) = head.unwrap_or((Profile::Plain, None));
    let model = model.map_or(String::new(), |model| format!("({model:?})"));
    let profile = word(profile);
    format!(
        "mock_provider!(\n    {name} = {profile}{model},\n    allow = [broken_conversations],\n    script = [\n{turns}    ],\n);\n"
    )
}

/// The word of a profile in the macro.
fn word(profile: Profile) -> &'static str {
    match profile {
        Profile::Openai => "openai",
        Profile::OpenaiResponses => "openai_responses",
        Profile::Anthropic => "anthropic",
        Profile::Gemini => "gemini",
        Profile::Ollama => "ollama",
        _ => "plain",
    }
}

/// A chain of words, in one line if it is short.
fn laid_out(chain: &[String]) -> String {
    const WIDTH: usize = 88;
    let Some((first, rest)) = chain.split_first() else {
        return String::new();
    };
    let line = chain.join(".");
    if line.chars().count() <= WIDTH {
        return format!("        {line},\n");
    }
    let mut lines = format!("        {first}");
    for link in rest {
        let _ = write!(lines, "\n            .{link}");
    }
    lines + ",\n"
}

impl Written {
    fn not_read() -> Self {
        Written {
            notes: vec!["the exchange, which is of no wire that a mock speaks".to_owned()],
            chain: Vec::new(),
        }
    }

    fn failure(error: &ProviderError) -> Self {
        let mut fields = Vec::new();
        if !error.message.is_empty() {
            fields.push(format!("message: {}", template(&error.message)));
        }
        if let Some(after) = error.retry_after
            && matches!(
                error.kind.to_string().as_str(),
                "rate_limit" | "overloaded" | "server_error"
            )
        {
            fields.push(format!("retry_after: {}", time(after)));
        }
        fields.extend(error.status.map(|status| format!("status: {status}")));
        fields.extend(error.code.as_ref().map(|code| format!("code: {code:?}")));
        let mut notes = Vec::new();
        notes.extend(
            error
                .param
                .as_ref()
                .map(|param| format!("the parameter `{param}`")),
        );
        let kind = error.kind;
        let fields = match fields.is_empty() {
            true => String::new(),
            false => format!(" {{ {} }}", fields.join(", ")),
        };
        Written {
            notes,
            chain: vec![format!("fail({kind}{fields})")],
        }
    }
}

/// What the reader of a wire reads in a response.
fn written(interaction: &Interaction, profile: Profile) -> Written {
    let headers = interaction.headers.iter();
    let headers: Vec<(Str, Str)> = headers
        .map(|(name, value)| (name.clone().into(), value.clone().into()))
        .collect();
    match interaction.replayed_frames() {
        Some(frames) => streamed(&frames, profile),
        None => {
            let Ok(body) = std::str::from_utf8(&interaction.body) else {
                return Written::not_read();
            };
            match Wires.whole(profile, interaction.status, &headers, body) {
                Some(Ok(response)) => whole(&response),
                Some(Err(error)) => Written::failure(&error),
                None => Written::not_read(),
            }
        }
    }
}

/// The answer so far, as the words of a chain.
#[derive(Default)]
struct Chain {
    notes: Vec<String>,
    words: Vec<String>,
    /// The texts of the word that is being written, and the word.
    pieces: Vec<String>,
    kind: &'static str,
    /// The call that is being written: its name, its id, and the pieces of its arguments.
    call: Option<(usize, String, String, Vec<String>)>,
    has_calls: bool,
}

impl Chain {
    fn text(&mut self, kind: &'static str, text: &str) {
        if self.kind != kind || self.call.is_some() {
            self.flush();
            self.kind = kind;
        }
        self.pieces.push(template(text));
    }

    /// Ends the word that is being written.
    fn flush(&mut self) {
        if !self.pieces.is_empty() {
            let pieces = std::mem::take(&mut self.pieces);
            self.words
                .push(format!("{}([{}])", self.kind, pieces.join(", ")));
        }
        self.kind = "";
        if let Some((_, name, id, pieces)) = self.call.take() {
            if pieces.len() > 1 {
                let note = format!("the arguments of `{name}` came in {} pieces", pieces.len());
                self.notes.push(note);
            }
            let arguments = pieces.concat();
            self.add_call(&name, &id, &arguments);
        }
    }

    fn add_call(&mut self, name: &str, id: &str, arguments: &str) {
        self.has_calls = true;
        let named = match is_word(name) {
            true => name.to_owned(),
            false => format!("recorded_tool.named({name:?})"),
        };
        let id = match id {
            "" => String::new(),
            id => format!(".id({})", template(id)),
        };
        self.words
            .push(format!("call({named}.raw({arguments:?}){id})"));
    }

    fn part(&mut self, part: &Part) {
        self.flush();
        self.notes
            .push(format!("{}, which the answer has here", part.name()));
    }

    fn end(mut self, reason: Option<&FinishReason>, usage: Option<&Usage>) -> Written {
        self.flush();
        if self.words.is_empty() {
            self.words.push("reply(\"\")".to_owned());
        }
        let default = match self.has_calls {
            true => FinishReason::ToolCalls,
            false => FinishReason::Stop,
        };
        match reason {
            None => self.words.push("finish(none)".to_owned()),
            Some(reason) if *reason == default => {}
            Some(FinishReason::Other(name)) => self.words.push(format!("finish(other({name:?}))")),
            Some(reason) => self.words.push(format!("finish({reason})")),
        }
        match usage {
            None => self.words.push("usage(none)".to_owned()),
            Some(usage) => {
                let (prompt, completion) = (usage.prompt_tokens, usage.completion_tokens);
                self.words.push(format!("usage({prompt}, {completion})"));
                let further = [
                    ("read from a cache", usage.cache_read_tokens),
                    ("written to a cache", usage.cache_write_tokens),
                    ("of reasoning", usage.reasoning_tokens),
                ];
                for (what, tokens) in further.iter().filter(|(_, tokens)| *tokens > 0) {
                    self.notes.push(format!("{tokens} tokens {what}"));
                }
            }
        }
        Written {
            notes: self.notes,
            chain: self.words,
        }
    }
}

fn whole(response: &Response) -> Written {
    let mut chain = Chain::default();
    for part in &response.message.parts {
        match part {
            Part::Text(text) => chain.words.push(format!("reply({})", template(text))),
            Part::Refusal(text) => chain.words.push(format!("refusal({})", template(text))),
            Part::Reasoning(reasoning) => {
                let text = template(&reasoning.text);
                chain.words.push(format!("reasoning({text})"));
                if let Some(signature) = &reasoning.signature {
                    let signature = template(signature);
                    chain.words.push(format!("signature({signature})"));
                }
            }
            Part::ToolCall(call) => chain.add_call(&call.name, &call.id, &call.arguments),
            other => chain.part(other),
        }
    }
    chain.end(response.finish_reason.as_ref(), response.usage.as_ref())
}

fn streamed(frames: &[(Duration, &str)], profile: Profile) -> Written {
    let Some(mut reader) = Wires.frames(profile) else {
        return Written::not_read();
    };
    let mut events = Vec::new();
    let mut gaps = Vec::new();
    for (gap, frame) in frames {
        if !gap.is_zero() {
            gaps.push(time(*gap));
        }
        events.extend(reader.read(frame));
    }
    events.extend(reader.end().map(Ok));
    let mut chain = Chain::default();
    if !gaps.is_empty() {
        let some: Vec<_> = gaps.iter().take(8).map(String::as_str).collect();
        let more = if gaps.len() > some.len() { ", .." } else { "" };
        chain.notes.push(format!(
            "the gaps between its frames, {}{more}",
            some.join(", ")
        ));
    }
    let mut end = None;
    for event in events {
        match event {
            Ok(StreamEvent::Finish { reason, usage }) => end = Some((reason, usage)),
            Ok(event) => follow(&mut chain, event),
            Err(error) => {
                chain.flush();
                let failure = Written::failure(&error);
                let kind = error.kind;
                return match chain.words.is_empty() {
                    true => failure,
                    false => {
                        let message = template(&error.message);
                        chain
                            .words
                            .push(format!("error_after(all, {kind} {{ message: {message} }})"));
                        Written {
                            notes: chain.notes,
                            chain: chain.words,
                        }
                    }
                };
            }
        }
    }
    match end {
        Some((reason, usage)) => chain.end(reason.as_ref(), usage.as_ref()),
        None => {
            chain.flush();
            if chain.words.is_empty() {
                chain.words.push("reply(\"\")".to_owned());
            }
            chain.words.push("end_after(all)".to_owned());
            Written {
                notes: chain.notes,
                chain: chain.words,
            }
        }
    }
}

fn follow(chain: &mut Chain, event: StreamEvent) {
    match event {
        StreamEvent::Text(text) => chain.text("stream", &text),
        StreamEvent::Reasoning(text) => chain.text("reasoning", &text),
        StreamEvent::Refusal(text) => chain.text("refusal", &text),
        StreamEvent::ReasoningSignature(signature) => {
            chain.flush();
            chain
                .words
                .push(format!("signature({})", template(&signature)));
        }
        StreamEvent::ToolCallStart {
            index,
            id,
            name,
            extra,
        } => {
            chain.flush();
            if extra.is_some() {
                chain
                    .notes
                    .push(format!("further fields of the call of `{name}`"));
            }
            chain.call = Some((index, name, id, Vec::new()));
        }
        StreamEvent::ToolCallDelta { arguments, .. } => {
            if let Some((_, _, _, pieces)) = &mut chain.call {
                pieces.push(arguments);
            }
        }
        StreamEvent::RedactedReasoning(_) => chain.notes.push("encrypted reasoning".to_owned()),
        StreamEvent::Part(part) => chain.part(&part),
        StreamEvent::Finish { .. } => {}
    }
}

/// A text as a template that stands for it.
fn template(text: &str) -> String {
    format!("{:?}", text.replace('{', "{{").replace('}', "}}"))
}

fn time(time: Duration) -> String {
    match time.subsec_millis() {
        0 => format!("{}s", time.as_secs()),
        _ => format!("{}ms", time.as_millis()),
    }
}

fn is_word(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The beginning of a text, in quotes and without secrets.
fn quoted_short(text: &str) -> String {
    let hidden = crate::secret::hide(text);
    let short: String = hidden.chars().take(60).collect();
    let more = if short.len() < hidden.len() {
        "…"
    } else {
        ""
    };
    format!("{short:?}{more}")
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
