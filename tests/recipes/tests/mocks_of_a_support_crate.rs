//! Mocks of a support crate: the tests name `mock_core` by the path at which that crate re-exports it.

use support::mock_core::provider_test;
use support::{Busy, Llm as _, MockLlm};

#[provider_test(crate = support::mock_core)]
async fn the_third_call_is_answered(#[mock(Busy)] llm: MockLlm) {
    for _ in 0..2 {
        assert!(llm.complete("Hello").await.is_err());
    }
    assert_eq!(llm.complete("Hello").await.as_deref(), Ok("Hi."));
}

#[provider_test(crate = support::mock_core)]
async fn a_mock_in_place(#[mock(reply("Hi."))] llm: MockLlm) {
    assert_eq!(llm.complete("Hello").await.as_deref(), Ok("Hi."));
}
