//! The events that a test pushes through a driver.

use super::{Playback, Step};
use crate::chat::count_tokens::characters;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::FinishReason;
use crate::chat::message::Part;

impl Playback {
    /// Plays an event that the test pushed through a driver.
    #[cold]
    pub(in crate::engine) fn driven(&mut self, mut event: StreamEvent) -> Step {
        self.pushed.push(Some(event.clone()));
        match &mut event {
            StreamEvent::ToolCallStart { extra, .. } => self.sign_call(self.calls, extra),
            StreamEvent::Part(part) => {
                if let Part::ToolCall(call) = &mut **part {
                    let mut extra = Some(Box::new(std::mem::take(&mut call.extra)));
                    self.sign_call(self.calls, &mut extra);
                    call.extra = extra.map(|extra| *extra).unwrap_or_default();
                }
            }
            _ => {}
        }
        match &event {
            StreamEvent::Text(text) | StreamEvent::Reasoning(text) | StreamEvent::Refusal(text) => {
                self.characters += characters(text);
            }
            // Later calls of the turn continue after the highest index.
            StreamEvent::ToolCallStart { index, .. } => {
                self.calls = self.calls.max(index.saturating_add(1));
            }
            StreamEvent::Part(part) => match &**part {
                Part::Text(text) | Part::Refusal(text) => self.characters += characters(text),
                Part::Reasoning(reasoning) => self.characters += characters(&reasoning.text),
                Part::ToolCall(_) => self.calls += 1,
                _ => {}
            },
            StreamEvent::Finish { .. } => {
                if let Some(due) = self.fault_due(true) {
                    return due;
                }
                self.note_finish();
            }
            _ => {}
        }
        self.count(&event);
        self.at = self.due.0;
        Step::Event(event)
    }

    /// Ends the answer as the test's `finish_with` says.
    #[cold]
    pub(in crate::engine) fn finish_driven(&mut self, reason: FinishReason) -> Step {
        self.driven(StreamEvent::Finish {
            reason: Some(reason),
            usage: self.usage(None),
        })
    }

    /// Ends the driver's part, or fails as the test said.
    pub(in crate::engine) fn end_driven(&mut self, failed: bool) {
        self.pushed.push(None);
        self.finished |= failed;
        self.end_action();
    }

    /// Ends the events of a provider that has sent no finish event.
    #[cfg(feature = "record")]
    pub(in crate::engine) fn end_live(&mut self) -> Step {
        self.pushed.push(None);
        self.end_action();
        self.last(Step::End)
    }
}
