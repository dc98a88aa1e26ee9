//! How many calls of a mock are in flight, and how many were at most: `max_in_flight`.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The calls in flight.
#[derive(Default)]
pub(super) struct CallsInFlight {
    now: AtomicUsize,
    max: AtomicUsize,
}

impl CallsInFlight {
    /// Counts a call that begins.
    pub(super) fn begin(&self) {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.max.fetch_max(now, Ordering::Relaxed);
    }

    /// Counts a call that has ended.
    pub(super) fn end(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    /// Returns how many there were at most.
    pub(super) fn max(&self) -> usize {
        self.max.load(Ordering::Relaxed)
    }

    /// Counts anew how many there are at most.
    pub(super) fn forget_max(&self) {
        let now = self.now.load(Ordering::Relaxed);
        self.max.store(now, Ordering::Relaxed);
    }
}
