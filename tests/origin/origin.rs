//! The original's tests of its mocks and helpers. Those of its latency mock are in [`latency`]; what it tested nowhere, and what is
//! otherwise here, is in [`options`].

mod delays;
mod options;

use futures::TryStreamExt as _;
use mock_core::builder::{
    auth, connection, generic, invalid_response, ms, rate_limit, secs, timeout,
};
use mock_core::testkit::{
    self, assert_valid_stream, collect, failing_mock, simple_mock, streaming_mock, test_messages,
    test_tool_call, tool_calling_mock,
};
use mock_core::{
    ErrorKind, FinishReason, MockProvider, ProviderError, Request, Role, StreamEvent, TestClock,
    Usage, provider_test,
};
use serde_json::{Value, json};

fn request() -> Request {
    Request::new("test-model").with_messages(test_messages("Hello"))
}

#[provider_test]
async fn basic_chat(
    #[mock(on(user("Hello")).reply("Hello, world!"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let response = llm.answer(request()).await?;

    assert_eq!(response.text(), "Hello, world!");
    assert_eq!(response.message.role, Role::Assistant);
    assert_eq!(response.model, "test-model");
    assert_eq!(llm.calls().len(), 1);
    Ok(())
}

#[provider_test]
async fn streaming(#[mock(reply("Hello world"))] llm: MockProvider) -> Result<(), ProviderError> {
    let events: Vec<_> = llm.answer_stream(request()).await?.try_collect().await?;

    let words = ["Hello ", "world"].map(|word| StreamEvent::Text(word.to_owned()));
    assert_eq!(events[..2], words);
    // Two messages of 28 and 5 characters were asked, and 11 answered.
    let finish = StreamEvent::Finish {
        reason: Some(FinishReason::Stop),
        usage: Some(Usage::new(8, 2)),
    };
    assert_eq!(events[2..], [finish]);
    Ok(())
}

#[provider_test]
async fn call_tracking(
    #[mock(reply("Hi.").times(2))] llm: MockProvider,
) -> Result<(), ProviderError> {
    llm.answer(Request::new("test").user("one")).await?;
    llm.answer(Request::new("test").user("two")).await?;

    let calls = llm.calls();
    assert_eq!(calls.len(), 2);
    let asked: Vec<_> = calls
        .iter()
        .map(|call| call.request().user_text().expect("a question"))
        .collect();
    assert_eq!(asked, ["one", "two"]);
    assert_eq!(calls[1].request().model, "test");
    Ok(())
}

#[provider_test]
async fn reset(#[mock(reply("Hi."))] llm: MockProvider) -> Result<(), ProviderError> {
    llm.answer(request()).await?;
    llm.reset();
    assert!(llm.calls().is_empty());
    assert!(llm.calls().last().is_none());

    let again = llm.answer(request()).await?;
    assert_eq!(again.text(), "Hi.");
    Ok(())
}

#[provider_test]
async fn immediate_failure(#[mock(fail(timeout))] llm: MockProvider) {
    let error = llm.answer(request()).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Timeout);
}

#[provider_test]
async fn fail_after_successes(
    #[mock(
        reply("Success call {call}").times(2),
        fail(rate_limit { retry_after: 60s }),
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    for success in ["Success call 1", "Success call 2"] {
        assert_eq!(llm.answer(request()).await?.text(), success);
    }
    let error = llm.answer(request()).await.expect_err("it fails");

    assert_eq!(error.kind, ErrorKind::RateLimit);
    assert_eq!(error.retry_after, Some(secs(60)));
    assert_eq!(llm.calls().len(), 3);
    assert_eq!(llm.calls()[2].error(), Some(&error));
    Ok(())
}

#[provider_test]
async fn different_error_types() {
    for (failure, kind) in [
        (timeout(), ErrorKind::Timeout),
        (rate_limit(), ErrorKind::RateLimit),
        (auth(), ErrorKind::Auth),
        (connection(), ErrorKind::Connection),
        (invalid_response(), ErrorKind::InvalidResponse),
        (generic(), ErrorKind::Generic),
    ] {
        let llm = failing_mock(failure, 0);
        let error = llm.answer(request()).await.expect_err("it fails");
        assert_eq!(error.kind, kind);
        let error = llm.answer_stream(request()).await.expect_err("it fails");
        assert_eq!(error.kind, kind);
    }
}

#[provider_test]
async fn controlled_chunks(
    #[mock(stream(["Hello", " ", "world", "!"]))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let answer = collect(llm.answer_stream(request()).await?).await;

    assert_eq!(answer.pieces(), ["Hello", " ", "world", "!"]);
    assert_eq!(answer.items.len(), 5);
    assert_valid_stream(&answer.items);
    Ok(())
}

#[test]
#[should_panic(expected = "its stream has no pieces; name some, or write `.reply(\"\")`")]
fn no_chunks() {
    streaming_mock([""; 0], ms(10));
}

