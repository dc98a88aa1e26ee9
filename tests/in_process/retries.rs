//! S17, S21: code that sends a request again after an error.

use std::pin::pin;

use agent::{Agent, AgentError, LlmError};
use examples::MockLlm;
use mock_core::builder::*;
use mock_core::{ErrorKind, Outcome, provider_test};

use crate::helpers::{assert_says, report};

#[test]
fn s17_a_retry_loop_does_not_make_several_of_one_mismatch() {
    let report = report(|test| {
        let llm: MockLlm = test.inject_mock("llm", script([on(user("a")).reply("A")]).into());
        test.drive(pin!(async {
            let error = Agent::new(llm.clone()).ask("b").await;
            let error = error.expect_err("it is not scripted");
            assert!(
                matches!(
                    error,
                    AgentError::Llm(LlmError::Rejected { status: 400, .. })
                ),
                "{error:?}"
            );
            assert_eq!(llm.calls().len(), 1);
        }));
    });
    assert_says(&report, &["call 1 does not fit turn 1"]);
}

#[provider_test]
async fn s21_each_attempt_is_a_call(
    #[mock(fail(overloaded { retry_after: 2s }).times(2), reply("At last."))] llm: MockLlm,
) -> anyhow::Result<()> {
    let answer = Agent::new(llm.clone()).ask("hello").await?;
    assert_eq!(answer.text, "At last.");

    let calls = llm.calls();
    let turns: Vec<_> = calls
        .iter()
        .map(|call| (call.number(), call.turn()))
        .collect();
    assert_eq!(turns, [(1, Some(0)), (2, Some(0)), (3, Some(1))]);
    assert_eq!(
        calls[1].error().map(|error| error.kind),
        Some(ErrorKind::Overloaded)
    );
    assert_eq!(calls[2].outcome(), Some(&Outcome::Completed));
    llm.assert_waited_retry_after();
    Ok(())
}
