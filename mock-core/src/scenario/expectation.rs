//! Conditions on all calls of a mock, in addition to its script: [`Expectation`].

use std::ops::{RangeFrom, RangeInclusive, RangeToInclusive};
use std::time::Duration;

use super::{Matcher, SourceLocation, Str};

/// Something that is expected of all calls of a mock. Make one with the functions of [`builder::expect`](crate::builder::expect), and give
/// it to [`Scenario::expect`](super::Scenario::expect) or [`Calls::assert`](crate::Calls::assert).
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let scenario = script([reply("Hi.").times(0..)]).expect([expect::calls(1..=2)]);
///
/// let llm = MockProvider::new(scenario);
/// llm.answer(Request::new("gpt-4o").user("hello")).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Expectation {
    /// Where it is declared.
    #[doc(hidden)]
    pub place: SourceLocation,
    /// The condition.
    #[doc(hidden)]
    pub kind: Expected,
}

/// The kinds of expectations.
#[derive(Debug, Clone)]
pub enum Expected {
    /// The number of calls.
    Calls(Bounds),
    /// The matcher holds for at least one request.
    Sent(Matcher),
    /// The matcher holds for no request.
    NeverSent(Matcher),
    /// At least one request offers this tool.
    Offered(Str),
    /// At least one request has a result of this tool that contains this JSON.
    Result {
        /// The name of the tool.
        tool: Str,
        /// The JSON.
        value: Str,
    },
    /// The first result of one tool came before that of another.
    Order(Str, Str),
    /// The time from the start of the first call to the end of the last one.
    Within(Duration),
    /// The sum of the tokens of all answers.
    Tokens(Bounds),
    /// No call came before the `retry_after` of a failure was over.
    WaitedRetryAfter,
    /// Every call received its answer, which may be a failure.
    EveryCallAnswered,
    /// No call started after the caller dropped one.
    NothingAfterCancel,
    /// The next request of a conversation begins with the text of the one before.
    PromptPrefixStable,
}

impl super::Scenario {
    /// Whether the scenario expects `prompt_prefix_stable`.
    pub(crate) fn expects_stable_prompts(&self) -> bool {
        let mut expected = self.expect.iter();
        expected.any(|expectation| matches!(expectation.kind, Expected::PromptPrefixStable))
    }
}

/// A range of numbers, with both of its ends in it.
///
/// ```
/// use mock_core::scenario::Bounds;
///
/// assert_eq!(Bounds::from(3), Bounds::from(3..=3));
/// assert_eq!(Bounds::from(..=4_000), Bounds::from(0..=4_000));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    #[doc(hidden)]
    pub min: u64,
    /// The most; [`u64::MAX`] for any number.
    #[doc(hidden)]
    pub max: u64,
}

impl Bounds {
    pub(crate) fn has(self, number: u64) -> bool {
        (self.min..=self.max).contains(&number)
    }

    pub(crate) fn has_all(self) -> bool {
        self.min == 0 && self.max == u64::MAX
    }

    pub(crate) fn is_empty(self) -> bool {
        self.min > self.max
    }
}

impl From<u64> for Bounds {
    fn from(number: u64) -> Self {
        Bounds {
            min: number,
            max: number,
        }
    }
}

impl From<RangeInclusive<u64>> for Bounds {
    fn from(range: RangeInclusive<u64>) -> Self {
        let (min, max) = range.into_inner();
        Bounds { min, max }
    }
}

impl From<RangeFrom<u64>> for Bounds {
    fn from(range: RangeFrom<u64>) -> Self {
        Bounds {
            min: range.start,
            max: u64::MAX,
        }
    }
}

impl From<RangeToInclusive<u64>> for Bounds {
    fn from(range: RangeToInclusive<u64>) -> Self {
        Bounds {
            min: 0,
            max: range.end,
        }
    }
}

/// Writes it as it is written in a scenario: `3`, `2..=4`, `2..`, `..=4`.
impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.min, self.max) {
            (min, max) if min == max => write!(f, "{min}"),
            (min, u64::MAX) => write!(f, "{min}.."),
            (0, max) => write!(f, "..={max}"),
            (min, max) => write!(f, "{min}..={max}"),
        }
    }
}
