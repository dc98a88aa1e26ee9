//! How slowly a server sends: [`Throttle`].

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::lock::lock;

/// The maximum number of bytes to send at once, and the pause before the next ones.
#[derive(Default)]
pub(super) struct Throttle {
    is_set: AtomicBool,
    limit: Mutex<Option<(usize, Duration)>>,
}

impl Throttle {
    /// Limits what is sent, or, with `None`, sends all at once.
    pub(super) fn set(&self, limit: Option<(usize, Duration)>) {
        *lock(&self.limit) = limit;
        self.is_set.store(limit.is_some(), Ordering::Release);
    }

    /// Returns the limit, if there is one.
    pub(super) fn limit(&self) -> Option<(usize, Duration)> {
        // Most servers have no limit: they skip the lock.
        match self.is_set.load(Ordering::Acquire) {
            true => *lock(&self.limit),
            false => None,
        }
    }
}
