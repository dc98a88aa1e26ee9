//! `wait_for_calls`: a test waits until a mock has had a number of calls.

use std::time::Duration;

use mock_core::builder::*;
use mock_core::{MockProvider, TestClock, provider_test};
use tokio::time::{sleep, timeout};

use crate::helpers::say;

#[provider_test]
async fn called_waits_for_as_many_calls(
    #[mock(reply("Hi.").times(3))] llm: MockProvider,
    clock: TestClock,
) {
    let task = tokio::spawn({
        let llm = llm.clone();
        async move {
            for _ in 0..3 {
                sleep(secs(1)).await;
                say(&llm, "hello").await;
            }
        }
    });
    llm.wait_for_calls(0).await;
    assert_eq!(clock.elapsed(), Duration::ZERO);
    llm.wait_for_calls(2).await;
    assert_eq!((clock.elapsed(), llm.calls().len()), (secs(2), 2));
    assert!(timeout(secs(60), llm.wait_for_calls(4)).await.is_err());
    task.await.expect("the task ends");
}
