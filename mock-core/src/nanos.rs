//! [`Nanos`], a time that is kept of each call and each exchange.

use std::time::Duration;

/// Nanoseconds since the beginning of the test: half of what a [`Duration`] takes. They last for 584 years.
#[derive(Clone, Copy)]
pub(crate) struct Nanos(pub(crate) u64);

impl From<Duration> for Nanos {
    fn from(time: Duration) -> Self {
        Nanos(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl From<Nanos> for Duration {
    fn from(time: Nanos) -> Self {
        Duration::from_nanos(time.0)
    }
}
