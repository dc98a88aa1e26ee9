use std::time::Duration;

use super::{Foreign, Test};

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
    /// How long the test may take on the clock on the wall; zero for as long as it likes.
    pub guard: Duration,
    /// How long the paused clock waits for foreign I/O; one second of real time if the test does not say.
    pub foreign: Option<Foreign>,
    /// What becomes of the test if a task panics.
    pub task_panics: TaskPanics,
}

impl TestSpec {
    /// A test without a body, to be filled in.
    pub const NEW: TestSpec = TestSpec {
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
}

/// The clock of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Time goes on only while nothing else can be done, and then at once to the next timer.
    Paused,
    /// The clock on the wall.
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
