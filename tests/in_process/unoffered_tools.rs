//! S22: calls of tools that the request does not offer.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, ProviderError, mock_provider, provider_test};

use crate::helpers::{ask, assert_says, llm, outcome, report};
use crate::rules::mock;

#[provider_test]
async fn s22_a_tool_that_the_request_offers_is_called(llm: Weather) -> Result<(), ProviderError> {
    let request = ask("weather").with_tools(llm.tool_definitions());
    let response = llm.answer(request).await?;
    let calls: Vec<_> = response.tool_calls().map(|call| &*call.name).collect();
    assert_eq!(calls, ["get_weather"]);
    Ok(())
}

#[test]
fn s22_a_call_of_a_declared_tool_that_is_not_offered_is_a_mismatch() {
    let report = report(|test| {
        let llm = test.inject::<Weather>("llm");
        test.drive(pin!(async {
            let error = llm
                .answer(ask("weather"))
                .await
                .expect_err("nothing is offered");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 1", "turn 1", "calls `get_weather`"]);
}

#[test]
fn s22_one_of_several_calls_that_is_not_offered_is_enough() {
    let report = report(|test| {
        let scenario = script([call("get_weather", ()).call("get_time", ())])
            .tools([tool("get_weather"), tool("get_time")]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let offered = llm.tool_definitions().into_iter().take(1);
            let error = llm.answer(ask("both").with_tools(offered)).await;
            let error = error.expect_err("the second tool is not offered");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["calls `get_time`", "only `get_weather`"]);
}

#[test]
fn s22_a_tool_that_is_not_declared_need_not_be_offered() {
    let passed = outcome(false, |test| {
        let llm = llm(test, [call("get_weather", [("city", "Paris")])]);
        test.drive(pin!(async {
            let response = llm
                .answer(ask("weather"))
                .await
                .expect("no tool is declared");
            assert_eq!(response.tool_calls().count(), 1);
        }));
    });
    assert_eq!(passed, Ok(()));
}

#[provider_test]
async fn s22_a_script_that_allows_it_calls_tools_that_are_not_offered() {
    let scenario = script([call("get_time", ())]).tools([tool("get_time")]);
    let llm = mock(scenario.allow(mock_core::Allow::NOTHING.with_unoffered_tools()));
    let answer = llm.answer(ask("time?")).await.expect("it is allowed");
    assert_eq!(answer.tool_calls().count(), 1);
}

mock_provider!(
    Weather,
    tools = [get_weather { city: string }],
    script = [call(get_weather { city: "Paris" })],
);
