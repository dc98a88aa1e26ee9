//! A handle by which a test pushes the events of an answer: [`Driver`].

use std::fmt;
use std::sync::Arc;

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::FinishReason;
use crate::engine::{DriverMessage, Engine, WaitPoint};
use crate::journal::verdict::{Awaited, Wait};
use crate::scenario::{Action, Failure, SourceLocation, Str};

/// A handle to a driven turn, `driven("name")`: the turn emits exactly the events that the test pushes, as it pushes them. Get the handle
/// from [`MockProvider::driver`](crate::MockProvider::driver).
///
/// Events are queued until a call takes them. If several calls wait, each event goes to the first one that asks.
///
/// ```
/// # use mock_core::{MockProvider, Request, StreamEvent, builder::*};
/// use futures::StreamExt as _;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let mock = MockProvider::script([driven("live")]);
/// let mut stream = mock.answer_stream(Request::new("gpt-4o")).await?;
/// let live = mock.driver("live");
///
/// live.text("Hel");
/// assert_eq!(stream.next().await, Some(Ok(StreamEvent::Text("Hel".into()))));
/// live.text("lo");
/// live.finish();
/// assert_eq!(stream.count().await, 2); // the other text, and the finish
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Driver {
    engine: Arc<Engine>,
    point: WaitPoint,
}

impl Driver {
    pub(crate) fn new(engine: Arc<Engine>, name: Str) -> Self {
        let point = WaitPoint::Driven(name);
        Driver { engine, point }
    }

    /// Pushes a text delta.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live")]);
    /// let live = mock.driver("live");
    /// live.text("Hel");
    /// live.text("lo");
    /// live.finish();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Hello");
    /// # Ok(()) }
    /// ```
    pub fn text(&self, text: impl Into<String>) {
        self.event(StreamEvent::Text(text.into()));
    }

    /// Pushes any event unchanged. A finish event ends the answer; a finish reason or usage of `None` stays absent.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, StreamEvent, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live")]);
    /// mock.driver("live").event(StreamEvent::Text("Hi.".into()));
    /// mock.driver("live").event(StreamEvent::Finish { reason: None, usage: None });
    ///
    /// let answer = mock.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.text(), "Hi.");
    /// assert_eq!(answer.finish_reason, None);
    /// # Ok(()) }
    /// ```
    pub fn event(&self, event: StreamEvent) {
        self.push_message(DriverMessage::Event(event));
    }

    /// Makes the answer fail at this point.
    ///
    /// # Panics
    /// If the failure cannot be played, or if its message has variables: no request gives them a value.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::script([driven("live")]);
    /// mock.driver("live").text("It is ");
    /// mock.driver("live").fail(overloaded());
    ///
    /// let error = mock.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.kind, ErrorKind::Overloaded);
    /// # }
    /// ```
    #[track_caller]
    #[inline]
    pub fn fail(&self, failure: Failure) {
        failure.assert_plays("of a driver");
        let error: ProviderError = failure.error(&self.engine.scenario, &|_| "".into());
        self.push_message(DriverMessage::Error(error));
    }

    /// Ends the driven part: the turn continues with its next action, or ends.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live").reply(" Bye.")]);
    /// mock.driver("live").text("Hi.");
    /// mock.driver("live").finish();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Hi. Bye.");
    /// # Ok(()) }
    /// ```
    pub fn finish(&self) {
        self.push_message(DriverMessage::Done);
    }

    /// Ends the answer with this finish reason. The usage is that of the turn, else of the mock, else an estimate.
    ///
    /// ```
    /// # use mock_core::{FinishReason, MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live")]);
    /// mock.driver("live").text("Once upon");
    /// mock.driver("live").finish_with(FinishReason::Length);
    ///
    /// let answer = mock.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.finish_reason, Some(FinishReason::Length));
    /// # Ok(()) }
    /// ```
    pub fn finish_with(&self, reason: FinishReason) {
        self.push_message(DriverMessage::Finish(reason));
    }

    /// Waits until a call has taken all pushed events and waits for more, or has received the end.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live")]);
    /// let answer = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    ///
    /// mock.driver("live").text("Hi.");
    /// mock.driver("live").wait_until_read().await;
    /// assert!(!answer.is_finished());
    /// mock.driver("live").finish();
    /// assert_eq!(answer.await.unwrap()?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[track_caller]
    #[inline]
    pub fn wait_until_read(&self) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::CallAt(Action::Driven(self.point.name().clone())),
            place: SourceLocation::caller(),
        };
        let taken = self.engine.gates.wait_until_read(&self.point);
        self.engine.waits.until(wait, taken)
    }

    #[inline]
    fn push_message(&self, message: DriverMessage) {
        self.engine.gates.push_message(&self.point, message);
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Driver").field(self.point.name()).finish()
    }
}
