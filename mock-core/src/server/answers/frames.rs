//! The body of an answer that is sent frame by frame: [`Frames`]. A frame is what a wire sends at once: an event of SSE, or a line of JSON.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream as _;

use super::answer_to_store::AnswerToStore;
use super::blocked_clock::BlockedClock;
use super::keepalive::Keepalive;
use super::served_call::ServedCall;
use crate::chat::error::{ProviderError, RawResponse};
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::engine::EventStream;
use crate::scenario::{FaultKind, Flush, Str};
use crate::server::connection::Connection;
use crate::server::created_at::created_at;
use crate::server::exchange::Ending;
use crate::server::served_wires::{FrameWriter, Wire};
use crate::wire::WriteError;

/// The maximum number of bytes to send in one chunk.
const BATCH: usize = 8 * 1024;

/// The source of the frames.
pub(super) enum FrameSource {
    /// The events of a turn, from which the wire makes frames.
    Events(EventStream),
    /// The frames that a turn has itself.
    Raw(ServedCall),
}

enum Next {
    Event(StreamEvent),
    Frame(Str),
}

/// The frames of an answer.
pub(super) struct Frames {
    source: FrameSource,
    wire: Wire,
    writer: Box<dyn FrameWriter>,
    /// The number of the call.
    call: usize,
    /// How frames that are due at the same time are written.
    pub(super) flush: Flush,
    keepalive: Option<Keepalive>,
    /// The error in place of the first content.
    failed: Option<ProviderError>,
    clock: BlockedClock,
    /// Whether the frames before the first content have been written.
    is_open: bool,
    /// The frames that are still to be written, if each has its own chunk.
    each: VecDeque<String>,
    /// Whether its finish has been written, and the end mark with it.
    finished: bool,
    /// Whether the end mark follows the finish.
    pub(super) has_end_mark: bool,
    /// Stores the answer once it is complete.
    pub(super) to_store: Option<Box<AnswerToStore>>,
    /// How it ended, once it has.
    ending: Option<Ending>,
}

impl Frames {
    pub(super) fn new(
        source: FrameSource,
        wire: Wire,
        writer: Box<dyn FrameWriter>,
        call: usize,
        flush: Flush,
        keepalive: Option<Keepalive>,
        failed: Option<ProviderError>,
    ) -> Self {
        Frames {
            is_open: matches!(source, FrameSource::Raw(_)),
            source,
            wire,
            writer,
            call,
            flush,
            keepalive,
            failed,
            clock: BlockedClock::default(),
            each: VecDeque::new(),
            finished: false,
            has_end_mark: true,
            to_store: None,
            ending: None,
        }
    }

