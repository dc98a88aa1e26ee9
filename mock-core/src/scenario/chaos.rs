//! Faults that come by chance: [`Chaos`].

use crate::chat::error_kind::ErrorKind;

/// A fault that comes by chance, and how probable it is in a call. The functions of [`chaos`](crate::builder::chaos) make it.
///
/// ```
/// use mock_core::builder::*;
/// use mock_core::scenario::Chaos;
///
/// let faults: [Chaos; 2] = [chaos::cut(0.05), chaos::slow(0.2)];
/// assert_eq!(script([reply("Hi.")]).chaos(faults).check(), Ok(()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chaos {
    /// The fault.
    #[doc(hidden)]
    pub fault: ChaosFault,
    /// Above 0, up to 1 for always.
    #[doc(hidden)]
    pub probability: f64,
}

/// A fault that happens by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChaosFault {
    /// The call fails with this kind of failure.
    Fail(ErrorKind),
    /// The connection is lost within the answer.
    Cut,
    /// The answer ends without its finish.
    End,
    /// Nothing more comes.
    Stall,
    /// Something unreadable comes within the answer.
    Malformed,
    /// The answer begins later.
    Slow,
}
