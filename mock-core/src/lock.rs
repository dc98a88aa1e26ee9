//! Locks a mutex that a panic does not spoil.

use std::sync::{Mutex, MutexGuard};

/// Locks a mutex. Nothing that may panic runs while it is locked, so whatever it holds is whole.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    match mutex.lock() {
        Ok(locked) => locked,
        Err(poisoned) => poisoned.into_inner(),
    }
}
