//! The runtime of a test: its context, its paused clock, and foreign I/O beside that clock.

pub(crate) mod foreign;
pub(crate) mod latch;
pub(crate) mod panics;
pub(crate) mod parking;
pub(crate) mod paused;
pub(crate) mod probe;
#[cfg(feature = "server")]
pub(crate) mod pulse;
pub(crate) mod spawn;
pub(crate) mod test_context;
