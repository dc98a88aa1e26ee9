//! The locks of `engine/claim_turn.rs`: those of the standard library, or those of shuttle, which tries the possible orders of threads. See
//! `tests/shuttle`.

#[cfg(not(shuttle))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic::AtomicUsize};

#[cfg(shuttle)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic::AtomicUsize};
