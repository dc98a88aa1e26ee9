//! S25: each argument of a test is an instance of its own, also if it is a reference or an `Arc`.

use std::pin::pin;
use std::sync::Arc;

use examples::MockLlm;
use mock_core::{MockProvider, ProviderError, mock_provider, provider_test};

use crate::helpers::{assert_says, report, say, *};

#[provider_test]
async fn s25_each_argument_is_an_instance_of_its_own(
    one: Greeter,
    #[mock(Greeter)] other: MockLlm,
) {
    assert_eq!(say(&one, "hello").await, "Hi.");
    assert!(other.calls().is_empty());
    assert_eq!(say(&other, "hello").await, "Hi.");
}

#[provider_test]
async fn s25_a_reference_is_an_instance_like_any_other(
    declared: &Greeter,
    #[mock(reply("Hello."))] anonymous: &MockLlm,
) {
    assert_eq!(say(declared, "hello").await, "Hi.");
    assert_eq!(say(anonymous, "hello").await, "Hello.");
}

#[provider_test]
async fn s25_an_arc_is_an_instance_like_any_other(
    declared: Arc<Greeter>,
    #[mock(reply("Hello."))] anonymous: Arc<MockProvider>,
    both: &Arc<Greeter>,
) {
    assert_eq!(say(&declared, "hello").await, "Hi.");
    assert_eq!(say(&anonymous, "hello").await, "Hello.");
    assert_eq!(say(both, "hello").await, "Hi.");
}

#[test]
fn s25_an_arc_is_verified_with_the_test() {
    let report = report(|test| {
        let llm = test.inject::<Arc<Greeter>>("llm");
        test.drive(pin!(async { drop(llm) }));
    });
    assert_says(&report, &["`llm: Greeter`", "turn 1 was never used"]);
}

#[provider_test]
async fn s25_a_clone_shares_script_and_journal(llm: Optional) {
    let clone = llm.clone();
    assert_eq!(say(&llm, "hello").await, "first");
    assert_eq!(say(&clone, "hello").await, "second");
    assert_eq!((llm.calls().len(), clone.calls().len()), (2, 2));
}

#[provider_test]
async fn s25_new_is_another_instance(llm: Optional) -> Result<(), ProviderError> {
    let new = Optional::new();
    assert_eq!(say(&llm, "hello").await, "first");
    assert_eq!(say(&new, "hello").await, "first");
    assert_eq!((llm.calls().len(), new.calls().len()), (1, 1));
    Ok(())
}

mock_provider!(Greeter, script = [reply("Hi.")]);

mock_provider!(
    Optional,
    script = [reply("first").times(0..=1), reply("second").times(0..=1)]
);

#[provider_test]
async fn one_instance_in_an_arc(llm: Arc<Greeter>) {
    let task = tokio::spawn({
        let llm = Arc::clone(&llm);
        async move { llm.answer(ask("hello")).await }
    });
    task.await.expect("the task ends").expect("an answer");
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn an_arc_of_ones_own_type(#[mock(reply("Hi."))] llm: Arc<examples::MockLlm>) {
    let agent = agent::Agent::new(Arc::clone(&llm));
    assert_eq!(agent.ask("Hello").await.expect("an answer").text, "Hi.");
    assert_eq!(llm.calls().len(), 1);
}
