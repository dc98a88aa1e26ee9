//! The time limits of a test: the option `guard` and the variable `MOCK_CORE_GUARD` in wall-clock time, and the option `timeout` on the
//! test's clock. A test in a deadlock ends earlier: see `deadlock.rs`.

use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::deadlock::DeadlockCheck;
use crate::environment_variables::{self, EnvironmentError};
use crate::report::Stuck;
use crate::runtime::latch::Latch;
use crate::runtime::probe_whether_clock_advances::Probe;
use crate::runtime::test_context::TestContext;

/// The number of times that the guard checks a test before its time is up.
const LOOKS: u32 = 6;

/// The interval at which the guard checks whether the test is stuck.
const SLICE: Duration = Duration::from_millis(250);

/// How long a test may take that records the answers of a real provider.
const RECORDING: Duration = Duration::from_secs(600);

/// How long a test may take if neither it nor the environment says so.
pub(super) const DEFAULT: Duration = Duration::from_secs(30);

/// How long a test may take, in wall-clock time.
#[derive(Clone, Copy)]
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
    pub(super) fn from_environment_or(guard: Duration) -> Result<Self, EnvironmentError> {
        let fixed = environment_variables::guard()?;
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
    let mut deadlock = DeadlockCheck::default();
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
            // A test that waits for a real provider is not in a deadlock.
            if !running.is_recording()
                && let Some(stuck) = deadlock.check(running, guard.usual / LOOKS)
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
    Err(match running.probe() {
        Probe::Held if running.has_blocking_caller() => Stuck::Held(guard),
        Probe::Held => Stuck::WaitsWhileHeld(guard),
        Probe::Busy => Stuck::Busy(guard),
        Probe::Free | Probe::Runs => Stuck::Waits(guard),
    })
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
