//! Keep-alives, which are sent while an answer sends nothing else, and how events are written.

use std::time::Duration;

use super::Str;

/// The keep-alive that is sent over the wire while a streamed answer says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keepalive {
    /// How long nothing is sent before each keep-alive.
    pub every: Duration,
    /// The lines that are sent, without the empty line after them; `None` for the wire's own keep-alive.
    pub text: Option<Str>,
}

/// How the events of a stream that are due at one time are written over the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flush {
    /// Together, in one chunk: a client may find several events in one read.
    #[default]
    Together,
    /// Each in a chunk of its own.
    Each,
    /// Each byte in a chunk of its own, so that a chunk ends within every character of several bytes.
    Bytes,
}
