//! `reasoning`: the reasoning of the model, before its answer.

use mock_core::builder::*;
use mock_core::{MockProvider, Part, Reasoning, StreamEvent, provider_test};

use crate::helpers::{ask, streamed};

#[provider_test]
async fn reasoning_comes_in_the_pieces_that_are_written_and_whole(
    #[mock(reasoning(["Let me", " see {user}."]).signature("c2ln").reply("Yes.").times(2))]
    llm: MockProvider,
) {
    let turn = reasoning(["Let me", " see {user}."])
        .signature("c2ln")
        .reply("Yes.");
    let built = MockProvider::script([turn.times(2)]);
    for llm in [&llm, &built] {
        let (_, events) = streamed(llm, "hello").await;
        let expected = [
            StreamEvent::Reasoning("Let me".into()),
            StreamEvent::Reasoning(" see hello.".into()),
            StreamEvent::ReasoningSignature("c2ln".into()),
            StreamEvent::Text("Yes.".into()),
        ];
        assert_eq!(events[..4], expected);
        let whole = llm.answer(ask("hello")).await.expect("an answer");
        let [Part::Reasoning(reasoning), Part::Text(text)] = &whole.message.parts[..] else {
            panic!("{whole:?}");
        };
        assert_eq!(reasoning.text, "Let me see hello.");
        assert_eq!(reasoning.signature.as_deref(), Some("c2ln"));
        assert_eq!(text, "Yes.");
    }
}

#[test]
fn reasoning_has_at_least_one_piece() {
    let problem = script([reasoning(Vec::<&str>::new()).reply("x")]);
    let problem = problem.check().expect_err("no pieces").to_string();
    assert!(problem.contains("its stream has no pieces"), "{problem}");
}

#[provider_test]
async fn a_scripted_signature_seals_the_reasoning_before_it() {
    let turn = reasoning("Hm.").signature("{call}").reply("Yes.").times(2);
    let llm = MockProvider::script([turn]);
    for call in ["1", "2"] {
        let parts = match call {
            "1" => {
                llm.answer(ask("hello"))
                    .await
                    .expect("an answer")
                    .message
                    .parts
            }
            _ => streamed(&llm, "hello").await.0.message.parts,
        };
        let sealed = Reasoning::new("Hm.").with_signature(call);
        assert_eq!(parts, [Part::Reasoning(sealed), Part::Text("Yes.".into())]);
    }
}
