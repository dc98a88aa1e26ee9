//! The journal of a mock: its calls, and the verdict on them.

pub(crate) mod calls;
pub(crate) mod calls_by_script;
pub(crate) mod event_times;
pub(crate) mod script_id;
#[cfg(feature = "serde")]
mod serialize;
pub(crate) mod verdict;
