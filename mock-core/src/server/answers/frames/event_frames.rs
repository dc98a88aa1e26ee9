//! The frames of a streamed answer.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream as _;

use super::{BATCH, Frames, Idle, fail, unwritable};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::engine::EventStream;
use crate::scenario::Flush;
use crate::server::answers::answer_to_store::AnswerToStore;
use crate::server::answers::keepalive::Keepalive;
use crate::server::connection::Connection;
use crate::server::created_at::created_at;
use crate::server::exchange::Ending;
use crate::server::served_wires::{FrameWriter, Wire};
use crate::wire::WriteError;

/// The frames of a streamed answer.
pub(in crate::server) struct EventFrames {
    stream: EventStream,
    wire: Wire,
    writer: Box<dyn FrameWriter>,
    /// The number of the call.
    call: usize,
    /// Whether the frames before the first content have been written.
    is_open: bool,
    /// The error in place of the first content.
    failed: Option<ProviderError>,
    idle: Idle,
    /// How it ended, once it has.
    ending: Option<Ending>,
    /// Whether its finish has been written, and the end mark with it.
    finished: bool,
    /// Whether the end mark follows the finish.
    has_end_mark: bool,
    flush: Flush,
    /// The frames that are still to be written, if each has its own chunk.
    each: Option<VecDeque<String>>,
    /// Stores the answer once it is complete.
    to_store: Option<Box<AnswerToStore>>,
}

impl EventFrames {
    pub(in crate::server) fn new(
        stream: EventStream,
        wire: Wire,
        writer: Box<dyn FrameWriter>,
        call: usize,
    ) -> Self {
        EventFrames {
            stream,
            wire,
            writer,
            call,
            is_open: false,
            failed: None,
            idle: Idle::default(),
            ending: None,
            finished: false,
            has_end_mark: true,
            flush: Flush::Together,
            each: None,
            to_store: None,
        }
    }

    /// Stores the answer once it is complete.
    pub(in crate::server) fn store(mut self, to_store: Option<Box<AnswerToStore>>) -> Self {
        self.to_store = to_store;
        self
    }

    /// Sets an error in place of the first content.
    pub(in crate::server) fn failed(mut self, error: Option<ProviderError>) -> Self {
        self.failed = error;
        self
    }

    /// Sets how events that are due at the same time are written.
    pub(in crate::server) fn flush(mut self, flush: Flush) -> Self {
        self.flush = flush;
        self.each = (flush == Flush::Each).then(VecDeque::new);
        self
    }

    /// Sets the keep-alives.
    pub(in crate::server) fn keepalive(mut self, keepalive: Option<Keepalive>) -> Self {
        self.idle = Idle::new(keepalive);
        self
    }

    /// Whether the end mark follows the finish.
    pub(in crate::server) fn end_mark(mut self, has_end_mark: bool) -> Self {
        self.has_end_mark = has_end_mark;
        self
    }

    /// Returns the frames of an event.
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        let mut frames = self.writer.write(event)?;
        if matches!(event, StreamEvent::Finish { .. }) {
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

    /// Passes on the frames before the content.
    fn open(&mut self, cx: &mut Context<'_>, connection: &Connection, frames: &mut String) {
        match self.writer.open() {
            Ok(opening) if opening.is_empty() => {}
            Ok(opening) => {
                self.idle.note_opening(cx);
                self.push(opening, frames);
            }
            Err(problem) => self.end_unwritable(&problem, connection, frames),
        }
    }

    /// Passes on frames.
    fn push(&mut self, written: Vec<String>, frames: &mut String) {
        match &mut self.each {
            Some(each) => each.extend(written),
            None => frames.extend(written),
        }
    }

    /// Writes what the answer says next: an event, the error that ends it, or its end.
    fn pass_on(
        &mut self,
        next: Option<Result<StreamEvent, ProviderError>>,
        connection: &Connection,
        frames: &mut String,
    ) {
        let event = match next {
            Some(Ok(event)) => event,
            Some(Err(error)) => return self.fail(error, connection, frames),
            None => {
                self.ending = Some(match self.finished {
                    true => Ending::Completed,
                    false => Ending::Truncated,
                });
                return;
            }
        };
        if matches!(event, StreamEvent::Finish { .. }) {
            let now = connection.server.engine.elapsed();
            self.writer.set_time(created_at(now));
        }
        match self.write(&event) {
            Ok(written) => {
                if !written.is_empty() {
                    self.idle.note_content();
                }
                self.push(written, frames);
            }
            Err(problem) => self.end_unwritable(&problem, connection, frames),
        }
    }

    /// Ends with an error, because this wire has no place for the answer.
    fn end_unwritable(
        &mut self,
        problem: &WriteError,
        connection: &Connection,
        frames: &mut String,
    ) {
        let error = unwritable(connection, self.call, problem);
        self.fail(error, connection, frames);
    }

    /// Ends with an error.
    fn fail(&mut self, error: ProviderError, connection: &Connection, frames: &mut String) {
        let writer = &mut *self.writer;
        self.ending = Some(fail(
            error, self.wire, writer, self.call, connection, frames,
        ));
    }
}

impl Frames for EventFrames {
    fn flush(&self) -> Flush {
        self.flush
    }

    fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Arc<Connection>,
        frames: &mut String,
    ) -> Poll<Ending> {
        loop {
            if let Some(frame) = self.each.as_mut().and_then(VecDeque::pop_front) {
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
            let next = match self.failed.take() {
                Some(error) => Poll::Ready(Some(Err(error))),
                None => Pin::new(&mut self.stream).poll_next(cx),
            };
            let next = match next {
                Poll::Ready(next) => next,
                Poll::Pending => {
                    let (server, waits) = (&connection.server, self.stream.waits_for_time());
                    let blocked = self.idle.poll(cx, server, self.call, waits, frames);
                    Some(Err(ready!(blocked)))
                }
            };
            self.pass_on(next, connection, frames);
        }
    }
}
