//! When the events of a stream came: [`EventTimes`].

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The times of the events of a stream that takes time. Other calls have none, and pay for an empty place.
#[derive(Default)]
pub(crate) struct EventTimes(OnceLock<Box<Mutex<Vec<Duration>>>>);

impl EventTimes {
    /// Adds the time of the next event.
    pub(crate) fn push(&self, at: Duration) {
        let times = self.0.get_or_init(Box::default);
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        times.push(at);
    }

    pub(crate) fn all(&self) -> Vec<Duration> {
        let times = self.0.get().map(|times| times.lock());
        let times = times.map(|times| times.unwrap_or_else(PoisonError::into_inner).clone());
        times.unwrap_or_default()
    }
}
