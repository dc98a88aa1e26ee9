//! The scenarios of the README and of the guide, built without the macro.

use crate::code_of_grammar::{Greeter, Guide, built_guide};
use crate::code_of_readme::Weather;
use crate::code_of_scenarios_embeddings::Shelf;
use crate::code_of_scenarios_gates_and_drivers::FrontDesk;
use crate::code_of_scenarios_lanes::{Chat, Crew, Session};
use mock_core::builder::*;
use mock_core::scenario::{After, Profile};
use mock_core::{
    Message, MockProvider, Request, Response, ToolDefinition, mock_provider, provider_test,
};
use tests::Played;

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

    assert_eq!(Played::by(Weather::new().handle()), built);
}

#[test]
fn the_lanes_of_the_guide() {
    let built = lanes([
        lane(
            system("You plan"),
            [reply("First, read the parser."), reply("Then fix it.")],
        ),
        lane(system("You write code"), [reply("Fixed.")]),
    ]);
    assert_eq!(Played::by(Crew::new().handle()), built.named("Crew"));

    let built = script([
        on(user("I am {name:word}")).reply("Hello, {name}."),
        on(user("who am I")).reply("You are {name}."),
    ]);
    let built = built.named("Chat").per(Per::Conversation);
    assert_eq!(Played::by(Chat::new().handle()), built);

    let built = script([
        call("get_weather", [("city", "Oslo")]).id("call_7"),
        call("get_weather", [("city", "Rome")])
            .id("call_{call}")
            .times(2),
        fail(generic().code("session_expired")),
    ]);
    assert_eq!(Played::by(Session::new().handle()), built.named("Session"));
}

#[provider_test]
async fn the_calls_of_the_guide(declared: Guide) {
    let tools = ["get-weather", "web_search"].map(ToolDefinition::new);
    let request = Request::new("gpt-4o")
        .user("Plan a trip to Oslo.")
        .with_tools(tools);
    let built = MockProvider::new(built_guide());
    let one = declared.answer(request.clone()).await.expect("an answer");
    let other = built.answer(request.clone()).await.expect("an answer");

    let keys = |response: &Response| {
        let calls = response.tool_calls();
        calls
            .map(|call| call.json::<serde_json::Value>().expect("JSON"))
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&one), keys(&other));
    for (mock, response) in [(declared.handle(), one), (built, other)] {
        let calls = response.tool_calls();
        let results: Vec<_> = calls
            .map(|call| Message::tool(&call.id, r#"{"temp": 3}"#))
            .collect();
        let request = request
            .clone()
            .with_message(response.message)
            .with_messages(results);
        let last = mock.answer(request).await.expect("an answer");
        assert_eq!(last.text(), "3 °C.");
    }
}

#[test]
fn constants_are_taken_as_they_are() {
    let text = "Hello, {name} is taken as it is.".to_owned();
    let built = script([reply(text).every(ms(20))]).named("Greeter");

    assert_eq!(Played::by(Greeter::new().handle()), built);
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
    assert_eq!(Played::by(gate), script(turns));
}

/// The mocks that tests of the documents take as arguments.
#[test]
fn tokens_before_an_argument() {
    let greets = mock_provider!(on(user("Greet {name}.")).reply("Hi, {name}!"));
    let built = script([on(user("Greet {name}.")).reply("Hi, {name}!")]);
    assert_eq!(Played::by(greets), built);

    let fails = mock_provider!(fail(timeout));
    assert_eq!(Played::by(fails), script([fail(timeout())]));

    let turns = mock_provider!(
        on(user("hello")).reply("Hello to you."),
        stream(["You said: ", "{user}"]).ttft(300ms).every(20ms),
        on(when(|request| request.temperature == Some(0.0)))
            .reply("{{sure}}")
            .times(2),
        fail(overloaded {
            message: "too busy for {model}",
            retry_after: 2s,
            status: 529
        })
        .times(0..=1),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    );
    let busy = overloaded()
        .message("too busy for {model}")
        .retry_after(secs(2))
        .status(529);
    let built = script([
        on(user("hello")).reply("Hello to you."),
        stream(["You said: ", "{user}"]).ttft(ms(300)).every(ms(20)),
        on(when(|request| request.temperature == Some(0.0)))
            .reply("{{sure}}")
            .times(2),
        fail(busy).times(0..=1),
        reply(verbatim("{\"as\": \"it is\"}")).forever(),
    ]);
    assert_eq!(Played::by(turns), built);
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
    assert_eq!(Played::by(FrontDesk::new().handle()), built);
}

#[test]
fn the_embeddings_of_the_guide() {
    let rules = [
        on(model("text-embedding-*")).embed(),
        reply("Ask me about the weather."),
    ];
    let built = script([]).named("Shelf").rules(rules);
    assert_eq!(Played::by(Shelf::new().handle()), built);
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

    assert_eq!(Played::by(written), built);
}
