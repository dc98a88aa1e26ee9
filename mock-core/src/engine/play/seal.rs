//! The seal on reasoning, where the provider has seals and the scenario says none.

use super::Playback;
use crate::scenario::Action;

impl Playback {
    /// The seal that is to come before the next action, if one is.
    #[inline]
    pub(super) fn owed_seal(&mut self) -> Option<String> {
        let seal = self.ids?.seal?;
        if !self.is_unsealed || !self.ends_reasoning() {
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
        matches!(said.last(), Some(Action::Reasoning(_)))
            && !matches!(
                goes_on,
                Some(Action::Reasoning(_) | Action::Signature(_) | Action::Driven(_))
            )
    }
}
