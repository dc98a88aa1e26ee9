//! The runtime of a test: its context, its paused clock, and foreign I/O beside that clock.

pub(crate) mod clock_probe;
pub(crate) mod foreign_io;
pub(crate) mod latch;
pub(crate) mod panic_messages;
pub(crate) mod parking_hooks;
pub(crate) mod paused_clock;
#[cfg(feature = "server")]
pub(crate) mod renewable_wait;
mod seed_of_test;
pub(crate) mod spawn;
pub(crate) mod test_context;
pub(crate) mod thread_signals;
