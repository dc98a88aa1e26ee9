//! Detects that no task of a test can continue: [`DeadlockCheck`].

use std::time::{Duration, Instant};

use super::known_threads::has_other_threads;
use crate::report::Stuck;
use crate::runtime::probe_whether_clock_advances::Probe;
use crate::runtime::test_context::TestContext;

/// How long a test must have waited before it is checked: a ready task runs sooner.
const SHORTEST: Duration = Duration::from_secs(1);

/// How long a test has been idle.
#[derive(Default)]
pub(super) struct DeadlockCheck {
    /// The number of times that the runtime had parked, and when this was first seen.
    seen: Option<(usize, Instant)>,
}

impl DeadlockCheck {
    /// Checks whether the test can still continue, and returns why not if it cannot. A test that others may still wake must have waited for
    /// `longest`.
    pub(super) fn check(&mut self, running: &TestContext, longest: Duration) -> Option<Stuck> {
        let Some(parks) = running.parked() else {
            self.seen = None;
            return None;
        };
        let now = Instant::now();
        let since = match self.seen {
            Some((seen, since)) if seen == parks => since,
            _ => self.seen.insert((parks, now)).1,
        };
        let waited = now - since;
        let longer = SHORTEST.max(longest);
        if waited < SHORTEST || running.waits_for_others() {
            return None;
        }
        // Another thread, or a client in another process, may still wake the runtime.
        let may_be_woken = waited < longer && (has_other_threads() || running.serves());
        if may_be_woken {
            return None;
        }
        match running.probe() {
            Probe::Free => Some(Stuck::Idle),
            // Blocking work may take a long time, unless it waits for the clock that it holds.
            Probe::Held if waited >= longer && running.has_blocking_caller() => {
                Some(Stuck::Held(waited))
            }
            Probe::Held | Probe::Busy | Probe::Runs => None,
        }
    }
}
