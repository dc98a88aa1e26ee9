//! Tool calls and results that do not pair.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{Message, Request, ToolCall};

use crate::helpers::{after_tool, ask, fails, mock, say};

#[test]
fn call_without_a_result() {
    fails("call_without_a_result", |test| {
        let turns = [
            call("look", [("at", "Paris")]).call("look", [("at", "Rome")]),
            on(tool_result("look")).reply("Done."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("Compare Paris and Rome.")).await;
            let calls = ["call_1", "call_2"].map(|id| ToolCall::new(id, "look", "{}"));
            let request = ask("Compare Paris and Rome.")
                .with_message(Message::assistant("").with_tool_calls(calls))
                .with_message(Message::tool("call_1", "rain"));
            say(&llm, request).await;
        }));
    });
}

#[test]
fn result_without_its_call() {
    fails("result_without_its_call", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let trimmed = Request::new("gpt-4o")
                .with_message(Message::tool("call_1", "rain"))
                .user("And in Rome?");
            say(&llm, trimmed).await;
        }));
    });
}

#[test]
fn result_of_a_call_that_the_assistant_lost() {
    fails("result_of_a_call_that_the_assistant_lost", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let request = ask("Compare.")
                .with_message(Message::assistant("I will look."))
                .with_message(Message::tool("call_1", "rain"));
            say(&llm, request).await;
        }));
    });
}

#[test]
fn result_with_another_id() {
    fails("result_with_another_id", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let mut request = after_tool(ask("Compare."), "look", "rain");
            request.messages.pop();
            say(&llm, request.with_message(Message::tool("1", "rain"))).await;
        }));
    });
}

#[test]
fn result_without_an_id() {
    fails("result_without_an_id", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let mut request = after_tool(ask("Compare."), "look", "rain");
            request.messages.pop();
            say(&llm, request.with_message(Message::tool("", "rain"))).await;
        }));
    });
}

#[test]
fn result_as_a_text_of_the_user() {
    fails("result_as_a_text_of_the_user", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let mut request = after_tool(ask("Compare."), "look", "rain");
            request.messages.pop();
            say(&llm, request.user("rain")).await;
        }));
    });
}

#[test]
fn result_after_a_text() {
    fails("result_after_a_text", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let mut request = after_tool(ask("Compare."), "look", "rain");
            let result = request.messages.pop().expect("the result");
            say(&llm, request.user("Quickly!").with_message(result)).await;
        }));
    });
}

#[test]
fn two_results_of_one_call() {
    fails("two_results_of_one_call", |test| {
        let llm = mock(test, "llm", script([reply("Done.")]));
        test.drive(pin!(async {
            let request = after_tool(ask("Compare."), "look", "rain");
            say(&llm, request.with_message(Message::tool("call_1", "sun"))).await;
        }));
    });
}
