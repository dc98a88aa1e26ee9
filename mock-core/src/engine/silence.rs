//! Calls that get no answer over the wire, while their clients wait for it.

use std::sync::Arc;

use super::{Engine, State};

/// That a call gets no answer, until this is dropped.
pub(crate) struct Silence {
    engine: Arc<Engine>,
    /// How often calls had been forgotten when it came: a number may come again.
    resets: u32,
    call: usize,
}

impl Engine {
    pub(crate) fn leave_unanswered(self: &Arc<Self>, call: usize) -> Silence {
        let resets = self.resets();
        self.lock().silent.push((resets, call));
        Silence {
            engine: Arc::clone(self),
            resets,
            call,
        }
    }

    /// The numbers of the calls that get no answer.
    pub(super) fn silent(&self, state: &State) -> Vec<usize> {
        let now = self.resets();
        let silent = state.silent.iter().filter(|(resets, _)| *resets == now);
        silent.map(|(_, call)| *call).collect()
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let ended = (self.resets, self.call);
        self.engine.lock().silent.retain(|call| *call != ended);
    }
}

#[cfg(test)]
mod tests {
    use crate::MockProvider;

    #[test]
    fn a_call_that_was_forgotten_is_no_call_of_the_same_number() {
        let mock = MockProvider::script([]);
        let engine = mock.engine();
        let before = engine.leave_unanswered(1);
        mock.reset();
        assert!(engine.verdict().silent.is_empty());
        let after = engine.leave_unanswered(1);
        drop(before);
        assert_eq!(engine.verdict().silent, [1]);
        drop(after);
        assert!(engine.verdict().silent.is_empty());
    }
}
