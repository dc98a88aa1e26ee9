//! Notices that a client has disconnected while it waits for its answer.

use std::io;
use std::task::{Context, Poll, ready};

use crate::server::connection::Connection;

/// The maximum number of bytes to read from a client that waits for its answer.
const FURTHEST_AHEAD: usize = 64 * 1024;

impl Connection {
    /// Ready when the client closes its sending side while it waits for its answer: it has disconnected, as far as the server can tell.
    /// Bytes that it sent before are kept for the next request, up to a limit. Beyond the limit, a disconnect is not noticed.
    pub(super) fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<()> {
        while self.lock().ahead.len() < FURTHEST_AHEAD {
            if ready!(self.stream().poll_read_ready(cx)).is_err() {
                return Poll::Ready(());
            }
            let mut bytes = [0; 1_024];
            match self.stream().try_read(&mut bytes) {
                Ok(0) => return Poll::Ready(()),
                Ok(read) => self.lock().ahead.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return Poll::Ready(()),
            }
        }
        Poll::Pending
    }
}
