//! A latch: threads wait for it until it opens. See [`Latch`].

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::lock::lock;

/// Opens once. Threads can wait for it.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Latch {
    pub(crate) fn open(&self) {
        *lock(&self.is_open) = true;
        self.opened.notify_all();
    }

    /// Waits until it is open, or for so long; whether it is.
    pub(crate) fn wait(&self, within: Duration) -> bool {
        let is_open = lock(&self.is_open);
        let waited = (self.opened).wait_timeout_while(is_open, within, |is_open| !*is_open);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Opens a latch when it is dropped, in a panic too.
#[derive(Debug)]
pub(crate) struct OpenOnDrop(pub(crate) Arc<Latch>);

impl Drop for OpenOnDrop {
    fn drop(&mut self) {
        self.0.open();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latch_is_waited_for_until_it_opens() {
        let latch = Arc::new(Latch::default());
        assert!(!latch.wait(Duration::ZERO));
        let opener = OpenOnDrop(Arc::clone(&latch));
        let thread = std::thread::spawn(move || drop(opener));
        assert!(latch.wait(Duration::MAX));
        thread.join().expect("it does not panic");
    }
}
