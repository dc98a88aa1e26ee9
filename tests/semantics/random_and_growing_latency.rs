//! S7, S9, S26: latency drawn from a range or set by the number of the call, and calls that fail because of it.

use mock_core::builder::*;
use mock_core::provider_test;

use crate::helpers::{any_calls, took};

#[provider_test]
async fn s09_a_growing_latency_grows_by_a_share_of_the_first() {
    let took = took(any_calls().latency(growing(ms(100), 0.10)), 4).await;
    assert_eq!(took, [100, 110, 120, 130].map(|millis| Some(ms(millis))));
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
