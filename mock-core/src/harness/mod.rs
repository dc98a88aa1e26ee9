//! Runs a `#[provider_test]`: the clock, the mocks, the verdict.

mod inject;
mod outcome;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

pub use inject::{FromMock, FromTest};
pub use outcome::TestOutcome;

use crate::current::Running;
use crate::mock::MockProvider;
use crate::report;
use crate::report::Report;
use crate::scenario::Scenario;
use outcome::Erased;

/// How often the harness lets tasks run on after the body, without letting time go by.
const SETTLING_ROUNDS: usize = 64;

/// What `#[provider_test]` knows about a test when it compiles.
#[derive(Debug)]
pub struct TestSpec {
    /// The test's path.
    pub name: &'static str,
    /// Whether it is to panic; nothing is verified then.
    pub should_panic: bool,
    /// Injects the arguments and drives the body.
    pub body: fn(&mut Test),
}

/// A `#[provider_test]` that is running: what arguments are made from.
pub struct Test {
    running: Arc<Running>,
    runtime: Arc<Runtime>,
    argument: &'static str,
    error: Option<String>,
}

impl Test {
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
        M: FromTest + std::ops::Deref<Target = MockProvider>,
        T: FromMock,
    {
        T::from_mock(self.inject::<M>(name).clone())
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

    fn block_on(&self, body: Pin<&mut dyn Future<Output = ()>>) {
        self.runtime.block_on(body);
    }
}

/// Runs a test: on a paused clock, verified at its end.
///
/// # Panics
/// If the test fails.
#[track_caller]
pub fn run(spec: &TestSpec) {
    let running = Arc::new(Running::new(spec.name));
    let of_thread = Arc::clone(&running);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        // Mocks are made on blocking threads too.
        .on_thread_start(move || of_thread.enter().stay())
        .build();
    let runtime = Arc::new(
        runtime.unwrap_or_else(|error| panic!("the test's runtime does not start: {error}")),
    );
    let context = runtime.enter();
    running.start();
    let entered = running.enter();
    let mut test = Test {
        running: Arc::clone(&running),
        runtime: Arc::clone(&runtime),
        argument: "",
        error: None,
    };
    let body = catch_unwind(AssertUnwindSafe(|| (spec.body)(&mut test)));
    runtime.block_on(async {
        for _ in 0..SETTLING_ROUNDS {
            tokio::task::yield_now().await;
        }
    });
    let verdicts = running.end();
    let report = Report::of(&verdicts);
    drop((entered, context));
    match (body, test.error, report) {
        (Err(panic), ..) if spec.should_panic => resume_unwind(panic),
        (Ok(()), Some(error), _) if spec.should_panic => {
            panic!("{}", report::body_error(&error, None))
        }
        (Err(panic), _, report) => {
            if let Some(report) = report {
                eprintln!("{}", report::after_a_panic(&report));
            }
            resume_unwind(panic)
        }
        (Ok(()), Some(error), report) => panic!("{}", report::body_error(&error, report.as_ref())),
        (Ok(()), None, Some(report)) if !spec.should_panic => panic!("{report}"),
        (Ok(()), None, _) => {}
    }
}
