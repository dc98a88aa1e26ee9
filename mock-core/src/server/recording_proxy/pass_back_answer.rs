//! The body of a real provider's answer, passed back as it comes and recorded: [`Forwarded`].

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::body::{Body as _, Incoming};
use hyper::http::response::Parts;
use tokio::runtime::Handle;

use super::provider_client::{causes, pairs};
use crate::chat::error::ProviderError;
use crate::chat::raw_answer_reader::RawAnswers as _;
use crate::chat::response::Response;
use crate::journal::calls::Outcome;
use crate::record::tape::Take;
use crate::replay_cassette::replayed_headers::is_replayed;
use crate::scenario::{Profile, Str};
use crate::server::answers::served_call::ServedCall;
use crate::server::exchange::Ending;
use crate::wire::Wires;

/// An answer that is passed back. If it is dropped before its end, the rest is still recorded.
pub(in crate::server) struct Forwarded {
    /// `None` once it is over.
    coming: Option<(Incoming, Take)>,
    /// Received bytes that have not been passed back yet.
    held: VecDeque<Vec<u8>>,
    /// How it ended, if it came whole before it was passed back.
    ending: Option<Ending>,
    call: ServedCall,
    profile: Profile,
    status: u16,
    headers: Vec<(Str, Str)>,
}

impl Forwarded {
    pub(super) fn new(
        body: Incoming,
        take: Take,
        call: ServedCall,
        profile: Profile,
        head: &Parts,
    ) -> Self {
        let headers = pairs(&head.headers).into_iter();
        Forwarded {
            coming: Some((body, take)),
            held: VecDeque::new(),
            ending: None,
            call,
            profile,
            status: head.status.as_u16(),
            headers: headers
                .filter(|(name, _)| is_replayed(name))
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// Returns the next bytes as they came, or how the answer ends.
    pub(in crate::server) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Vec<u8>, Ending>> {
        match (self.held.pop_front(), self.ending) {
            (Some(bytes), _) => Poll::Ready(Ok(bytes)),
            (None, Some(ending)) => Poll::Ready(Err(ending)),
            (None, None) => self.poll_coming(cx),
        }
    }

    fn poll_coming(&mut self, cx: &mut Context<'_>) -> Poll<Result<Vec<u8>, Ending>> {
        loop {
            let Some((body, take)) = &mut self.coming else {
                return Poll::Ready(Err(Ending::Completed));
            };
            let frame = match ready!(Pin::new(body).poll_frame(cx)) {
                Some(frame) => frame,
                None => {
                    self.end();
                    continue;
                }
            };
            match frame {
                Ok(frame) => {
                    // Trailers are not passed back.
                    let bytes = frame.into_data().unwrap_or_default();
                    if !bytes.is_empty() {
                        take.add(&bytes);
                        self.call.deliver_from_elsewhere();
                        return Poll::Ready(Ok(Vec::from(bytes)));
                    }
                }
                Err(error) => {
                    let problem = broken_off(take, &error);
                    if let Some((_, take)) = self.coming.take() {
                        take.fail(problem);
                    }
                    self.call.end_elsewhere(None, Outcome::Truncated);
                    return Poll::Ready(Err(Ending::Cut));
                }
            }
        }
    }

    /// Ends an answer that has arrived completely.
    pub(super) fn end(&mut self) {
        let Some((_, take)) = self.coming.take() else {
            return;
        };
        let (answer, outcome) = match self.read(take.body()) {
            Some(Ok(answer)) => (Some(answer), Outcome::Completed),
            Some(Err(error)) if self.is_error() => (None, Outcome::Failed(error)),
            _ => (None, Outcome::Completed),
        };
        take.end();
        self.call.end_elsewhere(answer, outcome);
    }

    /// Whether the status is that of an error.
    pub(super) fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// Waits for the rest of the answer, which is passed back after that.
    pub(super) async fn hold(&mut self) {
        while self.ending.is_none() {
            match poll_fn(|cx| self.poll_coming(cx)).await {
                Ok(bytes) => self.held.push_back(bytes),
                Err(ending) => self.ending = Some(ending),
            }
        }
    }

    /// The answer as a client reads it; `None` if it cannot be read.
    fn read(&self, body: &[u8]) -> Option<Result<Response, ProviderError>> {
        // A replay also reads an error whose body is not a text as an error with an empty body.
        let body = match std::str::from_utf8(body) {
            Err(_) if self.is_error() => "",
            body => body.ok()?,
        };
        let mut read = Wires.whole(self.profile, self.status, &self.headers, body)?;
        match &mut read {
            Ok(answer) => answer.headers.clone_from(&self.headers),
            Err(error) => {
                let raw = error.raw.get_or_insert_default();
                raw.headers.clone_from(&self.headers);
            }
        }
        Some(read)
    }
}

impl Drop for Forwarded {
    fn drop(&mut self) {
        if let Some((body, take)) = self.coming.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(drain(take, body));
        }
    }
}

/// Records the rest of an answer that nobody waits for any more.
pub(super) async fn drain(mut take: Take, mut body: Incoming) {
    loop {
        let frame = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        match frame {
            Some(Ok(frame)) => take.add(&frame.into_data().unwrap_or_default()),
            Some(Err(error)) => {
                let problem = broken_off(&take, &error);
                return take.fail(problem);
            }
            None => return take.end(),
        }
    }
}

fn broken_off(take: &Take, error: &hyper::Error) -> String {
    let bytes = take.body().len();
    let problem = causes(error);
    format!("the answer broke off after {bytes} bytes: {problem}")
}
