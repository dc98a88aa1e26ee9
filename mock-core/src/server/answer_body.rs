//! The body of an answer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::connection::Connection;
use super::exchange::Ending;
#[cfg(feature = "record")]
use super::forwarded_body::Forwarded;
use super::frozen_clock::FrozenClock;
use super::keepalive::Keepalive;
use super::raw_frames::{BATCH, RawFrames, fail};
use super::served_call::ServedCall;
use super::store_answer::AnswerToStore;
use super::wire::{self, FrameWriter};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::engine::EventStream;
use crate::scenario::Flush;
use crate::wire::WriteError;

/// A piece of a body.
type FrameData = Cursor<Vec<u8>>;

/// The body of an answer.
pub(super) struct AnswerBody {
    /// The first bytes.
    text: Option<Vec<u8>>,
    /// Bytes that go before the source, each in its own chunk.
    bytes: std::vec::IntoIter<u8>,
    source: Source,
    connection: Arc<Connection>,
}

/// The source of the body, after its first bytes.
enum Source {
    /// Nothing.
    End,
    /// The connection breaks.
    Broken(Ending),
    /// Nothing, ever: the call never ends.
    Silence(Box<ServedCall>),
    /// The events of an answer.
    Events(Box<Events>),
    /// The frames of a raw answer.
    Raw(Box<RawFrames>),
    /// The answer of a real provider.
    #[cfg(feature = "record")]
    Forwarded(Box<Forwarded>),
}

/// A streamed answer.
pub(super) struct Events {
    stream: EventStream,
    writer: Box<dyn FrameWriter>,
    /// The number of the call.
    call: usize,
    /// Whether the frames before the first content have been written.
    is_open: bool,
    /// The error in place of the first content.
    failed: Option<ProviderError>,
    frozen: FrozenClock,
    /// How it ended, once it has.
    ending: Option<Ending>,
    /// Whether its finish has been written, and the end mark with it.
    finished: bool,
    /// Whether the end mark follows the finish.
    has_end_mark: bool,
    keepalive: Option<Box<Keepalive>>,
    flush: Flush,
    /// The frames that are still to be written, if each has its own chunk.
    each: Option<VecDeque<String>>,
    /// Stores the answer once it is complete.
    to_store: Option<Box<AnswerToStore>>,
}

impl AnswerBody {
    /// Creates a complete body, after which the exchange ends like this.
    pub(super) fn whole(connection: &Arc<Connection>, text: Vec<u8>, ending: Ending) -> Self {
        connection.ends(ending);
        AnswerBody::new(connection, Some(text), Source::End)
    }

    /// Creates a body with this text, after which the connection is cut.
    pub(super) fn cut(connection: &Arc<Connection>, text: Option<Vec<u8>>) -> Self {
        AnswerBody::new(connection, text, Source::Broken(Ending::Cut))
    }

    /// Creates a body with this text, after which nothing more comes.
    pub(super) fn silence(
        connection: &Arc<Connection>,
        text: Option<Vec<u8>>,
        call: ServedCall,
    ) -> Self {
        AnswerBody::new(connection, text, Source::Silence(Box::new(call)))
    }

    /// Creates a body with the frames of a stream.
    pub(super) fn events(connection: &Arc<Connection>, events: Events) -> Self {
        AnswerBody::new(connection, None, Source::Events(Box::new(events)))
    }

    /// The frames of a raw answer.
    pub(super) fn frames(connection: &Arc<Connection>, frames: RawFrames) -> Self {
        AnswerBody::new(connection, None, Source::Raw(Box::new(frames)))
    }

    /// The answer of a real provider.
    #[cfg(feature = "record")]
    pub(super) fn forwarded(connection: &Arc<Connection>, forwarded: Forwarded) -> Self {
        AnswerBody::new(connection, None, Source::Forwarded(Box::new(forwarded)))
    }

    fn new(connection: &Arc<Connection>, text: Option<Vec<u8>>, source: Source) -> Self {
        AnswerBody {
            text,
            bytes: Vec::new().into_iter(),
            source,
            connection: Arc::clone(connection),
        }
    }