#[provider_test]
async fn chunk_tracking(
    #[mock(stream(["chunk1", "chunk2"]).times(2))] llm: MockProvider,
) -> Result<(), ProviderError> {
    for _ in 0..2 {
        let answer = collect(llm.answer_stream(request()).await?).await;
        assert_eq!(answer.pieces(), ["chunk1", "chunk2"]);
    }
    assert!(llm.calls().iter().all(|call| call.is_streamed()));
    Ok(())
}

#[provider_test]
async fn tool_calls_in_response(
    #[mock(reply("Searching...").call(search { query: "test" }).times(2))] llm: MockProvider,
) -> anyhow::Result<()> {
    let response = llm.answer(request()).await?;
    let streamed = collect(llm.answer_stream(request()).await?).await.response;

    for response in [response, streamed] {
        assert_eq!(response.text(), "Searching...");
        assert_eq!(response.finish_reason, Some(FinishReason::ToolCalls));
        let calls: Vec<_> = response.tool_calls().collect();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].name, "search");
        assert_eq!(calls[0].json::<Value>()?, json!({"query": "test"}));
    }
    Ok(())
}

#[provider_test]
async fn call_sequence(
    #[mock(
        script = [reply("First"), reply("Second"), reply("Third")],
        otherwise = reply("Executing tools..."),
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let defaults = ["Executing tools..."; 2];
    for text in ["First", "Second", "Third"].into_iter().chain(defaults) {
        let response = llm.answer(request()).await?;
        assert_eq!(response.text(), text);
        assert_eq!(response.tool_calls().count(), 0);
    }
    Ok(())
}

#[provider_test]
async fn create_simple_mock() -> Result<(), ProviderError> {
    let llm: MockProvider = simple_mock("Test response");
    assert_eq!(llm.answer(request()).await?.text(), "Test response");
    Ok(())
}

#[provider_test]
async fn create_failing_mock() -> Result<(), ProviderError> {
    let llm: MockProvider = failing_mock(timeout(), 3);
    for _ in 0..3 {
        llm.answer(request()).await?;
    }
    let error = llm.answer(request()).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Timeout);
    Ok(())
}

#[test]
fn create_test_messages() {
    let messages = test_messages("Hello");
    let roles: Vec<_> = messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::System, Role::User]);
    assert_eq!(messages[0].text(), "You are a helpful assistant.");
    assert_eq!(messages[1].text(), "Hello");
}

#[test]
fn create_test_tool_call() {
    let call = test_tool_call("test_tool", &json!({"param": "value"}));
    assert_eq!(call.name, "test_tool");
    assert_eq!(call.arguments, r#"{"param":"value"}"#);
    assert_eq!(call.id.len(), "call_".len() + 8);
    let again = test_tool_call("test_tool", &json!({"param": "value"}));
    assert_eq!(again, call);
}

#[provider_test]
async fn collect_stream_chunks(clock: TestClock) -> Result<(), ProviderError> {
    let llm = streaming_mock(["a", "b", "c"], ms(10));
    let answer = collect(llm.answer_stream(request()).await?).await;

    assert_eq!(answer.pieces(), ["a", "b", "c"]);
    assert_eq!(answer.response.text(), "abc");
    assert_eq!(clock.elapsed(), ms(30));
    Ok(())
}

#[provider_test]
async fn create_tool_call_mock() -> Result<(), ProviderError> {
    let llm = tool_calling_mock("Searching...", [("search", [("query", "test")])]);
    let response = llm.answer(request()).await?;
    assert_eq!(response.text(), "Searching...");
    assert_eq!(response.tool_calls().count(), 1);
    testkit::assert_valid_response(&response);
    Ok(())
}

#[provider_test]
async fn assert_valid_response() -> Result<(), ProviderError> {
    let response = simple_mock("Test").answer(request()).await?;
    testkit::assert_valid_response(&response);
    assert_eq!(response.usage.map(Usage::total_tokens), Some(9));
    Ok(())
}

#[provider_test]
async fn assert_valid_stream_chunks() -> Result<(), ProviderError> {
    let llm = streaming_mock(["a", "b"], ms(0));
    let answer = collect(llm.answer_stream(request()).await?).await;
    assert_valid_stream(&answer.items);
    Ok(())
}

#[provider_test]
async fn count_tokens(
    #[mock(reply("äöüß"), reply(""))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(mock_core::count_tokens("äöüß"), 1);
    // Message by message, a text that is not empty has at least one.
    let request = Request::new("test-model").system("Hi.").user("Hi.");
    let response = llm.answer(request).await?;
    assert_eq!(response.usage, Some(Usage::new(2, 1)));
    let response = llm.answer(Request::new("test-model")).await?;
    assert_eq!(response.usage, Some(Usage::new(0, 0)));
    Ok(())
}
