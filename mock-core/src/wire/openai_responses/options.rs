//! The options of a request that change how its answer is written: [`ResponsesOptions`].

use serde_json::{Map, Value};

use super::echo::echo;
use super::item::{CUSTOM_CALL, ITEM};
use super::request::is_custom_tool;
use crate::chat::message::{Part, Reasoning};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::search::Search;
use crate::wire::write::field;

/// The value of `include` that asks for encrypted reasoning.
const ENCRYPTED: &str = "reasoning.encrypted_content";

/// The options of a request that change how its answer is written.
pub(crate) struct ResponsesOptions {
    echo: Map<String, Value>,
    /// Whether the answer includes encrypted reasoning.
    pub(crate) encrypted_reasoning: bool,
    /// The tools whose calls have any text for their input.
    pub(crate) custom_tools: Vec<String>,
}

impl ResponsesOptions {
    pub(crate) fn from_request(request: &Request) -> Self {
        let include = request.extra.get("include").and_then(Value::as_array);
        let mut custom_tools = Vec::new();
        for tool in &request.tools {
            if is_custom_tool(tool) {
                custom_tools.push(tool.name.clone());
            }
        }
        ResponsesOptions {
            echo: echo(request),
            encrypted_reasoning: include.is_some_and(|include_list| {
                include_list.any(&|include_list| include_list == ENCRYPTED)
            }),
            custom_tools,
        }
    }

    /// Repeats the parameters of the request in an answer that has no others.
    pub(crate) fn repeat_request(&self, response: &mut Response) {
        for (name, value) in &self.echo {
            if !response.metadata.contains_key(name) {
                response.metadata.insert(name.clone(), value.clone());
            }
        }
    }

    /// Changes the parts of a whole answer as the request asks for.
    pub(crate) fn fit(&self, response: &mut Response) {
        self.repeat_request(response);
        let parts = &mut response.message.parts;
        if !self.encrypted_reasoning {
            for part in &mut *parts {
                match part {
                    Part::Reasoning(reasoning) => reasoning.signature = None,
                    Part::RedactedReasoning(_) => {
                        *part = Part::Reasoning(Reasoning::new(""));
                    }
                    _ => {}
                }
            }
        }
        if !self.custom_tools.is_empty() {
            self.mark_custom_calls(parts);
        }
    }

    fn mark_custom_calls(&self, parts: &mut Vec<Part>) {
        let mut at = 0;
        while at < parts.len() {
            if let Part::ToolCall(call) = &parts[at]
                && self.custom_tools.contains(&call.name)
            {
                let before = at.checked_sub(1).and_then(|before| parts.get_mut(before));
                match before {
                    Some(Part::Extra(extra)) if extra.contains_key(ITEM) => {
                        extra[ITEM]["type"] = CUSTOM_CALL.into();
                    }
                    _ => {
                        let item = serde_json::json!({ "type": CUSTOM_CALL });
                        parts.insert(at, Part::Extra(field(ITEM, item)));
                        at += 1;
                    }
                }
            }
            at += 1;
        }
    }
}
