//! What came over the wire, and what became of it: [`Exchange`].

use std::fmt;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

use crate::report;
use crate::verdict::Stray;

/// One request that came to a [`MockServer`](super::MockServer), whether it became a call or not, and how it ended.
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
    head: Kept,
    /// The same without credentials, made when it is asked for.
    shown: OnceLock<Kept>,
    call: AtomicUsize,
    status: AtomicU16,
    problem: OnceLock<Box<str>>,
    ending: OnceLock<Ending>,
}

/// How an [`Exchange`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// All was sent.
    Completed,
    /// A streamed answer ended as if it were complete, but without its end, as its turn says.
    Truncated,
    /// What was sent cannot be read, as its turn says.
    Malformed,
    /// The connection was closed in mid-answer, as its turn says.
    Cut,
    /// The connection was reset before a byte was sent, as its turn says.
    Reset,
    /// The client closed the connection before all was sent.
    ClientClosed,
    /// The request did not arrive whole: the connection was closed before.
    Incomplete,
    /// What came is no HTTP, or its head is too long.
    NotHttp,
    /// There were too many connections at once.
    TooMany,
    /// The server was dropped before all was sent.
    Stopped,
    /// A closure of the scenario panicked.
    Panicked,
}

impl Exchange {
    /// Its number among the server's exchanges, from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// When its head had come, counted from the beginning of the test on tokio's clock.
    pub fn started_at(&self) -> Duration {
        self.started_at
    }

    /// The method: `POST`; empty if no head came.
    pub fn method(&self) -> &str {
        &self.head.method
    }

    /// The path, and the query if there is one: `/v1/messages?beta=true`; empty if no head came.
    pub fn path(&self) -> &str {
        &self.shown().path
    }

    /// The first header of this name, in any case. Credentials are not kept: `Bearer [redacted]`.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value)
    }

    /// The headers as they came: names in lower case, and values without credentials.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.shown()
            .headers
            .lines()
            .filter_map(|line| line.split_once(": "))
    }

    /// The number of the call in `calls()` that it became, from 1; `None` if it became none.
    pub fn call(&self) -> Option<usize> {
        match self.call.load(Ordering::Relaxed) {
            0 => None,
            number => Some(number),
        }
    }

    /// The status that was sent; `None` if none was.
    pub fn status(&self) -> Option<u16> {
        match self.status.load(Ordering::Relaxed) {
            0 => None,
            status => Some(status),
        }
    }

    /// Why it became no call, where something is wrong with it.
    pub fn problem(&self) -> Option<&str> {
        self.problem.get().map(|problem| &**problem)
    }

    /// How it ended; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }

    fn shown(&self) -> &Kept {
        self.shown.get_or_init(|| Kept {
            method: self.head.method.clone(),
            path: report::hide(&self.head.path).into(),
            headers: hide_headers(&self.head.headers),
        })
    }

    pub(super) fn set_call(&self, number: usize) {
        self.call.store(number, Ordering::Relaxed);
    }

    pub(super) fn set_status(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// Notes why it becomes no call, and whether that is new. The first problem counts.
    pub(super) fn set_problem(&self, problem: &str) -> bool {
        self.problem.set(report::hide(problem).into()).is_ok()
    }

    /// What a report tells of it, since it became no call; so many `calls` were before it.
    pub(crate) fn stray(&self, calls: usize) -> Stray {
        Stray {
            calls,
            at: self.started_at,
            head: match self.method() {
                "" => String::new(),
                method => format!("{method} {}", self.path()),
            },
            status: self.status(),
            problem: self.problem().unwrap_or_default().to_owned(),
        }
    }

    /// Notes how it ended. The first end counts.
    pub(super) fn end(&self, ending: Ending) {
        let _ = self.ending.set(ending);
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("number", &self.number)
            .field("started_at", &self.started_at)
            .field("method", &self.method())
            .field("path", &self.path())
            .field("headers", &self.headers().collect::<Vec<_>>())
            .field("call", &self.call())
            .field("status", &self.status())
            .field("problem", &self.problem())
            .field("ending", &self.ending())
            .finish()
    }
}

/// All exchanges of a server, in the order in which they came.
#[derive(Default)]
pub(super) struct Record(Mutex<Vec<Arc<Exchange>>>);

/// What is kept of the head of a request.
#[derive(Default)]
struct Kept {
    method: Box<str>,
    path: Box<str>,
    /// A line for each.
    headers: Box<str>,
}

/// The head of a request.
pub(super) struct Head<'h> {
    pub(super) method: &'h str,
    pub(super) path: &'h str,
    pub(super) headers: &'h HeaderMap,
}

impl Record {
    /// Enters an exchange. Of what comes with it a copy is kept, which holds no buffer.
    pub(super) fn enter(&self, head: Option<Head<'_>>, started_at: Duration) -> Arc<Exchange> {
        let head = head.map(|head| Kept {
            method: head.method.into(),
            path: head.path.into(),
            headers: write_headers(head.headers),
        });
        let head = head.unwrap_or_default();
        let mut exchanges = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let exchange = Arc::new(Exchange {
            number: exchanges.len() + 1,
            started_at,
            head,
            shown: OnceLock::new(),
            call: AtomicUsize::new(0),
            status: AtomicU16::new(0),
            problem: OnceLock::new(),
            ending: OnceLock::new(),
        });
        exchanges.push(Arc::clone(&exchange));
        exchange
    }

    pub(super) fn all(&self) -> Vec<Arc<Exchange>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn write_headers(headers: &HeaderMap) -> Box<str> {
    let length = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 3;
    let mut lines = String::with_capacity(headers.iter().map(length).sum());
    for (name, value) in headers {
        lines.push_str(name.as_str());
        lines.push_str(": ");
        lines.push_str(&String::from_utf8_lossy(value.as_bytes()));
        lines.push('\n');
    }
    lines.into()
}

fn hide_headers(headers: &str) -> Box<str> {
    let mut lines = String::with_capacity(headers.len());
    for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
        lines.push_str(name);
        lines.push_str(": ");
        lines.push_str(&report::hide_header(name, value));
        lines.push('\n');
    }
    lines.into()
}
