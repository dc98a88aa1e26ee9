//! The tools of a request.

use super::config::has_declarations;
use super::model::{is_before_3, is_from_3};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation, broken, repeated, texts_of};

/// The longest name that a function may have.
const LONGEST_NAME: usize = 64;

/// All functions that are declared: the number of the tool, that of the function in it, and the function.
pub(super) fn declarations<'t>(
    body: &'t BorrowedValue<'_>,
) -> Vec<(usize, usize, &'t BorrowedValue<'t>)> {
    let mut all = Vec::new();
    for (tool, functions) in body.list("tools").iter().enumerate() {
        for (at, function) in functions.list("functionDeclarations").iter().enumerate() {
            all.push((tool, at, function));
        }
    }
    all
}

/// The first function like this: the number of the tool, and that of the function in it.
fn find(
    body: &BorrowedValue<'_>,
    is_it: &dyn Fn(&BorrowedValue<'_>) -> bool,
) -> Option<(usize, usize)> {
    let functions = declarations(body);
    let found = functions.find(&|(_, _, function)| is_it(function))?;
    Some((found.0, found.1))
}

fn place(tool: usize, function: usize, field: &str) -> String {
    format!("tools[{tool}].function_declarations[{function}].{field}")
}

fn is_function_name(name: &str) -> bool {
    let begins = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    let first = name.bytes().next();
    first.is_some_and(begins) && name.len() <= LONGEST_NAME && name.bytes().all(fits)
}

/// Whether one of the tools is the provider's own.
fn has_own_tool(body: &BorrowedValue<'_>) -> bool {
    let mut tools = body.list("tools").iter();
    tools.any(|tool| {
        let mut fields = tool.entries();
        fields.any(|(name, value)| name != "functionDeclarations" && !value.is_null())
    })
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "function_name",
        scope: RuleScope::Provider,
        sources: &["kaitranntt/ccs#25", "microsoft/vscode#248000"],
        words: "* GenerateContentRequest.{at}: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.",
        help: "",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look up"}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look.up"}]}]}"#,
        check: |body| {
            let is_wrong =
                |function: &BorrowedValue<'_>| !function.str("name").is_none_or(is_function_name);
            let (tool, at) = find(body, &is_wrong)?;
            Some(Violation::new(place(tool, at, "name"), ""))
        },
    },
    Rule {
        id: "function_names_unique",
        scope: RuleScope::Provider,
        sources: &["tridz-dev/huf#341"],
        words: "Duplicate function declaration found: {}",
        help: "",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}, {"functionDeclarations": [{"name": "look"}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}, {"functionDeclarations": [{"name": "look2"}]}]}"#,
        check: |body| {
            let functions = declarations(body).into_iter();
            let functions = functions.map(|(_, _, function)| function);
            repeated(texts_of("name", functions)).map(|name| Violation::new("tools", name))
        },
    },
    Rule {
        id: "config_without_functions",
        scope: RuleScope::Models {
            names: "models before `gemini-3`",
            includes: is_before_3,
        },
        sources: &["pydantic/pydantic-ai#5791", "AstrBotDevs/AstrBot#7407"],
        words: "Function calling config is set without function_declarations.",
        help: "",
        rejected: r#"{"tools": [{"googleSearch": {}}], "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}"#,
        check: |body| {
            let is_set = body.field("toolConfig")?.has("functionCallingConfig");
            broken(is_set && !has_declarations(body), "tool_config")
        },
    },
    Rule {
        id: "functions_with_own_tools",
        scope: RuleScope::Models {
            names: "models before `gemini-3`",
            includes: is_before_3,
        },
        sources: &["googleapis/go-genai#323", "googleapis/js-genai#435"],
        words: "Tool use with function calling is unsupported",
        help: "",
        rejected: r#"{"tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "look"}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look"}]}]}"#,
        check: |body| broken(has_own_tool(body) && has_declarations(body), "tools"),
    },
    Rule {
        id: "own_tools_not_enabled",
        scope: RuleScope::Models {
            names: "`gemini-3` and later",
            includes: is_from_3,
        },
        sources: &[
            "ag2ai/ag2#3145",
            "cloudwego/eino-ext#761",
            "genkit-ai/genkit#4970",
        ],
        words: "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.",
        help: "",
        rejected: r#"{"model": "models/gemini-3-flash", "tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "look"}]}]}"#,
        accepted: r#"{"model": "models/gemini-3-flash", "tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"includeServerSideToolInvocations": true}}"#,
        check: |body| {
            let config = body.field("toolConfig");
            let is_enabled =
                config.is_some_and(|config| config.is_set("includeServerSideToolInvocations"));
            broken(
                has_declarations(body) && has_own_tool(body) && !is_enabled,
                "tool_config.include_server_side_tool_invocations",
            )
        },
    },
];
