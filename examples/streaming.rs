//! A mock that streams its answer, piece by piece.
//!
//! ```text
//! cargo run --example streaming
//! ```
//!
//! The clock is paused, as it is in the test below: the times are exact.

use futures::StreamExt as _;
use mock_core::{MockProvider, ProviderError, Request, StreamEvent, mock_provider};
use tokio::time::Instant;

mock_provider!(
    Fox = openai("gpt-4o"),
    script = [stream(["The", "quick", "brown", "fox"])
        .ttft(300ms)
        .every(10ms)],
);

/// Reads a stream, and shows each event as it comes.
async fn read(
    llm: &MockProvider,
    show: &mut impl FnMut(&StreamEvent),
) -> Result<String, ProviderError> {
    let request = Request::new("gpt-4o").user("What jumps over the lazy dog?");
    let mut events = llm.answer_stream(request).await?;
    let mut response = events.empty_response();
    while let Some(event) = events.next().await.transpose()? {
        show(&event);
        response.push(event);
    }
    Ok(response.text().into_owned())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), ProviderError> {
    let start = Instant::now();
    let text = read(&Fox::new(), &mut |event| {
        let at = start.elapsed();
        match event {
            StreamEvent::Text(piece) => println!("{at:?}  {piece}"),
            StreamEvent::Finish {
                reason: Some(reason),
                ..
            } => println!("{at:?}  ({})", reason.as_str()),
            _ => {}
        }
    })
    .await?;
    println!("together: {text}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::builder::ms;
    use mock_core::{TestClock, provider_test};

    use super::*;

    #[provider_test]
    async fn streaming(llm: Fox, clock: TestClock) -> Result<(), ProviderError> {
        let mut events = Vec::new();
        let text = read(&llm, &mut |event| events.push(event.clone())).await?;

        assert_eq!(text, "Thequickbrownfox");
        assert_eq!(events.len(), 5);
        assert!(matches!(events[4], StreamEvent::Finish { .. }));
        assert_eq!(clock.elapsed(), ms(330));
        Ok(())
    }
}