    fn poll_said(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<FrameData>, Infallible>>> {
        if let Some(text) = self.text.take() {
            return Poll::Ready(Some(Ok(Frame::data(Cursor::new(text)))));
        }
        if let Some(byte) = self.bytes.next() {
            return Poll::Ready(Some(Ok(Frame::data(Cursor::new(vec![byte])))));
        }
        match &mut self.source {
            Source::End => Poll::Ready(None),
            Source::Broken(ending) => {
                let ending = *ending;
                self.poll_break(ending)
            }
            Source::Silence(call) => {
                // Where the turn cannot be played as it is written, the call has failed, and with it the test.
                let _ = ready!(call.poll_answer(cx));
                self.poll_break(Ending::Cut)
            }
            #[cfg(feature = "record")]
            Source::Forwarded(forwarded) => match ready!(forwarded.poll_frame(cx)) {
                Ok(bytes) => Poll::Ready(Some(Ok(Frame::data(Cursor::new(bytes))))),
                Err(Ending::Cut) => self.poll_break(Ending::Cut),
                Err(ending) => {
                    self.source = Source::End;
                    self.connection.ends(ending);
                    Poll::Ready(None)
                }
            },
            source @ (Source::Events(_) | Source::Raw(_)) => {
                let mut frames = String::new();
                let (more, flush) = match source {
                    Source::Raw(raw) => {
                        let more = raw.poll_frames(cx, &self.connection, &mut frames);
                        (more, raw.flush())
                    }
                    Source::Events(events) => {
                        let more = events.poll_frames(cx, &self.connection, &mut frames);
                        (more, events.flush)
                    }
                    _ => (Poll::Pending, Flush::Together),
                };
                if !frames.is_empty() && flush == Flush::Bytes {
                    self.bytes = frames.into_bytes().into_iter();
                    return self.poll_said(cx);
                }
                if !frames.is_empty() {
                    return Poll::Ready(Some(Ok(Frame::data(Cursor::new(frames.into_bytes())))));
                }
                match ready!(more) {
                    Ending::Cut => self.poll_break(Ending::Cut),
                    ending => {
                        self.source = Source::End;
                        self.connection.ends(ending);
                        Poll::Ready(None)
                    }
                }
            }
        }
    }

    /// Breaks the connection as soon as everything before is sent. The body returns nothing more.
    fn poll_break<T>(&mut self, ending: Ending) -> Poll<T> {
        self.source = Source::Broken(ending);
        self.connection.ends(ending);
        Poll::Pending
    }
}

impl HttpBody for AnswerBody {
    type Data = FrameData;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<FrameData>, Infallible>>> {
        let said = self.poll_said(cx);
        let waits = said.is_pending() && !matches!(self.source, Source::Broken(_));
        match waits && self.connection.poll_gone(cx).is_ready() {
            true => self.poll_break(Ending::ClientClosed),
            false => said,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.text.is_none() && matches!(self.source, Source::End)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.text, &self.source) {
            (text, Source::End) => SizeHint::with_exact(text.as_ref().map_or(0, Vec::len) as u64),
            _ => SizeHint::default(),
        }
    }
}

impl Events {
    pub(super) fn new(stream: EventStream, writer: Box<dyn FrameWriter>, call: usize) -> Self {
        Events {
            stream,
            writer,
            call,
            is_open: false,
            failed: None,
            frozen: FrozenClock::default(),
            ending: None,
            finished: false,
            has_end_mark: true,
            keepalive: None,
            flush: Flush::Together,
            each: None,
            to_store: None,
        }
    }

    /// Stores the answer once it is complete.
    pub(super) fn store(mut self, to_store: Option<Box<AnswerToStore>>) -> Self {
        self.to_store = to_store;
        self
    }

    /// Sets an error in place of the first content.
    pub(super) fn failed(mut self, error: Option<ProviderError>) -> Self {
        self.failed = error;
        self
    }

    /// Sets how events that are due at the same time are written.
    pub(super) fn flush(mut self, flush: Flush) -> Self {
        self.flush = flush;
        self.each = (flush == Flush::Each).then(VecDeque::new);
        self
    }

    /// Sets the keep-alives.
    pub(super) fn keepalive(mut self, keepalive: Option<Keepalive>) -> Self {
        self.keepalive = keepalive.map(Box::new);
        self
    }

    /// Whether the end mark follows the finish.
    pub(super) fn end_mark(mut self, has_end_mark: bool) -> Self {
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
                if let Some(keepalive) = &mut self.keepalive {
                    keepalive.note_opening(cx);
                }
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

    /// Writes the events that are due now, as many as fit into a batch. Ready with the end of the answer once everything has been written.
    fn poll_frames(
        &mut self,
        cx: &mut Context<'_>,
        connection: &Connection,
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
            let mut said = match self.failed.take() {
                Some(error) => Poll::Ready(Some(Err(error))),
                None => Pin::new(&mut self.stream).poll_next(cx),
            };
            if said.is_pending() && self.stream.waits_for_time() {
                let frozen = self.frozen.poll(&connection.server, self.call, cx);
                said = frozen.map(|error| Some(Err(error)));
            }
            if said.is_pending()
                && frames.is_empty()
                && let Some(keepalive) = &mut self.keepalive
            {
                frames.push_str(ready!(keepalive.poll_frame(cx)));
                return Poll::Pending;
            }
            let written = match ready!(said) {
                Some(Ok(event)) => {
                    if matches!(event, StreamEvent::Finish { .. }) {
                        let now = connection.server.engine.elapsed();
                        self.writer.set_time(wire::time(now));
                    }
                    self.write(&event)
                }
                Some(Err(error)) => {
                    let writer = &mut self.writer;
                    self.ending = Some(fail(error, &mut **writer, self.call, connection, frames));
                    continue;
                }
                None => {
                    self.ending = Some(match self.finished {
                        true => Ending::Completed,
                        false => Ending::Truncated,
                    });
                    continue;
                }
            };
            match written {
                Ok(written) => {
                    if let Some(keepalive) = &mut self.keepalive
                        && !written.is_empty()
                    {
                        keepalive.note_content();
                    }
                    self.push(written, frames);
                }
                Err(problem) => self.end_unwritable(&problem, connection, frames),
            }
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
        let writer = &mut self.writer;
        self.ending = Some(fail(error, &mut **writer, self.call, connection, frames));
    }
}

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
