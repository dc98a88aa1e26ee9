use std::time::Duration;

use super::Test;
use crate::runtime::foreign::{Foreign, PATIENCE, Watch};

/// What `#[provider_test]` knows about a test when it compiles.
#[derive(Debug, Clone)]
pub struct TestSpec {
    /// The test's path.
    pub name: &'static str,
    /// The file it is in.
    pub file: &'static str,
    /// Injects the arguments and drives the body.
    pub body: fn(&mut Test),
    /// Whether it is to panic; nothing is verified then.
    pub should_panic: bool,
    /// Which clock it runs on.
    pub clock: Clock,
    /// Which runtime it runs on.
    pub flavor: Flavor,
    /// How long the body may take on the test's clock.
    pub timeout: Option<Duration>,
    /// How long the test may take in wall-clock time; zero for no limit.
    pub guard: Duration,
    /// How long the paused clock waits for foreign I/O; one second of real time if the test does not say.
    pub foreign: Option<Foreign>,
    /// What becomes of the test if a task panics.
    pub task_panics: TaskPanics,
}

impl TestSpec {
    /// A test without a body, to be filled in.
    pub const EMPTY: TestSpec = TestSpec {
        name: "",
        file: "",
        body: |_| {},
        should_panic: false,
        clock: Clock::Paused,
        flavor: Flavor::CurrentThread,
        timeout: None,
        guard: Duration::from_secs(30),
        foreign: None,
        task_panics: TaskPanics::Fail,
    };

    /// What watches for foreign I/O in the test, if the test has a clock to be held.
    ///
    /// # Errors
    /// If the test sets the option, and has no such clock.
    pub(super) fn watch(&self) -> Result<Option<Watch>, &'static str> {
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
        Ok((is_paused && cfg!(target_os = "linux")).then(|| Watch::new(patience)))
    }
}

/// The clock of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Time goes on only while nothing else can be done, and then at once to the next timer.
    Paused,
    /// The wall clock.
    Real,
}

/// What becomes of a test in whose code a task panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskPanics {
    /// It fails.
    Fail,
    /// It may pass.
    Ignore,
}

/// The runtime of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// All tasks run on the thread of the test.
    CurrentThread,
    /// Tasks run on so many worker threads.
    MultiThread(usize),
}
