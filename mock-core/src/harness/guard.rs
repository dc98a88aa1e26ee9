//! Waits for the end of a test: the guard against tests that hang, and an earlier end for waits that cannot end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::Stuck;
use crate::runtime::latch::Latch;
use crate::runtime::probe::Probe;
use crate::runtime::test_context::TestContext;

/// The number of times that the guard checks a test before its time is up.
const LOOKS: u32 = 6;

/// The interval at which the guard checks whether the test is stuck.
const SLICE: Duration = Duration::from_millis(250);

/// How long a test must have waited before the guard checks whether it can continue: a ready task runs sooner.
const STANDSTILL: Duration = Duration::from_secs(1);

/// How long a test may take that records the answers of a real provider.
const RECORDING: Duration = Duration::from_secs(600);

/// How long a test may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    usual: Duration,
    /// If it records.
    recording: Duration,
}

impl Guard {
    /// This time, whatever the test does.
    pub(super) fn fixed(time: Duration) -> Self {
        Guard {
            usual: time,
            recording: time,
        }
    }

    /// This time as the test says, or longer if it records. Zero is for ever.
    pub(super) fn of_test(time: Duration) -> Self {
        Guard {
            usual: time,
            recording: match time.is_zero() {
                true => time,
                false => time.max(RECORDING),
            },
        }
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
    let mut standstill = Standstill::default();
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
struct Standstill {
    /// The number of times that the runtime had parked, and when this was first seen.
    seen: Option<(usize, Instant)>,
}

impl Standstill {
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

/// The number of threads of this process that belong to a harness, without the main thread.
static KNOWN: AtomicUsize = AtomicUsize::new(0);

/// A thread of a harness.
pub(super) struct KnownThread;

impl KnownThread {
    pub(super) fn new() -> Self {
        KNOWN.fetch_add(1, Ordering::Relaxed);
        KnownThread
    }

    /// Counts the current thread, unless it is the main thread, which is always known.
    pub(super) fn current() -> Option<Self> {
        let is_main = thread::current().name() == Some("main");
        (!is_main).then(Self::new)
    }
}

impl Drop for KnownThread {
    fn drop(&mut self) {
        KNOWN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Returns whether the process has threads that do not belong to a harness.
#[cfg(target_os = "linux")]
fn has_other_threads() -> bool {
    use std::os::linux::fs::MetadataExt as _;

    /// The number of links of an empty folder.
    const NONE: u64 = 2;
    let known = KNOWN.load(Ordering::Relaxed) as u64 + 1;
    let threads = std::fs::metadata("/proc/self/task").map(|task| task.st_nlink() - NONE);
    threads.map_or(true, |threads| threads > known)
}

#[cfg(not(target_os = "linux"))]
fn has_other_threads() -> bool {
    true
}
