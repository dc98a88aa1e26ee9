//! S63: the models of a mock.

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, Outcome, Request};

use crate::helpers::{assert_says, say};

#[mock_core::provider_test]
async fn s63_a_request_for_another_model_claims_no_turn() {
    let llm = MockProvider::new(script([reply("one")]).models(["gpt-4o", "o3"]));
    let error = llm.answer(Request::new("gpt-5").user("hello")).await;
    let error = error.expect_err("there is no such model");
    assert_eq!((error.kind, error.status), (ErrorKind::NotFound, Some(404)));
    assert_says(&error.message, &["`gpt-5`", "`gpt-4o`, `o3`"]);

    assert_eq!(say(&llm, "hello").await, "one");
    let calls = llm.calls();
    assert_eq!((calls.len(), calls[0].answered_by().is_none()), (2, true));
    assert!(
        matches!(calls[0].outcome(), Some(Outcome::Failed(error)) if error.kind == ErrorKind::NotFound)
    );
}

#[mock_core::provider_test]
async fn s63_a_request_that_names_no_model_is_answered() {
    let llm = MockProvider::new(script([reply("one")]).models(["gpt-4o"]));
    let answer = llm.answer(Request::default().user("hello")).await;
    assert_eq!(answer.expect("it is answered").text(), "one");
}

#[test]
fn s63_models_that_cannot_be_meant_are_errors() {
    let own = script([reply("one")]).model("o3").models(["gpt-4o"]);
    for (scenario, says) in [
        (
            script([reply("one")]).models([] as [&str; 0]),
            "its list of models is empty",
        ),
        (
            script([reply("one")]).models(["a", "a"]),
            "the model `a` is given twice",
        ),
        (
            script([reply("one")]).models([""]),
            "the name of a model is empty",
        ),
        (own, "its own model `o3` is not one of its `models`"),
    ] {
        let error = scenario.check().expect_err("it cannot be played");
        assert_says(&error.to_string(), &[says]);
    }
}
