//! What happened to a mock: its calls, and the verdict on them.

pub(crate) mod calls;
pub(crate) mod event_times;
pub(crate) mod head;
pub(crate) mod retries;
pub(crate) mod script_id;
#[cfg(feature = "cassette")]
pub(crate) mod sent;
pub(crate) mod verdict;
