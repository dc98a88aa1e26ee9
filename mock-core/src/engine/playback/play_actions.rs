//! Plays the actions of a turn, one after the other: texts, tool calls, frames, pauses, gates, failures.

use super::split::piece;
use super::{Playback, Step};
use crate::chat::count_tokens::characters;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::Part;
use crate::engine::WaitPoint;
use crate::scenario::{Action, Split};

impl Playback {
    /// Returns the next event of the actions.
    #[expect(clippy::too_many_lines, reason = "one short arm for each action")]
    pub(super) fn speak(&mut self) -> Spoken {
        let begins = self.position == 0;
        if begins && let Some(signature) = self.missing_signature() {
            return Spoken::Event(StreamEvent::ReasoningSignature(signature));
        }
        let (text, content) = match self.turn().actions.get(self.action) {
            None => return Spoken::All,
            Some(failure @ (Action::Fail(_) | Action::Respond(_))) => {
                return match self.failure_of(failure) {
                    Some(error) => Spoken::Failure(Box::new(error)),
                    None => self.end_action(),
                };
            }
            Some(raw @ Action::Raw(body)) => {
                return match self.failure_of(raw) {
                    Some(error) => Spoken::Failure(Box::new(error)),
                    None => {
                        let body = (self.position == 0).then(|| body.clone());
                        self.speak_frame(body)
                    }
                };
            }
            Some(Action::Frames(frames)) => {
                let frame = frames.get(self.position).cloned();
                return self.speak_frame(frame);
            }
            // It comes after everything else.
            Some(Action::Embed | Action::EmbedVector(_)) => return self.end_action(),
            Some(Action::Hang) => return Spoken::Step(Step::Stall),
            Some(Action::Driven(name)) => {
                return Spoken::Step(Step::WaitAt(WaitPoint::Driven(name.clone())));
            }
            Some(Action::Pause(time)) => {
                let time = *time;
                self.hold(time);
                self.end_action();
                return Spoken::Pause;
            }
            Some(Action::Gate(name)) => {
                let gate = Step::WaitAt(WaitPoint::Gate(name.clone()));
                self.end_action();
                return Spoken::Step(gate);
            }
            Some(Action::Signature(text)) => {
                let signature = StreamEvent::ReasoningSignature(self.render(text));
                self.is_unsigned = false;
                self.end_action();
                return Spoken::Event(signature);
            }
            Some(Action::Call(call)) => {
                return match begins {
                    true => {
                        let begun = self.begin_call(call);
                        self.begun(begun)
                    }
                    false => self.speak_arguments(),
                };
            }
            Some(Action::Part(part)) => {
                let part = part.clone();
                return self.say_part(part);
            }
            Some(
                action @ (Action::Stream(pieces)
                | Action::ReasoningStream(pieces)
                | Action::RefusalStream(pieces)),
            ) => {
                let content = match action {
                    Action::ReasoningStream(_) => Content::Reasoning,
                    Action::RefusalStream(_) => Content::Refusal,
                    _ => Content::Text,
                };
                return match pieces.get(self.position).map(|piece| self.render(piece)) {
                    Some(piece) => self.speak_piece(piece, 1, content),
                    None => self.end_action(),
                };
            }
            Some(Action::Reply(text)) => (begins.then(|| self.render(text)), Content::Text),
            Some(Action::Json(text)) => (begins.then(|| self.render_json(text)), Content::Text),
            Some(Action::Reasoning(text)) => {
                (begins.then(|| self.render(text)), Content::Reasoning)
            }
            Some(Action::Refusal(text)) => (begins.then(|| self.render(text)), Content::Refusal),
        };
        if let Some(text) = text {
            if self.split == Split::Whole {
                return self.say_all(text, content);
            }
            self.text = text;
        }
        let rest = self.text.get(self.position..).unwrap_or_default();
        let piece = piece(rest, self.split, &mut self.rng).to_owned();
        match piece.len() {
            0 => self.end_action(),
            length => self.speak_piece(piece, length, content),
        }
    }

    #[inline(always)]
    fn speak_piece(&mut self, text: String, advance: usize, content: Content) -> Spoken {
        self.characters += characters(&text);
        self.position += advance;
        Spoken::Event(match content {
            Content::Text => StreamEvent::Text(text),
            Content::Refusal => StreamEvent::Refusal(text),
            Content::Reasoning => {
                self.is_unsigned = true;
                StreamEvent::Reasoning(text)
            }
        })
    }

    /// Sends a text in one piece, which ends the action.
    fn say_all(&mut self, text: String, content: Content) -> Spoken {
        self.end_action();
        match text.is_empty() {
            true => Spoken::Nothing,
            false => self.speak_piece(text, 0, content),
        }
    }

    /// Sends a part in one event, which ends the action.
    #[cold]
    fn say_part(&mut self, part: Part) -> Spoken {
        self.is_unsigned =
            matches!(&part, Part::Reasoning(reasoning) if reasoning.signature.is_none());
        self.end_action();
        Spoken::Event(match part {
            Part::RedactedReasoning(data) => StreamEvent::RedactedReasoning(data),
            part => StreamEvent::Part(Box::new(part)),
        })
    }

    pub(super) fn end_action(&mut self) -> Spoken {
        self.action += 1;
        self.position = 0;
        Spoken::Nothing
    }
}

/// The kind of a text in an answer.
#[derive(Clone, Copy)]
enum Content {
    Text,
    Reasoning,
    Refusal,
}

/// The output of an action.
pub(super) enum Spoken {
    Event(StreamEvent),
    Failure(Box<ProviderError>),
    /// The next event comes from elsewhere, or never.
    Step(Step),
    /// A raw frame was read, which contains any number of events.
    Frame,
    /// The action has ended; the next one follows.
    Nothing,
    /// Like `say`, but delays everything that follows.
    Pause,
    /// All actions have ended.
    All,
}
