//! The latency of each call: fixed, random, or growing, and that of the faults by chance.

use std::time::Duration;

use super::Engine;
use crate::scenario::Delay;

impl Engine {
    /// Returns the latency of the `number`th call.
    pub(super) fn latency(&self, number: usize) -> Duration {
        let latency = match self.scenario.latency.delay {
            Delay::Fixed(latency) => latency,
            Delay::Uniform(least, most) => self.rng(number).time(least, most),
            Delay::Growing(first, by) => {
                let factor = 1.0 + by * (number - 1) as f64;
                let seconds = first.as_secs_f64() * factor.max(0.0);
                // A time that does not fit into a `Duration` becomes the longest one.
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
            }
        };
        match &self.chaos {
            Some(chaos) => latency.saturating_add(chaos.delay(number)),
            None => latency,
        }
    }
}
