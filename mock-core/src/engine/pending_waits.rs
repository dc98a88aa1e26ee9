//! The things of a mock that a test waits for: a call, a turn, a gate, a driver.

use std::sync::{Mutex, MutexGuard};

use crate::journal::verdict::Wait;
use crate::lock::lock;

/// The things that the test waits for now, the oldest first.
#[derive(Default)]
pub(crate) struct PendingWaits(Mutex<WaitsState>);

#[derive(Default)]
struct WaitsState {
    next: u64,
    waits: Vec<(u64, Wait)>,
}

impl PendingWaits {
    /// Waits until `done`, and shows this in reports meanwhile.
    pub(crate) async fn until(&self, wait: Wait, done: impl Future<Output = ()>) {
        let _entered = self.enter(wait);
        done.await;
    }

    /// The thing that is waited for.
    pub(crate) fn all(&self) -> Vec<Wait> {
        let state = self.lock();
        let mut waits = Vec::new();
        for (_, wait) in &state.waits {
            waits.push(wait.clone());
        }
        waits
    }

    #[inline]
    fn enter(&self, wait: Wait) -> WaitGuard<'_> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.waits.push((number, wait));
        WaitGuard {
            waits: self,
            number,
        }
    }

    fn lock(&self) -> MutexGuard<'_, WaitsState> {
        lock(&self.0)
    }
}

/// An entry in the list until it is dropped.
struct WaitGuard<'w> {
    waits: &'w PendingWaits,
    number: u64,
}

impl Drop for WaitGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        let mut state = self.waits.lock();
        let mut waits = state.waits.iter();
        if let Some(at) = waits.position(|(number, _)| *number == self.number) {
            state.waits.remove(at);
        }
    }
}
