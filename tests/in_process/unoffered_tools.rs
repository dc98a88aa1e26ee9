//! S22: calls of tools that the request does not offer, or offers with other arguments.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{
    ErrorKind, MockProvider, ProviderError, ToolDefinition, mock_provider, provider_test,
};
use serde_json::{Map, json};

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
    let llm = mock(scenario.allow(mock_core::Allow::NONE.with_unoffered_tools()));
    let answer = llm.answer(ask("time?")).await.expect("it is allowed");
    assert_eq!(answer.tool_calls().count(), 1);
}

/// A scenario that calls a tool with the argument `city`, and may have `unit`.
fn calls_for_a_city() -> mock_core::scenario::Scenario {
    let arguments = [("city", "Paris")];
    let declared = tool("get_weather")
        .arg("city", string())
        .arg("unit", optional(string()));
    script([call("get_weather", arguments)]).tools([declared])
}

#[provider_test]
async fn s22_a_tool_is_called_only_with_arguments_of_the_schema_that_is_offered() {
    let closed = |properties: &[&str], required: &[&str]| {
        let properties: Map<_, _> = properties
            .iter()
            .map(|name| (name.to_string(), json!({ "type": "string" })))
            .collect();
        json!({ "type": "object", "properties": properties, "required": required })
    };
    let mut open = closed(&["location"], &[]);
    open["additionalProperties"] = json!(true);
    for (schema, says) in [
        (closed(&["city"], &["city"]), None),
        (closed(&["city", "unit", "days"], &["city", "unit"]), None),
        (open, None),
        (closed(&[], &[]), None),
        (json!({}), None),
        (json!(null), None),
        (json!({ "$ref": "#/$defs/Weather" }), None),
        (
            closed(&["location", "unit"], &["location"]),
            Some(("its `get_weather` has no `city`", "with `location`, `unit`")),
        ),
        (
            closed(&["city", "days"], &["city", "days"]),
            Some((
                "its `get_weather` requires `days`",
                "declare and call `get_weather` with `days`",
            )),
        ),
    ] {
        let llm = MockProvider::new(calls_for_a_city());
        let offered = ToolDefinition::new("get_weather").with_parameters(schema.clone());
        let request = ask("weather").with_tool(offered);
        let answer = llm.answer(request.clone()).await;
        let Some((brief, more)) = says else {
            assert!(answer.is_ok(), "{schema}: {answer:?}");
            continue;
        };
        assert!(answer.is_err(), "{schema}");
        let report = llm.verify().expect_err("a mismatch").to_string();
        let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_says(&report, &[brief, more]);
        llm.reset();
        let allow = mock_core::Allow::NONE.with_unoffered_tools();
        let lax = MockProvider::new(calls_for_a_city().allow(allow));
        assert!(lax.answer(request.clone()).await.is_ok());
        let right = ToolDefinition::new("get_weather");
        assert!(llm.answer(ask("weather").with_tool(right)).await.is_ok());
    }
}

/// So a turn with `has_tool` does not hide the turn behind it.
#[provider_test]
async fn s22_a_turn_is_reached_behind_one_that_calls_with_other_arguments() {
    let declared = || tool("get_weather").arg("city", string());
    let calls = || on(has_tool("get_weather")).call("get_weather", json!({ "city": "Paris" }));
    let builder = script([
        calls().forever(),
        on(has_tool("get_weather")).reply("I need a city."),
    ])
    .tools([declared()]);
    let rules = script([])
        .tools([declared()])
        .rules([calls(), on(has_tool("get_weather")).reply("I need a city.")]);
    for mock in [
        MockProvider::new(builder),
        MockProvider::new(rules),
        MockProvider::clone(&Late::new()),
    ] {
        let schema = json!({ "properties": { "location": {} } });
        let other = ToolDefinition::new("get_weather").with_parameters(schema);
        let same = ToolDefinition::new("get_weather");
        let answer = mock.answer(ask("weather").with_tool(same)).await;
        assert_eq!(answer.unwrap().tool_calls().count(), 1);
        let answer = mock.answer(ask("weather").with_tool(other)).await;
        assert_eq!(answer.unwrap().text(), "I need a city.");
    }
}

mock_provider!(
    Late,
    tools = [get_weather { city: string }],
    script = [
        on(has_tool(get_weather))
            .call(get_weather { city: "Paris" })
            .forever(),
        on(has_tool(get_weather)).reply("I need a city."),
    ],
);

#[provider_test]
async fn s22_raw_arguments_need_not_fit_the_schema_that_is_offered(
    #[mock(
        tools = [get_weather { city: string }],
        script = [call(get_weather.raw("{\"city\": \"Par"))],
    )]
    llm: MockProvider,
) {
    let schema = json!({ "type": "object", "properties": { "location": { "type": "string" } } });
    let offered = ToolDefinition::new("get_weather").with_parameters(schema);
    let answer = llm.answer(ask("weather").with_tool(offered)).await;
    assert!(answer.is_ok(), "{answer:?}");
}

mock_provider!(
    Weather,
    tools = [get_weather { city: string }],
    script = [call(get_weather { city: "Paris" })],
);
