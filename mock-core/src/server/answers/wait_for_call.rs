//! Waits for what a call says next, while its client waits for the answer.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll};

use super::blocked_clock::BlockedClock;
use super::served_call::ServedCall;
use crate::chat::error::ProviderError;
use crate::server::served_request::ServedRequest;

/// The connection must be closed without an answer.
#[derive(Debug)]
pub(in crate::server) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed without an answer")
    }
}

impl std::error::Error for Closed {}

/// Polls a call for what it says next.
type PollCall<'p, T> =
    dyn FnMut(&mut ServedCall, &mut Context<'_>) -> Poll<Result<T, ProviderError>> + Send + 'p;

impl ServedRequest {
    /// Waits for what the call says next, or until its clock is blocked.
    ///
    /// # Errors
    /// If the client disconnects first.
    pub(in crate::server) async fn wait<T>(
        &self,
        call: &mut ServedCall,
        poll: &mut PollCall<'_, T>,
    ) -> Result<Result<T, ProviderError>, Closed> {
        let mut clock = BlockedClock::default();
        poll_fn(|cx| {
            if let Poll::Ready(result) = poll(call, cx) {
                return Poll::Ready(Ok(result));
            }
            if self.connection.poll_gone(cx).is_ready() {
                return Poll::Ready(Err(Closed));
            }
            match call.waits_for_time() {
                true => clock
                    .poll(&self.connection.server, call.number(), cx)
                    .map(|error| Ok(Err(error))),
                false => Poll::Pending,
            }
        })
        .await
    }
}
