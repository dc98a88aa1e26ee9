//! What can be an argument of a test: [`FromTest`], and what is made from a mock, such as an adapter to a trait of your own: [`FromMock`].

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;

use super::test::Test;
use crate::mock::MockProvider;
use crate::report;
use crate::scenario::Scenario;

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
    /// If the argument cannot be created. The test then fails.
    fn from_mock(mock: MockProvider) -> Result<Self, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: From<MockProvider>> FromMock for T {
    type Error = Infallible;

    fn from_mock(mock: MockProvider) -> Result<Self, Infallible> {
        Ok(T::from(mock))
    }
}

impl Test {
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
