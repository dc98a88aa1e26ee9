//! A wait of a thread that other threads renew and end: [`RenewableWait`].

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::lock::lock;

/// A wait that others renew and end.
#[derive(Default)]
pub(crate) struct RenewableWait {
    state: Mutex<WaitState>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum WaitState {
    #[default]
    Waiting,
    Renewed,
    Ended,
}

impl RenewableWait {
    /// Lets the wait begin anew; whether it still goes on.
    pub(crate) fn renew(&self) -> bool {
        self.set(WaitState::Renewed)
    }

    pub(crate) fn end(&self) {
        self.set(WaitState::Ended);
    }

    fn set(&self, to: WaitState) -> bool {
        let mut state = lock(&self.state);
        if *state == WaitState::Ended {
            return false;
        }
        *state = to;
        self.changed.notify_all();
        true
    }

    /// Blocks until it is ended, or has not been renewed for so long.
    pub(crate) fn wait(&self, within: Duration) {
        let mut state = lock(&self.state);
        while *state != WaitState::Ended {
            *state = WaitState::Waiting;
            let waited = (self.changed)
                .wait_timeout_while(state, within, |state| *state == WaitState::Waiting);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if *state == WaitState::Waiting {
                *state = WaitState::Ended;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn a_pulse_that_is_not_renewed_ends() {
        let renewable_wait = RenewableWait::default();
        assert!(renewable_wait.renew());
        renewable_wait.wait(Duration::ZERO);
        assert!(!renewable_wait.renew(), "the wait is over");
    }

    #[test]
    fn a_pulse_is_waited_for_until_it_is_ended() {
        let renewable_wait = Arc::new(RenewableWait::default());
        let waiting = thread::spawn({
            let renewable_wait = Arc::clone(&renewable_wait);
            move || renewable_wait.wait(Duration::MAX)
        });
        assert!(renewable_wait.renew());
        assert!(renewable_wait.renew());
        renewable_wait.end();
        waiting.join().expect("it does not panic");
        assert!(!renewable_wait.renew());
    }
}
