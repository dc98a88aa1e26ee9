//! S26: the same seed draws the same random latencies and time-outs.

use mock_core::builder::*;
use mock_core::provider_test;

use crate::helpers::{any_calls, took};

#[provider_test]
async fn s26_the_same_seed_draws_the_same_latencies_whatever_the_mock_is_called() {
    let scenario = || any_calls().latency(ms(80)..ms(120));
    let pinned = took(scenario().seed(42), 3).await;
    assert_eq!(pinned, took(scenario().seed(42).named("other"), 3).await);
    assert_ne!(pinned, took(scenario().seed(43), 3).await);
    assert_ne!(pinned, took(scenario(), 3).await);
}

#[provider_test]
async fn s26_which_calls_time_out_by_chance_depends_on_the_seed_and_the_number() {
    let scenario = |seed, limit| {
        let latency = mock_core::scenario::Latency::from(ms(80)..ms(120));
        any_calls()
            .seed(seed)
            .latency(latency.timeout_over(ms(limit)))
    };
    let all = took(scenario(7, 120), 40).await;
    let some = took(scenario(7, 100), 40).await;
    let expected: Vec<_> = all
        .iter()
        .map(|took| took.filter(|took| *took <= ms(100)))
        .collect();
    assert_eq!(some, expected);
    assert!(some.contains(&None) && some.iter().any(Option::is_some));
    assert_ne!(all, took(scenario(8, 120), 40).await);
}
