//! A circuit breaker on tokio's clock, so that it opens, waits and recovers on a paused clock too.
//!
//! The thresholds and states are those of `reliakit-circuit`, which takes the time with every question. Most breakers read the system's
//! clock: `failsafe` 1.3, `recloser` 1.4, `circuitbreaker-rs` 0.1, `tower-resilience-circuitbreaker` 0.14 and `nobreak` 0.1 stay open for
//! ever where only tokio's clock goes on. `seatbelt` 0.11 takes a clock, but none that is tokio's; `breaker-machines` 0.18 takes one too,
//! and counts failures by a window instead of in a row. Code that uses one of these is tested with
//! `#[provider_test(clock = "real")]` and short times.

use std::fmt::{self, Debug};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reliakit_circuit::CircuitBreaker;
pub use reliakit_circuit::State;
use tokio::time::Instant;

/// When a [`Breaker`] opens, and when it closes again.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many failures in a row open it. 5 by default.
    pub failures: u32,
    /// So long it rejects all calls. 30 s by default.
    pub recovery: Duration,
    /// So many successes after that close it. 2 by default.
    pub successes: u32,
    /// So many calls at one time it lets through until then. 3 by default.
    pub trials: u32,
}

impl Limits {
    /// What holds unless it is said otherwise.
    pub const DEFAULT: Limits = Limits {
        failures: 5,
        recovery: Duration::from_secs(30),
        successes: 2,
        trials: 3,
    };
}

/// What a [`Breaker`] has seen. Times are counted from when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// The breaker's name.
    pub name: &'static str,
    /// Whether it lets calls through. It is half open from the first call after the recovery time.
    pub state: State,
    /// All calls, rejected ones too.
    pub total_calls: u64,
    /// Calls that failed, those excluded aside.
    pub total_failures: u64,
    /// Calls that were not let through.
    pub total_rejected: u64,
    /// Failures since the last success.
    pub failure_count: u32,
    /// Successes since it became half open; 0 in the other states.
    pub success_count: u32,
    /// When a call failed last.
    pub last_failure_time: Option<Duration>,
    /// How often the state changed.
    pub state_changes: u64,
}

impl Stats {
    fn new(name: &'static str) -> Self {
        Stats {
            name,
            state: State::Closed,
            total_calls: 0,
            total_failures: 0,
            total_rejected: 0,
            failure_count: 0,
            success_count: 0,
            last_failure_time: None,
            state_changes: 0,
        }
    }
}

/// Why a call has no result.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum BreakerError<E> {
    /// It was not let through.
    #[error("circuit `{name}` is open, try again in {retry_after:?}")]
    Rejected {
        /// The breaker's name.
        name: &'static str,
        /// The state that it is in: open, or half open with its trials under way.
        state: State,
        /// When it may let a call through again.
        retry_after: Duration,
        /// What the last call that failed has failed with.
        last_error: Option<E>,
    },
    /// It failed.
    #[error(transparent)]
    Failed(#[from] E),
}

/// Lets calls through until they fail too often, and then only now and again.
///
/// Every breaker stands for itself: those who share a provider share a reference to one.
///
/// ```
/// use breaker::{Breaker, BreakerError, Limits};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let breaker = Breaker::new("provider", Limits { failures: 1, ..Limits::DEFAULT });
///
/// let first = breaker.run(async { Err::<(), _>("no answer") }).await;
/// let second = breaker.run(async { Ok(()) }).await;
///
/// assert_eq!(first, Err(BreakerError::Failed("no answer")));
/// assert!(matches!(second, Err(BreakerError::Rejected { .. })));
/// # }
/// ```
pub struct Breaker<E> {
    limits: Limits,
    start: Instant,
    excluded: fn(&E) -> bool,
    on_change: Box<dyn Fn(State, State) + Send + Sync>,
    inner: Mutex<Inner<E>>,
}

struct Inner<E> {
    circuit: CircuitBreaker,
    stats: Stats,
    opened_at: Duration,
    last_error: Option<E>,
    /// Calls under way that were let through since it became half open.
    trials: u32,
}

impl<E: Clone> Breaker<E> {
    /// A breaker that is closed.
    pub fn new(name: &'static str, limits: Limits) -> Self {
        Breaker {
            limits,
            start: Instant::now(),
            excluded: |_| false,
            on_change: Box::new(|_, _| {}),
            inner: Mutex::new(Inner {
                circuit: CircuitBreaker::new(limits.failures, ticks(limits.recovery))
                    .with_success_threshold(limits.successes),
                stats: Stats::new(name),
                opened_at: Duration::ZERO,
                last_error: None,
                trials: 0,
            }),
        }
    }

    /// Sets which errors count neither as failures nor as successes, such as a wrong key: none by default.
    #[must_use]
    pub fn excluding(mut self, excluded: fn(&E) -> bool) -> Self {
        self.excluded = excluded;
        self
    }

