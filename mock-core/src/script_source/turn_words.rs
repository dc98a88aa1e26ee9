//! Writes an answer of a provider as the actions and modifiers of a turn.

use std::time::Duration;

use super::literal::{ToolNames, literal, template, time};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, ToolCall};
use crate::chat::response::Response;
use crate::scenario::{Profile, Str};
use crate::search::Search;

/// A turn of the source, and what it leaves out.
#[derive(Default)]
pub(super) struct Written {
    /// Lines of comments, without their slashes.
    pub(super) notes: Vec<String>,
    /// The words of the chain; none if the exchange is not a turn.
    pub(super) chain: Vec<String>,
    /// Differences from the recording that no word of the grammar can express.
    pub(super) lost: Option<String>,
}

impl Written {
    /// No turn, for this reason.
    pub(super) fn nothing(note: impl Into<String>) -> Self {
        Written {
            notes: vec![note.into()],
            ..Written::default()
        }
    }

    /// Something that words do not say, because no reader reads it.
    pub(super) fn unread() -> Self {
        Written {
            lost: Some("a body that cannot be read".to_owned()),
            ..Written::default()
        }
    }

    /// A single word.
    pub(super) fn word(word: String) -> Self {
        Written {
            chain: vec![word],
            ..Written::default()
        }
    }
}

/// The settings that all turns of a mock share.
pub(super) struct Speaker {
    profile: Profile,
    tools: ToolNames,
    /// The ids of tool calls so far: none comes twice.
    ids: Vec<String>,
}

impl Speaker {
    pub(super) fn new(profile: Profile) -> Self {
        Speaker {
            profile,
            tools: ToolNames::default(),
            ids: Vec::new(),
        }
    }

    /// An answer that came whole.
    pub(super) fn whole(&mut self, response: &Response) -> Written {
        let mut chain = Chain::new(self);
        for part in &response.message.parts {
            chain.part(part);
        }
        let further = &response.message.extra;
        if !further.values().all(is_nothing) {
            chain.lose("further fields of its message");
        }
        chain.end(response.finish_reason.as_ref(), response.usage.as_ref())
    }

    /// An answer that came in events. `failure` is what ended it before its time, and `rest` the time from the last event to its end.
    pub(super) fn streamed(
        &mut self,
        events: Vec<TimedEvent>,
        failure: Option<&ProviderError>,
        rest: Duration,
    ) -> Written {
        let is_empty = events.is_empty();
        if let (true, Some(failure)) = (is_empty, failure) {
            let mut written = self.failure(failure);
            if !rest.is_zero() {
                written.chain.insert(0, format!("pause({})", time(rest)));
            }
            return written;
        }
        let fault = failure.map(|failure| self.fault(failure));
        let pace = Pace::new(&events);
        let mut chain = Chain::new(self);
        let mut end = None;
        for (index, TimedEvent { gap, event }) in events.into_iter().enumerate() {
            match &pace {
                Pace::Pauses => chain.gap += gap,
                Pace::Every(..) if index == 0 => chain.gap += gap,
                Pace::Every(..) => {}
            }
            match event {
                StreamEvent::Finish { reason, usage } => end = Some((reason, usage)),
                event => chain.follow(event),
            }
        }
        if end.is_none() {
            chain.gap += rest;
        }
        if let Pace::Every(mean, note) = pace {
            chain.modifiers.push(format!("every({})", time(mean)));
            chain.written.notes.push(note);
        }
        match (end, fault) {
            (Some((reason, usage)), None) => chain.end(reason.as_ref(), usage.as_ref()),
            (Some((reason, usage)), Some(_)) => {
                chain.lose("a failure after the finish");
                chain.end(reason.as_ref(), usage.as_ref())
            }
            (None, fault) => {
                let (word, lost) = fault.unwrap_or(("end_after(all)".to_owned(), None));
                if let Some(lost) = lost {
                    chain.lose(&lost);
                }
                chain.broken_off(word)
            }
        }
    }

    /// A failure in place of an answer.
    pub(super) fn failure(&self, error: &ProviderError) -> Written {
        let (failure, lost) = self.failure_fields(error, true);
        Written {
            chain: vec![format!("fail({failure})")],
            lost,
            ..Written::default()
        }
    }

