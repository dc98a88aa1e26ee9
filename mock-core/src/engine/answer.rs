use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::Engine;
use super::opening::{Begun, Opening};
use super::play::Split;
use crate::error::ProviderError;
use crate::journal::Outcome;
use crate::request::Request;
use crate::response::Response;

/// The answer to one request, to be awaited. Made by [`MockProvider::answer`](crate::MockProvider::answer).
///
/// The call counts from the first time this is polled; before that it may be dropped and nothing has happened.
#[must_use = "a call counts only once it is awaited"]
pub struct Answer(Opening);

impl Answer {
    pub(crate) fn new(engine: Arc<Engine>, request: Request) -> Self {
        Answer(Opening::Unpolled(engine, request))
    }
}

impl Future for Answer {
    type Output = Result<Response, ProviderError>;

    /// # Panics
    /// If polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.0.poll(cx, Split::Whole, time_to_the_end)).and_then(collect))
    }
}

/// An answer that is not streamed takes as long as it would take streamed.
fn time_to_the_end(begun: &Begun) -> Duration {
    begun.playback.time_to_the_end()
}

fn collect(begun: Begun) -> Result<Response, ProviderError> {
    let mut playback = begun.playback;
    let mut response = playback.response();
    while let Some(event) = playback.next() {
        match event {
            Ok(event) => response.push(event),
            Err(error) => {
                playback.ticket.end(Outcome::Failed(error.clone()));
                return Err(error);
            }
        }
    }
    playback.ticket.end(Outcome::Completed);
    Ok(response)
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}
