//! S8, S17, S27, S41: a call that fails before its first event, with a failure, a time-out or a mismatch, and the code of a failure.

use std::pin::pin;

use futures::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use mock_core::builder::{user, *};
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, StreamEvent, provider_test};
use tokio::time::Instant;

use crate::helpers::{ask, llm, report};

#[provider_test]
async fn s08_a_failure_before_the_first_event_is_the_err_of_the_await(
    #[mock(fail(rate_limit { retry_after: 2s }))] llm: MockProvider,
) {
    let error = llm.answer_stream(ask("hello")).await;
    let error = error.expect_err("it is rejected");
    assert_eq!(error.kind, ErrorKind::RateLimit);
    assert_eq!(error.retry_after, Some(secs(2)));
}

#[provider_test]
async fn s08_where_a_stream_is_wanted_at_once_the_failure_is_its_first_item(
    #[mock(fail(overloaded))] llm: MockProvider,
) {
    let mut events = pin!(llm.answer_stream(ask("hello")).try_flatten_stream());

    let error = events.next().await.expect("an item");
    assert_eq!(error.expect_err("it fails").kind, ErrorKind::Overloaded);
    assert_eq!(events.next().await, None);
    assert_eq!(events.next().await, None);
}

#[provider_test]
async fn s08_where_a_stream_is_wanted_at_once_an_answer_is_the_same(
    #[mock(stream(["Hel", "lo"]).times(2))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let awaited: Vec<_> = llm.answer_stream(ask("hello")).await?.try_collect().await?;
    let flattened = llm.answer_stream(ask("hello")).try_flatten_stream();
    assert_eq!(flattened.try_collect::<Vec<_>>().await?, awaited);
    assert_eq!(awaited[0], StreamEvent::Text("Hel".into()));
    Ok(())
}

#[test]
fn s08_a_mismatch_is_the_err_of_the_await_too() {
    report(|test| {
        let llm = llm(test, [on(user("a")).stream(["A"])]);
        test.drive(pin!(async {
            let error = llm.answer_stream(ask("b")).await;
            let error = error.expect_err("it is not scripted");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert!(llm.calls()[0].is_streamed());
        }));
    });
}

#[test]
fn s17_a_mismatch_is_not_worth_another_try() {
    report(|test| {
        let llm = llm(test, []);
        test.drive(pin!(async {
            let error = llm.answer(ask("hello")).await;
            let error = error.expect_err("it is not scripted");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert!(!error.is_retryable());
            assert_eq!(error.status, Some(400));
        }));
    });
    assert!(!ProviderError::new(ErrorKind::Unsupported).is_retryable());
}

#[provider_test]
async fn s41_a_code_reaches_the_error_in_process() {
    let expired = || generic().code("session_expired");
    let llm = MockProvider::script([
        fail(expired()),
        fail(timeout().code("deadline")),
        reply("a b")
            .error_after(1, overloaded().code("busy"))
            .times(2),
        fail(auth()),
    ]);
    let mut codes = Vec::new();
    for _ in 0..5 {
        let error = llm.answer(ask("a")).await.expect_err("a failure");
        codes.push(error.code.map(|code| code.into_owned()));
    }
    let [a, b, c, d, own] = codes.as_slice() else {
        unreachable!()
    };
    assert_eq!(a.as_deref(), Some("session_expired"));
    assert_eq!(b.as_deref(), Some("deadline"));
    assert_eq!((c, c.as_deref()), (d, Some("busy")));
    assert_eq!(
        *own,
        ProviderError::new(ErrorKind::Auth)
            .code
            .map(|code| code.into_owned())
    );
}

#[test]
fn s41_a_code_is_not_empty() {
    let error = script([fail(generic().code(""))])
        .check()
        .expect_err("it is empty");
    assert!(
        error
            .to_string()
            .contains("the code of its `generic` is empty"),
        "{error}"
    );
}

#[provider_test]
async fn s27_a_timeout_that_fails_returns_at_once(#[mock(fail(timeout))] llm: MockProvider) {
    let start = Instant::now();
    let error = llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.is_retryable());
    assert_eq!(start.elapsed(), ms(0));
}

#[provider_test]
async fn custom_headers_and_bodies_are_in_the_error_in_process(
    #[mock(fail(auth { headers: [("server", "gateway")], body: "no" }))] mock: MockProvider,
) {
    let error = mock.answer(Request::new("m").user("a")).await;
    let raw = error.expect_err("it fails").raw.expect("it is kept");
    assert_eq!(raw.headers, [("server".into(), "gateway".into())]);
    assert_eq!(raw.body.as_deref(), Some("no"));
}
