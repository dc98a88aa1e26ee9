//! `tracing_test`: `#[traced_test]` above or below.

use mock_core::{MockProvider, Request, provider_test};
use tracing::info;
use tracing_test::traced_test;

async fn ask(llm: &MockProvider) {
    info!("asked");
    llm.answer(Request::new("gpt-4o").user("hello"))
        .await
        .expect("an answer");
}

#[provider_test]
#[traced_test]
async fn below(#[mock(reply("Hi."))] llm: MockProvider) {
    ask(&llm).await;
    assert!(logs_contain("asked"));
    assert!(!logs_contain("asked twice"));
}

#[traced_test]
#[provider_test]
async fn above(#[mock(reply("Hi."))] llm: MockProvider) {
    ask(&llm).await;
    assert!(logs_contain("asked"));
}

/// The cases of a test share its logs: what one has logged, another sees.
#[provider_test]
#[case::hello("hello")]
#[case::goodbye("goodbye")]
#[traced_test]
async fn cases(#[case] text: &str, #[mock(reply("Hi."))] llm: MockProvider) {
    info!("said {text}");
    ask(&llm).await;
    assert!(logs_contain(&format!("said {text}")));
}
