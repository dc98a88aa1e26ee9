//! Begins the script anew.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Engine;
use super::captures::Captures;
use super::select_turn::Cursor;
use crate::journal::verdict::CallProblems;
use crate::scenario::Str;

impl Engine {
    /// Returns to the beginning of the script and forgets its captures. `forget` is whether to forget the calls and problems so far too.
    #[inline]
    pub(crate) fn rewind(&self, forget: bool) {
        let mut state = self.lock();
        state.cursor = Cursor::default();
        state.captures = Captures::default();
        state.instances.clear(forget);
        if forget {
            let has_call = |driver: &Str| self.came_to_driver(&state, driver);
            self.gates.note_calls(&has_call);
            state.journal = Arc::default();
            state.problems = CallProblems::default();
            state.messages = 0;
            self.unpolled.store(0, Ordering::Relaxed);
            self.resets.fetch_add(1, Ordering::Relaxed);
            self.in_flight.forget_max();
        }
        state.rewound = state.journal.len();
    }
}
