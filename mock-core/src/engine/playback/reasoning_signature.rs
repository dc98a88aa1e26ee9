//! The signature of reasoning, if the provider signs it and the scenario sets none.

use super::Playback;
use crate::chat::message::Part;
use crate::scenario::Action;
use crate::search::Search;

impl Playback {
    /// Returns the signature to send before the next action, if one is missing.
    #[inline]
    pub(super) fn missing_signature(&mut self) -> Option<String> {
        let sign = self.ids?.signature?;
        if !self.is_unsigned || self.is_verbatim() || !self.ends_reasoning() {
            return None;
        }
        self.is_unsigned = false;
        Some(sign(self.engine().seed, self.number_of(self.action)))
    }

    /// Returns whether a block of reasoning ends before the next action. After a gate it may continue, and a driver pushes its own
    /// signature.
    fn ends_reasoning(&self) -> bool {
        let (said, next) = self.turn().actions.split_at(self.action);
        let goes_on = next.find(&|action| !action.is_wait());
        let is_reasoning = |action: &Action| {
            action.is_reasoning() || matches!(action, Action::Part(Part::Reasoning(_)))
        };
        said.last().is_some_and(is_reasoning)
            && !goes_on.is_some_and(|action| {
                action.is_reasoning() || matches!(action, Action::Signature(_) | Action::Driven(_))
            })
    }
}
