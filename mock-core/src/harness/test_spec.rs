//! The parts of a test that are known when it compiles.

use std::time::Duration;

use super::{Test, end_hanging_test};
use crate::environment_variables;
use crate::report;
use crate::runtime::foreign_io::{Foreign, ForeignIoWatch, NetworkGuard, PATIENCE};

/// The parts of a test that `#[provider_test]` knows at compile time.
#[derive(Debug, Clone, Copy)]
pub struct TestSpec {
    /// The test's path.
    pub name: &'static str,
    /// The file it is in.
    pub file: &'static str,
    /// For a test with cases: which case it is, and which of its values each further argument has.
    pub choices: &'static [usize],
    /// Injects the arguments and drives the body.
    pub body: fn(&mut Test),
    /// Whether the test should panic. If so, nothing is verified.
    pub should_panic: bool,
    /// The clock that the test runs on.
    pub clock: Clock,
    /// The runtime that the test runs on.
    pub flavor: Flavor,
    /// The time limit of the body on the test's clock.
    pub timeout: Option<Duration>,
    /// How long the test may take in wall-clock time; zero for no limit.
    pub guard: Duration,
    /// How long the paused clock waits for foreign I/O; `None` for one second of real time.
    pub foreign: Option<Foreign>,
    /// Whether the test fails if a task panics.
    pub task_panics: TaskPanics,
    /// Whether the test may connect to other machines. `None` leaves it to the environment.
    pub network: Option<Network>,
}

impl TestSpec {
    /// A test without a body, to be completed.
    pub const EMPTY: TestSpec = TestSpec {
        name: "",
        file: "",
        choices: &[],
        body: |_| {},
        should_panic: false,
        clock: Clock::Paused,
        flavor: Flavor::CurrentThread,
        timeout: None,
        guard: end_hanging_test::DEFAULT,
        foreign: None,
        task_panics: TaskPanics::Fail,
        network: None,
    };

    /// Creates the watch for foreign I/O, if the test has a clock that it can hold.
    ///
    /// # Errors
    /// If the test sets the option but has no such clock.
    pub(super) fn watch(&self) -> Result<Option<ForeignIoWatch>, &'static str> {
        let is_paused = self.clock == Clock::Paused && self.flavor == Flavor::CurrentThread;
        let patience = match self.foreign {
            Some(_) if !is_paused => {
                return Err(
                    "`foreign` needs the paused clock: remove it, or remove `clock = \"real\"`",
                );
            }
            Some(_) if !cfg!(target_os = "linux") => {
                return Err(
                    "`foreign` works only on Linux: hold the clock with `TestClock::hold`, or write `clock = \"real\"`",
                );
            }
            Some(Foreign::Ignore) => return Ok(None),
            Some(Foreign::Wait) => None,
            Some(Foreign::For(patience)) => Some(patience),
            None => Some(PATIENCE),
        };
        Ok((is_paused && cfg!(target_os = "linux")).then(|| ForeignIoWatch::new(patience)))
    }

    /// Creates the guard against the network, if the test or the environment asks for it.
    ///
    /// # Errors
    /// If the environment asks for it on a system where it does not work, or in other words than it can.
    pub(super) fn network_guard(&self) -> Result<Option<NetworkGuard>, String> {
        let is_linux = cfg!(target_os = "linux");
        match self.network {
            Some(Network::Allow) => Ok(None),
            Some(Network::Deny) if !is_linux => {
                eprintln!("{}", report::network_unchecked(self.name));
                Ok(None)
            }
            Some(Network::Deny) => Ok(Some(NetworkGuard::default())),
            None => match environment_variables::deny_network() {
                Err(error) => Err(error.to_string()),
                Ok(true) if !is_linux => Err(report::NO_NETWORK_GUARD.to_owned()),
                Ok(is_denied) => Ok(is_denied.then(NetworkGuard::default)),
            },
        }
    }
}

/// The clock of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Paused: the clock advances to the next timer when every task is idle.
    Paused,
    /// The wall clock.
    Real,
}

/// Whether a test fails if a task in its code panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskPanics {
    /// The test fails.
    Fail,
    /// The test may pass.
    Ignore,
}

/// Whether a test may connect to other machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The test may connect to other machines.
    Allow,
    /// The test fails if it connects to another machine.
    Deny,
}

/// The runtime of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// All tasks run on the thread of the test.
    CurrentThread,
    /// Tasks run on this many worker threads.
    #[cfg(feature = "multi-thread")]
    MultiThread(usize),
}

/// The flavor of a test on worker threads; without the feature, an error at the option that asks for it.
#[cfg(feature = "multi-thread")]
#[doc(hidden)]
#[macro_export]
macro_rules! __multi_thread {
    ($flavor:expr) => {
        $flavor
    };
}

/// The flavor of a test on worker threads; without the feature, an error at the option that asks for it.
#[cfg(not(feature = "multi-thread"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __multi_thread {
    ($flavor:expr) => {
        ::core::compile_error! {
            "the multi-threaded runtime needs the feature `multi-thread` of mock-core\nhelp: write `mock-core = { version = \"..\", features = [\"multi-thread\"] }` in Cargo.toml"
        }
    };
}
