//! The user's tokens are passed on unchanged: `cfg`, raw names, macros.

use mock_core::builder::*;
use mock_core::{MockProvider, mock_provider, provider_test};

mock_provider!(
    #[cfg(any())]
    NotThere,
    script = [reply("x")],
);

mock_provider!(
    Verbatim,
    script = [call(run {
        code: verbatim("{ x }")
    })]
);

#[provider_test]
async fn a_verbatim_text_in_arguments_is_not_a_template(llm: Verbatim) {
    let request = mock_core::Request::new("gpt-4o");
    let response = llm.answer(request).await.expect("an answer");
    let call = response.tool_calls().next().expect("a call");
    assert_eq!(call.arguments, r#"{"code":"{ x }"}"#);
}

#[test]
fn anonymous_mocks_are_equal_too() {
    let text = String::from("b {c}");
    let written = mock_provider!(
        plain,
        script = [call(run {
            code: verbatim(text)
        })]
    );
    let built = script([call("run", [("code", serde_json::json!("b {{c}}"))])]);
    let arguments =
        |scenario: &mock_core::scenario::Scenario| format!("{:?}", scenario.turns[0].actions);
    assert!(arguments(written.scenario()).contains("b {c}"));
    assert!(arguments(&built).contains("b {c}"));
    std::mem::forget::<MockProvider>(written);
}

#[test]
fn a_closure_is_reported_as_it_is_written() {
    let mock =
        mock_provider!(on(when(|request| request.messages[0].parts.len() == (1 + 1))).reply("x"));
    let report = mock.verify().expect_err("it was never used").to_string();
    let source = "when(|request| request.messages[0].parts.len() == (1 + 1))";
    assert!(report.contains(source), "{report}");
}
