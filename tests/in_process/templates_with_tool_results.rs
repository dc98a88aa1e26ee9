//! S6, S40: fields of tool results in templates.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{
    ErrorKind, Message, MockProvider, Part, Request, Role, ToolCall, ToolResult, mock_provider,
    provider_test,
};

use crate::helpers::{after_tool, ask, assert_says, llm, report};

/// What a turn says of the temperature.
async fn temperature(request: Request) -> String {
    let llm = mock_provider!(reply("{get_weather.temp}"));
    let response = llm.answer(request).await.expect("the field is there");
    response.text().into_owned()
}

#[provider_test]
async fn s06_a_field_is_of_the_newest_result_of_its_tool() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp":18}"#);
    assert_eq!(temperature(request.clone()).await, "18");
    let request = after_tool(request, "call_2", "get_weather", r#"{"temp":"mild"}"#);
    assert_eq!(temperature(request.clone()).await, "mild");
    let request = after_tool(request, "call_3", "get_time", r#"{"temp":99}"#);
    assert_eq!(temperature(request.user("And now?")).await, "mild");
}

#[provider_test]
async fn s06_the_newest_result_may_share_its_message_with_an_older_one() {
    let result = |call_id: &str, content: &str| Part::ToolResult(ToolResult::new(call_id, content));
    let results = vec![
        result("call_1", r#"{"temp":18}"#),
        result("call_2", r#"{"temp":21}"#),
    ];
    let calls = ["call_1", "call_2"].map(|id| ToolCall::new(id, "get_weather", "{}"));
    let request = ask("weather")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::new(Role::Tool, results));

    assert_eq!(temperature(request).await, "21");
}

#[provider_test]
async fn s40_results_of_one_tool_are_distinguished_in_the_order_of_its_calls() {
    let call = |id: &str, tool: &str| ToolCall::new(id, tool, "{}");
    let calls = [
        call("call_1", "get_weather"),
        call("call_2", "get_time"),
        call("call_3", "get_weather"),
    ];
    let earlier = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp":-1}"#);
    let request = earlier.with_message(Message::assistant("").with_tool_calls(calls));
    let results = [
        ("call_3", r#"{"temp":31}"#),
        ("call_2", r#"{"temp":99}"#),
        ("call_1", r#"{"temp":18}"#),
    ];
    let templates =
        "{get_weather[0].temp} {get_weather[1].temp} {get_time[0].temp} {get_weather.temp}";
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let results = order.map(|index| results[index]);
        let mut request = request.clone();
        for (id, result) in results {
            request = request.with_message(Message::tool(id, result));
        }
        // The newest is the one that comes last.
        let newest = results
            .iter()
            .rev()
            .find(|(id, _)| *id != "call_2")
            .expect("two are");
        let newest = if newest.0 == "call_1" { "18" } else { "31" };
        let llm = MockProvider::script([reply(template(templates)).times(2)]);
        let expected = format!("18 31 99 {newest}");
        let answer = llm.answer(request.clone()).await.expect("all are there");
        assert_eq!(answer.text(), expected);
        // A text of the user behind them changes nothing.
        let answer = llm
            .answer(request.user("Well?"))
            .await
            .expect("all are there");
        assert_eq!(answer.text(), expected);
    }
}

#[provider_test]
async fn s40_calls_without_ids_are_distinguished_too() {
    let calls =
        ["get_weather", "get_time", "get_weather"].map(|tool| ToolCall::new("", tool, "{}"));
    let request = ask("weather")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool_named("get_time", "{}"))
        .with_message(Message::tool_named("get_weather", r#"{"temp":18}"#))
        .with_message(Message::tool_named("get_weather", r#"{"temp":31}"#));
    let llm = mock_provider!(reply("{get_weather[0].temp} {get_weather[1].temp}"));
    assert_eq!(
        llm.answer(request).await.expect("both are there").text(),
        "18 31"
    );
}

#[test]
fn s40_an_index_without_a_result_is_a_mismatch() {
    let report = report(|test| {
        let llm = llm(test, [reply("{get_weather[1].temp}")]);
        test.drive(pin!(async {
            let request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp":18}"#);
            let error = llm.answer(request).await.expect_err("there is one result");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(
        &report,
        &[
            "`{get_weather[1].temp}` has no value",
            "which is `get_weather[0]`",
        ],
    );
}

#[test]
fn s06_a_field_that_is_not_there_is_a_mismatch_and_never_an_empty_text() {
    let report = report(|test| {
        let llm = llm(test, [reply("{get_weather.humidity}")]);
        test.drive(pin!(async {
            let request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp":18}"#);
            let error = llm.answer(request).await;
            let error = error.expect_err("there is no such field");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            assert_says(&error.message, &["`{get_weather.humidity}`"]);
        }));
    });
    assert_says(
        &report,
        &["turn 1", "`{get_weather.humidity}` has no value"],
    );
}

#[test]
fn s06_a_field_of_a_result_that_is_not_json_is_a_mismatch() {
    let report = report(|test| {
        let llm = llm(test, [reply("{get_weather.temp}")]);
        test.drive(pin!(async {
            let request = after_tool(ask("weather"), "call_1", "get_weather", "18 degrees");
            let error = llm.answer(request).await;
            error.expect_err("the result has no fields");
        }));
    });
    assert_says(&report, &["`{get_weather.temp}` has no value"]);
}

#[test]
fn s06_a_field_is_not_kept_from_an_earlier_request() {
    let report = report(|test| {
        let llm = llm(test, [reply("{get_weather.temp}").times(2)]);
        test.drive(pin!(async {
            let request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp":18}"#);
            llm.answer(request).await.expect("the field is there");
            let error = llm.answer(ask("weather")).await;
            error.expect_err("this request has no result");
        }));
    });
    assert_says(&report, &["call 2", "`{get_weather.temp}` has no value"]);
}