    /// Sets a function that is called for each change from one state to another.
    #[must_use]
    pub fn on_change(mut self, tell: impl Fn(State, State) + Send + Sync + 'static) -> Self {
        self.on_change = Box::new(tell);
        self
    }

    /// Makes a call, if it is let through, and learns from how it ends. A call that is dropped teaches nothing.
    ///
    /// # Errors
    /// [`Rejected`](BreakerError::Rejected) if it is not let through; else the call's own.
    pub async fn run<T>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, BreakerError<E>> {
        let permit = self.admit()?;
        let result = call.await;
        permit.settle(result.as_ref().err());
        Ok(result?)
    }

    /// What it has seen up to now.
    pub fn stats(&self) -> Stats {
        self.lock().stats
    }

    /// Whether it rejects calls. It does until one comes after the recovery time.
    pub fn is_open(&self) -> bool {
        self.stats().state == State::Open
    }

    /// Closes it. The totals stay.
    pub fn reset(&self) {
        self.update(|inner, now| {
            inner.circuit.reset();
            inner.stats.failure_count = 0;
            inner.follow(now);
        });
    }

    fn admit(&self) -> Result<Permit<'_, E>, BreakerError<E>> {
        let (trial, since) = self.update(|inner, now| inner.admit(now, &self.limits))?;
        Ok(Permit {
            breaker: self,
            trial,
            since,
        })
    }

    /// Does something to the state, and tells if it has changed.
    fn update<R>(&self, act: impl FnOnce(&mut Inner<E>, Duration) -> R) -> R {
        let mut inner = self.lock();
        let from = inner.stats.state;
        let result = act(&mut inner, self.start.elapsed());
        let to = inner.stats.state;
        drop(inner);
        if from != to {
            (self.on_change)(from, to);
        }
        result
    }
}

impl<E> Breaker<E> {
    fn lock(&self) -> MutexGuard<'_, Inner<E>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E> Debug for Breaker<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker")
            .field("stats", &self.lock().stats)
            .finish_non_exhaustive()
    }
}

impl<E: Clone> Inner<E> {
    /// Whether the call is one of the trials, and the number of state changes at its beginning.
    fn admit(&mut self, now: Duration, limits: &Limits) -> Result<(bool, u64), BreakerError<E>> {
        self.stats.total_calls += 1;
        let allowed = self.circuit.allow(ticks(now));
        self.follow(now);
        let trial = self.stats.state == State::HalfOpen;
        if !allowed || (trial && self.trials >= limits.trials) {
            self.stats.total_rejected += 1;
            return Err(BreakerError::Rejected {
                name: self.stats.name,
                state: self.stats.state,
                retry_after: match trial {
                    true => Duration::ZERO,
                    false => limits.recovery.saturating_sub(now - self.opened_at),
                },
                last_error: self.last_error.clone(),
            });
        }
        self.trials += u32::from(trial);
        Ok((trial, self.stats.state_changes))
    }

    /// A call that began before the last change is news of an earlier state: it changes no state.
    fn succeed(&mut self, is_news: bool, now: Duration) {
        self.stats.failure_count = 0;
        if is_news {
            self.stats.success_count += u32::from(self.stats.state == State::HalfOpen);
            self.circuit.on_success();
            self.follow(now);
        }
    }

    fn fail(&mut self, error: &E, is_news: bool, now: Duration) {
        self.stats.total_failures += 1;
        self.stats.failure_count += 1;
        self.stats.last_failure_time = Some(now);
        self.last_error = Some(error.clone());
        if is_news {
            self.circuit.on_failure(ticks(now));
            self.follow(now);
        }
    }

    /// Takes over the state of the circuit.
    fn follow(&mut self, now: Duration) {
        let state = self.circuit.state();
        if state == self.stats.state {
            return;
        }
        self.stats.state = state;
        self.stats.state_changes += 1;
        self.stats.success_count = 0;
        self.trials = 0;
        if state == State::Open {
            self.opened_at = now;
        }
    }
}

/// A call that was let through.
struct Permit<'a, E> {
    breaker: &'a Breaker<E>,
    trial: bool,
    /// The number of state changes when it was let through.
    since: u64,
}

impl<E: Clone> Permit<'_, E> {
    fn settle(self, error: Option<&E>) {
        self.breaker.update(|inner, now| {
            let is_news = inner.stats.state_changes == self.since;
            match error {
                None => inner.succeed(is_news, now),
                Some(error) if (self.breaker.excluded)(error) => {}
                Some(error) => inner.fail(error, is_news, now),
            }
        });
    }
}

impl<E> Drop for Permit<'_, E> {
    fn drop(&mut self) {
        let mut inner = self.breaker.lock();
        if self.trial && inner.stats.state_changes == self.since {
            inner.trials -= 1;
        }
    }
}

/// A time as the circuit counts it.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
