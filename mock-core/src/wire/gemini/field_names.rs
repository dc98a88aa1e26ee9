//! The names of fields in camelCase and in snake_case. The API accepts both.

use crate::wire::borrowed_value::{BorrowedValue, Object, find};

/// The fields that are read here and have two names: in snake_case, and in camelCase.
const NAMES: [(&str, &str); 32] = [
    ("cached_content", "cachedContent"),
    ("candidate_count", "candidateCount"),
    ("code_execution_result", "codeExecutionResult"),
    ("executable_code", "executableCode"),
    ("file_data", "fileData"),
    ("file_uri", "fileUri"),
    ("function_call", "functionCall"),
    ("function_calling_config", "functionCallingConfig"),
    ("function_declarations", "functionDeclarations"),
    ("function_response", "functionResponse"),
    ("generate_content_request", "generateContentRequest"),
    ("generation_config", "generationConfig"),
    (
        "include_server_side_tool_invocations",
        "includeServerSideToolInvocations",
    ),
    ("inline_data", "inlineData"),
    ("max_output_tokens", "maxOutputTokens"),
    ("mime_type", "mimeType"),
    ("output_dimensionality", "outputDimensionality"),
    ("part_metadata", "partMetadata"),
    ("parameters_json_schema", "parametersJsonSchema"),
    ("response_json_schema", "responseJsonSchema"),
    ("response_mime_type", "responseMimeType"),
    ("response_schema", "responseSchema"),
    ("safety_settings", "safetySettings"),
    ("stop_sequences", "stopSequences"),
    ("system_instruction", "systemInstruction"),
    ("task_type", "taskType"),
    ("thinking_budget", "thinkingBudget"),
    ("thinking_config", "thinkingConfig"),
    ("thinking_level", "thinkingLevel"),
    ("thought_signature", "thoughtSignature"),
    ("tool_config", "toolConfig"),
    ("video_metadata", "videoMetadata"),
];

/// The fields whose values belong to the caller.
const FREE: [&str; 9] = [
    "args",
    "labels",
    "parameters",
    "parametersJsonSchema",
    "partMetadata",
    "properties",
    "response",
    "responseJsonSchema",
    "responseSchema",
];

/// The fields that hold a list of objects. As every JSON reader of Protocol Buffers at Google, the API takes one object for a list of it.
const LISTS: [&str; 5] = [
    "contents",
    "functionDeclarations",
    "parts",
    "safetySettings",
    "tools",
];

/// Returns the document with its known fields in camelCase, and with a list where the API takes one object for it. A field that has both names
/// keeps both.
pub(super) fn in_camel_case(tree: BorrowedValue<'_>) -> BorrowedValue<'_> {
    match tree {
        BorrowedValue::List(items) => {
            BorrowedValue::List(items.into_iter().map(in_camel_case).collect())
        }
        BorrowedValue::Object(object) => BorrowedValue::Object(renamed(object)),
        other => other,
    }
}

fn renamed(mut object: Object<'_>) -> Object<'_> {
    for at in 0..object.len() {
        let name = camel_case(&object[at].0);
        if let Some(name) = name.filter(|name| find(&object, name).is_none()) {
            object[at].0 = name.into();
        }
    }
    let fields = object.into_iter().map(|(name, value)| {
        let value = match (FREE.contains(&&*name), value) {
            (true, value) => value,
            (false, BorrowedValue::Object(one)) if LISTS.contains(&&*name) => {
                BorrowedValue::List(vec![BorrowedValue::Object(renamed(one))])
            }
            (false, value) => in_camel_case(value),
        };
        (name, value)
    });
    fields.collect()
}

fn camel_case(name: &str) -> Option<&'static str> {
    if !name.contains('_') {
        return None;
    }
    let mut names = NAMES.iter();
    names
        .find(|(snake, _)| *snake == name)
        .map(|(_, camel)| *camel)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn known_fields_come_in_both_spellings_and_the_callers_own_are_left_alone() {
        let body = json!({
            "system_instruction": { "parts": [{ "inline_data": { "mime_type": "image/png" } }] },
            "tools": [{ "function_declarations": [{ "parameters": { "mime_type": {} } }] }],
            "contents": [{ "parts": [{ "function_call": { "args": { "file_uri": 1 } } }] }],
            "tool_config": 1, "toolConfig": 2, "some_field": { "mime_type": 3 },
        });
        let expected = json!({
            "systemInstruction": { "parts": [{ "inlineData": { "mimeType": "image/png" } }] },
            "tools": [{ "functionDeclarations": [{ "parameters": { "mime_type": {} } }] }],
            "contents": [{ "parts": [{ "functionCall": { "args": { "file_uri": 1 } } }] }],
            "tool_config": 1, "toolConfig": 2, "some_field": { "mimeType": 3 },
        });
        assert_eq!(Value::from(in_camel_case(body.into())), expected);
    }

    #[test]
    fn one_object_is_a_list_of_it_but_where_the_caller_names_the_fields() {
        let body = json!({
            "systemInstruction": { "parts": { "text": "s" } },
            "contents": { "parts": { "functionCall": { "args": { "tools": {} } } } },
            "tools": { "function_declarations": { "parameters": { "parts": {} } } },
        });
        let expected = json!({
            "systemInstruction": { "parts": [{ "text": "s" }] },
            "contents": [{ "parts": [{ "functionCall": { "args": { "tools": {} } } }] }],
            "tools": [{ "functionDeclarations": [{ "parameters": { "parts": {} } }] }],
        });
        assert_eq!(Value::from(in_camel_case(body.into())), expected);
    }

    #[test]
    fn both_spellings_are_the_same_name() {
        for (snake, camel) in NAMES {
            let mut spelled = String::new();
            for letter in camel.chars() {
                if letter.is_ascii_uppercase() {
                    spelled.push('_');
                }
                spelled.push(letter.to_ascii_lowercase());
            }
            assert_eq!(spelled, snake);
        }
    }
}
