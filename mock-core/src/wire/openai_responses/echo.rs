//! The parameters of a request that its answer repeats, with their defaults.

use serde_json::{Map, Value, json};

use super::request::instructions;
use crate::chat::request::Request;
use crate::wire::flat_tool_definition::write_tool;
use crate::wire::write::merge;

/// The fields that each answer has in addition to its own, as the provider fills them in. By name.
pub(super) const DEFAULTS: [(&str, &str); 25] = [
    ("background", "false"),
    ("frequency_penalty", "0.0"),
    ("instructions", "null"),
    ("max_output_tokens", "null"),
    ("max_tool_calls", "null"),
    ("metadata", "{}"),
    ("moderation", "null"),
    ("parallel_tool_calls", "true"),
    ("presence_penalty", "0.0"),
    ("previous_response_id", "null"),
    ("prompt_cache_key", "null"),
    ("prompt_cache_retention", "\"in_memory\""),
    (
        "reasoning",
        r#"{"context":null,"effort":null,"summary":null}"#,
    ),
    ("safety_identifier", "null"),
    ("service_tier", "\"default\""),
    ("store", "true"),
    ("temperature", "1.0"),
    ("text", r#"{"format":{"type":"text"},"verbosity":"medium"}"#),
    ("tool_choice", "\"auto\""),
    (
        "tool_usage",
        r#"{"image_gen":{"input_tokens":0,"input_tokens_details":{"image_tokens":0,"text_tokens":0},"output_tokens":0,"output_tokens_details":{"image_tokens":0,"text_tokens":0},"total_tokens":0},"web_search":{"num_requests":0}}"#,
    ),
    ("tools", "[]"),
    ("top_logprobs", "0"),
    ("top_p", "1.0"),
    ("truncation", "\"disabled\""),
    ("user", "null"),
];

/// The default of a field before the end of an answer, if it differs from [`DEFAULTS`].
pub(super) fn earlier_default(name: &str) -> Option<&'static str> {
    // The tier that served the request is known only at the end of the answer.
    (name == "service_tier").then_some("\"auto\"")
}

/// The default of a field.
pub(super) fn default_of(name: &str) -> Option<Value> {
    let at = DEFAULTS.binary_search_by_key(&name, |(known, _)| known);
    // The defaults are JSON.
    at.ok()
        .map(|at| serde_json::from_str(DEFAULTS[at].1).unwrap_or_default())
}

/// The fields before the end of an answer.
pub(super) fn default_at_start(name: &str) -> Option<Value> {
    match earlier_default(name) {
        Some(json) => serde_json::from_str(json).ok(),
        None => default_of(name),
    }
}

/// Returns the fields of a request that the provider repeats in its answer. Add them to the answer's metadata.
///
/// ```
/// use mock_core::{Request, wire::openai_responses::echo};
/// use serde_json::json;
///
/// let request = Request::new("gpt-4o").system("Be brief.").user("Hello").with_temperature(0.5);
/// assert_eq!(json!(echo(&request)), json!({"instructions": "Be brief.", "temperature": 0.5}));
/// ```
pub fn echo(request: &Request) -> Map<String, Value> {
    let mut echo = Map::new();
    for (name, _) in DEFAULTS {
        let Some(value) = request.extra.get(name).filter(|value| !value.is_null()) else {
            continue;
        };
        let value = match (name, value, default_of(name)) {
            // The answer has the chosen tier in place of `auto`.
            ("service_tier", value, _) if value == "auto" => continue,
            ("service_tier", value, _) if value == "fast" => "priority".into(),
            ("text" | "reasoning", Value::Object(given), Some(Value::Object(mut all))) => {
                merge(&mut all, given.clone());
                all.into()
            }
            (_, value, _) => value.clone(),
        };
        echo.insert(name.to_owned(), value);
    }
    if let Some(text) = request.messages.first().and_then(instructions) {
        echo.insert("instructions".to_owned(), text.into());
    }
    if !request.tools.is_empty() {
        let mut tools = Vec::with_capacity(request.tools.len());
        for tool in &request.tools {
            tools.push(echo_tool(tool));
        }
        echo.insert("tools".to_owned(), Value::Array(tools));
    }
    if let Some(temperature) = request.temperature {
        echo.insert("temperature".to_owned(), temperature.into());
    }
    if let Some(most) = request.max_tokens {
        echo.insert("max_output_tokens".to_owned(), most.into());
    }
    echo
}

fn echo_tool(tool: &crate::chat::request::ToolDefinition) -> Value {
    let mut written = write_tool(tool);
    if written["type"] == "function"
        && let Some(function) = written.as_object_mut()
    {
        for (name, value) in [
            ("description", Value::Null),
            ("parameters", Value::Null),
            ("strict", json!(true)),
        ] {
            function.entry(name).or_insert(value);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_default_is_json_and_they_are_in_order() {
        assert!(DEFAULTS.is_sorted_by_key(|(name, _)| *name));
        for (name, json) in DEFAULTS {
            let value: Value = serde_json::from_str(json).expect("it is JSON");
            assert_eq!(default_of(name), Some(value), "{name}");
        }
        assert_eq!(default_of("output"), None);
    }
}
