//! The runtime of a test: its context, its paused clock, and foreign I/O beside that clock.

pub(crate) mod foreign_io;
pub(crate) mod is_clock_paused;
pub(crate) mod latch;
pub(crate) mod panic_messages;
pub(crate) mod parking_hooks;
pub(crate) mod probe_whether_clock_advances;
#[cfg(feature = "server")]
pub(crate) mod renewable_wait;
mod seed_of_test;
pub(crate) mod spawn;
pub(crate) mod task_panics;
pub(crate) mod test_context;
pub(crate) mod thread_signals;
