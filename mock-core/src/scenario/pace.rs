//! The time between the deltas of an answer: [`Pace`].

use std::time::Duration;

/// The time between one content delta and the next.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Pace {
    /// Always this long.
    Every(Duration),
    /// As long as the previous delta takes at this many tokens a second, four characters to a token.
    TokensPerSecond(f64),
}

impl Pace {
    /// No time.
    pub const NONE: Pace = Pace::Every(Duration::ZERO);
}
