//! The tools of a mock: those that it uses are declared, and each once.

use proc_macro2::Ident;
use syn::LitStr;

use super::super::parse::{MatcherKind, Mock, all_within, word};
use crate::diagnostics::{Diagnostics, position, remove_one};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;

/// If tools are declared, turns call and wait for declared tools only.
pub(super) fn tools_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    let used = named_tools(mock);
    // An empty list is one mistake.
    let once = if names.is_empty() { 1 } else { used.len() };
    for &tool in used.iter().take(once) {
        if !names.contains(&word(tool)) {
            diagnostics.error(
                Lint::UndeclaredTool,
                tool.span(),
                format_args!("no tool `{tool}` is declared in this mock"),
                tool_help(&tool.to_string(), &names),
            );
        }
    }
}

/// The help for a tool that is not among those that are declared.
pub(super) fn tool_help(tool: &str, declared: &[String]) -> String {
    match declared {
        [] => format!("declare it, as in `tools = [{tool}]`"),
        names => did_you_mean(tool, "tools", names),
    }
}

/// No two tools have one name.
pub(super) fn tools_are_declared_once(mock: &Mock, diagnostics: &Diagnostics) {
    let tools = mock.declared_tools();
    for (index, tool) in tools.iter().enumerate() {
        let earlier = tools.get(..index).unwrap_or_default();
        let same = earlier.find(&|earlier| earlier.name == tool.name);
        if let Some(same) = same {
            diagnostics.error(
                Lint::DuplicateTool,
                tool.name.span(),
                format_args!("tool `{}` is declared twice", tool.name),
                remove_one(&tool.name.to_string(), same.name.span(), tool.name.span()),
            );
        } else if let Some(earlier) =
            earlier.find(&|earlier| earlier.wire_name() == tool.wire_name())
        {
            let span = tool.wire.as_ref().map_or(tool.name.span(), LitStr::span);
            diagnostics.error(
                Lint::DuplicateTool,
                span,
                format_args!(
                    "tool `{}` is also named `{}`",
                    earlier.name,
                    tool.wire_name()
                ),
                format_args!(
                    "write another name here or in line {}",
                    position(earlier.name.span()).0
                ),
            );
        }
    }
}

/// The tools that are called or waited for, as they come.
pub(super) fn named_tools(mock: &Mock) -> Vec<&Ident> {
    let mut tools = Vec::new();
    for &matcher in &all_within(mock.matchers()) {
        if let MatcherKind::Tool(_, tool) = &matcher.kind {
            tools.push(tool);
        }
    }
    for &call in &mock.calls() {
        tools.push(&call.tool);
    }
    for expectation in mock.expectations() {
        tools.append(&mut expectation.tools());
    }
    tools
}
