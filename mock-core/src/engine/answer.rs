use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::Engine;
use super::opening::Opening;
use super::player::Player;
use crate::error::ProviderError;
use crate::request::Request;
use crate::response::Response;

/// The answer to one request, to be awaited. Made by [`MockProvider::answer`](crate::MockProvider::answer).
///
/// The call counts from the first time this is polled; before that it may be dropped and nothing has happened.
#[must_use = "a call counts only once it is awaited"]
pub struct Answer {
    opening: Opening,
    /// The answer that is being waited for, and what it has said so far.
    playing: Option<(Box<Player>, Box<Response>)>,
}

impl Answer {
    pub(crate) fn new(engine: Arc<Engine>, request: Request) -> Self {
        Answer {
            opening: Opening::Unpolled(engine, request),
            playing: None,
        }
    }
}

/// # Panics
/// If polled again after it was ready.
impl Future for Answer {
    type Output = Result<Response, ProviderError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some((mut player, mut response)) = this.playing.take() {
            let Poll::Ready(heard) = player.poll_all(&mut response, cx) else {
                this.playing = Some((player, response));
                return Poll::Pending;
            };
            return Poll::Ready(heard.map(|()| *response));
        }
        let mut player = ready!(this.opening.poll(cx, false))?;
        let mut response = player.response();
        let Poll::Ready(heard) = player.poll_all(&mut response, cx) else {
            this.playing = Some((player, Box::new(response)));
            return Poll::Pending;
        };
        Poll::Ready(heard.map(|()| response))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}
