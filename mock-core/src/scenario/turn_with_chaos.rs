//! Turns whose answers break off by chance, as `chaos` says.

use super::chaos::ChaosFault;
use super::{Action, After, Failure, Fault, FaultKind, Setting, Turn};
use crate::search::Search;

impl Turn {
    /// Returns a faulty answer in place of this turn's; `None` if the fault is none for such an answer. `place` chooses the number of deltas
    /// after which an answer breaks off, from 0 to its argument.
    pub(crate) fn faulty(
        &self,
        fault: ChaosFault,
        is_streamed: bool,
        place: &mut dyn FnMut(u32) -> u32,
    ) -> Option<Turn> {
        let kind = match fault {
            ChaosFault::Slow => return None,
            ChaosFault::Fail(kind) => {
                let failure = Failure {
                    kind,
                    ..Failure::EMPTY
                };
                return Some(Turn {
                    actions: vec![Action::Fail(failure)].into(),
                    ..Turn::EMPTY
                });
            }
            ChaosFault::Cut => FaultKind::Cut,
            ChaosFault::End => FaultKind::End,
            ChaosFault::Stall => FaultKind::Stall,
            ChaosFault::Malformed => FaultKind::Malformed,
        };
        if self.fault.is_some() || self.actions.any(&|action| self.has_no_places(action)) {
            return None;
        }
        // A raw body comes whole: it can only be cut or stall.
        let is_whole = self.actions.any(&|action| matches!(action, Action::Raw(_)));
        if is_whole && matches!(kind, FaultKind::End | FaultKind::Malformed) {
            return None;
        }
        let all = self.least_deltas();
        let after = match is_streamed.then(|| place(all)) {
            Some(deltas) if deltas < all => After::Deltas(deltas),
            _ => After::All,
        };
        Some(Turn {
            fault: Some(Fault { kind, after }),
            finish: Setting::Unset,
            ..self.clone()
        })
    }

    /// Whether an answer with this action has no place for a random fault: its content is not known yet, or it has none.
    fn has_no_places(&self, action: &Action) -> bool {
        match action {
            Action::Raw(_) | Action::Frames(_) => !self.is_replayed(),
            Action::Respond(_)
            | Action::Embed
            | Action::EmbedVector(_)
            | Action::Fail(_)
            | Action::Hang
            | Action::Driven(_) => true,
            _ => false,
        }
    }
}
