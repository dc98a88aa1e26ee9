use std::borrow::Cow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::inject::{DeclaredMock, FromMock, FromTest};
use super::outcome::{Erased, TestOutcome};
use crate::current::Running;
use crate::mock::MockProvider;
use crate::report;
use crate::scenario::Scenario;

/// A `#[provider_test]` that is running: what its arguments are made from.
pub struct Test {
    running: Arc<Running>,
    runtime: Arc<Runtime>,
    timeout: Option<Duration>,
    argument: &'static str,
    error: Option<String>,
}

impl Test {
    pub(super) fn new(
        running: Arc<Running>,
        runtime: Arc<Runtime>,
        timeout: Option<Duration>,
    ) -> Self {
        Test {
            running,
            runtime,
            timeout,
            argument: "",
            error: None,
        }
    }

    /// The test's path: its modules and its name.
    pub fn name(&self) -> &'static str {
        self.running.name()
    }

    /// The seed of all chance in the test. It comes from the test's path.
    pub fn seed(&self) -> u64 {
        self.running.seed()
    }

    /// The argument `name` of the test, made from this test.
    pub fn inject<T: FromTest>(&mut self, name: &'static str) -> T {
        self.argument = name;
        T::from_test(self)
    }

    /// The argument `name` of the test, made from a mock of `scenario`.
    pub fn inject_mock<T: FromMock>(
        &mut self,
        name: &'static str,
        scenario: Cow<'static, Scenario>,
    ) -> T {
        self.argument = name;
        T::from_mock(self.mock(scenario))
    }

    /// The argument `name` of the test, made from a declared mock.
    pub fn inject_declared<M, T>(&mut self, name: &'static str) -> T
    where
        M: DeclaredMock,
        T: FromMock,
    {
        T::from_mock(self.inject::<M>(name).handle())
    }

    /// A mock of `scenario` that is verified with this test. Reports call it by the argument that is being made.
    pub fn mock(&self, scenario: impl Into<Cow<'static, Scenario>>) -> MockProvider {
        MockProvider::of(self.running.join(scenario.into(), Some(self.argument)))
    }

    /// Runs the body to its end.
    pub fn drive<R: TestOutcome>(&mut self, body: Pin<&mut dyn Future<Output = R>>) {
        let mut outcome = None;
        self.block_on(pin!(Erased::new(body, &mut outcome)));
        if let Some(Err(error)) = outcome.map(R::into_result) {
            self.error = Some(error);
        }
    }

    fn block_on(&mut self, body: Pin<&mut dyn Future<Output = ()>>) {
        match self.timeout {
            None => self.runtime.block_on(body),
            Some(timeout) => {
                let body = async { tokio::time::timeout(timeout, body).await };
                if self.runtime.block_on(body).is_err() {
                    self.error = Some(report::timed_out(timeout));
                }
            }
        }
    }

    pub(super) fn into_error(self) -> Option<String> {
        self.error
    }
}
