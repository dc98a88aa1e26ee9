//! S4: which tool results of a request the matcher `tool_result` looks at: those behind the last message of the assistant, as messages of their
//! own or within a message of the user.

use mock_core::builder::*;
use mock_core::{Allow, Message, MockProvider, Part, Request, Role, ToolCall, provider_test};

use crate::helpers::{after_tool, ask};
use crate::matchers::holds;

#[provider_test]
async fn s04_a_tool_result_counts_with_a_text_of_the_user_after_it() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}").user("In short.");
    assert!(holds(tool_result("get_weather"), &request).await);
    assert!(holds(user("short"), &request).await);
}

/// The same conversation as [`after_tool`], with the result in a message of the user, before these parts.
fn within_a_message_of_the_user(rest: impl IntoIterator<Item = Part>) -> Request {
    let mut request = after_tool(ask("weather"), "call_1", "get_weather", r#"{"temp": 18}"#);
    let mut last = request.messages.pop().expect("the result");
    last.role = Role::User;
    last.parts.extend(rest);
    request.with_message(last)
}

#[provider_test]
async fn s04_a_result_within_a_message_of_the_user_is_a_tools_and_the_rest_is_the_users() {
    let alone = within_a_message_of_the_user([]);
    assert!(holds(tool_result("get_weather"), &alone).await);
    assert!(!holds(user("*"), &alone).await);
    assert!(holds(any_user_message("weather"), &alone).await);
    let with_text = within_a_message_of_the_user([Part::Text("In short.".into())]);
    assert!(holds(tool_result("get_weather"), &with_text).await);
    assert!(holds(user("short"), &with_text).await);

    let turns = [
        reply("{user} {get_weather.temp}"),
        reply("{user} {get_weather.temp}"),
    ];
    let llm = MockProvider::script(turns);
    for (request, said) in [(alone, "weather 18"), (with_text, "In short. 18")] {
        let response = llm.answer(request.clone()).await.expect("an answer");
        assert_eq!(response.text(), said);
        let calls = llm.calls();
        let call = calls.last().expect("a call");
        assert_eq!(call.request(), &request, "the journal has what was sent");
    }
}

#[provider_test]
async fn s04_user_does_not_hold_after_a_tool_result() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    assert!(!holds(user("weather"), &request).await);
    assert!(!holds(user("*"), &request).await);
}

#[provider_test]
async fn s04_a_tool_result_is_known_by_the_id_of_its_call() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    assert!(holds(tool_result("get_weather"), &request).await);
    assert!(!holds(tool_result("get_time"), &request).await);
    let stray = ask("weather").with_message(Message::tool("call_1", "{}"));
    let turns = [
        on(tool_result("get_weather")).reply("yes").times(0..=1),
        reply("no"),
    ];
    let allow = Allow::NONE.with_broken_conversations();
    let llm = MockProvider::new(script(turns).allow(allow));
    let response = llm.answer(stray).await.expect("an answer");
    assert_eq!(response.text(), "no");
}

#[provider_test]
async fn s04_a_tool_result_is_any_of_the_trailing_tool_messages() {
    let calls = [
        ToolCall::new("call_1", "get_weather", "{}"),
        ToolCall::new("call_2", "get_time", "{}"),
    ];
    let request = ask("weather and time")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool("call_2", "noon"))
        .with_message(Message::tool("call_1", "sunny"));
    assert!(holds(tool_result("get_weather"), &request).await);
    assert!(holds(tool_result("get_time"), &request).await);
}

#[provider_test]
async fn s04_a_tool_result_before_the_last_message_of_the_assistant_does_not_count() {
    let request = after_tool(ask("weather"), "call_1", "get_weather", "{}");
    let answered = request.clone().with_message(Message::assistant("Sunny."));
    assert!(!holds(tool_result("get_weather"), &answered.user("Thanks.")).await);
    let later = after_tool(request, "call_2", "get_time", "noon");
    assert!(!holds(tool_result("get_weather"), &later).await);
    assert!(holds(tool_result("get_time"), &later).await);
}
