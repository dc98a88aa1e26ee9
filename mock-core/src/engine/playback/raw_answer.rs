//! Raw answers, `raw(..)` and `frames(..)`: a body or frames in place of the output of the wire's writer.

use std::vec;

use super::play_actions::Spoken;
use super::{Playback, Step};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::response::Response;
use crate::report;
use crate::scenario::{Action, After, FaultKind, Profile, Str, Turn, concat};
use crate::search::Search;

/// The frames of an answer, as they are read in process. All are read at once, because what they contain beside their events is needed
/// before the first event.
pub(super) struct FramesInProcess {
    /// The answer without its content.
    head: Response,
    /// The events of each frame that was not played yet.
    frames: vec::IntoIter<Events>,
    /// The events of the last frame that were not returned yet.
    read: vec::IntoIter<Result<StreamEvent, ProviderError>>,
    /// The finish event, if the frames end without the end mark of the wire.
    finish: Option<StreamEvent>,
}

/// The events of one frame. Nothing comes after an error.
type Events = Vec<Result<StreamEvent, ProviderError>>;

impl Playback {
    /// The events of the last frame that were not returned yet.
    #[inline]
    pub(super) fn next_in_frame(&mut self) -> Option<Step> {
        match self.frames.get() {
            Some(_) => self.next_read(),
            None => None,
        }
    }

    #[cold]
    fn next_read(&mut self) -> Option<Step> {
        let read = self.read_frames()?.read.next()?;
        self.at = self.due.0;
        Some(match read {
            Ok(event) => {
                if let StreamEvent::Finish { .. } = event {
                    self.note_finish_in_frame();
                }
                Step::Event(event)
            }
            Err(error) => {
                let error = self.engine().with_recording(self.chosen.turn, error);
                self.last(Step::error(error))
            }
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

    /// Plays the next frame of an action: unchanged over the wire, and as its events in process. `None` ends the action.
    #[cold]
    pub(super) fn speak_frame(&mut self, frame: Option<Str>) -> Spoken {
        let Some(frame) = frame else {
            return self.end_action();
        };
        self.position += 1;
        if self.is_served() {
            return Spoken::Step(Step::Frame(frame));
        }
        let Some(frames) = self.read_frames() else {
            let message = report::unread_raw_answer(self.raw_profile());
            let error = self.guard.unsupported(message);
            return self.fail(error);
        };
        frames.read = frames.frames.next().unwrap_or_default().into_iter();
        self.count_frame(&frame);
        Spoken::Nothing
    }

    /// Returns the step after the last frame, if there were any frames.
    pub(super) fn end_of_raw_answer(&mut self) -> Option<Step> {
        let is_raw = |action: &Action| matches!(action, Action::Frames(_) | Action::Raw(_));
        let is_raw = self.turn().actions.any(&is_raw);
        if !is_raw {
            return None;
        }
        if self.is_served() {
            return Some(Step::Sent);
        }
        let frames = self.read_frames();
        Some(match frames.and_then(|frames| frames.finish.take()) {
            Some(finish) => {
                self.note_finish_in_frame();
                Step::Event(finish)
            }
            None => Step::End,
        })
    }

    /// Returns an empty answer with the fields of the turn's frames; `None` if there are no frames.
    pub(super) fn head_of_frames(&self) -> Option<Response> {
        frames_of(self.turn()).first()?;
        Some(self.frames_in_process()?.head.clone())
    }

    fn frames_in_process(&self) -> Option<&FramesInProcess> {
        let read = self.frames.get_or_init(|| self.read_all_frames());
        read.as_deref()
    }

    /// Returns the frames that were not played yet; `None` if nothing reads the format of the scenario's provider.
    fn read_frames(&mut self) -> Option<&mut FramesInProcess> {
        self.frames_in_process()?;
        self.frames.get_mut()?.as_deref_mut()
    }

    fn read_all_frames(&self) -> Option<Box<FramesInProcess>> {
        let mut reader = self.engine().raw_answers?.frames(self.raw_profile())?;
        let mut frames = Vec::new();
        for &frame in &frames_of(self.turn()) {
            frames.push(reader.read(frame));
        }
        let frames = frames.into_iter();
        Some(Box::new(FramesInProcess {
            head: reader.head().clone(),
            frames,
            read: Vec::new().into_iter(),
            finish: reader.end(),
        }))
    }

    /// Returns the error that a client reads from a raw answer which was sent, if its status is that of an error.
    pub(in crate::engine) fn error_of_raw_answer(&self) -> Option<ProviderError> {
        let turn = self.turn();
        if turn.status? < 400 {
            return None;
        }
        let body = turn.actions.iter().find_map(|action| match action {
            Action::Raw(body) => Some(body.clone()),
            Action::Frames(frames) => Some(concat(frames)),
            _ => None,
        })?;
        let is_embedding = self.guard.call().is_embedding();
        let read = self
            .engine()
            .read_raw(self.chosen.turn, &body, is_embedding);
        Some(self.with_headers(read?.err()?))
    }

    fn raw_profile(&self) -> Profile {
        self.guard.scenario().profile_of(self.chosen.turn)
    }

    fn is_served(&self) -> bool {
        self.ids.is_some()
    }
}

/// Returns the frames of a turn.
fn frames_of(turn: &Turn) -> Vec<&Str> {
    let mut all = Vec::new();
    for action in turn.actions.iter() {
        if let Action::Frames(frames) = action {
            all.extend(frames.iter());
        }
    }
    all
}

#[cfg(test)]
mod tests;
