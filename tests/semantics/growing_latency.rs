//! S9: latency that grows with the number of the call.

use mock_core::builder::*;
use mock_core::provider_test;

use crate::helpers::{any_calls, took};

#[provider_test]
async fn s09_a_growing_latency_grows_by_a_share_of_the_first() {
    let took = took(any_calls().latency(growing(ms(100), 0.10)), 4).await;
    assert_eq!(took, [100, 110, 120, 130].map(|millis| Some(ms(millis))));
}
