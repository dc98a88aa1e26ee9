//! The frames of a raw answer.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::{BATCH, Frames, Idle, fail};
use crate::chat::error::ProviderError;
use crate::scenario::{FaultKind, Flush};
use crate::server::answers::keepalive::Keepalive;
use crate::server::answers::served_call::ServedCall;
use crate::server::connection::Connection;
use crate::server::exchange::Ending;
use crate::server::served_wires::{FrameWriter, Wire};

/// The frames of a raw answer.
pub(in crate::server) struct RawFrames {
    call: ServedCall,
    /// The wire of the request, and its writer, for an error among the frames.
    wire: Wire,
    writer: Box<dyn FrameWriter>,
    idle: Idle,
    /// The error in place of the first frame.
    failed: Option<ProviderError>,
    /// How it ended, once it has.
    ending: Option<Ending>,
}

impl RawFrames {
    pub(in crate::server) fn new(
        call: ServedCall,
        wire: Wire,
        writer: Box<dyn FrameWriter>,
    ) -> Self {
        RawFrames {
            call,
            wire,
            writer,
            idle: Idle::default(),
            failed: None,
            ending: None,
        }
    }

    /// Sets an error in place of the first frame.
    pub(in crate::server) fn failed(mut self, error: Option<ProviderError>) -> Self {
        self.failed = error;
        self
    }

    /// Sets the keep-alives.
    pub(in crate::server) fn keepalive(mut self, keepalive: Option<Keepalive>) -> Self {
        self.idle = Idle::new(keepalive);
        self
    }
}

impl Frames for RawFrames {
    fn flush(&self) -> Flush {
        self.call.flush()
    }

    fn poll_frames(
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
            let next = match self.failed.take() {
                Some(error) => Poll::Ready(Some(Err(error))),
                None => self.call.poll_frame(cx),
            };
            let next = match next {
                Poll::Ready(next) => next,
                Poll::Pending => {
                    let waits = self.call.waits_for_time();
                    let server = &connection.server;
                    let blocked = self.idle.poll(cx, server, number, waits, frames);
                    Some(Err(ready!(blocked)))
                }
            };
            match next {
                Some(Ok(frame)) => {
                    frames.push_str(&frame);
                    self.idle.note_content();
                    if self.flush() == Flush::Each {
                        return Poll::Pending;
                    }
                }
                Some(Err(error)) => {
                    self.ending = Some(fail(
                        error,
                        self.wire,
                        &mut *self.writer,
                        number,
                        connection,
                        frames,
                    ));
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
