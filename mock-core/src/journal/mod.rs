//! The journal of a mock: its calls, and the verdict on them.

pub(crate) mod calls;
pub(crate) mod event_times;
pub(crate) mod retries;
pub(crate) mod script_id;
pub(crate) mod verdict;
