//! A thread that waits as long as others tell it to: [`Pulse`].

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A wait that others renew and end.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Waiting,
    Renewed,
    Ended,
}

impl Pulse {
    /// Lets the wait begin anew; whether it still goes on.
    pub(crate) fn renew(&self) -> bool {
        self.set(State::Renewed)
    }

    pub(crate) fn end(&self) {
        self.set(State::Ended);
    }

    fn set(&self, to: State) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == State::Ended {
            return false;
        }
        *state = to;
        self.changed.notify_all();
        true
    }

    /// Blocks until it is ended, or has not been renewed for so long.
    pub(crate) fn wait(&self, within: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while *state != State::Ended {
            *state = State::Waiting;
            let waited =
                (self.changed).wait_timeout_while(state, within, |state| *state == State::Waiting);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if *state == State::Waiting {
                *state = State::Ended;
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
        let pulse = Pulse::default();
        assert!(pulse.renew());
        pulse.wait(Duration::ZERO);
        assert!(!pulse.renew(), "the wait is over");
    }

    #[test]
    fn a_pulse_is_waited_for_until_it_is_ended() {
        let pulse = Arc::new(Pulse::default());
        let waiting = thread::spawn({
            let pulse = Arc::clone(&pulse);
            move || pulse.wait(Duration::MAX)
        });
        assert!(pulse.renew());
        assert!(pulse.renew());
        pulse.end();
        waiting.join().expect("it does not panic");
        assert!(!pulse.renew());
    }
}
