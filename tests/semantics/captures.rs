//! What matchers capture and templates say: S5, S6.

use std::pin::pin;

use futures::TryStreamExt as _;
use mock_core::builder::*;
use mock_core::{
    ErrorKind, Message, MockProvider, Part, ProviderError, Request, Response, Role, ToolCall,
    ToolResult, mock_provider, provider_test,
};

use crate::{after_tool, ask, assert_says, llm, report, say};

/// What `{x}` is after a request with this text; `None` if the pattern does not match it.
async fn captured(pattern: &'static str, text: &str) -> Option<String> {
    let llm = MockProvider::script([
        on(user(pattern)).reply("x: {x}").times(0..=1),
        reply("no match").times(0..=1),
    ]);
    say(&llm, text)
        .await
        .strip_prefix("x: ")
        .map(ToOwned::to_owned)
}

#[provider_test]
async fn s05_a_capture_goes_up_to_the_next_literal_and_no_further() {
    let captured = captured("from {x} to", "from Rome to Oslo to Bern").await;
    assert_eq!(captured.as_deref(), Some("Rome"));
}

#[provider_test]
async fn s05_a_capture_is_not_empty() {
    assert_eq!(captured("<{x}>", "<>").await, None);
    assert_eq!(captured("<{x}>", "< >").await, None);
    assert_eq!(captured("in {x}", "in ?").await, None);
}

#[provider_test]
async fn s05_a_capture_at_the_end_stops_at_the_end_of_the_phrase_or_line() {
    for text in [
        "in New York. Yes",
        "in New York? Yes",
        "in New York! Yes",
        "in New York, please",
        "in New York; now",
        "in New York: now",
        "in New York\nand now",
        "in New York\r\nand now",
        "in New York",
    ] {
        assert_eq!(
            captured("in {x}", text).await.as_deref(),
            Some("New York"),
            "{text:?}"
        );
    }
}

#[provider_test]
async fn s05_a_capture_before_a_literal_goes_past_the_end_of_a_phrase() {
    let captured = captured("from {x} to", "from Washington, D.C. to Bern").await;
    assert_eq!(captured.as_deref(), Some("Washington, D.C."));
}

#[provider_test]
async fn s05_a_capture_is_trimmed() {
    assert_eq!(captured("<{x}>", "<  y  >").await.as_deref(), Some("y"));
    assert_eq!(captured("in {x}", "in  y  ").await.as_deref(), Some("y"));
}

#[provider_test]
async fn s05_a_word_is_one_word() {
    let captured = captured("in {x:word}", "in New York").await;
    assert_eq!(captured.as_deref(), Some("New"));
}

#[provider_test]
async fn s05_the_rest_is_all_that_is_left() {
    let captured = captured("say {x:rest}", "say one. Two,\nthree!").await;
    assert_eq!(captured.as_deref(), Some("one. Two,\nthree!"));
}

#[provider_test]
async fn s06_a_capture_lives_on_in_later_turns(
    #[mock(
        on(user("in {city}")).reply("Noted."),
        reply("You said {city}."),
        reply("Still {city}."),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "in Paris").await, "Noted.");
    assert_eq!(say(&llm, "where?").await, "You said Paris.");
    assert_eq!(say(&llm, "where?").await, "Still Paris.");
}

#[provider_test]
async fn s06_the_newest_capture_wins(
    #[mock(
        on(user("in {city}")).reply("{city}").times(2),
        reply("{city}"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "in Paris").await, "Paris");
    assert_eq!(say(&llm, "in Rome").await, "Rome");
    assert_eq!(say(&llm, "where?").await, "Rome");
}

#[provider_test]
async fn s06_of_two_matchers_the_later_one_wins(
    #[mock(on(user("from {city} to"), user("to {city}")).reply("{city}"))] llm: MockProvider,
) {
    assert_eq!(say(&llm, "from Paris to Rome").await, "Rome");
}

#[provider_test]
async fn s06_a_capture_is_taken_at_the_claim_not_when_it_is_said(
    #[mock(
        on(user("in {city}")).stream(["It rains", " in {city}."]).every(20ms),
        on(user("in {city}")).reply("{city} too."),
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("in Paris")).await?;
    assert_eq!(say(&llm, "in Rome").await, "Rome too.");

    let mut response = Response::new("", "");
    let events: Vec<_> = events.try_collect().await?;
    events.into_iter().for_each(|event| response.push(event));

    assert_eq!(response.text(), "It rains in Paris.");
    Ok(())
}

#[test]
fn s06_a_turn_that_declines_captures_nothing() {
    let report = report(|test| {
        let turns = [
            on([user("in {city}"), when(|_| false)])
                .reply("never")
                .times(0..=1),
            reply("{city}"),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            let error = llm.answer(ask("in Paris")).await;
            let error = error.expect_err("nothing was captured");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["turn 2", "`{city}` has no value"]);
}

mock_provider!(
    Places,
    script = [
        on(user("in {city}")).reply("Noted.").times(0..=1),
        reply("You said {city}."),
    ]
);

#[test]
fn s06_each_mock_has_captures_of_its_own() {
    let report = report(|test| {
        let (one, other) = (test.inject::<Places>("one"), test.inject::<Places>("other"));
        test.drive(pin!(async {
            say(&one, "in Paris").await;
            assert_eq!(say(&one, "where?").await, "You said Paris.");
            let error = other.answer(ask("where?")).await;
            error.expect_err("this one was told nothing");
        }));
    });
    assert_says(&report, &["other", "`{city}` has no value"]);
}

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
async fn s40_results_of_one_tool_are_told_apart_in_the_order_of_its_calls() {
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
async fn s40_calls_without_ids_are_told_apart_too() {
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
