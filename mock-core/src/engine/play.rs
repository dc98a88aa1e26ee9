//! What a turn says, event by event, and when.

use std::time::Duration;

use super::decide::Decision;
use super::ticket::Ticket;
use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::request::Request;
use crate::response::{FinishReason, Response, Usage, count_tokens};
use crate::scenario::{Action, Failure, Scenario, ScriptedCall, Turn};

/// The answer of one turn to one call, made as it is read.
pub(crate) struct Playback {
    pub(crate) ticket: Ticket,
    decision: Decision,
    split: Split,
    /// The action that speaks next.
    action: usize,
    /// How far into that action the answer is: a piece of a stream, a byte of a reply, a step of a call.
    position: usize,
    /// The text of the action that is being spoken, where it is spoken in pieces.
    text: String,
    calls: usize,
    completion: u64,
    finished: bool,
}

/// How the text of a `reply` is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    /// At once, for an answer that is not streamed.
    Whole,
    /// Word by word, each with the white space after it.
    Words,
}

impl Playback {
    pub(crate) fn new(ticket: Ticket, decision: Decision, split: Split) -> Self {
        Playback {
            ticket,
            decision,
            split,
            action: 0,
            position: 0,
            text: String::new(),
            calls: 0,
            completion: 0,
            finished: false,
        }
    }

    pub(crate) fn turn(&self) -> &Turn {
        &self.ticket.scenario().turns[self.decision.turn]
    }

    /// The turn's failure, if it answers with nothing else.
    pub(crate) fn failure(&self) -> Option<ProviderError> {
        match self.turn().actions.first() {
            Some(Action::Fail(failure)) => {
                Some(error(self.ticket.scenario(), &self.decision, failure))
            }
            _ => None,
        }
    }

    /// The time from the answer's beginning to its last delta.
    pub(crate) fn time_to_the_end(&self) -> Duration {
        let turn = self.turn();
        if let Some(Action::Fail(_)) = turn.actions.first() {
            return Duration::ZERO;
        }
        if turn.every.is_zero() {
            return turn.ttft;
        }
        let deltas: usize = turn
            .actions
            .iter()
            .map(|action| match action {
                Action::Reply(text) => {
                    words(&text.render(|variable| self.decision.values.get(variable))).count()
                }
                Action::Stream(pieces) => pieces.len(),
                Action::Call(_) => 1,
                Action::Fail(_) => 0,
            })
            .sum();
        let gaps = u32::try_from(deltas.saturating_sub(1)).unwrap_or(u32::MAX);
        turn.ttft + turn.every.saturating_mul(gaps)
    }

    /// An answer that says nothing yet, with the id and the model of this one.
    pub(crate) fn response(&self) -> Response {
        let scenario = self.ticket.scenario();
        let request = self.ticket.call().request();
        Response::new(
            id(
                scenario.profile.response_prefix(),
                self.ticket.call().number(),
                None,
            ),
            model(scenario, request),
        )
    }

    /// The next event; `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Result<StreamEvent, ProviderError>> {
        while !self.finished {
            let Playback {
                ticket,
                decision,
                action,
                position,
                ..
            } = self;
            let turn = &ticket.scenario().turns[decision.turn];
            let event = match turn.actions.get(*action) {
                None => {
                    self.finished = true;
                    return Some(Ok(self.finish()));
                }
                Some(Action::Fail(failure)) => {
                    self.finished = true;
                    return Some(Err(error(ticket.scenario(), decision, failure)));
                }
                Some(Action::Stream(pieces)) => match pieces.get(*position) {
                    Some(piece) => {
                        *position += 1;
                        let text = piece.render(|variable| decision.values.get(variable));
                        self.completion += text.chars().count() as u64;
                        Some(StreamEvent::Text(text))
                    }
                    None => None,
                },
                Some(Action::Reply(text)) => {
                    if *position == 0 {
                        self.text = text.render(|variable| decision.values.get(variable));
                        self.completion += self.text.chars().count() as u64;
                    }
                    self.next_of_reply()
                }
                Some(Action::Call(call)) => {
                    let step = *position;
                    *position += 1;
                    Self::next_of_call(ticket, decision, self.calls, call, step)
                }
            };
            match event {
                Some(event) => return Some(Ok(event)),
                None => self.next_action(),
            }
        }
        None
    }

    fn next_action(&mut self) {
        let turn = &self.ticket.scenario().turns[self.decision.turn];
        if let Some(Action::Call(_)) = turn.actions.get(self.action) {
            self.calls += 1;
        }
        self.action += 1;
        self.position = 0;
    }

    fn next_of_reply(&mut self) -> Option<StreamEvent> {
        let rest = self
            .text
            .get(self.position..)
            .filter(|rest| !rest.is_empty())?;
        let piece = match self.split {
            Split::Whole => {
                self.position = self.text.len();
                std::mem::take(&mut self.text)
            }
            Split::Words => {
                let word = words(rest).next()?.to_owned();
                self.position += word.len();
                word
            }
        };
        Some(StreamEvent::Text(piece))
    }

    fn next_of_call(
        ticket: &Ticket,
        decision: &Decision,
        index: usize,
        call: &ScriptedCall,
        step: usize,
    ) -> Option<StreamEvent> {
        match step {
            0 => Some(StreamEvent::ToolCallStart {
                index,
                id: id(
                    ticket.scenario().profile.call_prefix(),
                    ticket.call().number(),
                    Some(index + 1),
                ),
                name: call.tool.to_string(),
            }),
            1 => Some(StreamEvent::ToolCallDelta {
                index,
                arguments: call
                    .arguments
                    .render(|variable| decision.values.get_escaped(variable)),
            }),
            _ => None,
        }
    }

    fn finish(&self) -> StreamEvent {
        let messages = &self.ticket.call().request().messages;
        let prompt = messages
            .iter()
            .map(|message| count_tokens(&message.text()))
            .sum();
        StreamEvent::Finish {
            reason: match self.calls {
                0 => FinishReason::Stop,
                _ => FinishReason::ToolCalls,
            },
            usage: Some(Usage::new(prompt, self.completion / 4)),
        }
    }
}

fn error(scenario: &Scenario, decision: &Decision, failure: &Failure) -> ProviderError {
    let mut error = ProviderError::new(failure.kind);
    if let Some(message) = &failure.message {
        error.message = message.render(|variable| decision.values.get(variable));
    }
    error.status = failure.status.or(error.status);
    error.retry_after = failure.retry_after;
    error.provider = Some(scenario.profile.name().into());
    error
}

/// The words of a text, each with the white space after it; white space at the beginning goes with the first.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = |c: char| !c.is_whitespace();
        let word = rest.find(is_word).unwrap_or(rest.len());
        let space = rest[word..]
            .find(char::is_whitespace)
            .map_or(rest.len(), |at| word + at);
        let next = rest[space..]
            .find(is_word)
            .map_or(rest.len(), |at| space + at);
        let (piece, after) = rest.split_at(next);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn id(prefix: &str, number: usize, part: Option<usize>) -> String {
    match part {
        None => format!("{prefix}{number}"),
        Some(part) => format!("{prefix}{number}_{part}"),
    }
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
