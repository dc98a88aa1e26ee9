//! When the events of a stream came: [`EventTimes`].

use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use crate::lock::lock;

/// The times of the events of a stream that takes time. Other calls have none, and pay for an empty place.
#[derive(Default)]
pub(crate) struct EventTimes(OnceLock<Box<Mutex<Vec<Duration>>>>);

impl EventTimes {
    /// Adds the time of the next event.
    pub(crate) fn push(&self, at: Duration) {
        lock(self.0.get_or_init(Box::default)).push(at);
    }

    pub(crate) fn all(&self) -> Vec<Duration> {
        match self.0.get() {
            Some(times) => lock(times).clone(),
            None => Vec::new(),
        }
    }
}
