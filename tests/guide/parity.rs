//! The scenarios of the documents without the macro: both make the same.

use mock_core::builder::*;
use mock_core::scenario::{After, Profile, Scenario};
use mock_core::{MockProvider, mock_provider};
use serde_json::json;

use super::driving::FrontDesk;
use super::grammar::{Clerk, Greeter};
use super::weather::Weather;

#[test]
fn the_weather_of_the_readme() {
    let turns = [
        on(user("weather in {city}"))
            .call("get_weather", [("city", "{city}"), ("unit", "celsius")]),
        fail(rate_limit().retry_after(secs(2))).times(2),
        on(tool_result("get_weather"))
            .stream(["It is ", "{get_weather.temp}", " °C in {city}."])
            .every(ms(20)),
    ];
    let get_weather = tool("get_weather")
        .arg("city", string())
        .arg("unit", optional(one_of(["celsius", "fahrenheit"])));
    let built = script(turns)
        .named("Weather")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .tools([get_weather]);

    assert_eq!(scenario_of(Weather::new().handle()), built);
}

#[test]
fn the_clerk_of_the_grammar() {
    let tools = [
        tool("find_order")
            .arg("number", integer())
            .arg("with_items", optional(boolean())),
        tool("refund")
            .arg("order", object([("number", integer()), ("note", string())]))
            .arg("reasons", list(one_of(["late", "broken"])))
            .arg("amount", number())
            .arg("extra", any_json()),
        tool("get_time"),
    ];
    let refund = [
        ("order", json!({ "note": "order {number}", "number": 42 })),
        ("reasons", json!(["late"])),
        ("amount", json!(9.5)),
        ("extra", json!(null)),
    ];
    let turns = [
        on(user("order {number:word}")).call("find_order", [("number", 42)]),
        on(tool_result("find_order"))
            .reply("One moment, please.")
            .call("refund", refund)
            .call("get_time", ()),
        on([tool_result("refund"), tool_result("get_time")]).reply("Done at {get_time.now}."),
    ];
    let built = script(turns)
        .named("Clerk")
        .profile(Profile::Anthropic)
        .model("claude-sonnet-4-5")
        .latency(ms(80)..ms(120))
        .tools(tools);

    assert_eq!(scenario_of(Clerk::new().handle()), built);
}

#[test]
fn constants_are_taken_as_they_are() {
    let text = "Hello, {name} is taken as it is.".to_owned();
    let built = script([reply(text).every(ms(20))]).named("Greeter");

    assert_eq!(scenario_of(Greeter::new().handle()), built);
}

#[test]
fn the_gate_and_the_driver_of_the_guide() {
    let gate = mock_provider!(
        reply("One moment, ")
            .gate("ready")
            .reply("please.")
            .named(greeting),
        driven("live"),
    );
    let turns = [
        reply("One moment, ")
            .gate("ready")
            .reply("please.")
            .named("greeting"),
        driven("live"),
    ];
    assert_eq!(scenario_of(gate), script(turns));
}

#[test]
fn the_front_desk_of_the_guide() {
    let rules = [
        on(user("order {number:word}")).reply("Order {number} is on its way."),
        on(any_of([user("hello"), user("hi")])).reply("Good morning."),
        on(when(|request| request.tools.is_empty())).reply("I can look nothing up."),
    ];
    let built = script([])
        .named("FrontDesk")
        .rules(rules)
        .otherwise(reply("Ask for an order."));
    assert_eq!(scenario_of(FrontDesk::new().handle()), built);
}

#[test]
fn every_modifier_and_fault() {
    let written = mock_provider!(
        on(user("a"), when(|_| true)).reply("b").times(2),
        stream(["a", "{user}"])
            .ttft(300ms)
            .times(0..=1)
            .cut_after(1),
        on(user("c"))
            .reasoning("hm")
            .reply("a")
            .times(1..)
            .end_after(all),
        refusal("no").stall_after(1s),
        reply("a b").error_after(
            1,
            server_error {
                message: "{model}",
                status: 503
            }
        ),
        call(a { b: true }).malformed_after(0),
        fail(quota { message: "empty" }),
        reply(verbatim("{}")).forever(),
    );
    let failure = server_error().message("{model}").status(503);
    let built = script([
        on([user("a"), when(|_| true)]).reply("b").times(2),
        stream(["a", "{user}"])
            .ttft(ms(300))
            .times(0..=1)
            .cut_after(1),
        on(user("c"))
            .reasoning("hm")
            .reply("a")
            .times(1..)
            .end_after(After::All),
        refusal("no").stall_after(secs(1)),
        reply("a b").error_after(1, failure),
        call("a", [("b", true)]).malformed_after(0),
        fail(quota().message("empty")),
        reply(verbatim("{}")).forever(),
    ]);

    assert_eq!(scenario_of(written), built);
}

/// What a mock plays. The mock itself is not to be verified.
fn scenario_of(mock: MockProvider) -> Scenario {
    let scenario = mock.scenario().clone();
    std::mem::forget(mock);
    scenario
}