    /// How an answer breaks off with this failure, and what that does not say.
    fn fault(&self, error: &ProviderError) -> (String, Option<String>) {
        match error.kind {
            ErrorKind::Connection => ("cut_after(all)".to_owned(), None),
            ErrorKind::InvalidResponse => ("malformed_after(all)".to_owned(), None),
            _ => {
                let (failure, lost) = self.failure_fields(error, false);
                (format!("error_after(all, {failure})"), lost)
            }
        }
    }

    /// A failure with its fields, and what they do not say. `has_reply` is whether it has an HTTP response of its own.
    fn failure_fields(&self, error: &ProviderError, has_reply: bool) -> (String, Option<String>) {
        let kind = error.kind;
        let mut fields = Vec::new();
        let mut lost = None;
        if matches!(kind, ErrorKind::Unscripted | ErrorKind::Unsupported) {
            lost = Some(format!("a failure of the kind `{kind}`"));
        }
        match &*error.message {
            "" => lost = lost.or(Some("a failure without a message".to_owned())),
            message if message == kind.message_at(self.profile) => {}
            message => fields.push(format!("message: {}", template(message))),
        }
        if let Some(after) = error.retry_after {
            let may_wait = matches!(
                kind,
                ErrorKind::RateLimit | ErrorKind::Overloaded | ErrorKind::ServerError
            );
            match may_wait {
                true => fields.push(format!("retry_after: {}", time(after))),
                false => lost = Some(format!("a `retry-after` of {}", time(after))),
            }
        }
        match (error.status, kind.status_at(self.profile)) {
            (sent, usual) if sent == usual => {}
            (Some(status @ 200..=999), _) => fields.push(format!("status: {status}")),
            (status, _) => lost = Some(format!("the status {status:?}")),
        }
        match (&error.code, kind.code_at(self.profile)) {
            (code, usual) if code.as_deref() == usual => {}
            (Some(code), _) => fields.push(format!("code: {}", literal(code))),
            (None, _) => lost = Some("a failure without a code".to_owned()),
        }
        if let Some(param) = &error.param {
            lost = Some(format!("the parameter `{param}` of the failure"));
        }
        if let (true, Some(raw)) = (has_reply, &error.raw) {
            if !raw.headers.is_empty() {
                fields.push(format!("headers: {}", pairs(&raw.headers)));
            }
            fields.extend(
                raw.body
                    .as_ref()
                    .map(|body| format!("body: {}", literal(body))),
            );
        }
        match fields.is_empty() {
            true => (kind.to_string(), lost),
            false => (format!("{kind} {{ {} }}", fields.join(", ")), lost),
        }
    }
}

/// An event of a stream, and the time since the one before.
pub(super) struct TimedEvent {
    pub(super) gap: Duration,
    pub(super) event: StreamEvent,
}

/// The most pauses that a turn has. More of them hide what it says.
const MOST_PAUSES: usize = 16;

/// How the gaps of a stream are written.
enum Pace {
    /// Each as a pause.
    Pauses,
    /// Each has this mean. The note says so.
    Every(Duration, String),
}

impl Pace {
    fn new(events: &[TimedEvent]) -> Self {
        let gaps: Vec<_> = events.iter().skip(1).map(|event| event.gap).collect();
        let pauses = gaps.iter().filter(|gap| !gap.is_zero());
        let (Some(least), Some(most)) = (pauses.clone().min(), pauses.clone().max()) else {
            return Pace::Pauses;
        };
        if pauses.count() <= MOST_PAUSES {
            return Pace::Pauses;
        }
        let sum: Duration = gaps.iter().sum();
        let mean = sum.div_f64(gaps.len() as f64);
        let mean = Duration::from_millis(u64::try_from(mean.as_millis()).unwrap_or(u64::MAX));
        let note = format!(
            "The {} gaps between its events were {} to {} long; `every` is their mean",
            gaps.len(),
            time(*least),
            time(*most)
        );
        Pace::Every(mean.max(Duration::from_millis(1)), note)
    }
}

/// Headers as the macro takes them.
pub(super) fn pairs(headers: &[(Str, Str)]) -> String {
    let headers = headers.iter();
    let headers = headers.map(|(name, value)| format!("({}, {})", literal(name), literal(value)));
    format!("[{}]", headers.collect::<Vec<_>>().join(", "))
}

