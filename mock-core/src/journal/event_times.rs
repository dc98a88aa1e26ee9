//! When the events of a stream came: [`EventTimes`].

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::journal::calls::Call;

/// The times of the events of a stream that takes time. Other calls have none, and pay for an empty place.
#[derive(Default)]
pub(crate) struct EventTimes(OnceLock<Box<Mutex<Vec<Duration>>>>);

impl EventTimes {
    /// Adds the time of the next event.
    pub(crate) fn push(&self, at: Duration) {
        let times = self.0.get_or_init(Box::default);
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        times.push(at);
    }

    fn all(&self) -> Vec<Duration> {
        let times = self.0.get().map(|times| times.lock());
        let times = times.map(|times| times.unwrap_or_else(PoisonError::into_inner).clone());
        times.unwrap_or_default()
    }
}

impl Call {
    /// Returns when the caller received each [event](Call::events) of a streamed answer, measured from the start of the test on tokio's clock.
    /// The finish event is not one of them: it comes when the call [ends](Call::ended_at).
    ///
    /// An event that the mock sends without delay counts as received when the call starts, even if the caller reads it later.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    ///
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    /// assert_eq!(llm.calls()[0].event_times(), [ms(300), ms(320), ms(340)]);
    /// # Ok(()) }
    /// ```
    pub fn event_times(&self) -> Vec<Duration> {
        let mut times = self.event_times.all();
        // Only the first events of an answer come without delay.
        let at_once = self.events().saturating_sub(times.len());
        times.splice(0..0, std::iter::repeat_n(self.started_at(), at_once));
        times
    }
}
