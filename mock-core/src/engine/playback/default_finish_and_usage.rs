//! The finish reason and the usage of an answer: those that its turn or the scenario gives, else the default and an estimate.

use super::Playback;
use crate::chat::count_tokens::tokens;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::engine::running_call::CallGuard;
use crate::scenario::{Setting, Turn};

impl Playback {
    pub(super) fn finish(&self) -> StreamEvent {
        StreamEvent::Finish {
            reason: self.finish_reason(),
            usage: self.usage_now(),
        }
    }

    #[inline]
    fn finish_reason(&self) -> Option<FinishReason> {
        match self.closure_response() {
            Some(given) if given.is_verbatim() || given.finish_reason.is_some() => {
                given.finish_reason.clone()
            }
            _ => finish_reason_of(self.turn(), self.calls),
        }
    }

    /// Returns the usage of the answer so far; `None` if it has none.
    pub(in crate::engine) fn usage_now(&self) -> Option<Usage> {
        match self.closure_response() {
            Some(given) if given.is_verbatim() => given.usage,
            Some(given) => self.usage(given.usage),
            None => self.usage(None),
        }
    }

    /// Returns the usage of the answer: `usage`, or that of the turn or the scenario, or an estimate.
    pub(super) fn usage(&self, usage: Option<Usage>) -> Option<Usage> {
        usage.or_else(|| usage_of(&self.guard, self.turn(), self.characters))
    }
}

/// Returns the usage of a turn or of the scenario, or an estimate for an answer of so many characters.
#[inline]
pub(super) fn usage_of(guard: &CallGuard, turn: &Turn, characters: u64) -> Option<Usage> {
    let setting = match &turn.usage {
        Setting::Unset => &guard.scenario().usage,
        set => set,
    };
    match setting {
        Setting::Value(usage) => Some(*usage),
        Setting::None => None,
        Setting::Unset => {
            let call = guard.call();
            Some(match call.embedding() {
                None => Usage::new(call.request().estimated_tokens(), tokens(characters)),
                Some(embedding) => Usage::new(embedding.tokens(), 0),
            })
        }
    }
}

/// Returns the finish reason of an answer of this turn with so many tool calls.
#[inline]
pub(super) fn finish_reason_of(turn: &Turn, calls: usize) -> Option<FinishReason> {
    match &turn.finish {
        Setting::Unset if calls == 0 => Some(FinishReason::Stop),
        Setting::Unset => Some(FinishReason::ToolCalls),
        Setting::None => None,
        Setting::Value(reason) => Some(reason.clone()),
    }
}
