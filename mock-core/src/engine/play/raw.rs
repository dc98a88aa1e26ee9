//! Raw answers, `raw(..)` and `frames(..)`: a body or frames in place of the output of the wire's writer.

use std::collections::VecDeque;

use super::speak::Spoken;
use super::{Playback, Step};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::raw_answers::ReadFrames;
use crate::chat::response::Response;
use crate::report;
use crate::scenario::{Action, After, FaultKind, Profile, Str};

/// The reader of an answer's frames, in process.
pub(super) struct FramesInProcess {
    reader: Box<dyn ReadFrames>,
    /// The events of the last frame that were not returned yet.
    told: VecDeque<Result<StreamEvent, ProviderError>>,
}

impl Playback {
    /// The events of the last frame that were not returned yet.
    #[inline]
    pub(super) fn next_in_frame(&mut self) -> Option<Step> {
        match self.frames {
            Some(_) => self.next_told(),
            None => None,
        }
    }

    #[cold]
    fn next_told(&mut self) -> Option<Step> {
        let told = self.frames.as_mut()?.told.pop_front()?;
        self.at = self.due.0;
        Some(match told {
            Ok(event) => {
                if let StreamEvent::Finish { .. } = event {
                    self.note_finish_in_frame();
                }
                Step::Event(event)
            }
            Err(error) => self.last(Step::error(error)),
        })
    }

    /// Records that the finish was read. A fault after it still happens.
    fn note_finish_in_frame(&mut self) {
        self.finished = true;
        let fault = self.turn().fault.as_ref();
        self.breaks_behind = fault.is_some_and(|fault| match fault.after {
            _ if fault.kind == FaultKind::End => false,
            After::Deltas(deltas) => self.deltas >= deltas,
            After::All => true,
            _ => false,
        });
    }

    /// Plays the next of these frames: unchanged over the wire, and as its events in process.
    #[cold]
    pub(super) fn speak_frame(&mut self, frames: &[Str]) -> Spoken {
        let Some(frame) = frames.get(self.position) else {
            return self.end_action();
        };
        self.position += 1;
        if self.is_served() {
            return Spoken::Step(Step::Frame(frame.clone()));
        }
        if self.frames.is_none() {
            let Some(reader) = self.reader() else {
                let message = report::unread_raw_answer(self.raw_profile());
                return Spoken::Failure(Box::new(self.guard.unsupported(message)));
            };
            let told = VecDeque::new();
            self.frames = Some(Box::new(FramesInProcess { reader, told }));
        }
        if let Some(frames) = &mut self.frames {
            frames.told.extend(frames.reader.read(frame));
        }
        self.count_frame(frame);
        Spoken::Frame
    }

    /// Returns the step after the last frame, if there were any frames.
    pub(super) fn end_of_raw_answer(&mut self) -> Option<Step> {
        let is_raw = |action: &Action| matches!(action, Action::Frames(_) | Action::Raw(_));
        let is_raw = self.turn().actions.iter().any(is_raw);
        if !is_raw {
            return None;
        }
        if self.is_served() {
            return Some(Step::Sent);
        }
        let finish = self.frames.as_mut().and_then(|frames| frames.reader.end());
        Some(match finish {
            Some(finish) => {
                self.note_finish_in_frame();
                Step::Event(finish)
            }
            None => Step::End,
        })
    }

    /// Returns an empty answer with the fields of the turn's frames; `None` if there are no frames.
    pub(super) fn head_of_frames(&self) -> Option<Response> {
        let frames = self
            .turn()
            .actions
            .iter()
            .filter_map(|action| match action {
                Action::Frames(frames) => Some(&frames[..]),
                _ => None,
            });
        let mut frames = frames.flatten().peekable();
        frames.peek()?;
        let mut reader = self.reader()?;
        frames.for_each(|frame| drop(reader.read(frame)));
        Some(reader.head().clone())
    }

    /// Returns the reader for the format of the scenario's provider; `None` if there is none.
    fn reader(&self) -> Option<Box<dyn ReadFrames>> {
        self.engine().raw_answers?.frames(self.raw_profile())
    }

    fn raw_profile(&self) -> Profile {
        self.guard.scenario().profile_of(self.chosen.turn)
    }

    fn is_served(&self) -> bool {
        self.ids.is_some()
    }
}
