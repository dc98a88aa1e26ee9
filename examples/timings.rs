//! How long the calls of an agent take: the time to the first event, the gaps of the stream, retries, tokens a second.
//!
//! ```text
//! cargo run --example timings
//! ```
//!
//! The clock is paused, as it is in the test below: the times are exact, and the two seconds of back-off take none.

use futures::TryStreamExt as _;
use mock_core::{MockProvider, ProviderError, Request, StreamEvent, mock_provider};

mock_provider!(
    Weather = openai("gpt-4o"),
    latency = 50ms,
    script = [
        fail(rate_limit { retry_after: 2s }),
        stream(["It is ", "18 °C ", "in Paris."])
            .ttft(300ms)
            .every(20ms)
            .usage(10, 39),
    ],
);

/// Code under test: it waits as long as the provider says, and asks again.
async fn ask(llm: &MockProvider, text: &str) -> Result<Vec<StreamEvent>, ProviderError> {
    loop {
        let request = Request::new("gpt-4o").user(text);
        match llm.answer_stream(request).await {
            Ok(events) => return events.try_collect().await,
            Err(error) => match error.retry_after {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), ProviderError> {
    let llm = Weather::new();
    ask(&llm, "What is the weather in Paris?").await?;
    print!("{}", llm.timings());
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::builder::{ms, secs};
    use mock_core::provider_test;

    use super::*;

    #[provider_test]
    async fn the_agent_waits_and_reads_its_stream_without_a_pause(
        llm: Weather,
    ) -> Result<(), ProviderError> {
        ask(&llm, "What is the weather in Paris?").await?;

        let timings = llm.timings();
        let stream = &timings.calls()[1];
        assert_eq!(stream.started_at(), ms(50) + secs(2));
        assert_eq!(stream.first_event(), Some(ms(350)));
        assert_eq!(stream.gaps(), [ms(20), ms(20)]);
        assert_eq!(stream.tokens_per_second(), Some(100.0));
        assert_eq!(timings.total(), ms(2_440));
        assert_eq!((timings.retries(), timings.max_in_flight()), (1, 1));
        Ok(())
    }
}
