//! The types and values that the messages of a request must have.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    Rule, RuleScope, ToolFormat, Violation, foreign_body, foreign_tool,
};

/// The violation in the first message for which `find` returns a path.
fn first_in_messages(
    body: &BorrowedValue<'_>,
    find: impl Fn(&BorrowedValue<'_>) -> Option<String>,
) -> Option<Violation> {
    let mut messages = body.list("messages").iter().enumerate();
    messages.find_map(|(index, message)| {
        let place = find(message)?;
        let place = format!("messages[{index}].{place}");
        Some(Violation::new(place.clone(), place))
    })
}

/// Rules of bodies that cannot be read: those of another API, and those with a field of another type.
pub(super) const UNREADABLE: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at} is required",
        help: "this is a request in the format of {}, sent to the path of Ollama",
        rejected: r#"{"messages": null, "input": "hi"}"#,
        accepted: r#"{"a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "messages"),
    },
    Rule {
        id: "foreign_tool",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at} is required",
        help: "this is a tool in the format of {}, sent to the path of Ollama: describe it in `function`",
        rejected: r#"{"tools": [{"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            foreign_tool(body, ToolFormat::Nested, &|index, _| {
                Some(format!("tools[{index}].function"))
            })
        },
    },
    Rule {
        id: "content_text",
        scope: RuleScope::Everywhere,
        sources: &["BerriAI/litellm#6808", "ollama/ollama#10255"],
        words: "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
        help: "send `{}` as a text, and images in `images`",
        rejected: r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi", "images": ["iVBORw0KGgo="]}]}"#,
        check: |body| {
            let is_list = |message: &BorrowedValue<'_>| {
                matches!(message.get("content"), Some(BorrowedValue::List(_)))
            };
            first_in_messages(body, |message| {
                is_list(message).then(|| "content".to_owned())
            })
        },
    },
    Rule {
        id: "arguments_object",
        scope: RuleScope::Everywhere,
        sources: &["aliasrobotics/cai#76", "ollama/ollama#12794"],
        words: "json: cannot unmarshal string into Go struct field ChatRequest.messages.tool_calls.function.arguments of type api.ToolCallFunctionArguments",
        help: "send `{}` as an object, not as a text",
        rejected: r#"{"messages": [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_name": "look", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": {}}}]}, {"role": "tool", "tool_name": "look", "content": "x"}]}"#,
        check: |body| {
            let arguments = |call: &BorrowedValue<'_>| {
                let arguments = call.field("function")?.get("arguments")?;
                arguments.as_text().map(|_| ())
            };
            first_in_messages(body, |message| {
                let mut calls = message.list("tool_calls").iter();
                let at = calls.position(|call| arguments(call).is_some())?;
                Some(format!("tool_calls[{at}].function.arguments"))
            })
        },
    },
];
