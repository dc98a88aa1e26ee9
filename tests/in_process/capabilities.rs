//! S23: the capabilities of a mock: tools, streams and other things that requests may ask for.

use mock_core::builder::*;
use mock_core::{
    Capabilities, ErrorKind, MockProvider, Outcome, Provider as _, ProviderError, Request,
};

use crate::helpers::{ask, assert_says, outcome, say};

fn mock(capabilities: Capabilities) -> MockProvider {
    let turns = [reply("one"), reply("two")];
    MockProvider::new(script(turns).capabilities(capabilities))
}

fn with_tools() -> Request {
    ask("hello").with_tools([tool("get_time").definition()])
}

fn assert_rejected(error: &ProviderError, capability: &str) {
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(!error.is_retryable());
    assert_says(&error.message, &["capabilities", capability]);
}

#[mock_core::provider_test]
async fn s23_requests_beyond_the_capabilities_are_rejected_and_claim_no_turn() {
    let llm = mock(Capabilities::NONE);
    let error = llm.answer_stream(ask("hello")).await;
    assert_rejected(&error.expect_err("it does not stream"), "`streaming`");
    let error = llm.answer(with_tools()).await;
    assert_rejected(&error.expect_err("it takes no tools"), "`tools`");

    assert_eq!(say(&llm, "hello").await, "one");
    assert_eq!(say(&llm, "hello").await, "two");
    let calls = llm.calls();
    assert_eq!(calls.len(), 4);
    assert!(
        calls
            .iter()
            .take(2)
            .all(|call| call.answered_by().is_none())
    );
    assert!(
        matches!(calls[0].outcome(), Some(Outcome::Failed(error)) if error.kind == ErrorKind::Unsupported)
    );
}

#[test]
fn s23_a_rejection_does_not_fail_the_test() {
    let passed = outcome(false, |test| {
        let scenario = script([reply("one")]).capabilities(Capabilities::NONE);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(std::pin::pin!(async {
            let error = llm.answer_stream(ask("hello")).await;
            assert_rejected(&error.expect_err("it does not stream"), "`streaming`");
            say(&llm, "hello").await;
        }));
    });
    assert_eq!(passed, Ok(()));
}

#[mock_core::provider_test]
async fn s23_requests_within_the_capabilities_are_answered() {
    let llm = mock(Capabilities::NONE.with_tools());
    llm.answer(with_tools()).await.expect("it takes tools");
    assert!(llm.answer_stream(with_tools()).await.is_err());
    llm.answer(ask("hello")).await.expect("tools need not be");

    let llm = mock(Capabilities::NONE.with_streaming());
    assert!(llm.answer_stream(with_tools()).await.is_err());
    for _ in 0..2 {
        drop(llm.answer_stream(ask("hello")).await.expect("it streams"));
    }
}

#[mock_core::provider_test]
async fn a_provider_returns_its_name_and_its_capabilities() {
    let one = |scenario| MockProvider::new(scenario);
    let turns = || script([reply("Hi.").times(0..)]);
    let llm = one(turns().profile(mock_core::scenario::Profile::Anthropic));
    assert_eq!(
        (llm.name(), llm.capabilities()),
        ("anthropic", Capabilities::ALL)
    );

    let llm = one(script([fail(auth())])
        .provider("house")
        .capabilities(Capabilities::NONE));
    assert_eq!(
        (llm.name(), llm.capabilities()),
        ("house", Capabilities::NONE)
    );
    let error = llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.provider.as_deref(), Some("house"));
    let error = llm.answer(with_tools()).await.expect_err("it is rejected");
    assert_eq!(error.provider.as_deref(), Some("house"));
}
