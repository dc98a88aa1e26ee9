//! Asks whether the clock of a runtime is paused, and lets it run again.

use tokio::time::Instant;

/// Whether the clock of this runtime is paused.
pub(crate) fn is_paused() -> bool {
    let (now, real) = (Instant::now(), std::time::Instant::now());
    // Wait until the real clock has moved. Unless it is paused, tokio's clock has then moved too.
    while std::time::Instant::now() == real {}
    Instant::now() == now
}

/// Lets the clock of this runtime run in real time, if it is paused.
#[cfg(feature = "record")]
pub(crate) fn resume() {
    if tokio::runtime::Handle::try_current().is_ok() && is_paused() {
        tokio::time::resume();
    }
}
