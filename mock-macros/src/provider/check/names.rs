use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::LitStr;

use super::super::model::{Action, Json, JsonKind, Matcher, Mock, Text, Turn, wire_name};
use super::super::text::{PatternPiece, Piece, Variable};
use super::super::words;
use crate::diagnostics::{Diagnostics, did_you_mean};

/// A variable of a template is captured by a matcher of this turn or an earlier one.
pub(super) fn variables_are_bound(mock: &Mock, diagnostics: &Diagnostics) {
    let mut bound = BTreeSet::new();
    for turn in &mock.turns {
        // A matcher that was not understood may bind anything.
        if turn
            .matchers
            .iter()
            .any(|matcher| matches!(matcher, Matcher::Bad))
        {
            return;
        }
        bound.extend(turn.matchers.iter().flat_map(captures));
        for (literal, pieces) in templates(turn) {
            let unbound: BTreeSet<_> = pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Variable(Variable::Capture(name)) => Some(name.as_str()),
                    _ => None,
                })
                .filter(|name| !bound.contains(name))
                .collect();
            for name in unbound {
                let known = bound.iter().chain(words::VARIABLES).copied();
                diagnostics.error(
                    literal.span(),
                    format!("template variable `{name}` is not bound by a matcher of this turn or an earlier one"),
                    did_you_mean(name, "variables", known),
                );
            }
        }
    }
}

/// Where tools are declared, templates use the results of no other.
pub(super) fn tools_of_fields_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    for (literal, pieces) in mock.turns.iter().flat_map(templates) {
        let unknown: BTreeSet<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Variable(Variable::Field { tool, .. }) => Some(tool),
                _ => None,
            })
            .filter(|tool| !names.contains(tool))
            .collect();
        for tool in unknown {
            diagnostics.error(
                literal.span(),
                format!("no tool `{tool}` is declared in this mock"),
                did_you_mean(tool, "tools", names.iter().map(String::as_str)),
            );
        }
    }
}

fn captures(matcher: &Matcher) -> Vec<&str> {
    let Matcher::User(pieces) = matcher else {
        return Vec::new();
    };
    let names = pieces.iter().filter_map(|piece| match piece {
        PatternPiece::Capture { name, .. } => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

/// Every template of a turn.
fn templates(turn: &Turn) -> Vec<(&LitStr, &[Piece])> {
    let mut templates = Vec::new();
    for action in &turn.actions {
        match action {
            Action::Reply(text) | Action::Reasoning(text) | Action::Refusal(text) => {
                of_text(text, &mut templates);
            }
            Action::Stream(texts) => texts.iter().for_each(|text| of_text(text, &mut templates)),
            Action::Fail(_) => {}
            Action::Call(call) => call
                .arguments
                .iter()
                .for_each(|(_, value)| of_json(value, &mut templates)),
        }
    }
    for message in turn
        .failures()
        .filter_map(|failure| failure.message.as_ref())
    {
        of_text(message, &mut templates);
    }
    templates
}

fn of_text<'m>(text: &'m Text, templates: &mut Vec<(&'m LitStr, &'m [Piece])>) {
    if let Text::Template(literal, pieces) = text {
        templates.push((literal, pieces));
    }
}

fn of_json<'m>(json: &'m Json, templates: &mut Vec<(&'m LitStr, &'m [Piece])>) {
    match &json.kind {
        JsonKind::Text(literal, pieces) => templates.push((literal, pieces)),
        JsonKind::List(items) => items.iter().for_each(|item| of_json(item, templates)),
        JsonKind::Object(fields) => fields
            .iter()
            .for_each(|(_, value)| of_json(value, templates)),
        _ => {}
    }
}

/// Where tools are declared, no other is called or waited for.
pub(super) fn tools_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    for tool in mock.turns.iter().flat_map(named_tools) {
        if !names.contains(&wire_name(tool)) {
            diagnostics.error(
                tool.span(),
                format!("no tool `{tool}` is declared in this mock"),
                did_you_mean(&tool.to_string(), "tools", names.iter().map(String::as_str)),
            );
        }
    }
}

fn named_tools(turn: &Turn) -> impl Iterator<Item = &Ident> {
    let called = turn.actions.iter().filter_map(|action| match action {
        Action::Call(call) => Some(&call.tool),
        _ => None,
    });
    let awaited = turn.matchers.iter().filter_map(|matcher| match matcher {
        Matcher::ToolResult(tool) => Some(tool),
        _ => None,
    });
    awaited.chain(called)
}

/// No two tools have one name.
pub(super) fn tools_are_declared_once(mock: &Mock, diagnostics: &Diagnostics) {
    let tools = mock.tools.as_deref().unwrap_or_default();
    for (index, tool) in tools.iter().enumerate() {
        if tools
            .iter()
            .take(index)
            .any(|earlier| earlier.name == tool.name)
        {
            diagnostics.error(
                tool.name.span(),
                format!("tool `{}` is declared twice", tool.name),
                format!("remove one of the two `{}`", tool.name),
            );
        }
    }
}
