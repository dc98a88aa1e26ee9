//! The body of an answer.

use std::convert::Infallible;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::frames::Frames;
use super::served_call::ServedCall;
use crate::scenario::Flush;
use crate::server::connection::Connection;
use crate::server::exchange::Ending;
#[cfg(feature = "record")]
use crate::server::recording_proxy::pass_back_answer::Forwarded;

/// A piece of a body.
type FrameData = Cursor<Vec<u8>>;

/// The body of an answer.
pub(in crate::server) struct AnswerBody {
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
    /// The frames of a streamed or a raw answer.
    Frames(Box<Frames>),
    /// The answer of a real provider.
    #[cfg(feature = "record")]
    Forwarded(Box<Forwarded>),
}

impl AnswerBody {
    /// Creates a complete body, after which the exchange ends like this.
    pub(in crate::server) fn whole(
        connection: &Arc<Connection>,
        text: Vec<u8>,
        ending: Ending,
    ) -> Self {
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

    /// Creates a body with these frames.
    pub(super) fn frames(connection: &Arc<Connection>, frames: Frames) -> Self {
        AnswerBody::new(connection, None, Source::Frames(Box::new(frames)))
    }

    /// The answer of a real provider.
    #[cfg(feature = "record")]
    pub(in crate::server) fn forwarded(connection: &Arc<Connection>, forwarded: Forwarded) -> Self {
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

    fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<FrameData>, Infallible>>> {
        if let Some(text) = self.text.take() {
            return data(text);
        }
        if let Some(byte) = self.bytes.next() {
            return data(vec![byte]);
        }
        match &mut self.source {
            Source::End => Poll::Ready(None),
            Source::Broken(ending) => {
                let ending = *ending;
                self.poll_break(ending)
            }
            Source::Silence(call) => {
                // If the turn cannot be played as it is written, the call has already failed the test. The client gets a cut connection.
                let _ = ready!(call.poll_answer(cx));
                self.poll_break(Ending::Cut)
            }
            #[cfg(feature = "record")]
            Source::Forwarded(forwarded) => match ready!(forwarded.poll_frame(cx)) {
                Ok(bytes) => data(bytes),
                Err(ending) => self.poll_end(ending),
            },
            Source::Frames(source) => {
                let mut frames = String::new();
                let more = source.poll_frames(cx, &self.connection, &mut frames);
                if frames.is_empty() {
                    return self.poll_end(ready!(more));
                }
                let bytes = frames.into_bytes();
                if source.flush != Flush::Bytes {
                    return data(bytes);
                }
                self.bytes = bytes.into_iter();
                self.poll_data(cx)
            }
        }
    }

    /// Ends the body, after which the exchange ends like this.
    fn poll_end<T>(&mut self, ending: Ending) -> Poll<Option<T>> {
        if ending == Ending::Cut {
            return self.poll_break(ending);
        }
        self.source = Source::End;
        self.connection.ends(ending);
        Poll::Ready(None)
    }

    /// Breaks the connection as soon as everything before is sent. The body returns nothing more.
    fn poll_break<T>(&mut self, ending: Ending) -> Poll<T> {
        self.source = Source::Broken(ending);
        self.connection.ends(ending);
        Poll::Pending
    }
}

fn data(bytes: Vec<u8>) -> Poll<Option<Result<Frame<FrameData>, Infallible>>> {
    Poll::Ready(Some(Ok(Frame::data(Cursor::new(bytes)))))
}

impl HttpBody for AnswerBody {
    type Data = FrameData;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<FrameData>, Infallible>>> {
        let polled = self.poll_data(cx);
        let waits = polled.is_pending() && !matches!(self.source, Source::Broken(_));
        match waits && self.connection.poll_gone(cx).is_ready() {
            true => self.poll_break(Ending::ClientClosed),
            false => polled,
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
