//! The bodies of answers that are sent frame by frame: [`Frames`], and what all of them share. A frame is what a wire sends at once: an event
//! of SSE, or a line of JSON.

pub(super) mod event_frames;
pub(super) mod raw_frames;

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::chat::error::{ProviderError, RawResponse};
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Flush;
use crate::server::answers::blocked_clock::BlockedClock;
use crate::server::answers::keepalive::Keepalive;
use crate::server::connection::Connection;
use crate::server::exchange::Ending;
use crate::server::served_wires::{FrameWriter, Wire};
use crate::server::state::ServerState;
use crate::wire::WriteError;

/// The maximum number of bytes to send in one chunk.
pub(super) const BATCH: usize = 8 * 1024;

/// The frames of an answer.
pub(super) trait Frames: Send {
    /// Returns how frames that are due at the same time are written.
    fn flush(&self) -> Flush;

    /// Adds the frames that are due now, as many as fit into a batch. Ready with the end of the answer once all have been sent.
    fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Arc<Connection>,
        frames: &mut String,
    ) -> Poll<Ending>;
}

/// The reaction while an answer has nothing to send.
#[derive(Default)]
pub(super) struct Idle {
    clock: BlockedClock,
    keepalive: Option<Box<Keepalive>>,
}

impl Idle {
    pub(super) fn new(keepalive: Option<Keepalive>) -> Self {
        Idle {
            clock: BlockedClock::default(),
            keepalive: keepalive.map(Box::new),
        }
    }

    /// Adds a keep-alive if one is due and there are no other frames. Ready with an error when the clock for which the answer waits is blocked.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        server: &ServerState,
        call: usize,
        waits_for_time: bool,
        frames: &mut String,
    ) -> Poll<ProviderError> {
        if waits_for_time && let Poll::Ready(error) = self.clock.poll(server, call, cx) {
            return Poll::Ready(error);
        }
        if let (true, Some(keepalive)) = (frames.is_empty(), &mut self.keepalive) {
            frames.push_str(ready!(keepalive.poll_frame(cx)));
        }
        Poll::Pending
    }

    /// Records that the frames before the content were written.
    pub(super) fn note_opening(&mut self, cx: &mut Context<'_>) {
        if let Some(keepalive) = &mut self.keepalive {
            keepalive.note_opening(cx);
        }
    }

    /// Records that content was written.
    pub(super) fn note_content(&mut self) {
        if let Some(keepalive) = &mut self.keepalive {
            keepalive.note_content();
        }
    }
}

/// Ends an answer with an error, and returns how it ended.
pub(super) fn fail(
    mut error: ProviderError,
    wire: Wire,
    writer: &mut dyn FrameWriter,
    call: usize,
    connection: &Connection,
    frames: &mut String,
) -> Ending {
    let has_headers = |raw: &RawResponse| !raw.headers.is_empty();
    let engine = &connection.server.engine;
    if !wire.tells_wait_in_body() {
        engine.hide_wait(call);
    }
    if error.raw.as_deref().is_some_and(has_headers) {
        error = engine.unsupported(call, NO_HEAD.to_owned());
    }
    match error.kind {
        ErrorKind::Connection => Ending::Cut,
        ErrorKind::InvalidResponse => {
            frames.push_str(wire.malformed_frame());
            Ending::Malformed
        }
        _ => {
            let error = wire.translate(error, engine.scenario.profile);
            frames.push_str(&writer.fail(&error, &connection.request_id(wire)));
            Ending::Completed
        }
    }
}

const NO_HEAD: &str = "an error within a stream has no headers of its own: leave them out";

/// Returns the error for an answer that this wire has no place for. The test fails.
pub(super) fn unwritable(
    connection: &Connection,
    call: usize,
    problem: &WriteError,
) -> ProviderError {
    connection
        .server
        .engine
        .unsupported(call, problem.to_string())
}
