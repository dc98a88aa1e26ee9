//! One connection: its exchanges and its socket.

use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::http::request::Parts;
use hyper::rt::{Read, ReadBufCursor, Write};
use serde_json::json;
use socket2::SockRef;
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::Sleep;

use super::content_type::JSON;
use super::exchange::{Ending, Exchange};
use super::hold_clock_for_partial_message::ClockHold;
use super::served_wires::Wire;
use super::state::{OpenConnection, ServerState};
use crate::lock::lock;
use crate::wire::openai::Dialect;

/// A connection, shared by its socket, the answers on it, and its server.
pub(super) struct Connection {
    pub(super) server: Arc<ServerState>,
    /// `None` once the connection is dropped.
    stream: Option<OwnedWriteHalf>,
    state: Mutex<ConnectionState>,
}

#[derive(Default)]
pub(super) struct ConnectionState {
    /// The exchange in progress.
    exchange: Option<Arc<Exchange>>,
    /// How the exchange ends once everything has been sent.
    ending: Option<Ending>,
    /// Whether the server has closed the connection.
    closed: bool,
    /// The first byte that arrived.
    first: Option<u8>,
    /// Whether bytes arrived since the last complete head or body.
    has_begun: bool,
    /// Bytes that were read while checking whether the client is still there. They belong to the next request.
    pub(super) ahead: Vec<u8>,
    clock_hold: ClockHold,
    /// An answer with which hyper itself refuses something that it could not read. It is sent once it is recorded why.
    refusal: Vec<u8>,
}

impl ConnectionState {
    /// Takes bytes that have already been read, as far as there is room, and returns their number.
    fn take_ahead(&mut self, room: &mut [u8]) -> usize {
        let taken = self.ahead.len().min(room.len());
        room[..taken].copy_from_slice(&self.ahead[..taken]);
        self.ahead.drain(..taken);
        taken
    }

    /// Keeps bytes that begin an answer outside of an exchange, or go on with it.
    fn keep_refusal(&mut self, bytes: &[u8]) -> bool {
        let begins = bytes.starts_with(b"HTTP/1.");
        let is_refusal = self.exchange.is_none() && (begins || !self.refusal.is_empty());
        if is_refusal {
            self.refusal.extend_from_slice(bytes);
        }
        is_refusal
    }

    /// Returns the status with which hyper itself answers something that it could not read, if it does.
    fn refused_with(&self) -> Option<u16> {
        let line = self.refusal.split(|byte| *byte == b'\r').next()?;
        let status = line.split(|byte| *byte == b' ').nth(1)?;
        std::str::from_utf8(status).ok()?.parse().ok()
    }
}

impl Connection {
    /// Creates a connection and its incoming half.
    pub(super) fn new(server: Arc<ServerState>, stream: TcpStream) -> (Arc<Self>, OwnedReadHalf) {
        let (incoming, stream) = stream.into_split();
        let connection = Connection {
            server,
            stream: Some(stream),
            state: Mutex::default(),
        };
        (Arc::new(connection), incoming)
    }

    pub(super) fn stream(&self) -> &TcpStream {
        let stream = self.stream.as_ref().map(AsRef::as_ref);
        stream.expect("it is taken out only when the connection is dropped")
    }

    /// Begins an exchange, which lasts until its answer has been sent.
    pub(super) fn begin(&self, head: &Parts) -> Arc<Exchange> {
        let exchange = self.server.enter(Some(head));
        let mut state = self.lock();
        // Nothing more is sent for an exchange that has not ended.
        state.ending = Some(Ending::Incomplete);
        state.has_begun = false;
        state.exchange = Some(Arc::clone(&exchange));
        exchange
    }

    /// Returns the id of the request whose exchange is in progress.
    pub(super) fn request_id(&self, wire: Wire) -> String {
        let exchange = self.lock().exchange.clone();
        let number = exchange.map_or(0, |exchange| exchange.number() as u64);
        let engine = &self.server.engine;
        let dialect = Dialect::from_profile(engine.scenario.profile);
        wire.request_id(dialect, engine.seed(), number).1
    }

    /// Records that the whole request has arrived.
    pub(super) fn received(&self) {
        let mut state = self.lock();
        state.ending = None;
        state.has_begun = false;
        state.clock_hold.request_complete();
    }

    /// Records that the answer is complete, and how the exchange ends when it has been sent.
    pub(super) fn ends(&self, ending: Ending) {
        self.lock().ending = Some(ending);
    }

    fn shutdown(&self) {
        // This fails if the client has already closed the connection.
        let _ = SockRef::from(self.stream()).shutdown(Shutdown::Both);
    }

    /// Records that the bytes were not HTTP, or not a complete head, and tells the client.
    pub(super) fn broke(&self, error: &hyper::Error) {
        if let Some(problem) = self.note_broken(error) {
            self.send_refusal(&problem);
        }
    }

