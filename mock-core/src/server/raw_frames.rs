//! The body of a raw answer.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::connection::Connection;
use super::exchange::Ending;
use super::frozen_clock::FrozenClock;
use super::keepalive::Keepalive;
use super::served_call::ServedCall;
use super::wire::FrameWriter;
use crate::chat::error::{ProviderError, RawReply};
use crate::chat::error_kind::ErrorKind;
use crate::scenario::{FaultKind, Flush};

/// The maximum number of bytes to send in one chunk.
pub(super) const BATCH: usize = 8 * 1024;

/// The frames of a raw answer.
pub(super) struct RawFrames {
    call: ServedCall,
    /// Writes an error in their format.
    writer: Box<dyn FrameWriter>,
    frozen: FrozenClock,
    keepalive: Option<Box<Keepalive>>,
    flush: Flush,
    /// The error in place of the first frame.
    failed: Option<ProviderError>,
    /// How it ended, once it has.
    ending: Option<Ending>,
}

impl RawFrames {
    pub(super) fn new(call: ServedCall, writer: Box<dyn FrameWriter>) -> Self {
        RawFrames {
            flush: call.flush(),
            call,
            writer,
            frozen: FrozenClock::default(),
            keepalive: None,
            failed: None,
            ending: None,
        }
    }

    /// Sets an error in place of the first frame.
    pub(super) fn failed(mut self, error: Option<ProviderError>) -> Self {
        self.failed = error;
        self
    }

    /// Sets the keep-alives.
    pub(super) fn keepalive(mut self, keepalive: Option<Keepalive>) -> Self {
        self.keepalive = keepalive.map(Box::new);
        self
    }

    /// Returns how frames that are due at the same time are written.
    pub(super) fn flush(&self) -> Flush {
        self.flush
    }

    /// Adds the frames that are due now, as many as fit into a batch. Ready with the end of the answer once all have been sent.
    pub(super) fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Arc<Connection>,
        frames: &mut String,
    ) -> Poll<Ending> {
        loop {
            if let Some(ending) = self.ending {
                return Poll::Ready(ending);
            }
            if frames.len() >= BATCH {
                return Poll::Pending;
            }
            let number = self.call.number();
            let mut said = match self.failed.take() {
                Some(error) => Poll::Ready(Some(Err(error))),
                None => self.call.poll_frame(cx),
            };
            if said.is_pending() && self.call.waits_for_time() {
                let frozen = self.frozen.poll(&connection.server, number, cx);
                said = frozen.map(|error| Some(Err(error)));
            }
            if said.is_pending()
                && frames.is_empty()
                && let Some(keepalive) = &mut self.keepalive
            {
                frames.push_str(ready!(keepalive.poll_frame(cx)));
                return Poll::Pending;
            }
            match ready!(said) {
                Some(Ok(frame)) => {
                    frames.push_str(&frame);
                    if let Some(keepalive) = &mut self.keepalive {
                        keepalive.note_content();
                    }
                    if self.flush == Flush::Each {
                        return Poll::Pending;
                    }
                }
                Some(Err(error)) => {
                    self.ending = Some(fail(error, &mut *self.writer, number, connection, frames));
                }
                None => {
                    self.ending = Some(match self.call.fault() {
                        Some(FaultKind::End) => Ending::Truncated,
                        _ => Ending::Completed,
                    });
                }
            }
        }
    }
}

/// Ends an answer with an error, and returns how it ended.
pub(super) fn fail(
    mut error: ProviderError,
    writer: &mut dyn FrameWriter,
    call: usize,
    connection: &Connection,
    frames: &mut String,
) -> Ending {
    let has_headers = |raw: &RawReply| !raw.headers.is_empty();
    let engine = &connection.server.engine;
    if !writer.wire().tells_wait_in_body() {
        engine.hide_wait(call);
    }
    if error.raw.as_deref().is_some_and(has_headers) {
        error = engine.unsupported(call, NO_HEAD.to_owned());
    }
    match error.kind {
        ErrorKind::Connection => Ending::Cut,
        ErrorKind::InvalidResponse => {
            frames.push_str(writer.wire().malformed_frame());
            Ending::Malformed
        }
        _ => {
            let error = writer.wire().translate(error, engine.scenario.profile);
            frames.push_str(&writer.fail(&error));
            Ending::Completed
        }
    }
}

const NO_HEAD: &str = "an error within a stream has no headers of its own: leave them out";
