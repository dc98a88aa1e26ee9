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
    /// Returns what comes next of the actions.
    #[expect(clippy::too_many_lines, reason = "one short arm for each action")]
    pub(super) fn speak(&mut self) -> Spoken {
        let begins = self.position == 0;
        if begins && let Some(signature) = self.missing_signature() {
            return Spoken::event(StreamEvent::ReasoningSignature(signature));
        }
        let (text, content) = match self.turn().actions.get(self.action) {
            None | Some(Action::Hang) => return Spoken::All,
            Some(failure @ (Action::Fail(_) | Action::Respond(_))) => {
                return match self.failure_of(failure) {
                    Some(error) => self.fail(error),
                    None => self.end_action(),
                };
            }
            Some(raw @ Action::Raw(body)) => {
                return match self.failure_of(raw) {
                    Some(error) => self.fail(error),
                    None => {
                        let body = begins.then(|| body.clone());
                        self.speak_frame(body)
                    }
                };
            }
            Some(Action::Frames(frames)) => {
                let frame = frames.get(self.position).cloned();
                return self.speak_frame(frame);
            }
            // The vectors are the end of the answer.
            Some(Action::Embed | Action::EmbedVector(_)) => return self.end_action(),
            Some(Action::Driven(name)) => {
                let driver = WaitPoint::Driven(name.clone());
                self.unsigned = None;
                return Spoken::Step(Step::WaitAt(driver));
            }
            Some(Action::Pause(time)) => {
                let time = *time;
                self.hold(time);
                return self.end_action();
            }
            Some(Action::Gate(name)) => {
                let gate = Step::WaitAt(WaitPoint::Gate(name.clone()));
                self.end_action();
                return Spoken::Step(gate);
            }
            Some(Action::Signature(text)) => {
                let signature = StreamEvent::ReasoningSignature(self.render(text));
                self.unsigned = None;
                self.end_action();
                return Spoken::event(signature);
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
                let content = Content::from_action(action);
                return match pieces.get(self.position).map(|piece| self.render(piece)) {
                    Some(piece) => self.speak_piece(piece, 1, content),
                    None => self.end_action(),
                };
            }
            Some(
                action @ (Action::Reply(text)
                | Action::Json(text)
                | Action::Reasoning(text)
                | Action::Refusal(text)),
            ) => {
                let text = match action {
                    _ if !begins => None,
                    Action::Json(_) => Some(self.render_json(text)),
                    _ => Some(self.render(text)),
                };
                (text, Content::from_action(action))
            }
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
        Spoken::event(match content {
            Content::Text => StreamEvent::Text(text),
            Content::Refusal => StreamEvent::Refusal(text),
            Content::Reasoning => {
                self.keep_unsigned(&text);
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
        self.unsigned = None;
        if let Part::Reasoning(reasoning) = &part
            && reasoning.signature.is_none()
        {
            self.keep_unsigned(&reasoning.text);
        }
        self.end_action();
        Spoken::event(match part {
            Part::RedactedReasoning(data) => StreamEvent::RedactedReasoning(data),
            part => StreamEvent::Part(Box::new(part)),
        })
    }

    /// Ends the answer with this error.
    pub(super) fn fail(&mut self, error: ProviderError) -> Spoken {
        Spoken::Step(self.last(Step::error(error)))
    }

    pub(super) fn end_action(&mut self) -> Spoken {
        self.action += 1;
        self.position = 0;
        Spoken::Nothing
    }
}

/// The kind of the texts of an action.
#[derive(Clone, Copy)]
enum Content {
    Text,
    Reasoning,
    Refusal,
}

impl Content {
    fn from_action(action: &Action) -> Content {
        match action {
            Action::Reasoning(_) | Action::ReasoningStream(_) => Content::Reasoning,
            Action::Refusal(_) | Action::RefusalStream(_) => Content::Refusal,
            _ => Content::Text,
        }
    }
}

/// The output of an action.
pub(super) enum Spoken {
    Step(Step),
    /// The action has ended, or has read a frame, which contains any number of events.
    Nothing,
    /// All actions have ended, or the next one hangs.
    All,
}

impl Spoken {
    #[inline(always)]
    pub(super) fn event(event: StreamEvent) -> Spoken {
        Spoken::Step(Step::Event(event))
    }
}
