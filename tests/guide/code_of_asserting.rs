//! The code of `docs/asserting.md`.

use agent::Agent;
use examples::MockLlm;
use mock_core::builder::*;
use mock_core::scenario::Profile;
use mock_core::{Message, ProviderError, Request, ToolCall, mock_provider, provider_test};
use serde_json::{Value, json};
use tests::Played;

mock_provider!(
    Meteo = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}")).call(get_weather { city: "{city}" }),
        on(tool_result(get_weather)).reply("{get_weather.temp} °C."),
    ],
    expect = [
        calls(2..=4),
        sent(system("terse")),
        never_sent(any_user_message("password")),
        offered(get_weather),
        result(get_weather, object { temp: 18 }),
        within(30s),
        tokens(..=4_000),
        every_call_answered,
    ],
);

/// Code under test.
async fn ask(llm: &Meteo, city: &str) -> Result<String, ProviderError> {
    let request = Request::new("gpt-4o")
        .system("Be terse.")
        .user(format!("What is the weather in {city}?"))
        .with_tools(llm.tool_definitions());
    let answer = llm.answer(request.clone()).await?;
    let call = answer.tool_calls().next().expect("a call");
    let result = Message::tool(&call.id, r#"{"temp": 18}"#);
    let request = request.with_message(answer.message.clone());
    let answer = llm.answer(request.with_message(result)).await?;
    Ok(answer.text().into_owned())
}

#[provider_test]
async fn the_requests_are_asserted(llm: Meteo) -> Result<(), ProviderError> {
    assert_eq!(ask(&llm, "Paris").await?, "18 °C.");

    let calls = llm.calls();
    let call = calls[0].tool_call("get_weather").expect("a call");
    assert_eq!(call.json::<Value>().unwrap()["city"], "Paris");

    let request = calls[1].request();
    request.assert_conversation(&[
        Message::system("Be terse."),
        Message::user("What is the weather in Paris?"),
        Message::assistant("").with_tool_calls([ToolCall::new(
            "1",
            "get_weather",
            r#"{"city": "Paris"}"#,
        )]),
        Message::tool("1", r#"{"temp": 18}"#),
    ]);
    request.assert_tools(&llm.tool_definitions());
    calls[0].assert_sent(user("weather in {city}"));
    calls.assert(expect::tokens(..=200));
    Ok(())
}

#[provider_test]
async fn the_transcript_is_a_snapshot(llm: Meteo) -> Result<(), ProviderError> {
    ask(&llm, "Paris").await?;

    let expected = "\
call 1: gpt-4o, tools get_weather
  system: Be terse.
  user: What is the weather in Paris?
  -> calls get_weather {\"city\":\"Paris\"} #1
call 2: gpt-4o
  (2 messages as before)
  assistant: calls get_weather {\"city\":\"Paris\"} #1
  tool: get_weather returned {\"temp\": 18} #1
  -> 18 °C.
";
    assert_eq!(llm.transcript().to_string(), expected);
    Ok(())
}

#[test]
fn the_expectations_of_the_guide_are_built_without_the_macro_too() {
    let turns = [
        on(user("weather in {city}")).call("get_weather", [("city", "{city}")]),
        on(tool_result("get_weather")).reply("{get_weather.temp} °C."),
    ];
    let built = script(turns)
        .named("Meteo")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .tools([tool("get_weather").arg("city", string())])
        .expect([
            expect::calls(2..=4),
            expect::sent(system("terse")),
            expect::never_sent(any_user_message("password")),
            expect::offered("get_weather"),
            expect::result("get_weather", json!({"temp": 18})),
            expect::within(secs(30)),
            expect::tokens(..=4_000),
            expect::every_call_answered(),
        ]);
    assert_eq!(Played::by(Meteo::new().handle()), built);
}

mock_provider!(
    Researcher = openai("gpt-4o"),
    tools = [search { query: string }, fetch { url: string }],
    script = [
        fail(rate_limit { retry_after: 2s }),
        call(search { query: "rust" }),
        on(tool_result(search)).call(fetch {
            url: "{search.url}"
        }),
        on(tool_result(fetch)).reply("Done."),
    ],
    expect = [
        calls(4..=6),
        sent(system("terse")),
        never_sent(any_user_message("password")),
        offered(search),
        result(search, object { pages: 3 }),
        order(search, fetch),
        within(30s),
        tokens(..=4_000),
        waited_retry_after,
        every_call_answered,
        prompt_prefix_stable,
    ],
);

#[test]
fn the_researcher_of_the_grammar() {
    let turns = [
        fail(rate_limit().retry_after(secs(2))),
        call("search", [("query", "rust")]),
        on(tool_result("search")).call("fetch", [("url", "{search.url}")]),
        on(tool_result("fetch")).reply("Done."),
    ];
    let tools = [
        tool("search").arg("query", string()),
        tool("fetch").arg("url", string()),
    ];
    let built = script(turns)
        .named("Researcher")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .tools(tools)
        .expect([
            expect::calls(4..=6),
            expect::sent(system("terse")),
            expect::never_sent(any_user_message("password")),
            expect::offered("search"),
            expect::result("search", json!({"pages": 3})),
            expect::order("search", "fetch"),
            expect::within(secs(30)),
            expect::tokens(..=4_000),
            expect::waited_retry_after(),
            expect::every_call_answered(),
            expect::prompt_prefix_stable(),
        ]);
    assert_eq!(Played::by(Researcher::new().handle()), built);
}

mock_provider!(
    Slow = openai("gpt-4o"),
    script = [reply("Too late.").ttft(60s)],
    expect = [nothing_after_cancel],
);

#[provider_test]
async fn code_that_gives_up_after_a_time(llm: Slow) {
    let answer = llm.answer(Request::new("gpt-4o").user("hello"));
    assert!(tokio::time::timeout(secs(30), answer).await.is_err());
}

#[test]
fn the_slow_mock_of_the_grammar() {
    let built = script([reply("Too late.").ttft(secs(60))])
        .named("Slow")
        .profile(Profile::Openai)
        .model("gpt-4o")
        .expect([expect::nothing_after_cancel()]);
    assert_eq!(Played::by(Slow::new().handle()), built);
}

/// Every expectation, from values that the macro has not seen too.
#[test]
fn each_expectation_is_what_the_builder_makes() {
    let (most, time) = (4, secs(30));
    let mock = mock_provider!(
        fail(rate_limit),
        expect = [
            calls(..=most),
            calls(1),
            tokens(2..),
            sent(when(|request| request.messages.len() > 2)),
            result(search, json!({"a": [1, null]})),
            result(search, "text"),
            order(search, fetch),
            within(time),
            waited_retry_after,
            nothing_after_cancel,
            prompt_prefix_stable,
        ]
    );
    let built = script([fail(rate_limit())]).expect([
        expect::calls(..=4),
        expect::calls(1),
        expect::tokens(2..),
        expect::sent(when(|request| request.messages.len() > 2)),
        expect::result("search", json!({"a": [1, null]})),
        expect::result("search", "text"),
        expect::order("search", "fetch"),
        expect::within(secs(30)),
        expect::waited_retry_after(),
        expect::nothing_after_cancel(),
        expect::prompt_prefix_stable(),
    ]);
    assert_eq!(Played::by(mock), built);
}

#[provider_test(network = "deny")]
async fn the_agent_greets(#[mock(reply("Hi."))] llm: MockLlm) {
    assert_eq!(Agent::new(llm).ask("Hello").await.unwrap().text, "Hi.");
}
