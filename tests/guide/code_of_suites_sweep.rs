//! The code of `docs/suites.md` about sweeps.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::{
    ErrorKind, FinishReason, MockProvider, ProviderError, Request, StreamEvent, provider_test,
};
use tokio::time::timeout;

/// Reads a whole answer from a stream, and waits ten seconds for each event.
async fn read(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let request = Request::new("gpt-4o").user(text);
    let (mut answer, patience) = (String::new(), Duration::from_secs(10));
    let mut stream = llm.answer_stream(request).await?;
    loop {
        let event = timeout(patience, stream.next()).await;
        match event.map_err(|_| ProviderError::new(ErrorKind::Timeout))? {
            Some(Ok(StreamEvent::Text(piece))) => answer.push_str(&piece),
            Some(Ok(StreamEvent::Finish { reason, .. })) => {
                return match reason {
                    Some(FinishReason::Stop) => Ok(answer),
                    _ => Err(ProviderError::new(ErrorKind::InvalidResponse)),
                };
            }
            Some(event) => drop(event?),
            // An answer without its finish is not whole.
            None => return Err(ProviderError::new(ErrorKind::Connection)),
        }
    }
}

#[provider_test(sweep = faults)]
async fn a_fault_never_passes_for_an_answer(
    #[mock(reply("I am fine."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let answer = read(&llm, "How are you?").await?;
    assert_eq!(answer, "I am fine.");
    Ok(())
}
