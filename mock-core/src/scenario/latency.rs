//! The time before an answer.

use std::ops::Range;
use std::time::Duration;

/// The time before the answer of a call begins.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*, scenario::Latency};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let latency = Latency::from(ms(80)..ms(120)).timeout_over(ms(150));
/// let llm = MockProvider::new(script([reply("Hi.")]).latency(latency));
///
/// llm.answer(Request::new("gpt-4o")).await?;
/// let took = llm.calls()[0].duration().unwrap();
/// assert!((ms(80)..=ms(120)).contains(&took));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Latency {
    /// The time.
    #[doc(hidden)]
    pub delay: Delay,
    /// A call that would take longer than this fails with a time-out at once; `None` for no limit.
    #[doc(hidden)]
    pub timeout_over: Option<Duration>,
}

/// A time before an answer begins.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Delay {
    /// Always this long.
    Fixed(Duration),
    /// Between the two, drawn uniformly from the mock's seed.
    Uniform(Duration, Duration),
    /// This long for the first call, and longer by this factor with each further call.
    Growing(Duration, f64),
}

impl Latency {
    /// No time.
    pub const NONE: Latency = Latency::new(Delay::Fixed(Duration::ZERO));

    /// Creates a latency without a limit.
    #[doc(hidden)]
    pub const fn new(delay: Delay) -> Self {
        Latency {
            delay,
            timeout_over: None,
        }
    }

    /// Sets a limit: a call that would take longer fails with a time-out at once, and claims no turn.
    pub const fn timeout_over(mut self, limit: Duration) -> Self {
        self.timeout_over = Some(limit);
        self
    }
}

#[doc(hidden)]
impl From<Delay> for Latency {
    fn from(delay: Delay) -> Self {
        Latency::new(delay)
    }
}

impl From<Duration> for Latency {
    fn from(latency: Duration) -> Self {
        Delay::Fixed(latency).into()
    }
}

impl From<Range<Duration>> for Latency {
    fn from(latency: Range<Duration>) -> Self {
        Delay::Uniform(latency.start, latency.end).into()
    }
}
