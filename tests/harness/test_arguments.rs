//! The arguments of a test: how they are made, and an argument that cannot be made.

use std::borrow::Cow;
use std::sync::Arc;

use mock_core::builder::script;
use mock_core::{FromMock, MockProvider, provider_test};
use tests::private::{TestSpec, run};

use crate::helpers::*;

/// What cannot be made.
struct Broken;

impl FromMock for Broken {
    type Error = &'static str;

    fn from_mock(_: MockProvider) -> Result<Self, &'static str> {
        Err("no such device")
    }
}

#[test]
#[should_panic(expected = "the argument `device` cannot be made from its mock: no such device")]
fn an_argument_that_cannot_be_made_fails_the_test_with_its_reason() {
    static BROKEN: TestSpec = TestSpec {
        body: |test| {
            test.inject_mock::<Broken>("device", Cow::Owned(script([])));
        },
        ..TestSpec::EMPTY
    };
    run(&BROKEN);
}

#[provider_test]
async fn one_instance_in_an_arc(llm: Arc<Greeter>) {
    let task = tokio::spawn({
        let llm = Arc::clone(&llm);
        async move { llm.answer(ask()).await }
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
