//! How long the calls of a mock took, all together: [`Timings`]. One call is in `timings/call_timings.rs`.

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

mod call_timings;
mod print_table;

use std::time::Duration;

use crate::journal::calls::{Call, Calls};
use crate::journal::calls_by_script::CallsByScript;
use crate::mock::MockProvider;
#[cfg(feature = "pictures")]
use crate::report;
use crate::sort_and_group::sort_by_time;

pub use call_timings::CallTimings;

/// How long the calls of a mock took, on the test's clock: each call, and all together.
///
/// `{}` prints a table for the terminal, with a line for each call and one for all.
///
/// ```
/// use mock_core::{MockProvider, Request, Usage, builder::*};
/// # use futures::TryStreamExt as _;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([
///     fail(rate_limit()),
///     stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20)).usage(Usage::new(10, 34)),
/// ]);
/// let ask = || Request::new("gpt-4o").user("What is the weather?");
/// assert!(llm.answer_stream(ask()).await.is_err());
/// tokio::time::sleep(secs(2)).await;
/// llm.answer_stream(ask()).await?.try_collect::<Vec<_>>().await?;
///
/// let timings = llm.timings();
/// assert_eq!(timings.calls()[1].first_event(), Some(ms(300)));
/// assert_eq!(timings.calls()[1].tokens_per_second(), Some(100.0));
/// assert_eq!((timings.total(), timings.retries()), (ms(2_340), 1));
/// assert_eq!(timings.to_string(), "\
/// call  start  first  median gap  max gap  total  tokens  tokens/s
/// 1     0ms    -      -           -        0ms    -       -         rate_limit
/// 2     2s     300ms  20ms        20ms     340ms  34      100.0     retries call 1
/// all   0ms    300ms  20ms        20ms     2.34s  34      14.5      1 retry, 1 in flight
/// ");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Timings {
    calls: Vec<CallTimings>,
    max_in_flight: usize,
}

impl MockProvider {
    /// Returns how long the calls so far took, as the example of [`Timings`] shows.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().total(), ms(340));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn timings(&self) -> Timings {
        self.calls().timings()
    }
}

impl Calls {
    /// Returns how long these calls took, as the example of [`Timings`] shows.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.calls().timings(), llm.timings());
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn timings(&self) -> Timings {
        let by_script = CallsByScript::new(self);
        let mut calls = Vec::new();
        for call in self {
            calls.push(CallTimings::new(call, by_script.retried_by(call)));
        }
        Timings {
            calls,
            max_in_flight: max_in_flight(self),
        }
    }
}

