//! [`Nanos`], a time that is kept of each call and each exchange.

use std::ops::Add;
use std::time::Duration;

/// Nanoseconds since the beginning of the test: half of what a [`Duration`] takes. They last for 584 years.
#[derive(Clone, Copy)]
pub(crate) struct Nanos(pub(crate) u64);

impl From<Duration> for Nanos {
    fn from(time: Duration) -> Self {
        // Without 128 bits, which take longer.
        let seconds = time.as_secs().saturating_mul(1_000_000_000);
        Nanos(seconds.saturating_add(time.subsec_nanos().into()))
    }
}

impl Add for Nanos {
    type Output = Nanos;

    fn add(self, other: Nanos) -> Nanos {
        Nanos(self.0.saturating_add(other.0))
    }
}

impl From<Nanos> for Duration {
    fn from(time: Nanos) -> Self {
        Duration::from_nanos(time.0)
    }
}