    /// Adds the frames that are due now, as many as fit into a batch. Ready with the end of the answer once all have been sent.
    pub(super) fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        frames: &mut String,
    ) -> Poll<Ending> {
        loop {
            if let Some(frame) = self.each.pop_front() {
                frames.push_str(&frame);
                return Poll::Pending;
            }
            if let Some(ending) = self.ending {
                return Poll::Ready(ending);
            }
            if frames.len() >= BATCH {
                return Poll::Pending;
            }
            if !std::mem::replace(&mut self.is_open, true) {
                self.open(cx, connection, frames);
                continue;
            }
            let next = match (self.failed.take(), &mut self.source) {
                (Some(error), _) => Poll::Ready(Some(Err(error))),
                (None, FrameSource::Events(stream)) => {
                    Pin::new(stream).poll_next(cx).map_ok(Next::Event)
                }
                (None, FrameSource::Raw(call)) => call.poll_frame(cx).map_ok(Next::Frame),
            };
            let next = match next {
                Poll::Ready(next) => next,
                Poll::Pending => Some(Err(ready!(self.poll_idle(cx, connection, frames)))),
            };
            self.pass_on(next, connection, frames);
        }
    }

    /// Adds a keep-alive if one is due and no other frame is. Returns an error once the clock that the answer waits for is blocked.
    fn poll_idle(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
        frames: &mut String,
    ) -> Poll<ProviderError> {
        let waits_for_time = match &self.source {
            FrameSource::Events(stream) => stream.waits_for_time(),
            FrameSource::Raw(call) => call.waits_for_time(),
        };
        if waits_for_time
            && let Poll::Ready(error) = self.clock.poll(&connection.server, self.call, cx)
        {
            return Poll::Ready(error);
        }
        if let (true, Some(keepalive)) = (frames.is_empty(), &mut self.keepalive) {
            frames.push_str(ready!(keepalive.poll_frame(cx)));
        }
        Poll::Pending
    }

    /// Passes on the frames before the content.
    fn open(&mut self, cx: &mut Context<'_>, connection: &Connection, frames: &mut String) {
        match self.writer.open() {
            Ok(opening) if opening.is_empty() => {}
            Ok(opening) => {
                if let Some(keepalive) = &mut self.keepalive {
                    keepalive.note_opening(cx);
                }
                self.push(opening, frames);
            }
            Err(problem) => self.fail(
                unwritable(connection, self.call, &problem),
                connection,
                frames,
            ),
        }
    }

    /// Passes on what the answer says next: an event, a frame, the error that ends it, or its end.
    fn pass_on(
        &mut self,
        next: Option<Result<Next, ProviderError>>,
        connection: &Connection,
        frames: &mut String,
    ) {
        let written = match next {
            Some(Ok(Next::Event(event))) => self.write(&event, connection),
            Some(Ok(Next::Frame(frame))) => Ok(vec![frame.into_owned()]),
            Some(Err(error)) => Err(error),
            None => {
                let is_whole = match &self.source {
                    FrameSource::Events(_) => self.finished,
                    FrameSource::Raw(call) => !matches!(call.fault(), Some(FaultKind::End)),
                };
                self.ending = Some(match is_whole {
                    true => Ending::Completed,
                    false => Ending::Truncated,
                });
                return;
            }
        };
        match written {
            Ok(written) => {
                if let (false, Some(keepalive)) = (written.is_empty(), &mut self.keepalive) {
                    keepalive.note_content();
                }
                self.push(written, frames);
            }
            Err(error) => self.fail(error, connection, frames),
        }
    }

    /// Returns the frames of an event, or the error if this wire has no place for it.
    fn write(
        &mut self,
        event: &StreamEvent,
        connection: &Connection,
    ) -> Result<Vec<String>, ProviderError> {
        let is_finish = matches!(event, StreamEvent::Finish { .. });
        if is_finish {
            let now = connection.server.engine.elapsed();
            self.writer.set_time(created_at(now));
        }
        let written = self.writer.write(event);
        let mut frames = written.map_err(|problem| unwritable(connection, self.call, &problem))?;
        if is_finish {
            if let Some((id, answer)) = self.writer.take_answer()
                && let Some(to_store) = self.to_store.take()
            {
                to_store.store(id, answer.into_bytes());
            }
            if self.has_end_mark {
                frames.extend(self.writer.end());
            }
            self.finished = self.has_end_mark || !self.writer.has_end_mark();
        }
        Ok(frames)
    }

    fn push(&mut self, written: Vec<String>, frames: &mut String) {
        match self.flush {
            Flush::Each => self.each.extend(written),
            _ => frames.extend(written),
        }
    }

    /// Ends with an error.
    fn fail(&mut self, mut error: ProviderError, connection: &Connection, frames: &mut String) {
        let has_headers = |raw: &RawResponse| !raw.headers.is_empty();
        let engine = &connection.server.engine;
        if !self.wire.tells_wait_in_body() {
            engine.hide_wait(self.call);
        }
        if error.raw.as_deref().is_some_and(has_headers) {
            error = engine.unsupported(self.call, NO_HEAD.to_owned());
        }
        self.ending = Some(match error.kind {
            ErrorKind::Connection => Ending::Cut,
            ErrorKind::InvalidResponse => {
                frames.push_str(self.wire.malformed_frame());
                Ending::Malformed
            }
            _ => {
                let error = self.wire.translate(error, engine.scenario.profile);
                let id = connection.request_id(self.wire);
                frames.push_str(&self.writer.fail(&error, &id));
                Ending::Completed
            }
        });
    }
}

const NO_HEAD: &str = "an error within a stream has no headers of its own: leave them out";

/// Returns the error for an answer that this wire has no place for. The test fails.
pub(super) fn unwritable(
    connection: &Connection,
    call: usize,
    problem: &WriteError,
) -> ProviderError {
    let engine = &connection.server.engine;
    let problem = format!("{problem}, or write the answer yourself with `raw(..)` or `frames(..)`");
    engine.unsupported(call, problem)
}
