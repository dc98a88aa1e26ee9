//! Keep-alives of a streamed answer: [`Keepalive`].

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
