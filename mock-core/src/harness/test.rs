//! A running test: [`Test`].

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Runtime;

use super::end_hanging_test::{run_to_end, run_within};
use super::return_type::{Erased, TestOutcome};
use crate::mock::MockProvider;
use crate::report;
use crate::runtime::test_context::TestContext;
use crate::scenario::{Scenario, checked};

/// A running `#[provider_test]`. [`FromTest`](crate::FromTest) makes arguments from it.
pub struct Test {
    running: Arc<TestContext>,
    runtime: Arc<Runtime>,
    timeout: Option<Duration>,
    choices: &'static [usize],
    pub(super) argument: &'static str,
    /// Whether all arguments are made.
    has_begun: bool,
    error: Option<String>,
    /// Whether its time-out expired.
    is_late: bool,
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test")
            .field("name", &self.name())
            .field("seed", &self.seed())
            .finish_non_exhaustive()
    }
}

impl Test {
    /// A test that has not begun. `choices` are those of its case.
    pub(super) fn new(
        running: Arc<TestContext>,
        runtime: Arc<Runtime>,
        timeout: Option<Duration>,
        choices: &'static [usize],
    ) -> Self {
        Test {
            running,
            runtime,
            timeout,
            choices,
            argument: "",
            has_begun: false,
            error: None,
            is_late: false,
        }
    }

    /// Returns the test's path: its modules and its name.
    pub fn name(&self) -> &'static str {
        self.running.name()
    }

    /// Returns the seed of all random choices in the test: see [`TestSeed`](crate::TestSeed).
    pub fn seed(&self) -> u64 {
        self.running.seed()
    }

    pub(super) fn context(&self) -> Weak<TestContext> {
        Arc::downgrade(&self.running)
    }

    /// Notes a folder of the test, which is removed if the test passes.
    #[inline]
    pub(super) fn keep_folder(&self, folder: PathBuf) {
        self.running.add_folder(folder);
    }

    /// Counts a recorder whose file has the name of the test, and returns its number, from 1.
    #[cfg(feature = "cassette")]
    pub(crate) fn count_recorder(&self) -> usize {
        self.running.count_recorder()
    }

    /// Returns whether the test runs several times.
    #[cfg(feature = "cassette")]
    pub(crate) fn is_one_of_several(&self) -> bool {
        self.running.is_one_of_several()
    }

    /// Returns the choice of this number: the case, or what an argument with several values is.
    ///
    /// # Panics
    /// If the test has no such choice.
    #[doc(hidden)]
    pub fn choice(&self, number: usize) -> usize {
        self.choices[number]
    }

    /// Creates a mock of `scenario` that is verified with this test. Reports name it after the argument that is being made.
    ///
    /// # Panics
    /// If the scenario cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn mock(&self, scenario: impl Into<Cow<'static, Scenario>>) -> MockProvider {
        let scenario = checked(scenario.into());
        MockProvider::from_engine(self.running.join(scenario, Some(self.argument)))
    }

    /// Runs the body to its end.
    #[doc(hidden)]
    pub fn drive<R: TestOutcome>(&mut self, body: Pin<&mut dyn Future<Output = R>>) {
        self.has_begun = true;
        let mut outcome = None;
        let running = Arc::clone(&self.running);
        self.block_on(pin!(Erased::new(body, &mut outcome, &running)));
        running.note_body_ended();
        if let Some(Err(error)) = outcome.map(R::into_result) {
            self.error = Some(report::returned(&error));
        }
    }

    fn block_on(&mut self, body: Pin<&mut dyn Future<Output = ()>>) {
        let Some(timeout) = self.timeout else {
            return run_to_end(&self.runtime, body);
        };
        self.is_late = !run_within(timeout, &self.runtime, body);
        if self.is_late {
            self.error = Some(report::timed_out(timeout, &self.running.verdicts()));
        }
    }

    /// Returns whether the body has begun, so that its arguments are made.
    pub(super) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Returns whether the time-out expired.
    pub(super) fn is_late(&self) -> bool {
        self.is_late
    }

    /// Returns whether the body returned an error.
    pub(super) fn has_returned_an_error(&self) -> bool {
        self.error.is_some() && !self.is_late
    }

    pub(super) fn into_error(self) -> Option<String> {
        self.error
    }
}
