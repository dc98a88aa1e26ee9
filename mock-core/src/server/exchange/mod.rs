//! One request over the wire and its outcome: [`Exchange`].

mod list;
mod received_head;
#[cfg(feature = "serde")]
mod serialize;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use crate::hide_secrets;
use crate::journal::verdict::RejectedRequest;
use received_head::ReceivedHead;

pub(crate) use list::ExchangeList;

/// One request to a [`MockServer`](crate::MockServer), whether or not it became a call, and how it ended.
///
/// ```
/// use mock_core::{MockProvider, MockServer, builder::*};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let server = MockServer::new(MockProvider::script([reply("Hi.")]));
/// assert!(server.exchanges().is_empty());
/// # let _ = server.answer(mock_core::Request::new("gpt-4o")).await;
/// # }
/// ```
pub struct Exchange {
    number: usize,
    started_at: Duration,
    head: ReceivedHead,
    /// The number of resets of the mock before it.
    resets: u32,
    call: AtomicUsize,
    status: AtomicU16,
    problem: OnceLock<String>,
    ending: OnceLock<Ending>,
    /// The number of keep-alives that were sent.
    keepalives: AtomicUsize,
    /// Whether keep-alives ended because no content came for a day.
    is_endlessly_silent: AtomicBool,
    body: OnceLock<Box<[u8]>>,
    /// Whether a lenient server would have answered it.
    is_lenient_enough: AtomicBool,
    /// The feature that the server needs to answer it, and that is off.
    missing_feature: OnceLock<&'static str>,
    /// Set if it was rejected for its API key.
    lacks_key: OnceLock<()>,
}

/// How an [`Exchange`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The whole answer was sent.
    Completed,
    /// The answer ended normally but without its final event, as the scenario says.
    Truncated,
    /// The answer contains malformed data, as the scenario says.
    Malformed,
    /// The server closed the connection within the answer, as the scenario says.
    Cut,
    /// The server reset the connection before it sent a byte, as the scenario says.
    Reset,
    /// The client closed the connection before the whole answer was sent.
    ClientClosed,
    /// The connection was closed before the whole request arrived.
    Incomplete,
    /// The data is not HTTP, or the head is too long.
    NotHttp,
    /// Too many connections were open at once.
    TooMany,
    /// The server was dropped before the whole answer was sent.
    Stopped,
    /// A closure of the scenario panicked.
    Panicked,
}

impl Exchange {
    fn new(number: usize, started_at: Duration, head: ReceivedHead, resets: u32) -> Self {
        Exchange {
            number,
            started_at,
            head,
            resets,
            call: AtomicUsize::new(0),
            status: AtomicU16::new(0),
            problem: OnceLock::new(),
            ending: OnceLock::new(),
            keepalives: AtomicUsize::new(0),
            is_endlessly_silent: AtomicBool::new(false),
            body: OnceLock::new(),
            is_lenient_enough: AtomicBool::new(false),
            missing_feature: OnceLock::new(),
            lacks_key: OnceLock::new(),
        }
    }