impl Timings {
    /// Returns the calls, in the order in which they started.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert_eq!(llm.timings().calls().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn calls(&self) -> &[CallTimings] {
        &self.calls
    }

    /// Returns the longest [time to the first event](CallTimings::first_event); `None` if no caller received one.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().max_first_event(), Some(ms(300)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn max_first_event(&self) -> Option<Duration> {
        let mut longest = None;
        for call in &self.calls {
            longest = longest.max(call.first_event());
        }
        longest
    }

    /// Returns the median of the [times to the first event](CallTimings::first_event); `None` if no caller received one.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().median_first_event(), Some(ms(300)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn median_first_event(&self) -> Option<Duration> {
        median(&self.first_events())
    }

    /// Returns the longest gap between two events of any stream; `None` if there are none.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().max_gap(), Some(ms(20)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn max_gap(&self) -> Option<Duration> {
        let mut longest = None;
        for call in &self.calls {
            longest = longest.max(call.max_gap());
        }
        longest
    }

    /// Returns the median of the gaps of all streams; `None` if there are none.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().median_gap(), Some(ms(20)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn median_gap(&self) -> Option<Duration> {
        let mut gaps = Vec::new();
        for call in &self.calls {
            gaps.extend_from_slice(call.gaps());
        }
        median(&gaps)
    }

    /// Returns the time from the start of the first call to the end of the last one to end. It includes the time between calls.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().total(), ms(340));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn total(&self) -> Duration {
        let mut last = Duration::ZERO;
        for call in &self.calls {
            last = last.max(call.started_at() + call.total().unwrap_or_default());
        }
        last - self.started_at()
    }

    /// Returns the number of tokens of all answers; `None` if no answer has a usage.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, Usage, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20)).usage(Usage::new(10, 34))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().output_tokens(), Some(34));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn output_tokens(&self) -> Option<u64> {
        let mut sum = None;
        for call in &self.calls {
            if let Some(tokens) = call.output_tokens() {
                sum = Some(tokens.saturating_add(sum.unwrap_or(0)));
            }
        }
        sum
    }

    /// Returns the tokens of all answers by the [total](Timings::total) time in seconds; `None` if there are no tokens or no time passed.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, Usage, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20)).usage(Usage::new(10, 34))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().tokens_per_second(), Some(100.0));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn tokens_per_second(&self) -> Option<f64> {
        rate(self.output_tokens()?, self.total())
    }

    /// Returns how many calls [retry](CallTimings::retries) another one.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(rate_limit()), reply("Hi.")]);
    /// let request = Request::new("gpt-4o").user("hello");
    /// llm.answer(request.clone()).await.unwrap_err();
    /// llm.answer(request).await?;
    ///
    /// assert_eq!(llm.timings().retries(), 1);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn retries(&self) -> usize {
        let mut retries = 0;
        for call in &self.calls {
            retries += usize::from(call.retries().is_some());
        }
        retries
    }

    /// Returns the largest number of these calls that were in flight at the same time.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").ttft(secs(1)).times(2)]);
    /// let (first, second) = tokio::join!(llm.answer(Request::new("gpt-4o")), llm.answer(Request::new("gpt-4o")));
    /// (first?, second?);
    ///
    /// assert_eq!(llm.timings().max_in_flight(), 2);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn max_in_flight(&self) -> usize {
        self.max_in_flight
    }

    /// Returns the sums in one line: `2 calls in 2.34s, 1 retry, 1 in flight, 34 tokens`.
    #[cfg(feature = "pictures")]
    pub(crate) fn in_words(&self) -> String {
        let mut words = format!(
            "{} in {}, {}",
            report::count(self.calls.len(), "call"),
            report::time(self.total()),
            self.counts()
        );
        if let Some(tokens) = self.output_tokens() {
            words.push_str(&format!(", {}", report::count(tokens as usize, "token")));
        }
        words
    }

    /// How many retries there were, and how many calls in flight: `1 retry, 1 in flight`.
    #[inline]
    fn counts(&self) -> String {
        let retries = match self.retries() {
            1 => "1 retry".to_owned(),
            retries => format!("{retries} retries"),
        };
        format!("{retries}, {} in flight", self.max_in_flight)
    }

    #[inline]
    fn first_events(&self) -> Vec<Duration> {
        let mut times = Vec::new();
        for call in &self.calls {
            if let Some(time) = call.first_event() {
                times.push(time);
            }
        }
        times
    }

    #[inline]
    fn started_at(&self) -> Duration {
        self.calls
            .first()
            .map(CallTimings::started_at)
            .unwrap_or_default()
    }
}

/// The largest number of calls in flight, which a call reaches when it starts.
#[inline]
fn max_in_flight(calls: &Calls) -> usize {
    let last = calls.last().map_or(0, Call::number);
    // `ended[n]`: how many calls had ended when n had begun.
    let mut ended = vec![0; last + 1];
    for call in calls {
        if let Some(ended) = call.begun_at_end().and_then(|begun| ended.get_mut(begun)) {
            *ended += 1;
        }
    }
    let (mut in_flight, mut most, mut seen) = (0, 0, 0);
    for call in calls {
        let ends = &ended[seen..call.number()];
        in_flight = in_flight + 1 - ends.iter().sum::<usize>();
        most = most.max(in_flight);
        seen = call.number();
    }
    most
}

#[inline]
fn median(times: &[Duration]) -> Option<Duration> {
    let mut sorted = Vec::from_iter(0..times.len());
    sort_by_time(&mut sorted, &|index| times[index]);
    let middle = sorted.len() / 2;
    let upper = times[*sorted.get(middle)?];
    Some(match sorted.len() % 2 {
        1 => upper,
        _ => (times[sorted[middle - 1]] + upper) / 2,
    })
}

#[inline]
fn rate(tokens: u64, time: Duration) -> Option<f64> {
    // Divide by nanoseconds, which are whole numbers: this loses the least precision.
    (!time.is_zero()).then(|| tokens as f64 * 1e9 / time.as_nanos() as f64)
}
