//! The types of arguments that are not mocks.

use std::sync::Arc;

use super::test::{FromTest, Test};

/// The seed of all random choices in a `#[provider_test]`, as an argument. It is derived from the test's path and so is the same in every
/// run, unless the environment variable `MOCK_CORE_SEED` sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestSeed(pub u64);

impl FromTest for TestSeed {
    fn from_test(test: &mut Test) -> Self {
        TestSeed(test.seed())
    }
}

impl<T: FromTest> FromTest for Arc<T> {
    fn from_test(test: &mut Test) -> Self {
        Arc::new(T::from_test(test))
    }
}
