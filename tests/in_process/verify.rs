//! S20: `verify()`, and what the last handle of a mock says after it.

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, provider_test};

use crate::helpers::{ask, assert_says, panic_of, say};

#[provider_test]
async fn s20_verify_works_at_any_time(#[mock(reply("Hi."))] llm: MockProvider) {
    let report = llm.verify().expect_err("the turn is still to come");
    assert_says(&report.to_string(), &["`llm`", "turn 1 was never used"]);
    say(&llm, "hello").await;
    assert!(llm.verify().is_ok());
}

#[test]
fn s20_the_last_handle_does_not_repeat_the_report_of_verify() {
    let mock = MockProvider::script([reply("unused")]);
    let report = mock.verify().expect_err("a turn is left over");
    assert_says(&report.to_string(), &["turn 1 was never used"]);
    assert_eq!(panic_of(|| drop(mock)), None);
}

#[test]
fn s20_the_last_handle_reports_problems_after_verify() {
    let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
    mock.verify().expect_err("a turn is left over");
    let _ = mock.answer(ask("goodbye")).now_or_never();
    let on_drop = panic_of(|| drop(mock));
    assert_says(
        &on_drop.unwrap_or_default(),
        &["call 1 does not fit turn 1"],
    );
}