    /// Sends the answer of hyper, with the reason as its body.
    fn send_refusal(&self, problem: &str) {
        let mut refusal = std::mem::take(&mut self.lock().refusal);
        let end = refusal.windows(2).position(|two| two == b"\r\n");
        let Some(end) = end else {
            return;
        };
        refusal.truncate(end);
        let error = json!({ "error": { "message": problem, "type": "invalid_request_error" } });
        let body = error.to_string();
        let head = format!(
            "\r\ncontent-type: {JSON}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        refusal.extend_from_slice(head.as_bytes());
        refusal.extend_from_slice(body.as_bytes());
        // This fails if the client has disconnected.
        let _ = self.stream().try_write(&refusal);
        let _ = SockRef::from(self.stream()).shutdown(Shutdown::Write);
    }

    /// Records why hyper reads no more, and returns it.
    fn note_broken(&self, error: &hyper::Error) -> Option<String> {
        let state = self.lock();
        if state.exchange.is_some() || state.closed {
            return None;
        }
        let is_tls = state.first == Some(TLS_HANDSHAKE);
        let has_begun = state.has_begun;
        let status = state.refused_with();
        drop(state);
        let (ending, problem) = if error.is_parse() && is_tls {
            (Ending::NotHttp, NO_TLS.to_owned())
        } else if error.is_parse() {
            (Ending::NotHttp, not_http(&error.to_string()))
        } else if error.is_incomplete_message() || has_begun {
            (Ending::Incomplete, "its head did not come whole".to_owned())
        } else {
            // The client closed the connection between two requests.
            return None;
        };
        let exchange = self.server.enter(None);
        if let Some(status) = status {
            exchange.set_status(status);
        }
        self.server.note_problem(&exchange, &problem);
        self.server.end(&exchange, ending);
        Some(problem)
    }

    /// Decides what happens to the connection after everything has been sent.
    fn sent(&self) -> io::Result<()> {
        let mut state = self.lock();
        state.clock_hold.all_written();
        match state.ending {
            None | Some(Ending::Incomplete) => Ok(()),
            Some(Ending::Cut) => Err(io::Error::other("the scenario cuts the connection")),
            Some(Ending::ClientClosed) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(ending) => {
                if let Some(exchange) = state.exchange.take() {
                    self.server.end(&exchange, ending);
                }
                state.ending = None;
                Ok(())
            }
        }
    }

    /// Ends the exchange in progress, because the connection ends.
    fn end(&self) {
        let mut state = self.lock();
        state.clock_hold = ClockHold::default();
        let ending = state.ending;
        if ending == Some(Ending::Reset) {
            // With a linger time of zero, the kernel sends a reset in place of an orderly end.
            let _ = SockRef::from(self.stream()).set_linger(Some(Duration::ZERO));
        }
        if let Some(exchange) = state.exchange.take() {
            if ending == Some(Ending::Incomplete) {
                self.server
                    .note_problem(&exchange, "its body did not come whole");
            }
            let ending = match ending {
                Some(ending @ (Ending::Cut | Ending::Reset | Ending::Incomplete)) => ending,
                _ if std::thread::panicking() => Ending::Panicked,
                _ if self.server.is_stopped() => Ending::Stopped,
                _ => Ending::ClientClosed,
            };
            self.server.end(&exchange, ending);
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, ConnectionState> {
        lock(&self.state)
    }
}

impl OpenConnection for Connection {
    fn close_if_idle(&self) {
        let mut state = self.lock();
        if state.exchange.is_none() {
            state.closed = true;
            self.shutdown();
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.shutdown();
    }

    fn has_exchange(&self) -> bool {
        self.lock().exchange.is_some()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The connection is reset without an orderly end.
        if let Some(stream) = self.stream.take() {
            stream.forget();
        }
    }
}

/// The first byte of a TLS handshake record (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 22;

const NO_TLS: &str = "it is TLS, which a mock does not speak: write `http://` in the base URL";

/// Describes what hyper cannot read, in other words than its own, and how it is written.
fn not_http(error: &str) -> String {
    const PROBLEMS: [(&str, &str); 10] = [
        (
            "invalid HTTP method",
            "its first line does not begin with a method: a request begins as `POST /v1/chat/completions HTTP/1.1`",
        ),
        (
            "invalid HTTP version parsed (found HTTP2",
            "it is HTTP/2, which a mock does not speak: let the client use HTTP/1.1",
        ),
        (
            "invalid HTTP version",
            "its first line does not end with a version: write `HTTP/1.1` there, and a space in the path as `%20`",
        ),
        (
            "invalid URI",
            "its first line has no path, no version, or a character that a URL does not have: a request begins as `POST /v1/chat/completions HTTP/1.1`, with other characters as `%3C`",
        ),
        (
            "URI too long",
            "its path is longer than 65,534 bytes: send less in the query",
        ),
        (
            "invalid HTTP header",
            "a line of its head is not a header: write `name: value`",
        ),
        (
            "invalid content-length",
            "its `content-length` is not one number, or too great: send the length of the body in bytes, once",
        ),
        (
            "unexpected transfer-encoding",
            "it is HTTP/1.0, which has no `transfer-encoding`: send a `content-length`, or HTTP/1.1",
        ),
        (
            "transfer-encoding",
            "its `transfer-encoding` cannot be read: send `chunked`, or a `content-length`",
        ),
        (
            "message head is too large",
            "its head has more than 64 KiB, more than 100 headers, or a `content-length` that is too great: send fewer or shorter headers, and the length of the body in bytes",
        ),
    ];
    let known = PROBLEMS.iter().find(|(of, _)| error.contains(of));
    known.map_or(error, |(_, problem)| problem).to_owned()
}

/// The number of bytes to read at once.
const ROOM: usize = 16 * 1024;

/// The socket of a connection.
pub(super) struct Socket {
    connection: Arc<Connection>,
    incoming: OwnedReadHalf,
    /// The buffer for reads: reading into hyper's own buffer would be `unsafe`.
    room: Box<[u8]>,
    /// Whether something has been read since other connections could read.
    has_read: bool,
    /// The time to wait before the next piece, if the server is throttled.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub(super) fn new(connection: Arc<Connection>, incoming: OwnedReadHalf) -> Self {
        Socket {
            connection,
            incoming,
            room: vec![0; ROOM].into(),
            has_read: false,
            pause: None,
        }
    }

    /// Lets other connections read before this one answers, so that requests that arrived together are answered together. Waking the client
    /// for each answer would take a sixth more time.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match std::mem::take(&mut self.has_read) && self.connection.server.has_other_connections() {
            true => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            false => Poll::Ready(()),
        }
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        Poll::Ready(())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.connection.end();
        // The task that answers may outlive the socket for a moment, so the connection is removed here.
        self.connection.server.forget(&*self.connection);
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let length = this.room.len().min(buf.remaining());
        let room = &mut this.room[..length];
        let mut state = this.connection.lock();
        let read = match state.take_ahead(room) {
            0 => {
                let mut room = ReadBuf::new(room);
                let read = Pin::new(&mut this.incoming).poll_read(cx, &mut room);
                read.map_ok(|()| room.filled().len())
            }
            taken => Poll::Ready(Ok(taken)),
        };
        this.has_read |= read.is_ready();
        match read {
            Poll::Pending => state.clock_hold.wait_for_bytes(),
            Poll::Ready(Ok(length)) => {
                let came = &this.room[..length];
                buf.put_slice(came);
                state.first = state.first.or(came.first().copied());
                state.has_begun |= !came.is_empty();
                state.clock_hold.bytes_arrived(came.len());
            }
            Poll::Ready(Err(_)) => {}
        }
        read.map_ok(|_| ())
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_turn(cx));
        ready!(self.poll_pause(cx));
        if self.connection.lock().keep_refusal(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let throttle = self.connection.server.throttle.limit();
        let piece = match throttle {
            Some((size, _)) => &bytes[..bytes.len().min(size)],
            None => bytes,
        };
        loop {
            if self.connection.stream().poll_write_ready(cx)?.is_pending() {
                self.connection.lock().clock_hold.wait_for_room();
                return Poll::Pending;
            }
            match self.connection.stream().try_write(piece) {
                Ok(written) => {
                    self.connection.lock().clock_hold.bytes_sent();
                    if let Some((_, pause)) = throttle {
                        self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                    }
                    return Poll::Ready(Ok(written));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.connection.sent())
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.connection.lock().refusal.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let closed = SockRef::from(self.connection.stream()).shutdown(Shutdown::Write);
        Poll::Ready(match closed {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            closed => closed,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;
    use crate::MockProvider;

    async fn connect(server: &Arc<ServerState>) -> (TcpStream, Socket) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let client = TcpStream::connect(address).await.expect("it listens");
        let (stream, _) = listener.accept().await.expect("a client");
        let (connection, incoming) = Connection::new(Arc::clone(server), stream);
        assert!(server.admit(Arc::clone(&connection) as Arc<dyn OpenConnection>));
        (client, Socket::new(connection, incoming))
    }

    #[tokio::test]
    async fn a_request_that_was_read_is_answered_after_other_tasks_have_run() {
        let mock = MockProvider::script([]);
        let server = Arc::new(ServerState::new(Arc::clone(mock.engine())));
        let (mut client, mut socket) = connect(&server).await;
        let mut other = None;
        for are_others in [false, true] {
            if are_others {
                other = Some(connect(&server).await);
            }
            client.write_all(b"?").await.expect("it is open");
            let mut came = [0];
            let mut came = hyper::rt::ReadBuf::new(&mut came);
            let read = poll_fn(|cx| Pin::new(&mut socket).poll_read(cx, came.unfilled()));
            read.await.expect("it is open");
            assert_eq!(came.filled(), b"?");
            let wakes = futures::task::noop_waker();
            let mut cx = Context::from_waker(&wakes);
            let mut write = || Pin::new(&mut socket).poll_write(&mut cx, b"!");
            assert_eq!(write().is_pending(), are_others, "others may have come");
            assert!(matches!(write(), Poll::Ready(Ok(1))));
            assert!(matches!(write(), Poll::Ready(Ok(1))));
        }
        drop(other);
    }
}
