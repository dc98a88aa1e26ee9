//! The return types of tests.

use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::runtime::test_context::TestContext;
use crate::sealed::Sealed;

/// A return type of a `#[provider_test]`: `()`, or a `Result` whose error implements `Debug`.
#[diagnostic::on_unimplemented(
    message = "a `#[provider_test]` cannot return `{Self}`",
    label = "must be `()` or a `Result` whose error implements `Debug`"
)]
pub trait TestOutcome: Sealed {
    /// The text of the error, if it is one.
    #[doc(hidden)]
    fn into_result(self) -> Result<(), String>;
}

impl TestOutcome for () {
    fn into_result(self) -> Result<(), String> {
        Ok(())
    }
}

impl<T: TestOutcome, E: Debug> TestOutcome for Result<T, E> {
    fn into_result(self) -> Result<(), String> {
        match self {
            Ok(outcome) => outcome.into_result(),
            Err(error) => Err(format!("{error:?}")),
        }
    }
}

/// A future whose output has gone into a slot, so that the runtime's code exists once for all tests.
pub(super) struct Erased<'a, R> {
    body: Pin<&'a mut dyn Future<Output = R>>,
    outcome: &'a mut Option<R>,
    running: &'a TestContext,
}

impl<'a, R> Erased<'a, R> {
    pub(super) fn new(
        body: Pin<&'a mut dyn Future<Output = R>>,
        outcome: &'a mut Option<R>,
        running: &'a TestContext,
    ) -> Self {
        Erased {
            body,
            outcome,
            running,
        }
    }
}

impl<R> Future for Erased<'_, R> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let running = self.running;
        let outcome = ready!(running.poll_body(|| self.body.as_mut().poll(cx)));
        *self.outcome = Some(outcome);
        Poll::Ready(())
    }
}
