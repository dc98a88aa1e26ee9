//! S4, S40: results of a tool that do not have the shape that the tool declares with `returns`.

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, provider_test};

use crate::helpers::{after_tool, ask, assert_says};

/// A mock whose tool returns a temperature, and which reads it.
fn weather() -> Scenario {
    let tool = tool("get_weather").returns(object([("temp", number())]));
    script([on(tool_result("get_weather")).reply("{get_weather.temp} °C")]).tools([tool])
}

fn returned(result: &str) -> Request {
    after_tool(ask("warm?"), "call_1", "get_weather", result)
}

/// The error of a call with this result, which takes no time.
fn rejected(llm: &MockProvider, result: &str) -> ProviderError {
    let answer = llm.answer(returned(result)).now_or_never();
    answer.expect("no time is in it").expect_err("a miss")
}

#[provider_test]
async fn s04_a_result_that_fits_what_its_tool_returns_is_taken() {
    let llm = MockProvider::new(weather());
    let answer = llm.answer(returned(r#"{"temp": 18, "more": 1}"#)).await;
    assert_eq!(answer.expect("it fits").text(), "18 °C");
}

#[test]
fn s04_a_result_that_does_not_fit_what_its_tool_returns_is_a_miss() {
    for (result, reason) in [
        (r#"{"temp": "warm"}"#, "`temp` is not a number"),
        (r#"{"heat": 18}"#, "`temp` is missing"),
        ("warm", "it is not JSON"),
        ("[18]", "it is not an object"),
    ] {
        for scenario in [
            weather(),
            script([])
                .tools(weather().tools.into_owned())
                .rules(weather().turns.into_owned()),
        ] {
            let llm = MockProvider::new(scenario);
            let error = rejected(&llm, result);
            assert_eq!(error.kind, ErrorKind::Unscripted);
            let report = llm.verify().expect_err("a miss").to_string();
            assert_says(&report, &["get_weather", reason]);
        }
    }
}

#[provider_test]
async fn s04_a_result_that_is_an_error_need_not_fit() {
    let mut request = returned("no such city");
    for part in request
        .messages
        .iter_mut()
        .flat_map(|message| &mut message.parts)
    {
        if let mock_core::Part::ToolResult(result) = part {
            result.is_error = true;
        }
    }
    let tools = weather().tools.into_owned();
    let llm = MockProvider::new(script([on(tool_result("get_weather")).reply("Oh.")]).tools(tools));
    assert_eq!(
        llm.answer(request).await.expect("it is taken").text(),
        "Oh."
    );
}

#[test]
fn s04_a_result_that_does_not_fit_is_not_absent() {
    let tools = weather().tools.into_owned();
    let absent = on(not(tool_result("get_weather"))).reply("no result");
    let llm = MockProvider::new(script([absent]).tools(tools));
    let error = rejected(&llm, "warm");
    assert_eq!(error.kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["it is not JSON"]);
}

#[test]
fn s04_any_of_reports_the_result_that_does_not_fit() {
    let either = any_of([tool_result("get_weather"), user("hello")]);
    let tools = weather().tools.into_owned();
    let llm = MockProvider::new(script([]).rules([on(either).reply("Oh.")]).tools(tools));
    assert_eq!(rejected(&llm, "warm").kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["does not fit rule 1", "it is not JSON"]);
}

#[test]
fn s40_all_of_reports_the_result_that_does_not_fit() {
    let both = all_of([tool_result("get_weather"), user("hello")]);
    let tools = weather().tools.into_owned();
    let llm = MockProvider::new(script([]).rules([on(both).reply("Oh.")]).tools(tools));
    assert_eq!(rejected(&llm, "warm").kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["does not fit rule 1", "it is not JSON"]);
}
