//! The API key that a server requires, if it does: [`RequiredKey`]. Where a request has its key is the wire's to know.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The key that requests must have.
#[derive(Default)]
pub(super) struct RequiredKey(Mutex<Option<String>>);

impl RequiredKey {
    /// Requires this key, or none.
    pub(super) fn set(&self, key: Option<String>) {
        *self.lock() = key;
    }

    /// Returns whether the key of a request is accepted.
    pub(super) fn accepts<'k>(&self, given: impl FnOnce() -> Option<&'k str>) -> bool {
        match &*self.lock() {
            Some(required) => given() == Some(required),
            None => true,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
