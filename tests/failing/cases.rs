//! Every test here fails, each in a way of its own, but for `green`. `tests/failing.rs` says what each prints.

use std::future::pending;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt as _;
use mock_core::{MockProvider, ProviderError, Request, mock_provider, provider_test};
use tokio::sync::oneshot;
use tokio::time::sleep;

fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

/// Code under test that swallows errors.
async fn greet(llm: &MockProvider, name: &str) -> String {
    match llm.answer(ask(&format!("Greet {name}."))).await {
        Ok(answer) => answer.text().into_owned(),
        Err(_) => format!("Hello, {name}."),
    }
}

#[provider_test]
async fn green(#[mock(reply("Hi."))] llm: MockProvider) {
    assert_eq!(greet(&llm, "Ada").await, "Hi.");
}

#[provider_test]
async fn error_is_swallowed(#[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockProvider) {
    assert_eq!(greet(&llm, "Ada").await, "Hello, Ada.");
}

#[provider_test]
async fn handle_is_dropped(#[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockProvider) {
    drop(tokio::spawn(async move { greet(&llm, "Ada").await }));
}

#[provider_test]
async fn task_is_detached(#[mock(reply("Hi."))] llm: MockProvider) {
    tokio::spawn(async move {
        sleep(Duration::from_secs(1)).await;
        greet(&llm, "Ada").await
    });
}

#[provider_test]
async fn call_comes_after_the_body(#[mock(reply("Hi."))] llm: MockProvider) {
    assert_eq!(greet(&llm, "Ada").await, "Hi.");
    let (done, body) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let _ = body.await;
        greet(&llm, "Grace").await
    });
    drop(done);
}

#[provider_test]
async fn mock_is_made_in_the_body() {
    let llm = mock_provider!(reply("Hi."), reply("Bye."));
    assert_eq!(greet(&llm, "Ada").await, "Hi.");
}

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: &str) -> String;
}

struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, prompt: &str) -> String {
        let answer = self.0.answer(ask(prompt)).await;
        answer.map_or_else(|_| "?".to_owned(), |answer| answer.text().into_owned())
    }
}

#[provider_test]
async fn mock_is_behind_a_trait_object(
    #[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockLlm,
) {
    let llm: Arc<dyn Llm> = Arc::new(llm);
    assert_eq!(llm.complete("Greet Ada.").await, "?");
}

#[provider_test(flavor = "multi_thread", clock = "real", worker_threads = 2)]
async fn threads_are_many(#[mock(reply("Hi.").times(4))] llm: MockProvider) {
    let tasks = (0..5).map(|_| {
        let llm = llm.clone();
        tokio::spawn(async move { greet(&llm, "Ada").await })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("the task ends");
    }
}

#[provider_test]
async fn error_is_returned(
    #[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    llm.answer(ask("Greet Ada.")).await?;
    Ok(())
}

#[provider_test]
async fn another_error_is_returned(
    #[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockProvider,
) -> Result<(), String> {
    Err(greet(&llm, "Ada").await)
}

#[provider_test]
async fn body_panics(#[mock(on(user("Welcome {name}.")).reply("Hi."))] llm: MockProvider) {
    assert_eq!(greet(&llm, "Ada").await, "Hi.", "the body panics");
}

#[provider_test(guard = 200ms)]
async fn thread_is_blocked(#[mock(reply("Hi.").ttft(1s))] llm: MockProvider) {
    let answer = tokio::spawn(async move { greet(&llm, "Ada").await });
    tokio::task::yield_now().await;
    while !answer.is_finished() {
        thread::park();
    }
}

#[provider_test(guard = 200ms)]
async fn stream_stalls(
    #[mock(stream(["It ", "is ", "18 °C."]).stall_after(2))] llm: MockProvider
) {
    let mut events = llm.answer_stream(ask("weather?")).await.expect("a stream");
    while events.next().await.is_some() {}
}

#[provider_test]
async fn closure_panics_in_a_dropped_task(
    #[mock(on(when(|_| panic!("no such case"))).reply("Hi."))] llm: MockProvider,
) {
    drop(tokio::spawn(async move { greet(&llm, "Ada").await }));
}

#[provider_test]
async fn turn_is_unused(#[mock(reply("Hi."), on(tool_result(t)).reply("!"))] llm: MockProvider) {
    greet(&llm, "Ada").await;
}

#[provider_test]
async fn turn_is_used_too_often(#[mock(on(user("Greet")).reply("Hi."))] llm: MockProvider) {
    for name in ["Ada", "Grace"] {
        greet(&llm, name).await;
    }
}

#[provider_test(timeout = 5s)]
async fn time_runs_out(#[mock(reply("Hi.").ttft(6s))] llm: MockProvider) {
    greet(&llm, "Ada").await;
}

#[provider_test(timeout = 5s)]
async fn time_runs_out_for_nothing() {
    pending::<()>().await;
}

#[provider_test(guard = 200ms)]
#[should_panic]
async fn should_panic_and_is_blocked() {
    loop {
        thread::park();
    }
}

#[provider_test]
#[should_panic]
async fn should_panic_and_returns_an_error() -> Result<(), String> {
    Err("Hello, Ada.".to_owned())
}

#[provider_test(guard = 200ms)]
async fn call_never_comes(#[mock(reply("Hi."))] llm: MockProvider) {
    greet(&llm, "Ada").await;
    llm.wait_for_calls(2).await;
}

#[provider_test(guard = 200ms)]
async fn nothing_comes() {
    pending::<()>().await;
}

#[provider_test(flavor = "multi_thread", clock = "real", guard = 200ms)]
async fn body_blocks_its_thread_where_others_run() {
    while Duration::ZERO < Duration::MAX {
        thread::park();
    }
}

#[provider_test(flavor = "multi_thread", clock = "real", guard = 200ms)]
async fn nothing_comes_where_others_run() {
    pending::<()>().await;
}

#[provider_test(guard = 200ms)]
async fn call_never_comes_while_time_goes_by(#[mock(reply("Hi."))] llm: MockProvider) {
    greet(&llm, "Ada").await;
    tokio::spawn(async {
        loop {
            sleep(Duration::from_secs(1)).await;
        }
    });
    llm.wait_for_calls(2).await;
}

#[provider_test]
async fn task_panics_unseen(#[mock(reply("Hi."))] llm: MockProvider) {
    tokio::spawn(async move { assert_eq!(greet(&llm, "Ada").await, "Ho.") });
}
