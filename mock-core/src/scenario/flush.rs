//! How the events of a stream are written over the wire: [`Flush`].

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