/// The word for an answer with this usage.
fn usage_word(usage: Option<&Usage>) -> String {
    let Some(usage) = usage else {
        return "usage(none)".to_owned();
    };
    let (prompt, completion) = (usage.prompt_tokens, usage.completion_tokens);
    let further = [
        ("cache_read", usage.cache_read_tokens),
        ("cache_write", usage.cache_write_tokens),
        ("reasoning", usage.reasoning_tokens),
    ];
    let further = further.iter().filter(|(_, tokens)| *tokens > 0);
    let further: String = further
        .map(|(what, tokens)| format!(".{what}({tokens})"))
        .collect();
    match further.is_empty() {
        true => format!("usage({prompt}, {completion})"),
        false => format!("usage(::mock_core::Usage::new({prompt}, {completion}){further})"),
    }
}

/// The answer so far, as the words of a chain.
struct Chain<'s> {
    speaker: &'s mut Speaker,
    written: Written,
    /// The texts of the word that is being written, and the word.
    pieces: Vec<String>,
    kind: &'static str,
    /// The last word of a whole text, if nothing came after it.
    last: &'static str,
    /// The calls so far, each with the place of its word.
    calls: Vec<StreamedCall>,
    /// The time since the last event that is written.
    gap: Duration,
    /// The words behind all others.
    modifiers: Vec<String>,
}

/// Whether a tool call of Gemini has its signature as its only further field.
fn is_only_signed(call: &ToolCall) -> bool {
    call.extra.len() == 1 && call.extra.contains_key("thoughtSignature")
}

/// A tool call whose arguments come in pieces.
struct StreamedCall {
    index: usize,
    at: usize,
    call: ToolCall,
    pieces: usize,
}

impl<'s> Chain<'s> {
    fn new(speaker: &'s mut Speaker) -> Self {
        Chain {
            speaker,
            written: Written::default(),
            pieces: Vec::new(),
            kind: "",
            last: "",
            calls: Vec::new(),
            gap: Duration::ZERO,
            modifiers: Vec::new(),
        }
    }

    /// Writes the time since the last event.
    fn pause(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if !gap.is_zero() {
            self.push(format!("pause({})", time(gap)));
        }
    }

    fn lose(&mut self, what: &str) {
        self.written.lost.get_or_insert_with(|| what.to_owned());
    }

    fn push(&mut self, word: String) {
        self.flush();
        self.written.chain.push(word);
    }

    /// A part of a whole answer.
    fn part(&mut self, part: &Part) {
        let (word, text) = match part {
            Part::Text(text) => ("reply", text),
            Part::Refusal(text) => ("refusal", text),
            Part::Reasoning(reasoning) => ("reasoning", &reasoning.text),
            Part::ToolCall(call) => {
                self.last = "";
                self.push(String::new());
                let at = self.written.chain.len() - 1;
                let pieces = 1;
                self.calls.push(StreamedCall {
                    index: self.calls.len(),
                    at,
                    call: call.clone(),
                    pieces,
                });
                return;
            }
            Part::Extra(fields) if fields.values().all(is_nothing) => return,
            other => return self.lose(other.name()),
        };
        if std::mem::replace(&mut self.last, word) == word {
            self.lose("two consecutive parts of the same kind");
        }
        self.push(format!("{word}({})", template(text)));
        if let Part::Reasoning(reasoning) = part
            && let Some(signature) = &reasoning.signature
        {
            self.last = "";
            self.push(format!("signature({})", template(signature)));
        }
    }

    /// An event of a streamed answer.
    fn follow(&mut self, event: StreamEvent) {
        match event {
            // The pieces of a call are joined. The time between them is added to the next pause.
            StreamEvent::ToolCallDelta { .. } => {}
            _ => self.pause(),
        }
        match event {
            StreamEvent::Text(text) => self.piece("stream", &text),
            StreamEvent::Reasoning(text) => self.piece("reasoning", &text),
            StreamEvent::Refusal(text) => self.piece("refusal", &text),
            StreamEvent::ReasoningSignature(signature) => {
                self.push(format!("signature({})", template(&signature)));
            }
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => {
                self.push(String::new());
                let mut call = ToolCall::new(id, name, "");
                call.extra = extra.map(|extra| *extra).unwrap_or_default();
                let at = self.written.chain.len() - 1;
                self.calls.push(StreamedCall {
                    index,
                    at,
                    call,
                    pieces: 0,
                });
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                let known = self.calls.iter_mut().rfind(|call| call.index == index);
                if let Some(known) = known {
                    known.call.arguments.push_str(&arguments);
                    known.pieces += 1;
                }
            }
            StreamEvent::RedactedReasoning(_) => self.lose("encrypted reasoning"),
            StreamEvent::Part(part) => self.streamed_part(&part),
            StreamEvent::Finish { .. } => {}
        }
    }

