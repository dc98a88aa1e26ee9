//! The times of answers on the wire: `created`, `created_at`, and times at which a limit is reset.

use std::time::Duration;

/// The start of each test on the wire, in seconds since 1970, so that answers are the same in every run.
pub(super) const START: u64 = 1_700_000_000;

/// Returns the time on the wire at this time of the test.
pub(super) fn created_at(elapsed: Duration) -> u64 {
    START.saturating_add(elapsed.as_secs())
}
