//! What a turn says, event by event, and at what time after the answer's beginning.

use std::time::Duration;

use super::Chosen;
use super::ticket::Ticket;
use crate::error::{ErrorKind, ProviderError};
use crate::event::StreamEvent;
use crate::finish::{FinishReason, Usage, characters};
use crate::report;
use crate::request::Request;
use crate::response::Response;
use crate::scenario::{
    Action, After, Failure, Fault, FaultKind, Scenario, ScriptedCall, Text, Turn,
};

/// The answer of one turn to one call, made as it is read.
pub(super) struct Playback {
    pub(super) ticket: Ticket,
    chosen: Chosen,
    streamed: bool,
    /// Whether a `reply` is handed out word by word, or at once.
    in_words: bool,
    /// The turn's `ttft` and `every`. To look them up there for each event takes 3.5 % of a chunk.
    pace: (Duration, Duration),
    /// Whether it may break off. It is asked before each event, and looking up the turn takes 2.5 % of a chunk.
    faulty: bool,
    /// The action that speaks next.
    action: usize,
    /// How far into that action the answer is: a piece of a stream, a byte of a reply, a step of a call.
    position: usize,
    /// The text of the reply that is being spoken.
    text: String,
    /// How many content deltas there have been.
    deltas: u32,
    /// How many tool calls there have been.
    calls: usize,
    /// How many characters of text there have been.
    characters: u64,
    finished: bool,
    /// The time of what was said last, counted from the answer's beginning.
    at: Duration,
}

/// What happens next in an answer.
pub(super) enum Step {
    Event(StreamEvent),
    Error(ProviderError),
    /// The answer ends without its finish event.
    End,
    /// Nothing comes any more.
    Stall,
}

impl Playback {
    pub(super) fn new(ticket: Ticket, chosen: Chosen, streamed: bool) -> Self {
        let turn = &ticket.scenario().turns[chosen.turn];
        Playback {
            // Where pieces cannot be told apart, none are made.
            in_words: streamed || !turn.every.is_zero() || turn.fault.is_some(),
            pace: (turn.ttft, turn.every),
            faulty: turn.fault.is_some(),
            streamed,
            ticket,
            chosen,
            action: 0,
            position: 0,
            text: String::new(),
            deltas: 0,
            calls: 0,
            characters: 0,
            finished: false,
            at: Duration::ZERO,
        }
    }

    /// Notes that the caller has received an event, if it is a stream that is asked for.
    pub(super) fn deliver(&mut self) {
        self.ticket.delivered += usize::from(self.streamed);
    }

    fn turn(&self) -> &Turn {
        &self.ticket.scenario().turns[self.chosen.turn]
    }

    /// The failure with which the turn answers before anything else.
    pub(super) fn failure(&self) -> Option<ProviderError> {
        let turn = self.turn();
        match (turn.actions.first(), &turn.fault) {
            (Some(Action::Fail(failure)), _) => Some(self.error(failure)),
            (_, Some(fault)) if fault.after == After::Deltas(0) => match self.break_off(fault) {
                Step::Error(error) => Some(error),
                _ => None,
            },
            _ => None,
        }
    }

    /// An answer that says nothing yet, with the id and the model of this one.
    pub(super) fn response(&self) -> Response {
        let scenario = self.ticket.scenario();
        let call = self.ticket.call();
        let id = numbered(scenario.profile.response_prefix(), call.number());
        Response::new(id, model(scenario, call.request()))
    }

    /// What happens next, at the time that `at` then tells; `None` after the last.
    ///
    /// The time is kept apart from the step, which is large: to move both together takes 3 % of a chunk.
    pub(super) fn next(&mut self) -> Option<Step> {
        if self.finished {
            return None;
        }
        if let Some(due) = self.fault_due(false) {
            return Some(due);
        }
        let step = loop {
            match self.speak() {
                Spoken::Event(event) => break Step::Event(event),
                Spoken::Failure(error) => break self.last(Step::Error(error)),
                Spoken::Nothing => {}
                Spoken::All => match self.fault_due(true) {
                    Some(due) => return Some(due),
                    None => {
                        let finish = self.finish();
                        break self.last(Step::Event(finish));
                    }
                },
            }
        };
        if matches!(&step, Step::Event(event) if event.is_delta()) {
            self.deltas += 1;
        }
        self.at = self.offset(self.deltas.saturating_sub(1));
        Some(step)
    }

    /// The time of what happens next, counted from the answer's beginning.
    pub(super) fn at(&self) -> Duration {
        self.at
    }

    /// The time of the delta with this index, counted from the answer's beginning.
    fn offset(&self, delta: u32) -> Duration {
        let (ttft, every) = self.pace;
        match every.is_zero() {
            true => ttft,
            false => ttft.saturating_add(every.saturating_mul(delta)),
        }
    }

    fn last(&mut self, step: Step) -> Step {
        self.finished = true;
        step
    }

    /// The turn's fault, if it is due now. `all` tells whether all has been said.
    fn fault_due(&mut self, all: bool) -> Option<Step> {
        if !self.faulty {
            return None;
        }
        let fault = self.turn().fault.as_ref()?;
        let last = self.offset(self.deltas.saturating_sub(1));
        let at = match fault.after {
            After::Deltas(deltas) if self.deltas >= deltas => last,
            After::Deltas(deltas) if all => {
                let message = report::fault_beyond_the_end(deltas, self.deltas);
                let error = self.ticket.unsupported(message);
                self.at = last;
                return Some(self.last(Step::Error(error)));
            }
            After::All if all => last,
            After::Time(time) if all || self.offset(self.deltas) > time => time,
            _ => return None,
        };
        let step = self.break_off(fault);
        self.at = at;
        Some(self.last(step))
    }

