//! What came over the wire, and what became of it: [`Exchange`].

mod head;
mod record;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use crate::journal::verdict::RejectedRequest;
use crate::secret;
use head::Head;

pub(crate) use record::Record;

/// One request that came to a [`MockServer`](crate::MockServer), whether it became a call or not, and how it ended.
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
    head: Head,
    /// How often the mock had been reset before.
    resets: u32,
    call: AtomicUsize,
    status: AtomicU16,
    problem: OnceLock<String>,
    ending: OnceLock<Ending>,
    /// Whether a lenient server would have answered it.
    is_lenient_enough: AtomicBool,
}

/// How an [`Exchange`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// All was sent.
    Completed,
    /// The answer ended as if it were complete, but without its end, as its turn says.
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
    fn new(number: usize, started_at: Duration, head: Head, resets: u32) -> Self {
        Exchange {
            number,
            started_at,
            head,
            resets,
            call: AtomicUsize::new(0),
            status: AtomicU16::new(0),
            problem: OnceLock::new(),
            ending: OnceLock::new(),
            is_lenient_enough: AtomicBool::new(false),
        }
    }

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
        self.head.method()
    }

    /// The path, and the query if there is one: `/v1/messages?beta=true`; empty if no head came. Credentials in the query are not
    /// told: `?api_key=[redacted]`.
    pub fn path(&self) -> &str {
        self.head.path()
    }

    /// The first header of this name, in any case. Credentials are not told: `Bearer [redacted]`.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value)
    }

    /// The headers: names in lower case, and values without credentials.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.headers()
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
        self.problem.get().map(String::as_str)
    }

    /// How it ended; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }

    pub(crate) fn resets(&self) -> u32 {
        self.resets
    }

    pub(crate) fn set_call(&self, number: usize) {
        self.call.store(number, Ordering::Relaxed);
    }

    pub(crate) fn set_status(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// Notes why it becomes no call, and whether that is new. The first problem counts.
    pub(crate) fn set_problem(&self, problem: &str) -> bool {
        self.problem.set(secret::hide(problem).into_owned()).is_ok()
    }

    /// Notes that only strictness rejects it: a lenient server would answer.
    pub(crate) fn set_lenient_enough(&self) {
        self.is_lenient_enough.store(true, Ordering::Relaxed);
    }

    /// What a report tells of it, since it became no call; so many `calls` were before it.
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
        }
    }

    /// Notes how it ended. The first end counts.
    pub(crate) fn set_ending(&self, ending: Ending) {
        let _ = self.ending.set(ending);
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
            .finish()
    }
}
