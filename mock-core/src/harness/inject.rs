use std::ops::Deref;
use std::sync::Arc;

use super::test::Test;
use crate::mock::MockProvider;

/// What an argument of a `#[provider_test]` may be: a mock that `mock_provider!` declares, an `Arc` of one, the
/// [`TestClock`](super::TestClock), the [`TestSeed`].
///
/// Any other type is made from a mock, which `#[mock(..)]` on the argument names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be injected into a `#[provider_test]`",
    label = "not a declared mock",
    note = "say which mock it is made from: `#[mock(Name)]` or `#[mock(reply(\"Hi.\"))]` before the argument"
)]
pub trait FromTest: Sized {
    /// Makes the argument.
    fn from_test(test: &mut Test) -> Self;
}

/// The seed of all chance in a `#[provider_test]`, as an argument. It comes from the test's path: the same in every run.
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

/// A mock that `mock_provider!` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a declared mock",
    label = "no `mock_provider!` declares it",
    note = "declare it, as in `mock_provider!({Self}, script = [reply(\"Hi.\")])`, and write `#[mock({Self})]` before an argument of your own type"
)]
pub trait DeclaredMock: FromTest + Deref<Target = MockProvider> {}

/// What an argument with `#[mock(..)]` may be: any type that implements `From<MockProvider>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a mock",
    label = "does not implement `From<MockProvider>`",
    note = "write, where `{Self}` is declared:\n
    struct MockLlm(mock_core::MockProvider);

    impl From<mock_core::MockProvider> for MockLlm {{
        fn from(mock: mock_core::MockProvider) -> Self {{
            MockLlm(mock)
        }}
    }}"
)]
pub trait FromMock: Sized {
    /// Makes the argument.
    fn from_mock(mock: MockProvider) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<MockProvider>> FromMock for T {
    fn from_mock(mock: MockProvider) -> Self {
        T::from(mock)
    }
}