    fn streamed_part(&mut self, part: &Part) {
        match part {
            Part::Extra(fields) if fields.values().all(is_nothing) => {}
            Part::Text(_) | Part::Reasoning(_) | Part::Refusal(_) => {
                self.lose("two consecutive parts of the same kind");
            }
            other => self.lose(other.name()),
        }
    }

    fn piece(&mut self, kind: &'static str, text: &str) {
        if self.kind != kind {
            self.flush();
            self.kind = kind;
        }
        self.pieces.push(template(text));
    }

    /// Ends the word that is being written.
    fn flush(&mut self) {
        if !self.pieces.is_empty() {
            let pieces = std::mem::take(&mut self.pieces);
            let word = format!("{}([{}])", self.kind, pieces.join(", "));
            self.written.chain.push(word);
        }
        self.kind = "";
    }

    /// Writes the calls where they began.
    fn write_calls(&mut self) {
        let mut most = 1;
        let mut is_first = true;
        for StreamedCall {
            at, call, pieces, ..
        } in std::mem::take(&mut self.calls)
        {
            // The server signs the first call itself.
            let signs_first = self.speaker.profile == Profile::Gemini;
            if std::mem::take(&mut is_first) && signs_first && is_only_signed(&call) {
                let note = format!("Left out: the signature of `{}`", call.name);
                self.written.notes.push(note);
            } else if !call.extra.is_empty() {
                self.lose("further fields of a tool call");
            }
            if pieces > 1 {
                let name = &call.name;
                let note = format!(
                    "Left out: the lengths of the {pieces} pieces of the arguments of `{name}`"
                );
                self.written.notes.push(note);
                most = most.max(pieces);
            }
            let called = self.speaker.tools.called(&call.name);
            let id = match &*call.id {
                "" => String::new(),
                id => format!(".id({})", template(id)),
            };
            if !call.id.is_empty() {
                match self.speaker.ids.contains(&call.id) {
                    true => self.lose("the id of a tool call, which another call has"),
                    false => self.speaker.ids.push(call.id.clone()),
                }
            }
            let arguments = literal(&call.arguments);
            self.written.chain[at] = format!("call({called}.raw({arguments}){id})");
        }
        if most > 1 {
            self.written.chain.push(format!("pieces({most})"));
        }
    }

    fn say_something(&mut self) {
        self.flush();
        let is_pause = |word: &String| word.starts_with("pause(");
        if self.written.chain.all(&is_pause) {
            self.written.chain.push("reply(\"\")".to_owned());
        }
    }

    /// The answer is whole.
    fn end(mut self, reason: Option<&FinishReason>, usage: Option<&Usage>) -> Written {
        self.say_something();
        self.pause();
        let default = match self.calls.is_empty() {
            false => FinishReason::ToolCalls,
            true => FinishReason::Stop,
        };
        self.write_calls();
        match reason {
            None => self.push("finish(none)".to_owned()),
            Some(reason) if *reason == default => {}
            Some(FinishReason::Other(name)) => {
                self.push(format!("finish(other({}))", literal(name)))
            }
            Some(reason) => self.push(format!("finish({reason})")),
        }
        self.push(usage_word(usage));
        self.written.chain.append(&mut self.modifiers);
        self.written
    }

    /// The answer breaks off as this word says.
    fn broken_off(mut self, fault: String) -> Written {
        self.say_something();
        self.pause();
        self.write_calls();
        self.push(fault);
        self.written.chain.append(&mut self.modifiers);
        self.written
    }
}

/// Whether a further field says nothing.
fn is_nothing(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(items) => items.is_empty(),
        serde_json::Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Writes vectors as the words of a turn.
pub(super) fn vectors(vectors: &[Vec<f32>], usage: Option<&Usage>) -> Written {
    let mut written = Written::default();
    for vector in vectors {
        let numbers = vector.iter().map(|number| format!("{number:?}"));
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        written.chain.push(format!("embed([{numbers}])"));
    }
    if vectors.any(&Vec::is_empty) || vectors.is_empty() {
        written.lost = Some("a vector without numbers".to_owned());
    }
    written.chain.push(usage_word(usage));
    written
}
