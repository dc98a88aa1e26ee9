//! A test that failed after it slept on the clock of the standard library: the report names that clock.

use std::time::Duration;

use mock_core::{MockProvider, provider_test};
use tokio::time::sleep;

use crate::helpers::*;

#[provider_test]
#[ignore = "run by the test below"]
async fn measures_with_the_clock_of_the_standard_library() {
    let start = std::time::Instant::now();
    sleep(Duration::from_secs(30)).await;
    assert!(start.elapsed() >= Duration::from_secs(30), "too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn returns_an_error_after_a_sleep() -> Result<(), String> {
    sleep(Duration::from_secs(30)).await;
    Err("too soon".to_owned())
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_without_a_sleep() {
    panic!("too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_after_a_slow_answer(
    #[mock(latency = 30s, script = [reply("Hi."), reply("Bye.")])] llm: MockProvider,
) {
    for _ in 0..2 {
        llm.answer(ask()).await.expect("an answer");
    }
    panic!("too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_for_its_mock_after_a_sleep(#[mock(on(user("a")).reply("Hi."))] llm: MockProvider) {
    sleep(Duration::from_secs(30)).await;
    llm.answer(ask()).await.expect("too soon");
}

#[provider_test]
#[ignore = "run by the test below"]
async fn fails_after_a_retry(
    #[mock(fail(rate_limit { retry_after: 30s }), reply("Hi."))] llm: MockProvider,
) {
    while llm.answer(ask()).await.is_err() {
        sleep(Duration::from_secs(30)).await;
    }
    panic!("too soon");
}

#[test]
fn the_report_of_a_test_that_slept_and_failed_mentions_the_other_clock() {
    let note = "the test's clock advanced by 30s. If the code measures time with `std::time::Instant` or `SystemTime`, it does not see that";
    let fails = [
        "measures_with_the_clock_of_the_standard_library",
        "returns_an_error_after_a_sleep",
    ];
    for name in fails {
        assert_fails(
            &format!("clock_of_the_standard_library::{name}"),
            &[],
            &["too soon", note],
        );
    }
    // The standard library's clock is not the reason for these failures.
    for name in [
        "fails_without_a_sleep",
        "fails_after_a_slow_answer",
        "fails_after_a_retry",
        "fails_for_its_mock_after_a_sleep",
    ] {
        let (_, printed) = run_alone(&format!("clock_of_the_standard_library::{name}"), &[]);
        assert!(
            printed.contains("too soon") && !printed.contains("SystemTime"),
            "{printed}"
        );
    }
}
