//! The time limits of a test: the option `guard` and the variable `MOCK_CORE_GUARD` in wall-clock time, and the option `timeout` on the
//! test's clock. A test that cannot continue ends earlier.

use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::known_threads::has_other_threads;
use crate::environment::{self, EnvironmentError};
use crate::report::Stuck;
use crate::runtime::clock_probe::Probe;
use crate::runtime::latch::Latch;
use crate::runtime::test_context::TestContext;

/// The number of times that the guard checks a test before its time is up.
const LOOKS: u32 = 6;

/// The interval at which the guard checks whether the test is stuck.
const SLICE: Duration = Duration::from_millis(250);

/// How long a test must have waited before the guard checks whether it can continue: a ready task runs sooner.
const STANDSTILL: Duration = Duration::from_secs(1);

/// How long a test may take that records the answers of a real provider.
const RECORDING: Duration = Duration::from_secs(600);

/// How long a test may take if neither it nor the environment says so.
pub(super) const DEFAULT: Duration = Duration::from_secs(30);

/// How long a test may take, in wall-clock time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    usual: Duration,
    /// If it records.
    recording: Duration,
}

impl Guard {
    /// Returns the limit that the environment sets, or else the test's. A test that records has longer, unless the environment sets the limit.
    /// Zero is no limit.
    ///
    /// # Errors
    /// If the environment variable has a value that is not a time.
    pub(super) fn of_test(guard: Duration) -> Result<Self, EnvironmentError> {
        let fixed = environment::guard()?;
        let usual = fixed.unwrap_or(guard);
        let is_final = fixed.is_some() || usual.is_zero();
        let recording = match is_final {
            true => usual,
            false => usual.max(RECORDING),
        };
        Ok(Guard { usual, recording })
    }

    fn time(self, running: &TestContext) -> Duration {
        match running.is_recording() {
            true => self.recording,
            false => self.usual,
        }
    }
}

/// Waits for the end of a test, and ticks its mocks meanwhile. Why it is waited for no longer, if it has not ended.
pub(super) fn wait(guard: Guard, running: &TestContext, ended: &Latch) -> Result<(), Stuck> {
    if guard.usual.is_zero() {
        ended.wait(Duration::MAX);
        return Ok(());
    }
    let began = Instant::now();
    let mut standstill = StuckCheck::default();
    for look in 1..=LOOKS {
        loop {
            let next = guard.time(running) * look / LOOKS;
            let left = next.saturating_sub(began.elapsed());
            if left.is_zero() {
                break;
            }
            if ended.wait(left.min(SLICE)) {
                return Ok(());
            }
            if running.signals.is_endlessly_silent() {
                return Err(Stuck::Silent);
            }
            // What a provider takes its time for is no standstill.
            if !running.is_recording()
                && let Some(stuck) = standstill.look(running, guard.usual)
            {
                return Err(stuck);
            }
        }
        running.tick();
    }
    let guard = guard.time(running);
    if running.is_blocked() {
        return Err(Stuck::Blocked(guard));
    }
    let is_held = running.probe() == Probe::Held;
    Err(match is_held && running.has_blocking_caller() {
        true => Stuck::Held(guard),
        false => Stuck::Waits {
            within: guard,
            is_held,
        },
    })
}

/// How long a test has been idle.
#[derive(Default)]
struct StuckCheck {
    /// The number of times that the runtime had parked, and when this was first seen.
    seen: Option<(usize, Instant)>,
}

impl StuckCheck {
    /// Checks whether the test can still continue, and returns why not if it cannot.
    fn look(&mut self, running: &TestContext, guard: Duration) -> Option<Stuck> {
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
        let longer = STANDSTILL.max(guard / LOOKS);
        if waited < STANDSTILL || running.waits_for_others() {
            return None;
        }
        // Another thread, or a client in another process, may still wake it.
        let may_be_woken = waited < longer && (has_other_threads() || running.serves());
        if may_be_woken {
            return None;
        }
        match running.probe() {
            Probe::Free => Some(Stuck::Idle),
            // Blocking work may take its time, unless it waits for the clock that it holds.
            Probe::Held if waited >= longer && running.has_blocking_caller() => {
                Some(Stuck::Held(waited))
            }
            Probe::Held | Probe::Runs => None,
        }
    }
}

/// Blocks on a future. It takes a single type of future, so that the runtime's code is compiled once for all tests.
pub(super) fn run_to_end(runtime: &Runtime, future: Pin<&mut dyn Future<Output = ()>>) {
    runtime.block_on(future);
}

/// Blocks on a future until it ends or the time is up on the runtime's clock. Returns whether it ended.
pub(super) fn run_within(
    timeout: Duration,
    runtime: &Runtime,
    future: Pin<&mut dyn Future<Output = ()>>,
) -> bool {
    let mut has_ended = false;
    let timed = async { has_ended = tokio::time::timeout(timeout, future).await.is_ok() };
    run_to_end(runtime, pin!(timed));
    has_ended
}
