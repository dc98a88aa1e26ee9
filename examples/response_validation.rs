//! Asserts that answers are whole, as the test kit does it.
//!
//! ```text
//! cargo run --example response_validation
//! ```

use mock_core::testkit::{Collected, assert_valid_response, assert_valid_stream, collect};
use mock_core::{MockProvider, ProviderError, Request, Response, mock_provider};

mock_provider!(
    Complete = openai("gpt-4o"),
    script = [reply("A whole answer."), stream(["a", "b", "c"])],
);

/// An answer, and a streamed one.
async fn ask_twice(llm: &MockProvider) -> Result<(Response, Collected), ProviderError> {
    let request = Request::new("gpt-4o").user("Hello");
    let response = llm.answer(request.clone()).await?;
    let streamed = collect(llm.answer_stream(request).await?).await;
    Ok((response, streamed))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    let (response, streamed) = ask_twice(&Complete::new()).await?;

    assert_valid_response(&response);
    assert_valid_stream(&streamed.items);
    println!("valid: {}", response.text());
    println!(
        "valid: {}, in {:?}",
        streamed.response.text(),
        streamed.pieces()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::provider_test;

    use super::*;

    #[provider_test]
    async fn response_validation(llm: Complete) -> Result<(), ProviderError> {
        let (response, streamed) = ask_twice(&llm).await?;

        assert_valid_response(&response);
        assert_valid_stream(&streamed.items);
        assert_valid_response(&streamed.response);
        assert_eq!(streamed.pieces(), ["a", "b", "c"]);
        Ok(())
    }

    #[provider_test]
    #[should_panic(expected = "none of its 2 items is the finish")]
    async fn a_stream_that_breaks_off_is_not_valid(
        #[mock(stream(["a", "b", "c"]).end_after(2))] llm: MockProvider,
    ) {
        let stream = llm.answer_stream(Request::new("gpt-4o")).await;
        let streamed = collect(stream.expect("a stream")).await;
        assert_valid_stream(&streamed.items);
    }
}
