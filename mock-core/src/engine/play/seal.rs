//! The seal on reasoning, where the provider has seals and the scenario says none.

use super::Playback;
use crate::scenario::Action;

impl Playback {
    /// The seal that is to come before the next action, if one is.
    #[inline]
    pub(super) fn owed_seal(&mut self) -> Option<String> {
        let seal = self.ids?.seal?;
        if self.sealed == self.action || !self.ends_reasoning() {
            return None;
        }
        self.sealed = self.action;
        let call = self.ticket.call().number();
        Some(seal(
            self.engine().seed,
            ((call << 20) + self.action) as u64,
        ))
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
