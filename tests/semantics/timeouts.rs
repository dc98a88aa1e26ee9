//! S27: time-outs.

use mock_core::builder::*;
use mock_core::{Call, ErrorKind, MockProvider, Outcome, provider_test};
use tokio::time::Instant;

use crate::helpers::{ask, say};

#[provider_test]
async fn s27_a_timeout_that_fails_returns_at_once(#[mock(fail(timeout))] llm: MockProvider) {
    let start = Instant::now();
    let error = llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.is_retryable());
    assert_eq!(start.elapsed(), ms(0));
}

#[provider_test]
async fn a_call_whose_latency_is_over_the_limit_times_out_at_once_and_claims_no_turn() {
    let latency = growing(ms(100), 0.5).timeout_over(ms(150));
    let turns = [reply("one"), reply("two"), reply("three").times(0..=1)];
    let scenario = script(turns).latency(latency);
    let llm = MockProvider::new(scenario);
    assert_eq!(
        (say(&llm, "1").await, say(&llm, "2").await),
        ("one".into(), "two".into())
    );
    let start = Instant::now();
    let error = llm.answer(ask("3")).await.expect_err("200 ms is too long");
    assert_eq!(
        (error.kind, &*error.message),
        (ErrorKind::Timeout, "the request timed out after 150ms")
    );
    assert!(error.is_retryable());
    let error = llm.answer_stream(ask("4")).await.expect_err("and 250 ms");
    assert_eq!((error.kind, start.elapsed()), (ErrorKind::Timeout, ms(0)));

    let turns: Vec<_> = llm.calls().iter().map(Call::turn).collect();
    assert_eq!(turns, [Some(0), Some(1), None, None]);
    assert_eq!(llm.calls()[3].outcome(), Some(&Outcome::Failed(error)));
    assert_eq!(llm.verify(), Ok(()), "a time-out does not fail the test");
    llm.reset();
    for answer in ["one", "two"] {
        assert_eq!(say(&llm, "again").await, answer);
    }
    assert_eq!(llm.calls()[1].ended_at(), Some(ms(250 + 100 + 150)));
}
