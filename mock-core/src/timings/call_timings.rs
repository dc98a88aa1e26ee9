//! How long one call took: [`CallTimings`].

use std::time::Duration;

use super::{median, rate};
use crate::journal::calls::{Call, Outcome};

/// How long one call took: a part of [`Timings`](super::Timings).
#[derive(Debug, Clone, PartialEq)]
pub struct CallTimings {
    number: usize,
    started_at: Duration,
    first_event: Option<Duration>,
    gaps: Vec<Duration>,
    total: Option<Duration>,
    output_tokens: Option<u64>,
    retries: Option<usize>,
    /// A note about how the call ended.
    pub(super) ending: String,
}

impl CallTimings {
    /// The times of a call. `retried` is the call that it repeats.
    #[inline]
    pub(super) fn new(call: &Call, retried: Option<&Call>) -> Self {
        let since_start = |at: Duration| at.saturating_sub(call.started_at());
        let times = call.event_times();
        let mut gaps = Vec::new();
        for pair in times.windows(2) {
            gaps.push(pair[1].saturating_sub(pair[0]));
        }
        let is_complete = matches!(call.outcome(), Some(Outcome::Completed));
        let whole = call.duration().filter(|_| is_complete);
        CallTimings {
            number: call.number(),
            started_at: call.started_at(),
            first_event: times.first().copied().map(since_start).or(whole),
            gaps,
            total: call.duration(),
            output_tokens: call.usage().map(|usage| usage.completion_tokens),
            retries: retried.map(Call::number),
            ending: ending(call),
        }
    }

    /// Returns the number of the call, from 1.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].number(), 1);
    /// # Ok(()) }
    /// ```
    pub fn number(&self) -> usize {
        self.number
    }

    /// Returns when the call started, measured from the start of the test.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].started_at(), llm.calls()[0].started_at());
    /// # Ok(()) }
    /// ```
    pub fn started_at(&self) -> Duration {
        self.started_at
    }

    /// Returns the time from the start of the call to its first event; to the whole answer if the call is not streamed. `None` if the caller
    /// received neither.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].first_event(), Some(ms(300)));
    /// # Ok(()) }
    /// ```
    pub fn first_event(&self) -> Option<Duration> {
        self.first_event
    }

    /// Returns the times between the events of a stream. They do not include the finish event.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].gaps(), [ms(20), ms(20)]);
    /// # Ok(()) }
    /// ```
    pub fn gaps(&self) -> &[Duration] {
        &self.gaps
    }

    /// Returns the longest of the [gaps](CallTimings::gaps); `None` if there are none.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].max_gap(), Some(ms(20)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn max_gap(&self) -> Option<Duration> {
        let mut longest = None;
        for gap in &self.gaps {
            longest = longest.max(Some(*gap));
        }
        longest
    }

    /// Returns the median of the [gaps](CallTimings::gaps); `None` if there are none.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].median_gap(), Some(ms(20)));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn median_gap(&self) -> Option<Duration> {
        median(&self.gaps)
    }

    /// Returns the time from the start of the call to its end; `None` while it is in flight.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].total(), Some(ms(340)));
    /// # Ok(()) }
    /// ```
    pub fn total(&self) -> Option<Duration> {
        self.total
    }

    /// Returns the number of tokens of the answer, as its usage says; `None` if the answer has no usage.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, Usage, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20)).usage(Usage::new(10, 34))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].output_tokens(), Some(34));
    /// # Ok(()) }
    /// ```
    pub fn output_tokens(&self) -> Option<u64> {
        self.output_tokens
    }

    /// Returns the tokens of the answer by the [total](CallTimings::total) time in seconds; `None` if one of them is unknown or the call took no
    /// time.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, Usage, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20)).usage(Usage::new(10, 34))]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.timings().calls()[0].tokens_per_second(), Some(100.0));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn tokens_per_second(&self) -> Option<f64> {
        rate(self.output_tokens?, self.total?)
    }

    /// Returns the number of the failed call that this one retries: the call before it, with the same request. With lanes or instances, the
    /// call before it in the same script.
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
    /// assert_eq!(llm.timings().calls()[1].retries(), Some(1));
    /// # Ok(()) }
    /// ```
    pub fn retries(&self) -> Option<usize> {
        self.retries
    }
}

#[inline]
fn ending(call: &Call) -> String {
    match call.outcome() {
        None => "in flight".to_owned(),
        Some(Outcome::Completed) => String::new(),
        Some(Outcome::Truncated) => "ended without its finish".to_owned(),
        Some(Outcome::Failed(error)) => error.kind.to_string(),
        Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => "dropped".to_owned(),
        Some(Outcome::Panicked(_)) => "a closure panicked".to_owned(),
    }
}
