use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use tokio::time::{Instant, Sleep};

use super::Engine;
use super::opening::{Begun, Opening};
use super::play::Split;
use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::journal::Outcome;
use crate::request::Request;

/// The streamed answer to one request, to be awaited. Made by
/// [`MockProvider::answer_stream`](crate::MockProvider::answer_stream).
///
/// The call counts from the first time this is polled. A failure before the first event is the `Err` of the await;
/// where a stream is wanted at once, `futures::TryFutureExt::try_flatten_stream` makes it the stream's first item.
#[must_use = "a call counts only once it is awaited"]
pub struct AnswerStream(Opening);

impl AnswerStream {
    pub(crate) fn new(engine: Arc<Engine>, request: Request) -> Self {
        AnswerStream(Opening::Unpolled(engine, request))
    }
}

impl Future for AnswerStream {
    type Output = Result<EventStream, ProviderError>;

    /// # Panics
    /// If polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let begun = ready!(self.0.poll(cx, Split::Words, |_| Duration::ZERO));
        Poll::Ready(begun.map(EventStream::new))
    }
}

impl fmt::Debug for AnswerStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerStream").finish_non_exhaustive()
    }
}

/// The events of a streamed answer. After an `Err`, or after the finish event, it is at its end.
pub struct EventStream {
    begun: Begun,
    /// How many content deltas have been due.
    deltas: u32,
    /// An event that is not due yet.
    next: Option<Result<StreamEvent, ProviderError>>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl EventStream {
    fn new(begun: Begun) -> Self {
        EventStream {
            begun,
            deltas: 0,
            next: None,
            sleep: None,
        }
    }

    /// When the event that comes next is due: content one gap after the other, everything else with the content before it.
    fn due(&self, is_delta: bool) -> Instant {
        let turn = self.begun.playback.turn();
        let gaps = match is_delta {
            true => self.deltas,
            false => self.deltas.saturating_sub(1),
        };
        self.begun.begins + turn.ttft + turn.every.saturating_mul(gaps)
    }

    /// Waits until `due`.
    fn poll_due(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if self.begun.is_later(due) && due > Instant::now() {
            let sleep = match &mut self.sleep {
                Some(sleep) => {
                    if sleep.deadline() != due {
                        sleep.as_mut().reset(due);
                    }
                    sleep
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(due))),
            };
            ready!(sleep.as_mut().poll(cx));
        }
        Poll::Ready(())
    }
}

impl Stream for EventStream {
    type Item = Result<StreamEvent, ProviderError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(event) = this.next.take().or_else(|| this.begun.playback.next()) else {
            return Poll::Ready(None);
        };
        let is_delta = event.as_ref().is_ok_and(StreamEvent::is_delta);
        if this.poll_due(this.due(is_delta), cx).is_pending() {
            this.next = Some(event);
            return Poll::Pending;
        }
        this.deltas += u32::from(is_delta);
        let ticket = &mut this.begun.playback.ticket;
        match &event {
            Ok(StreamEvent::Finish { .. }) => ticket.end(Outcome::Completed),
            Ok(_) => ticket.delivered += 1,
            Err(error) => ticket.end(Outcome::Failed(error.clone())),
        }
        Poll::Ready(Some(event))
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
