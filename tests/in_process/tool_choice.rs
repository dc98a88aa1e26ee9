//! S22: answers that the request's choice of tools excludes.

use mock_core::builder::*;
use mock_core::scenario::{Profile, Scenario, Turn};
use mock_core::{Allow, FinishReason, MockProvider, ToolDefinition, provider_test};
use serde_json::{Map, Value, json};

use crate::helpers::{ask, assert_says};

fn calls_of(tools: &[&'static str]) -> Turn {
    let call_first = call(tools[0], ());
    tools[1..]
        .iter()
        .fold(call_first, |turn, tool| turn.call(*tool, ()))
}

/// Answers a request that offers `look` and `listen`, with these fields: `None`, or the report.
async fn report(scenario: Scenario, fields: &Value) -> Option<String> {
    let llm = MockProvider::new(scenario);
    let mut request = ask("hi").with_tools(["look", "listen"].map(ToolDefinition::new));
    let fields: &Map<_, _> = fields.as_object().expect("an object");
    for (name, value) in fields {
        request = request.with_extra(name, value.clone());
    }
    let answer = llm.answer(request).await;
    let report = llm.verify().err().map(|report| report.to_string());
    assert_eq!(answer.is_err(), report.is_some(), "{fields:?}");
    llm.reset();
    let _ = llm.answer(ask("hi")).await;
    report.map(|report| report.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[provider_test]
async fn s22_a_turn_calls_only_what_the_choice_of_tools_allows() {
    let none = "the turn calls `look`, and the request's `{}` allows no call";
    let other = "the turn calls `look`, and the request's `{}` allows only `listen`";
    let several = "the turn calls 2 tools, and the request's `{}` allows only one call";
    let gemini = |config: Value| json!({ "toolConfig": { "functionCallingConfig": config } });
    let one = &["look"][..];
    let two = &["look", "listen"][..];
    for (fields, calls, says) in [
        // OpenAI.
        (
            json!({ "tool_choice": "none" }),
            one,
            Some((none, "tool_choice")),
        ),
        (json!({ "tool_choice": "auto" }), one, None),
        (json!({ "tool_choice": "required" }), two, None),
        (json!({ "tool_choice": null }), one, None),
        (
            json!({ "tool_choice": { "type": "function", "function": { "name": "listen" } } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "tool_choice": { "type": "function", "function": { "name": "look" } } }),
            one,
            None,
        ),
        (
            json!({ "tool_choice": { "type": "allowed_tools", "allowed_tools": {
                "mode": "auto",
                "tools": [{ "type": "function", "function": { "name": "listen" } }],
            } } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "tool_choice": { "type": "allowed_tools", "allowed_tools": {
                "mode": "auto",
                "tools": [{ "type": "custom", "custom": { "name": "look" } }],
            } } }),
            one,
            None,
        ),
        (
            json!({ "tool_choice": { "type": "allowed_tools", "allowed_tools": {
                "mode": "auto",
                "tools": [{ "type": "custom", "custom": { "name": "listen" } }],
            } } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "parallel_tool_calls": false }),
            two,
            Some((several, "parallel_tool_calls")),
        ),
        (json!({ "parallel_tool_calls": false }), one, None),
        (json!({ "parallel_tool_calls": true }), two, None),
        // Responses.
        (
            json!({ "tool_choice": { "type": "function", "name": "listen" } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "tool_choice": { "type": "allowed_tools", "mode": "required", "tools": [
                { "type": "function", "name": "listen" },
            ] } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "tool_choice": { "type": "allowed_tools", "mode": "auto", "tools": [
                { "type": "function", "name": "listen" },
                { "type": "function", "name": "look" },
            ] } }),
            two,
            None,
        ),
        (
            json!({ "tool_choice": { "type": "file_search" } }),
            one,
            None,
        ),
        // Anthropic.
        (
            json!({ "tool_choice": { "type": "none" } }),
            one,
            Some((none, "tool_choice")),
        ),
        (json!({ "tool_choice": { "type": "any" } }), two, None),
        (
            json!({ "tool_choice": { "type": "tool", "name": "listen" } }),
            one,
            Some((other, "tool_choice")),
        ),
        (
            json!({ "tool_choice": { "type": "auto", "disable_parallel_tool_use": true } }),
            two,
            Some((several, "tool_choice")),
        ),
        // Gemini.
        (
            gemini(json!({ "mode": "NONE" })),
            one,
            Some((none, "toolConfig")),
        ),
        (
            gemini(json!({ "mode": "ANY", "allowedFunctionNames": ["listen"] })),
            one,
            Some((other, "toolConfig")),
        ),
        (gemini(json!({ "mode": "ANY" })), two, None),
        // Gemini's Interactions.
        (
            json!({ "generation_config": { "tool_choice": "none" } }),
            one,
            Some((none, "generation_config")),
        ),
        (
            json!({ "generation_config": { "tool_choice": { "allowed_tools": {
                "mode": "any", "tools": ["listen"],
            } } } }),
            one,
            Some((other, "generation_config")),
        ),
    ] {
        let scenario = script([calls_of(calls)]);
        let report = report(scenario.clone(), &fields).await;
        match (&report, says) {
            (None, None) => {}
            (Some(report), Some((says, field))) => {
                assert_says(
                    report,
                    &[&says.replace("{}", field), "`allow = [unoffered_tools]`"],
                );
            }
            _ => panic!("{fields}: {report:?}"),
        }
        let allowed = scenario.allow(Allow::NONE.with_unoffered_tools());
        assert_eq!(self::report(allowed, &fields).await, None, "{fields}");
    }
}

/// Ollama's API has no choice of tools, and ignores one.
#[provider_test]
async fn s22_ollama_ignores_the_choice_of_tools() {
    let scenario = script([calls_of(&["look"])]).profile(Profile::Ollama);
    let report = report(scenario, &json!({ "tool_choice": "none" })).await;
    assert_eq!(report, None);
}

/// So a turn behind it can answer.
#[provider_test]
async fn s22_a_rule_that_the_choice_of_tools_excludes_is_skipped() {
    let looks = on(has_tool("look")).call("look", ());
    let rules = [looks, on(user("hi")).reply("I may not look.")];
    let llm = MockProvider::new(script([]).rules(rules));
    let request = ask("hi").with_tool(ToolDefinition::new("look"));
    let answer = llm.answer(request.clone()).await;
    assert_eq!(answer.unwrap().tool_calls().count(), 1);
    let answer = llm.answer(request.with_extra("tool_choice", "none")).await;
    assert_eq!(answer.unwrap().text(), "I may not look.");
}

/// The provider's model goes on to call tools as long as the request demands it: an agent that never stops to demand one does not end.
#[provider_test]
async fn s22_a_text_does_not_answer_a_request_that_demands_a_call() {
    let look = json!({ "type": "function", "name": "look" });
    let allowed = |mode: &str| json!({ "type": "allowed_tools", "mode": mode, "tools": [&look] });
    let gemini = |mode: &str| json!({ "functionCallingConfig": { "mode": mode } });
    let demands = [
        json!({ "tool_choice": "required" }),
        json!({ "tool_choice": "any" }),
        json!({ "tool_choice": { "type": "function", "function": { "name": "look" } } }),
        json!({ "tool_choice": look }),
        json!({ "tool_choice": allowed("required") }),
        json!({ "tool_choice": { "type": "any" } }),
        json!({ "tool_choice": { "type": "tool", "name": "look" } }),
        json!({ "toolConfig": gemini("ANY") }),
        json!({ "tool_config": { "function_calling_config": { "mode": "ANY" } } }),
        json!({ "generation_config": { "tool_choice": "any" } }),
        json!({ "generation_config": { "tool_choice": { "allowed_tools": {
            "mode": "any", "tools": ["look"],
        } } } }),
    ];
    let allows = [
        json!({ "tool_choice": "auto" }),
        json!({ "tool_choice": "none" }),
        json!({ "tool_choice": allowed("auto") }),
        json!({ "tool_choice": { "type": "auto" } }),
        json!({ "toolConfig": gemini("AUTO") }),
        json!({ "toolConfig": gemini("VALIDATED") }),
        json!({ "parallel_tool_calls": false }),
        json!({ "generation_config": { "tool_choice": "auto" } }),
        json!({ "generation_config": { "tool_choice": { "allowed_tools": {
            "mode": "auto", "tools": ["look"],
        } } } }),
        json!({ "generation_config": { "thinking_level": "low" } }),
    ];
    for fields in &demands {
        for text in [
            reply("Hi."),
            stream(["Hi", "."]),
            reasoning("Hm.").reply("Hi."),
            json(json!({ "answer": 1 })),
            reply("Hi.").finish(FinishReason::Stop),
        ] {
            let report = report(script([text]), fields).await.expect("a mismatch");
            let field = fields.as_object().unwrap().keys().next().unwrap();
            let says =
                format!("the turn calls no tool, and the request's `{field}` demands a call");
            assert_says(
                &report,
                &[&says, "leave `", "out of a request that a text answers"],
            );
        }
        // The model can be kept from the call.
        for other in [
            refusal("No."),
            reply("Hi").finish(FinishReason::Length),
            reply("Hi").finish(FinishReason::ContentFilter),
            reply("I look.").call("look", ()),
        ] {
            assert_eq!(report(script([other]), fields).await, None, "{fields}");
        }
    }
    for fields in allows {
        assert_eq!(
            report(script([reply("Hi.")]), &fields).await,
            None,
            "{fields}"
        );
    }
}

/// A built-in tool runs at the provider, so that a text ends the answer.
#[provider_test]
async fn s22_a_text_answers_a_request_that_demands_a_built_in_tool() {
    let llm = MockProvider::new(script([reply("It is sunny.").times(2), reply("Hi.")]));
    let mut search = ToolDefinition::new("");
    search.parameters = Value::Null;
    search.extra = Map::from_iter([("type".to_owned(), "web_search".into())]);
    let mut of_gemini = ToolDefinition::new("googleSearch").with_parameters(Value::Null);
    of_gemini.extra = Map::from_iter([("googleSearch".to_owned(), json!({}))]);
    let request = ask("hi").with_extra("tool_choice", "required");
    for tool in [search, of_gemini] {
        let answer = llm.answer(request.clone().with_tool(tool)).await;
        assert_eq!(answer.unwrap().text(), "It is sunny.");
    }
    // Without any tool there is none to call.
    assert_eq!(llm.answer(request).await.unwrap().text(), "Hi.");
}

#[provider_test]
async fn s22_a_function_without_parameters_is_no_built_in_tool() {
    let llm = MockProvider::new(script([reply("Hi.")]));
    let look = ToolDefinition::new("look").with_parameters(Value::Null);
    let request = ask("hi").with_tool(look);
    let answer = llm.answer(request.with_extra("tool_choice", "required"));
    assert!(answer.await.is_err());
    assert_says(&llm.verify().unwrap_err().to_string(), &["demands a call"]);
    llm.reset();
    let _ = llm.answer(ask("hi")).await;
}

/// llama.cpp reads the choice as a text, and takes an object for `auto`.
#[provider_test]
async fn s22_llamacpp_ignores_a_choice_that_is_an_object() {
    let named = json!({ "type": "function", "function": { "name": "listen" } });
    for (choice, is_respected) in [(named, false), (json!("required"), true)] {
        let fields = json!({ "tool_choice": choice });
        for (turn, is_text) in [(reply("Hi."), true), (calls_of(&["look"]), false)] {
            let scenario = script([turn]).profile(Profile::Llamacpp);
            let report = report(scenario, &fields).await;
            assert_eq!(report.is_some(), is_respected && is_text, "{fields}");
        }
    }
}

#[provider_test]
async fn s22_a_list_of_built_in_tools_allows_no_call() {
    let tools = json!([{ "type": "web_search" }]);
    let choice = json!({ "type": "allowed_tools", "mode": "auto", "tools": tools });
    let report = report(
        script([calls_of(&["look"])]),
        &json!({ "tool_choice": choice }),
    )
    .await;
    assert_says(
        &report.unwrap(),
        &["calls `look`", "`tool_choice` allows no call"],
    );
}
