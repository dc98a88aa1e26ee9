//! What the claim is kept in order with: the standard library's, or shuttle's, which tries out the orders in which threads can
//! come to it. See `tests/shuttle`.

#[cfg(not(shuttle))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic::AtomicUsize};

#[cfg(shuttle)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic::AtomicUsize};
