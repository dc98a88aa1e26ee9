//! S63: the models of a mock.

use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{Allow, EmbeddingRequest, ErrorKind, MockProvider, Outcome, Request};

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

/// Asks the mock of this scenario for this model, and returns whether it answers. The test of another mock would fail.
async fn answers(scenario: Scenario, model: &str) -> bool {
    let llm = MockProvider::new(scenario.allow(Allow::NONE.with_unused_turns()));
    let answer = llm.answer(Request::new(model).user("hello")).await;
    assert_eq!(answer.is_ok(), llm.verify().is_ok(), "{model}");
    llm.reset();
    answer.is_ok()
}

#[mock_core::provider_test]
async fn s63_a_turn_answers_for_the_mocks_own_model_alone() {
    let own = || script([reply("one")]).model("gpt-4o");
    assert!(answers(own(), "gpt-4o").await);
    assert!(answers(own(), "").await, "it names none");
    for other in ["gpt-4", "gpt-4o-mini", "GPT-4o", "claude-sonnet-4-5"] {
        assert!(!answers(own(), other).await, "{other}");
        assert!(answers(script([reply("one")]), other).await, "{other}");
        let failing = script([fail(overloaded())]).model("gpt-4o");
        assert!(!answers(failing, other).await, "{other}");
        for elsewhere in [
            script([]).rules([reply("one")]),
            script([]).otherwise(reply("one")),
            lanes([lane([], [reply("one")])]),
        ] {
            assert!(!answers(elsewhere.model("gpt-4o"), other).await, "{other}");
        }
    }
}

#[mock_core::provider_test]
async fn s63_a_scenario_can_name_further_models() {
    for (scenario, is_answered) in [
        (script([reply("one")]).models(["gpt-4o", "o3"]), true),
        (script([on(model("o*")).reply("one")]), true),
        (script([on(not(model("o4"))).reply("one")]), true),
        (script([]).rules([on(model("o3")).reply("one")]), true),
        (lanes([lane(model("o3"), [reply("one")])]), true),
        (script([reply("one")]).per(Per::Model), true),
        (script([reply("one")]).per(model("{name}")), true),
        (
            script([]).rules([on(model("o4")).reply("a"), reply("one")]),
            false,
        ),
        (script([reply("one")]).per(Per::Conversation), false),
    ] {
        let scenario = scenario.model("gpt-4o");
        let source = format!("{scenario:?}");
        assert_eq!(answers(scenario, "o3").await, is_answered, "{source}");
    }
}

#[mock_core::provider_test]
async fn s63_embeddings_are_of_any_model() {
    let llm = MockProvider::new(script([embed()]).model("gpt-4o"));
    let request = EmbeddingRequest::new("text-embedding-3-small").with_input("hello");
    llm.answer_embedding(request).await.expect("a vector");
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
