//! `serial_test`: `#[serial]` below `#[provider_test]`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use mock_core::{MockProvider, Request, provider_test};
use serial_test::serial;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Panics if another test is in it at the same time.
async fn alone(llm: &MockProvider) {
    assert_eq!(RUNNING.fetch_add(1, Ordering::SeqCst), 0, "not alone");
    llm.answer(Request::new("gpt-4o").user("hello"))
        .await
        .expect("an answer");
    // The tests are on threads of their own, and virtual time holds none of them.
    thread::sleep(Duration::from_millis(20));
    RUNNING.fetch_sub(1, Ordering::SeqCst);
}

#[provider_test]
#[serial]
async fn one(#[mock(reply("Hi."))] llm: MockProvider) {
    alone(&llm).await;
}

#[provider_test]
#[serial]
async fn two(#[mock(reply("Hi."))] llm: MockProvider) {
    alone(&llm).await;
}

#[provider_test]
#[case::three(3)]
#[case::four(4)]
#[serial]
async fn cases(#[case] _number: u32, #[mock(reply("Hi."))] llm: MockProvider) {
    alone(&llm).await;
}