    fn break_off(&self, fault: &Fault) -> Step {
        let error = |kind, message: String| {
            let mut error = ProviderError::new(kind);
            error.message = message;
            error.provider = Some(self.ticket.scenario().profile.name().into());
            Step::Error(error)
        };
        match &fault.kind {
            FaultKind::Cut => error(ErrorKind::Connection, report::cut(self.deltas)),
            FaultKind::Malformed => {
                error(ErrorKind::InvalidResponse, report::malformed(self.deltas))
            }
            FaultKind::Error(failure) => Step::Error(self.error(failure)),
            FaultKind::End => Step::End,
            FaultKind::Stall => Step::Stall,
        }
    }

    fn error(&self, failure: &Failure) -> ProviderError {
        let profile = self.ticket.scenario().profile;
        failure.error(profile, |variable| self.chosen.values.get(variable))
    }

    fn render(&self, text: &Text) -> String {
        text.render(|variable| self.chosen.values.get(variable))
    }

    /// The next thing that the actions say.
    fn speak(&mut self) -> Spoken {
        let begins = |text: &Text| (self.position == 0).then(|| self.render(text));
        let (text, event): (_, fn(String) -> StreamEvent) =
            match self.turn().actions.get(self.action) {
                None => return Spoken::All,
                Some(Action::Fail(failure)) => return Spoken::Failure(self.error(failure)),
                Some(Action::Call(call)) => {
                    return match self.speak_call(call) {
                        Some(event) => {
                            self.position += 1;
                            Spoken::Event(event)
                        }
                        None => {
                            self.calls += 1;
                            self.end_action()
                        }
                    };
                }
                Some(Action::Stream(pieces)) => {
                    return match pieces.get(self.position).map(|piece| self.render(piece)) {
                        Some(piece) => self.say(piece, 1, StreamEvent::Text),
                        None => self.end_action(),
                    };
                }
                Some(Action::Reply(text)) => (begins(text), StreamEvent::Text),
                Some(Action::Reasoning(text)) => (begins(text), StreamEvent::Reasoning),
                Some(Action::Refusal(text)) => (begins(text), StreamEvent::Refusal),
            };
        if let Some(text) = text {
            self.text = text;
        }
        let piece = match self.in_words {
            true => {
                let rest = self.text.get(self.position..).unwrap_or_default();
                words(rest).next().unwrap_or_default().to_owned()
            }
            false => std::mem::take(&mut self.text),
        };
        match piece.len() {
            0 => self.end_action(),
            length => self.say(piece, length, event),
        }
    }

    fn say(&mut self, text: String, advance: usize, event: fn(String) -> StreamEvent) -> Spoken {
        self.characters += characters(&text);
        self.position += advance;
        Spoken::Event(event(text))
    }

    fn end_action(&mut self) -> Spoken {
        self.action += 1;
        self.position = 0;
        Spoken::Nothing
    }

    fn speak_call(&self, call: &ScriptedCall) -> Option<StreamEvent> {
        let index = self.calls;
        match self.position {
            0 => {
                let prefix = self.ticket.scenario().profile.call_prefix();
                let mut id = numbered(prefix, self.ticket.call().number());
                id.push('_');
                push_number(&mut id, index + 1);
                Some(StreamEvent::ToolCallStart {
                    index,
                    id,
                    name: call.tool.to_string(),
                })
            }
            1 => {
                let arguments = &call.arguments;
                Some(StreamEvent::ToolCallDelta {
                    index,
                    arguments: arguments
                        .render(|variable| self.chosen.values.get_escaped(variable)),
                })
            }
            _ => None,
        }
    }

    fn finish(&self) -> StreamEvent {
        let messages = &self.ticket.call().request().messages;
        let prompt = messages.iter().map(|message| message.characters() / 4);
        StreamEvent::Finish {
            reason: match self.calls {
                0 => FinishReason::Stop,
                _ => FinishReason::ToolCalls,
            },
            usage: Some(Usage::new(prompt.sum(), self.characters / 4)),
        }
    }
}

/// What an action says.
enum Spoken {
    Event(StreamEvent),
    Failure(ProviderError),
    /// The action is at its end; the next one speaks.
    Nothing,
    /// All actions are at their end.
    All,
}

/// The words of a text, each with the white space after it; white space at the beginning goes with the first.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = |c: char| !c.is_whitespace();
        let word = rest.find(is_word).unwrap_or(rest.len());
        let space = rest[word..].find(char::is_whitespace);
        let space = space.map_or(rest.len(), |at| word + at);
        let next = rest[space..].find(is_word);
        let next = next.map_or(rest.len(), |at| space + at);
        let (piece, after) = rest.split_at(next);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The id with this number, with room for any: to grow it takes longer than to write it.
fn numbered(prefix: &str, number: usize) -> String {
    let mut id = String::with_capacity(prefix.len() + DIGITS);
    id.push_str(prefix);
    push_number(&mut id, number);
    id
}

/// The most digits that a number has.
const DIGITS: usize = usize::MAX.ilog10() as usize + 1;

fn push_number(text: &mut String, number: usize) {
    text.push_str(itoa::Buffer::new().format(number));
}

fn model(scenario: &Scenario, request: &Request) -> String {
    match (&scenario.model, request.model.is_empty()) {
        (Some(model), true) => model.to_string(),
        _ => request.model.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_lose_no_space() {
        for (text, expected) in [
            ("Hello world", vec!["Hello ", "world"]),
            (" a  b\nc ", vec![" a  ", "b\n", "c "]),
            ("  ", vec!["  "]),
            ("", vec![]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
