//! The future of a whole answer.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::pending_call::{PendingCall, claim};
use super::{Engine, Mode};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::Response;

/// A future of the answer to one request, returned by [`MockProvider::answer`](crate::MockProvider::answer).
///
/// The first poll makes the call. If you drop the future before that, nothing has happened.
#[must_use = "a call counts only once it is awaited"]
pub struct ResponseFuture(PendingCall<Request>);

impl ResponseFuture {
    #[inline]
    pub(crate) fn new(engine: Arc<Engine>, request: Request) -> Self {
        ResponseFuture(PendingCall::new(engine, request))
    }
}

/// # Panics
/// If polled again after it completed.
impl Future for ResponseFuture {
    type Output = Result<Response, ProviderError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some((engine, request)) = self.0.unpolled.take() {
            let mut claimed = claim(engine, request, Mode::Whole)?;
            if let Some(answer) = claimed.one_text() {
                return Poll::Ready(Ok(answer));
            }
            // Most answers take no time. Playing them here, without a box, saves 5 % of a call.
            let mut player = claimed.play();
            let answer = player.poll_answer(cx);
            if answer.is_pending() {
                self.0.player = Some(Box::new(player));
            }
            return answer;
        }
        let mut player = self.0.take_player();
        let answer = player.poll_answer(cx);
        if answer.is_pending() {
            self.0.player = Some(player);
        }
        answer
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
