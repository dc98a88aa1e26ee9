//! The option `timeout`: a time limit on the test's clock. The limit in wall-clock time is in `guard.rs`.

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::runtime::Runtime;

/// Blocks on a future. It takes a single type of future, so that the runtime's code is compiled once for all tests.
pub(super) fn run_to_end(runtime: &Runtime, future: Pin<&mut dyn Future<Output = ()>>) {
    runtime.block_on(future);
}

/// Blocks on a future until it ends or the time is up on the runtime's clock. Returns whether it ended.
pub(super) fn run_within(
    timeout: Duration,
    runtime: &Runtime,
    future: Pin<&mut dyn Future<Output = ()>>,
) -> bool {
    let mut has_ended = false;
    let timed = async { has_ended = tokio::time::timeout(timeout, future).await.is_ok() };
    run_to_end(runtime, pin!(timed));
    has_ended
}
