//! Faults that come by chance: [`Chaos`].

use super::{Action, After, Failure, Fault, FaultKind, Setting, Turn};
use crate::chat::error_kind::ErrorKind;

/// A fault that comes by chance, and how probable it is in a call. The functions of [`chaos`](crate::builder::chaos) make it.
///
/// ```
/// use mock_core::builder::*;
/// use mock_core::scenario::Chaos;
///
/// let faults: [Chaos; 2] = [chaos::cut(0.05), chaos::slow(0.2)];
/// assert_eq!(script([reply("Hi.")]).chaos(faults).check(), Ok(()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chaos {
    /// What happens.
    #[doc(hidden)]
    pub fault: ChaosFault,
    /// From 0 for never to 1 for always.
    #[doc(hidden)]
    pub probability: f64,
}

/// A fault that happens by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChaosFault {
    /// The call fails with this kind of failure.
    Fail(ErrorKind),
    /// The connection is lost within the answer.
    Cut,
    /// The answer ends without its finish.
    End,
    /// Nothing more comes.
    Stall,
    /// Something unreadable comes within the answer.
    Malformed,
    /// The answer begins later.
    Slow,
}

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
        if self.fault.is_some() || self.actions.iter().any(|action| self.has_no_places(action)) {
            return None;
        }
        // A body that comes whole has no place for the rest.
        let is_whole = self
            .actions
            .iter()
            .any(|action| matches!(action, Action::Raw(_)));
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

    /// Whether an answer with this action cannot break off by chance: it is none, or what it says is known later.
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
