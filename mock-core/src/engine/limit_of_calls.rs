//! The limit of the calls of a mock, or of what it keeps of them, which ends a test whose code calls it in a loop.

use std::sync::atomic::Ordering;

use super::{Engine, EngineState};
use crate::chat::error::ProviderError;
use crate::journal::calls::Journal;
use crate::journal::verdict::{MAX_MESSAGES, TooManyCalls};
use crate::report;
use crate::scenario::TurnIndex;

impl Engine {
    /// Returns the error for a request that does not become a call, because there are as many as the mock may get. The test fails.
    #[inline]
    pub(super) fn rejects_over_limit(&self, state: &mut EngineState) -> Option<Box<ProviderError>> {
        let is_within = match self.scenario.max_calls {
            Some(max) => state.journal.len() < max as usize,
            None => state.messages < MAX_MESSAGES,
        };
        match is_within || state.ended.is_some() {
            true => None,
            false => Some(self.too_many(state)),
        }
    }

    #[cold]
    fn too_many(&self, state: &mut EngineState) -> Box<ProviderError> {
        let too_many = match state.problems.too_many {
            Some(too_many) => too_many,
            None => TooManyCalls {
                order: self.problems.fetch_add(1, Ordering::Relaxed),
                calls: state.journal.len(),
                most: answers_most(&state.journal),
            },
        };
        state.problems.too_many = Some(too_many);
        let message = report::too_many_calls(&self.label, &self.scenario, too_many);
        Box::new(self.unscripted(message))
    }
}

/// Returns the turn that answered most of the calls, and how many.
fn answers_most(journal: &Journal) -> Option<(TurnIndex, usize)> {
    let mut counts: Vec<(TurnIndex, usize)> = Vec::new();
    let mut most: Option<(TurnIndex, usize)> = None;
    for index in 0..journal.len() {
        let Some(turn) = journal.get(index).and_then(|call| call.answered_by()) else {
            continue;
        };
        // Code in a loop asks for the newest turns.
        let at = counts.iter().rposition(|(known, _)| *known == turn);
        let at = at.unwrap_or_else(|| {
            counts.push((turn, 0));
            counts.len() - 1
        });
        let (_, count) = &mut counts[at];
        *count += 1;
        if most.is_none_or(|(_, most)| *count > most) {
            most = Some((turn, *count));
        }
    }
    most
}
