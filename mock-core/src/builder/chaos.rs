//! Faults that come by chance in the runs of a test with `seeds`. The functions make [`Chaos`] values for
//! [`Scenario::chaos`](crate::scenario::Scenario::chaos). A probability is a number above 0, up to 1 for always.
//!
//! ```
//! use mock_core::{ErrorKind, builder::*};
//!
//! let scenario = script([reply("Hi.").times(0..)])
//!     .chaos([chaos::fail(ErrorKind::RateLimit, 0.1), chaos::cut(0.05)]);
//! assert_eq!(scenario.check(), Ok(()));
//! ```

use crate::chat::error_kind::ErrorKind;
use crate::scenario::{Chaos, ChaosFault};

fn chaos(fault: ChaosFault, probability: f64) -> Chaos {
    Chaos { fault, probability }
}

/// A call fails with this kind of failure.
///
/// ```
/// use mock_core::{ErrorKind, builder::*};
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::fail(ErrorKind::Overloaded, 0.2)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn fail(kind: ErrorKind, probability: f64) -> Chaos {
    chaos(ChaosFault::Fail(kind), probability)
}

/// The connection is lost within an answer.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::cut(0.05)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn cut(probability: f64) -> Chaos {
    chaos(ChaosFault::Cut, probability)
}

/// An answer ends without its finish event.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::end(0.05)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn end(probability: f64) -> Chaos {
    chaos(ChaosFault::End, probability)
}

/// The answer stops, and the connection stays open.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::stall(0.05)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn stall(probability: f64) -> Chaos {
    chaos(ChaosFault::Stall, probability)
}

/// Something unreadable comes within an answer.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::malformed(0.05)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn malformed(probability: f64) -> Chaos {
    chaos(ChaosFault::Malformed, probability)
}

/// An answer begins up to 10 seconds later.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = script([reply("Hi.")]).chaos([chaos::slow(0.2)]);
/// assert_eq!(scenario.check(), Ok(()));
/// ```
pub fn slow(probability: f64) -> Chaos {
    chaos(ChaosFault::Slow, probability)
}
