//! The seed of a test and the calls of all of its mocks, as arguments: [`TestSeed`] and [`TestJournal`].

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

use std::fmt;
use std::sync::{Arc, Weak};

use super::argument_traits::FromTest;
use super::test::Test;
use crate::journal::calls::Calls;
use crate::runtime::test_context::TestContext;

/// The seed of all random choices in a `#[provider_test]`, as an argument. It is derived from the test's path and so is the same in every
/// run, unless the environment variable `MOCK_CORE_SEED` sets it.
///
/// ```test_harness
/// use mock_core::{TestSeed, provider_test};
///
/// #[provider_test]
/// async fn a_shuffle_is_the_same_in_every_run(seed: TestSeed) {
///     println!("shuffled with the seed {}", seed.0);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestSeed(pub u64);

impl FromTest for TestSeed {
    fn from_test(test: &mut Test) -> Self {
        TestSeed(test.seed())
    }
}

/// The calls of all mocks of a `#[provider_test]`, as an argument: for mocks that the code under test makes itself, and for questions about
/// several.
///
/// ```test_harness
/// use mock_core::{MockProvider, Request, TestJournal, provider_test};
///
/// #[provider_test]
/// async fn only_the_first_is_asked(
///     #[mock(reply("Hi."))] one: MockProvider,
///     #[mock()] two: MockProvider,
///     journal: TestJournal,
/// ) {
///     one.answer(Request::new("gpt-4o").user("Hello")).await.unwrap();
///
///     let calls = journal.calls();
///     assert_eq!((calls[0].0.as_str(), calls[0].1.len()), ("one", 1));
///     assert!(calls[1].1.is_empty(), "{} was asked", calls[1].0);
/// }
/// ```
#[derive(Clone)]
pub struct TestJournal(Weak<TestContext>);

impl TestJournal {
    /// Returns the calls of each mock so far, with what reports call the mock, in the order in which the mocks were made.
    ///
    /// ```
    /// # #![allow(unused_imports, clippy::needless_doctest_main)]
    /// use mock_core::{MockProvider, TestJournal, provider_test};
    ///
    /// #[provider_test]
    /// async fn nobody_is_asked(#[mock()] llm: MockProvider, journal: TestJournal) {
    ///     let calls = journal.calls();
    ///     assert_eq!((calls[0].0.as_str(), calls[0].1.len()), ("llm", 0));
    /// }
    /// # fn main() {}
    /// ```
    #[inline]
    pub fn calls(&self) -> Vec<(String, Calls)> {
        let running = self.0.upgrade();
        let mut calls = Vec::new();
        for mock in &running.map(|running| running.mocks()).unwrap_or_default() {
            calls.push((mock.label().to_owned(), mock.calls()));
        }
        calls
    }
}

impl fmt::Debug for TestJournal {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, calls) in &self.calls() {
            map.entry(name, calls);
        }
        map.finish()
    }
}

impl FromTest for TestJournal {
    fn from_test(test: &mut Test) -> Self {
        TestJournal(test.context())
    }
}

impl<T: FromTest> FromTest for Arc<T> {
    fn from_test(test: &mut Test) -> Self {
        Arc::new(T::from_test(test))
    }
}
