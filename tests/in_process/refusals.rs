//! `refusal`: an answer in which the model refuses.

use mock_core::builder::*;
use mock_core::{FinishReason, MockProvider, Part, StreamEvent, provider_test};

use crate::helpers::{ask, streamed};

#[provider_test]
async fn a_refusal_comes_in_the_pieces_that_are_written_and_whole(
    #[mock(refusal(["I would", " rather not."]).every(20ms).times(2))] llm: MockProvider,
) {
    let turn = refusal(vec!["I would", " rather not."]).every(ms(20));
    let built = MockProvider::script([turn.times(2)]);
    for llm in [&llm, &built] {
        let (_, events) = streamed(llm, "hello").await;
        let expected = [
            StreamEvent::Refusal("I would".into()),
            StreamEvent::Refusal(" rather not.".into()),
        ];
        assert_eq!(events[..2], expected);
        let whole = llm.answer(ask("hello")).await.expect("an answer");
        let refusal = Part::Refusal("I would rather not.".into());
        assert_eq!(whole.message.parts, [refusal]);
        assert_eq!(whole.text(), "", "a refusal is not the text of the answer");
        assert_eq!(whole.finish_reason, Some(FinishReason::Stop));
    }
}

#[test]
fn a_refusal_has_at_least_one_piece() {
    let problem = script([refusal(Vec::<&str>::new())]);
    let problem = problem.check().expect_err("no pieces").to_string();
    assert!(problem.contains("its stream has no pieces"), "{problem}");
}
