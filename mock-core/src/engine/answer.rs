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
    /// The answer, while it is waited for. One that takes no time is never put here.
    playing: Option<Box<Playing>>,
}

/// An answer that is being played, and what it has said so far.
struct Playing {
    player: Player,
    response: Response,
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
        if let Some(mut playing) = this.playing.take() {
            let Poll::Ready(played) = playing.poll(cx) else {
                this.playing = Some(playing);
                return Poll::Pending;
            };
            return Poll::Ready(played.map(|()| playing.response));
        }
        let player = ready!(this.opening.poll(cx, false))?;
        let mut playing = Playing {
            response: player.response(),
            player,
        };
        let Poll::Ready(played) = playing.poll(cx) else {
            this.playing = Some(Box::new(playing));
            return Poll::Pending;
        };
        Poll::Ready(played.map(|()| playing.response))
    }
}

impl Playing {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ProviderError>> {
        while let Some(event) = ready!(self.player.poll_next(cx)) {
            self.response.push(event?);
        }
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}
