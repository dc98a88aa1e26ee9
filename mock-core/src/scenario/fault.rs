//! How and where an answer breaks off: [`Fault`].

use std::time::Duration;

use super::failure::Failure;

/// How an answer breaks off.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// When.
    pub after: After,
}

/// How an answer breaks off.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is lost: a `connection` failure.
    Cut,
    /// The answer ends without its finish event and without an error.
    End,
    /// Nothing more comes.
    Stall,
    /// The provider reports this failure.
    Error(Failure),
    /// Something comes that cannot be read: an `invalid_response` failure.
    Malformed,
}

/// The place at which an answer breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum After {
    /// After this many content deltas: pieces of text, reasoning, refusal and arguments.
    Deltas(u32),
    /// After the content, before the finish event.
    All,
    /// After the finish event, which has the finish reason and the usage; over the wire, before the end mark.
    Finish,
    /// After everything, over the wire including the end mark. For stalls only.
    Done,
    /// After this time from the beginning of the answer.
    Time(Duration),
}

impl After {
    /// Whether the fault comes after the finish event.
    pub(crate) fn is_behind_the_finish(self) -> bool {
        matches!(self, After::Finish | After::Done)
    }
}

impl From<u32> for After {
    fn from(deltas: u32) -> Self {
        After::Deltas(deltas)
    }
}

impl From<Duration> for After {
    fn from(time: Duration) -> Self {
        After::Time(time)
    }
}
