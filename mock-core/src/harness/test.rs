//! A running test, and the traits that make its arguments.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Runtime;

use super::return_type::{Erased, TestOutcome};
use super::test_spec::TestSpec;
use super::time_limits::{run_to_end, run_within};
use crate::mock::MockProvider;
use crate::report;
use crate::runtime::test_context::TestContext;
use crate::scenario::{Scenario, checked};

/// A running `#[provider_test]`. [`FromTest`] makes arguments from it.
pub struct Test {
    running: Arc<TestContext>,
    runtime: Arc<Runtime>,
    timeout: Option<Duration>,
    choices: &'static [usize],
    argument: &'static str,
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
    pub(super) fn new(running: Arc<TestContext>, runtime: Arc<Runtime>, spec: &TestSpec) -> Self {
        Test {
            running,
            runtime,
            timeout: spec.timeout,
            choices: spec.choices,
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

    /// Creates the argument `name` from this test.
    #[doc(hidden)]
    pub fn inject<T: FromTest>(&mut self, name: &'static str) -> T {
        self.argument = name;
        T::from_test(self)
    }

    /// Creates the argument `name` from a mock of `scenario`.
    #[doc(hidden)]
    #[track_caller]
    pub fn inject_mock<T: FromMock>(
        &mut self,
        name: &'static str,
        scenario: Cow<'static, Scenario>,
    ) -> T {
        self.argument = name;
        made(name, T::from_mock(self.mock(scenario)))
    }

    /// Creates the argument `name` from a declared mock.
    #[doc(hidden)]
    #[track_caller]
    pub fn inject_declared<M, T>(&mut self, name: &'static str) -> T
    where
        M: DeclaredMock,
        T: FromMock,
    {
        let mock = self.inject::<M>(name).handle();
        made(name, T::from_mock(mock))
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

/// Returns the argument `name` that was created from a mock.
///
/// # Panics
/// If it could not be created.
#[track_caller]
fn made<T, E: fmt::Display>(name: &str, argument: Result<T, E>) -> T {
    match argument {
        Ok(argument) => argument,
        Err(error) => panic!("{}", report::no_argument(name, &error.to_string())),
    }
}

/// A type that can be an argument of a `#[provider_test]`.
///
/// Declared mocks implement it, and so do [`TestClock`](crate::TestClock), [`TestDir`](crate::TestDir), [`TestJournal`](crate::TestJournal),
/// [`TestSeed`](crate::TestSeed) and an `Arc` of each. Implement it
/// for your own fixtures. An argument with `#[mock(..)]` is made from a mock instead: see [`FromMock`].
///
/// ```test_harness
/// use mock_core::{FromTest, MockProvider, Test, builder::*, provider_test};
///
/// struct Fixture { llm: MockProvider, user: String }
///
/// impl FromTest for Fixture {
///     fn from_test(test: &mut Test) -> Self {
///         let llm = test.mock(script([reply("Hi.").times(0..)]));
///         Fixture { llm, user: format!("user {}", test.seed()) }
///     }
/// }
///
/// #[provider_test]
/// async fn each_test_has_its_own(fixture: Fixture) {
///     assert!(fixture.user.starts_with("user "));
///     assert!(fixture.llm.calls().is_empty());
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be injected into a `#[provider_test]`",
    label = "not a declared mock",
    note = "say which mock it is made from: `#[mock(Name)]` or `#[mock(reply(\"Hi.\"))]` before the argument",
    note = "for a value, write `#[values(1, 2)]` before the argument, or `#[case]` and cases such as `#[case::first(1)]` below `#[provider_test]`"
)]
pub trait FromTest: Sized {
    /// Creates the argument.
    fn from_test(test: &mut Test) -> Self;
}

/// A mock that `mock_provider!` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a declared mock",
    label = "no `mock_provider!` declares it",
    note = "declare it, as in `mock_provider!({Self}, script = [reply(\"Hi.\")])`, and write `#[mock({Self})]` before an argument of your own type"
)]
pub trait DeclaredMock: FromTest + Deref<Target = MockProvider> {}

/// A type that can be an argument with `#[mock(..)]`: it is made from a mock.
///
/// It is implemented for every type that implements `From<MockProvider>`, so a newtype needs no more than that. Implement this trait itself
/// if creating the value can fail:
///
/// ```test_harness
/// use mock_core::{FromMock, MockProvider, provider_test};
///
/// struct Recorded { llm: MockProvider, file: std::fs::File }
///
/// impl FromMock for Recorded {
///     type Error = std::io::Error;
///
///     fn from_mock(mock: MockProvider) -> Result<Self, std::io::Error> {
///         let file = std::fs::File::create(std::env::temp_dir().join("calls.log"))?;
///         Ok(Recorded { llm: mock, file })
///     }
/// }
///
/// #[provider_test]
/// async fn nothing_is_recorded_yet(#[mock(script = [])] recorded: Recorded) -> std::io::Result<()> {
///     assert_eq!(recorded.llm.calls().len(), 0);
///     assert_eq!(recorded.file.metadata()?.len(), 0);
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a mock",
    label = "does not implement `From<MockProvider>`",
    note = "implement it for a type of your own:\n
    struct MockLlm(mock_core::MockProvider);

    impl From<mock_core::MockProvider> for MockLlm {{
        fn from(mock: mock_core::MockProvider) -> Self {{
            MockLlm(mock)
        }}
    }}"
)]
pub trait FromMock: Sized {
    /// Why the value cannot be created. The test fails with this text.
    type Error: fmt::Display;

    /// Creates the argument.
    ///
    /// # Errors
    /// If it cannot be created. The test fails.
    fn from_mock(mock: MockProvider) -> Result<Self, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: From<MockProvider>> FromMock for T {
    type Error = Infallible;

    fn from_mock(mock: MockProvider) -> Result<Self, Infallible> {
        Ok(T::from(mock))
    }
}
