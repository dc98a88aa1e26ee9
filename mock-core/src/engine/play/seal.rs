//! The seal on reasoning, where the provider has seals and the scenario says none.

use super::Playback;
use crate::message::Part;
use crate::scenario::Action;

impl Playback {
    /// The seal that is to come before the next action, if one is.
    #[inline]
    pub(super) fn owed_seal(&mut self) -> Option<String> {
        let seal = self.ids?.seal?;
        if !self.is_unsealed || self.is_verbatim() || !self.ends_reasoning() {
            return None;
        }
        self.is_unsealed = false;
        Some(seal(self.engine().seed, self.number_of(self.action)))
    }

    /// Whether a block of reasoning ends before the next action. Behind a gate it may go on, and a driver says all by itself.
    fn ends_reasoning(&self) -> bool {
        let (said, next) = self.turn().actions.split_at(self.action);
        let goes_on = next
            .iter()
            .find(|action| !matches!(action, Action::Gate(_)));
        let is_reasoning = |action: &Action| {
            matches!(
                action,
                Action::Reasoning(_) | Action::Part(Part::Reasoning(_))
            )
        };
        said.last().is_some_and(is_reasoning)
            && !matches!(
                goes_on,
                Some(Action::Reasoning(_) | Action::Signature(_) | Action::Driven(_))
            )
    }
}
