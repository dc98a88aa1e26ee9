//! The future of a streamed answer, and its stream.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::pending_call::{PendingCall, claim};
use super::player::Player;
use super::{Engine, Mode};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;

/// A future of the streamed answer to one request, returned by
/// [`MockProvider::answer_stream`](crate::MockProvider::answer_stream).
///
/// The first poll makes the call. If the answer fails before its first event, the future returns the error. To get a stream at once, use
/// `futures::TryFutureExt::try_flatten_stream`: the error is then its first item.
#[must_use = "a call counts only once it is awaited"]
pub struct EventStreamFuture(PendingCall<Request>);

impl EventStreamFuture {
    pub(crate) fn new(engine: Arc<Engine>, request: Request) -> Self {
        EventStreamFuture(PendingCall::new(engine, request))
    }
}

/// # Panics
/// If polled again after it completed.
impl Future for EventStreamFuture {
    type Output = Result<EventStream, ProviderError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut player = match self.0.unpolled.take() {
            Some((engine, request)) => claim(engine, request, Mode::Streamed)?.play_boxed(),
            None => self.0.take_player(),
        };
        match player.poll_beginning(cx) {
            Poll::Ready(begun) => Poll::Ready(begun.map(|()| EventStream::new(player))),
            Poll::Pending => {
                self.0.player = Some(player);
                Poll::Pending
            }
        }
    }
}

impl fmt::Debug for EventStreamFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStreamFuture").finish_non_exhaustive()
    }
}

/// The events of a streamed answer. It ends after an `Err` or after the finish event.
///
/// ```
/// use futures::StreamExt;
/// use mock_core::{ErrorKind, MockProvider, Request, StreamEvent, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([stream(["It is ", "18 °C."]).cut_after(1)]);
///
/// let mut events = llm.answer_stream(Request::new("gpt-4o").user("How warm?")).await?;
/// assert_eq!(events.next().await, Some(Ok(StreamEvent::Text("It is ".into()))));
/// let error = events.next().await.unwrap().unwrap_err();
/// assert_eq!(error.kind, ErrorKind::Connection);
/// assert!(events.next().await.is_none());
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing unless it is polled"]
pub struct EventStream(pub(super) Box<Player>);

impl EventStream {
    pub(crate) fn new(mut player: Box<Player>) -> Self {
        player.leave_first_poll();
        EventStream(player)
    }

    /// The headers of the HTTP answer that the scenario or a closure names: names and values, as in [`Response::headers`].
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").headers([("x-request-id", "r1")])]);
    ///
    /// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
    /// assert_eq!(stream.headers(), [("x-request-id".into(), "r1".into())]);
    /// # Ok(()) }
    /// ```
    pub fn headers(&self) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        self.0.headers()
    }

    /// Returns a response with the id and the model of this answer and without content, to [`push`](Response::push) the events into. It is
    /// the same at any time: the stream keeps no events.
    ///
    /// ```
    /// # use futures::StreamExt;
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C."])]);
    /// let mut events = llm.answer_stream(Request::new("gpt-4o").user("How warm?")).await?;
    ///
    /// let mut response = events.empty_response();
    /// assert_eq!((&*response.id, &*response.model), ("resp_1", "gpt-4o"));
    /// while let Some(event) = events.next().await {
    ///     response.push(event?);
    /// }
    /// assert_eq!(response.text(), "It is 18 °C.");
    /// # Ok(()) }
    /// ```
    pub fn empty_response(&self) -> Response {
        self.0.response()
    }
}

impl Stream for EventStream {
    type Item = Result<StreamEvent, ProviderError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(cx)
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