    /// Returns its number among the server's exchanges, from 1.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// assert_eq!(server.exchanges()[0].number(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn number(&self) -> usize {
        self.number
    }

    /// Returns when its head arrived, measured from the start of the test on tokio's clock.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// // `POST /v1/chat/completions` with this body.
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # client.read_to_string(&mut String::new()).await?;
    /// server.wait_for_exchanges(1).await;
    ///
    /// assert!(server.exchanges()[0].started_at() <= server.calls()[0].started_at());
    /// # Ok(()) }
    /// ```
    pub fn started_at(&self) -> Duration {
        self.started_at
    }

    /// Returns the method, such as `POST`; empty if no head arrived.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// assert_eq!(server.exchanges()[0].method(), "GET");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn method(&self) -> &str {
        self.head.method()
    }

    /// Returns the path with its query, such as `/v1/messages?beta=true`; empty if no head arrived. Credentials in the query are redacted:
    /// `?api_key=[redacted]`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// assert_eq!(server.exchanges()[0].path(), "/v1/models");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn path(&self) -> &str {
        self.head.path()
    }

    /// The values of a header as they were sent, with credentials.
    pub(super) fn sent_header(&self, name: &str) -> Option<String> {
        self.head.sent_header(name)
    }

    /// Returns the first header with this name, in any case. Credentials are redacted: `Bearer [redacted]`.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// assert_eq!(server.exchanges()[0].header("Authorization"), Some("Bearer [redacted]"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value)
    }

    /// Iterates over the headers: names in lower case, and values with credentials redacted.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// let exchanges = server.exchanges();
    /// let names: Vec<_> = exchanges[0].headers().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["host", "authorization", "connection"]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.headers()
    }

    /// Returns the number of the call that it became, from 1; `None` if it did not become a call.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// // `POST /v1/chat/completions` with this body.
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # client.read_to_string(&mut String::new()).await?;
    /// server.wait_for_exchanges(1).await;
    ///
    /// assert_eq!(server.exchanges()[0].call(), Some(1));
    /// # Ok(()) }
    /// ```
    pub fn call(&self) -> Option<usize> {
        match self.call.load(Ordering::Relaxed) {
            0 => None,
            number => Some(number),
        }
    }

    /// Returns the status that was sent, if one was.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use std::io::{Read as _, Write as _};
    ///
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// // `GET /v1/models` with the header `authorization: Bearer sk-test`.
    /// # let mut client = std::net::TcpStream::connect(server.addr())?;
    /// # client.write_all(b"GET /v1/models HTTP/1.1\r\nhost: mock\r\nauthorization: Bearer sk-test\r\nconnection: close\r\n\r\n")?;
    /// # client.read_to_string(&mut String::new())?;
    ///
    /// assert_eq!(server.exchanges()[0].status(), Some(200));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn status(&self) -> Option<u16> {
        match self.status.load(Ordering::Relaxed) {
            0 => None,
            status => Some(status),
        }
    }

    /// Returns why it did not become a call, if something is wrong with it.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// let body = r#"{"model": "gpt-4o"}"#;
    /// // `POST /v1/chat/completions` with this body.
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # client.read_to_string(&mut String::new()).await?;
    /// server.wait_for_exchanges(1).await;
    ///
    /// let exchanges = server.exchanges();
    /// assert!(exchanges[0].problem().unwrap().contains("messages"));
    /// # Ok(()) }
    /// ```
    pub fn problem(&self) -> Option<&str> {
        self.problem.get().map(String::as_str)
    }

    /// Returns how it ended; `None` while it is in progress.
    ///
    /// ```
    /// use mock_core::{Ending, MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// // `POST /v1/chat/completions` with this body.
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # client.read_to_string(&mut String::new()).await?;
    /// server.wait_for_exchanges(1).await;
    ///
    /// assert_eq!(server.exchanges()[0].ending(), Some(Ending::Completed));
    /// # Ok(()) }
    /// ```
    pub fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }

    /// Returns how many keep-alives of the turn's `.keepalive(..)` the answer contained.
    ///
    /// ```
    /// # use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> std::io::Result<()> {
    /// let turn = reply("Hi.").ttft(secs(35)).keepalive(secs(10));
    /// let server = MockServer::new(MockProvider::script([turn]));
    /// let body = r#"{"model": "gpt-4o", "stream": true, "messages": [{"role": "user", "content": "hello"}]}"#;
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # let mut answer = String::new();
    /// # client.read_to_string(&mut answer).await?;
    /// // .. the client posts it and reads the answer ..
    /// assert_eq!(server.exchanges()[0].keepalives(), 3);
    /// # Ok(()) }
    /// ```
    pub fn keepalives(&self) -> usize {
        self.keepalives.load(Ordering::Relaxed)
    }

    /// Returns the body of the request as it came, if the server [keeps bodies](crate::MockServer::keep_bodies) and the whole body arrived.
    /// Nothing in it is redacted.
    ///
    /// ```
    /// use mock_core::{MockProvider, MockServer, builder::*};
    /// # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let server = MockServer::new(MockProvider::script([reply("Hi.").times(0..)]));
    /// server.keep_bodies();
    /// let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    /// // `POST /v1/chat/completions` with this body.
    /// # let mut client = tokio::net::TcpStream::connect(server.addr()).await?;
    /// # let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    /// # client.write_all(format!("{head}{body}").as_bytes()).await?;
    /// # client.read_to_string(&mut String::new()).await?;
    /// server.wait_for_exchanges(1).await;
    ///
    /// assert_eq!(server.exchanges()[0].body(), Some(body.as_bytes()));
    /// # Ok(()) }
    /// ```
    pub fn body(&self) -> Option<&[u8]> {
        self.body.get().map(|body| &**body)
    }

    pub(crate) fn resets(&self) -> u32 {
        self.resets
    }

    pub(crate) fn set_call(&self, number: usize) {
        self.call.store(number, Ordering::Relaxed);
    }

    /// Records that the server stops sending keep-alives, because no content came for a day.
    pub(crate) fn set_endlessly_silent(&self) {
        self.is_endlessly_silent.store(true, Ordering::Relaxed);
    }

    /// Returns whether the server stopped sending keep-alives, because no content came for a day.
    pub(crate) fn is_endlessly_silent(&self) -> bool {
        self.is_endlessly_silent.load(Ordering::Relaxed)
    }

    pub(crate) fn add_keepalive(&self) {
        self.keepalives.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn set_body(&self, body: &[u8]) {
        // Set only once: a request has one body.
        let _ = self.body.set(body.into());
    }

    pub(crate) fn set_status(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// Records why it does not become a call, and returns whether this is new. The first problem counts.
    pub(crate) fn set_problem(&self, problem: &str) -> bool {
        self.problem
            .set(hide_secrets::hide(problem).into_owned())
            .is_ok()
    }

    /// Records that a lenient server would answer it.
    pub(crate) fn set_lenient_enough(&self) {
        self.is_lenient_enough.store(true, Ordering::Relaxed);
    }

    /// Records the feature that the server needs to answer it, and that is off.
    pub(crate) fn set_missing_feature(&self, feature: &'static str) {
        // Set only once: a path belongs to one provider.
        let _ = self.missing_feature.set(feature);
    }

    /// Records that it was rejected for its API key.
    pub(crate) fn set_lacks_key(&self) {
        // Set only once: a request has one key.
        let _ = self.lacks_key.set(());
    }

    /// Returns the report's entry for a request that did not become a call; `calls` is the number of calls before it.
    pub(crate) fn rejected(&self, calls: usize) -> RejectedRequest {
        RejectedRequest {
            calls,
            at: self.started_at(),
            head: match self.method() {
                "" => String::new(),
                method => format!("{method} {}", self.path()),
            },
            status: self.status(),
            problem: self.problem().unwrap_or_default().to_owned(),
            is_lenient_enough: self.is_lenient_enough.load(Ordering::Relaxed),
            missing_feature: self.missing_feature.get().copied(),
            lacks_key: self.lacks_key.get().is_some(),
        }
    }

    /// Records how it ended, and returns whether this is new. The first end counts.
    fn set_ending(&self, ending: Ending) -> bool {
        self.ending.set(ending).is_ok()
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("number", &self.number)
            .field("started_at", &self.started_at())
            .field("method", &self.method())
            .field("path", &self.path())
            .field("headers", &self.headers().collect::<Vec<_>>())
            .field("call", &self.call())
            .field("status", &self.status())
            .field("problem", &self.problem())
            .field("ending", &self.ending())
            .field("keepalives", &self.keepalives())
            .finish()
    }
}
