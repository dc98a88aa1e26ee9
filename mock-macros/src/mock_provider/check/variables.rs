//! Rules for the variables of templates: each is bound, and fields are those of a tool's result.

use syn::LitStr;

use super::super::parse::{
    ActionKind, Argument, Arguments, Json, JsonKind, JsonValue, Matcher, MatcherKind, Mock,
    Pattern, Per, Text, Turn, Type, word,
};
use super::super::patterns::PatternPiece;
use super::super::templates::{Piece, Variable};
use super::super::words;
use super::declared_tools::{named_tools, tool_help};
use crate::diagnostics::Diagnostics;
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::name_set::NameSet;
use crate::search::Search as _;
use crate::syntax::insert_at;

/// A variable of a template is captured by a matcher of this turn or an earlier one. A rule may be asked when all of the
/// script has been, and before any other rule.
pub(super) fn variables_are_bound(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.outer_matchers().any(&|matcher| is_bad(matcher)) {
        return;
    }
    let per = match &mock.per {
        Some(Per::Matcher(matcher)) => captures(matcher),
        _ => Vec::new(),
    };
    // The captures of all scripts: a rule may answer after any of them.
    let mut bound = NameSet::default();
    for &(matchers, turns) in &mock.scripts() {
        let mut of_script = NameSet::new(per.clone());
        of_script.add(all_captures(matchers));
        for turn in turns {
            if may_bind_anything(turn) {
                return;
            }
            of_script.add(all_captures(&turn.matchers));
            are_bound(mock, turn, &of_script, diagnostics);
        }
        bound.add(of_script.names().to_vec());
    }
    for &rule in &mock.beside_script() {
        if !may_bind_anything(rule) {
            let mut bound = bound.clone();
            bound.add(all_captures(&rule.matchers));
            are_bound(mock, rule, &bound, diagnostics);
        }
    }
}

/// Whether there is a matcher that was not understood.
fn may_bind_anything(turn: &Turn) -> bool {
    turn.matchers.any(&is_bad)
}

/// Whether it, or one within it, was not understood.
fn is_bad(matcher: &Matcher) -> bool {
    let all = matcher.all();
    all.any(&|matcher| matches!(matcher.kind, MatcherKind::Bad))
}

fn are_bound(mock: &Mock, turn: &Turn, bound: &NameSet<'_>, diagnostics: &Diagnostics) {
    for &(literal, pieces) in &templates(turn) {
        let mut unbound = NameSet::default();
        for piece in pieces {
            if let Piece::Variable(Variable::Capture(name)) = piece
                && !bound.contains(name)
            {
                unbound.insert(name);
            }
        }
        for name in unbound.names() {
            let mut known = bound.names().to_vec();
            known.append(&mut words::VARIABLES.names());
            diagnostics.error(
                Lint::UnboundVariable,
                literal.span(),
                format_args!("template variable `{name}` is not bound by a matcher of this turn or an earlier one"),
                match field_of_tool(mock, name) {
                    Some(field) => format!(
                        "`{name}` is a tool: write a field of its result, as in `{{{name}.{field}}}`"
                    ),
                    None => {
                        let mut help = did_you_mean(name, "variables", &known);
                        if !mock.is_declaration && help.starts_with("variables") {
                            help.push_str(&of_rust(literal, pieces));
                        }
                        help
                    }
                },
            );
        }
    }
}

/// The help for a variable of Rust in a text.
fn of_rust(literal: &LitStr, pieces: &[Piece]) -> String {
    let is_only = |piece: &Piece| {
        matches!(
            piece,
            Piece::Text(_) | Piece::Variable(Variable::Capture(_))
        )
    };
    let text = match pieces.all(&is_only) {
        true => literal.token().to_string(),
        false => "..".to_owned(),
    };
    format!("; for a variable of Rust, write `format!({text})`")
}

/// A field of what the tool of this name returns, if there is such a tool and what it returns has fields, as far as that is known.
fn field_of_tool(mock: &Mock, name: &str) -> Option<String> {
    let tool = mock.tool(name);
    if tool.is_none() && !named_tools(mock).any(&|tool| word(tool) == name) {
        return None;
    }
    match tool.and_then(|tool| tool.returns.as_ref()) {
        None | Some(Type::Json) => Some("field".to_owned()),
        Some(returned) => first_field(returned),
    }
}

fn first_field(ty: &Type) -> Option<String> {
    let (key, inner) = match ty.required() {
        Type::Object(fields) => {
            let first = fields.first()?;
            (word(&first.name), &first.ty)
        }
        Type::List(inner) => ("0".to_owned(), &**inner),
        _ => return None,
    };
    match first_field(inner) {
        Some(rest) => Some(format!("{key}.{rest}")),
        None => Some(key),
    }
}

/// The variables that a matcher binds if it holds. A `not(..)` binds nothing.
pub(super) fn captures(matcher: &Matcher) -> Vec<&str> {
    if let MatcherKind::AnyOf(inner) | MatcherKind::AllOf(inner) = &matcher.kind {
        return all_captures(inner);
    }
    let mut captures = Vec::new();
    match matcher.pattern() {
        Some(Pattern::Words(pieces)) => {
            for piece in pieces {
                if let PatternPiece::Capture { name, .. } = piece {
                    captures.push(name.as_str());
                }
            }
        }
        Some(Pattern::Regex(_, names)) => {
            for name in names {
                captures.push(name);
            }
        }
        None => {}
    }
    captures
}

/// The variables that several matchers bind together.
fn all_captures(matchers: &[Matcher]) -> Vec<&str> {
    let mut all = Vec::new();
    for matcher in matchers {
        all.append(&mut captures(matcher));
    }
    all
}

/// Every template of a turn.
pub(super) fn templates(turn: &Turn) -> Vec<(&LitStr, &[Piece])> {
    let mut templates = Vec::new();
    for action in &turn.actions {
        match &action.kind {
            ActionKind::Plain(_, Argument::Text(text)) => templates_in_text(text, &mut templates),
            ActionKind::Stream(_, texts) => {
                for text in texts {
                    templates_in_text(text, &mut templates);
                }
            }
            ActionKind::Json(JsonValue::Json(json)) => templates_in_json(json, &mut templates),
            ActionKind::Call(call) => {
                match &call.arguments {
                    Arguments::Fields(fields) => {
                        for (_, value) in fields {
                            templates_in_json(value, &mut templates);
                        }
                    }
                    Arguments::Typed(typed) => {
                        for text in &typed.texts {
                            templates.push((&text.literal, text.pieces.as_slice()));
                        }
                    }
                    Arguments::Raw(_) => {}
                }
                if let Some(id) = &call.id {
                    templates_in_text(id, &mut templates);
                }
            }
            _ => {}
        }
    }
    for &failure in &turn.failures() {
        if let Some(message) = &failure.message {
            templates_in_text(message, &mut templates);
        }
    }
    templates
}

fn templates_in_text<'m>(text: &'m Text, templates: &mut Vec<(&'m LitStr, &'m [Piece])>) {
    if let Text::Template(literal, pieces) = text {
        templates.push((literal, pieces));
    }
}

fn templates_in_json<'m>(json: &'m Json, templates: &mut Vec<(&'m LitStr, &'m [Piece])>) {
    match &json.kind {
        JsonKind::Text(literal, pieces) => templates.push((literal, pieces)),
        JsonKind::List(items) => {
            for item in items {
                templates_in_json(item, templates);
            }
        }
        JsonKind::Object(fields) => {
            for (_, value) in fields {
                templates_in_json(value, templates);
            }
        }
        _ => {}
    }
}

/// The fields of results that templates use, of each template each once and in order: the template, the tool and the path.
fn fields_of_results(mock: &Mock) -> Vec<(&LitStr, &str, &str)> {
    let mut all = Vec::new();
    for &turn in &mock.all_turns() {
        for &(template, pieces) in &templates(turn) {
            let mut fields = Vec::new();
            for piece in pieces {
                if let Piece::Variable(Variable::Field { tool, path, .. }) = piece {
                    let field = (tool.as_str(), path.as_str());
                    if let Err(at) = fields.binary_search(&field) {
                        insert_at(&mut fields, at, field);
                    }
                }
            }
            for &(tool, path) in &fields {
                all.push((template, tool, path));
            }
        }
    }
    all
}

/// If tools are declared, templates use the results of declared tools only.
pub(super) fn tools_of_fields_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    let mut before: Option<(&LitStr, &str)> = None;
    for &(template, tool, _) in &fields_of_results(mock) {
        let is_again = before
            .replace((template, tool))
            .is_some_and(|(earlier, of)| std::ptr::eq(earlier, template) && of == tool);
        if !is_again && !names.any(&|name| name == tool) {
            diagnostics.error(
                Lint::UndeclaredTool,
                template.span(),
                format_args!("no tool `{tool}` is declared in this mock"),
                tool_help(tool, &names),
            );
        }
    }
}

/// Only what tools return has fields. Where tools are declared, there are no others; else a field is one of a text if no tool has the
/// text's name, as far as that can be told.
pub(super) fn texts_have_no_fields(mock: &Mock, diagnostics: &Diagnostics) {
    let may_call =
        |action: &&ActionKind| matches!(action, ActionKind::Respond(_)) || action.is_driven();
    if mock.tools.is_some() || mock.actions().any(&may_call) {
        return;
    }
    let mut captured = NameSet::default();
    for &matcher in &mock.matchers() {
        captured.add(captures(matcher));
    }
    let tools = named_tools(mock);
    let is_text = |name: &str| {
        (captured.contains(name) || words::VARIABLES.has(name))
            && !tools.any(&|tool| word(tool) == name)
    };
    for &(template, name, path) in &fields_of_results(mock) {
        if is_text(name) {
            diagnostics.error(
                Lint::UnknownVariable,
                template.span(),
                format_args!("`{{{name}}}` is a text, so it has no field `{path}`"),
                format_args!("write `{{{name}}}`, or the name of a tool before the field"),
            );
        }
    }
}

/// If a tool declares what it returns, templates use declared fields only.
pub(super) fn fields_are_returned(mock: &Mock, diagnostics: &Diagnostics) {
    for &(template, tool, path) in &fields_of_results(mock) {
        let Some((key, known)) = mock.unknown_key(tool, path) else {
            continue;
        };
        let mut whole = String::new();
        for part in path.split('.').take_while(|part| *part != key) {
            whole.push_str(part);
            whole.push('.');
        }
        let help = match known.as_slice() {
            [first] if first == "0" => {
                format!("this is a list: write the number of an item, as in `{{{tool}.{whole}0}}`")
            }
            [] if whole.is_empty() => {
                format!("declare it, as in `returns(object {{ {key}: string }})`")
            }
            [] => {
                let value = whole.trim_end_matches('.');
                format!("write `{{{tool}.{value}}}`, which is not an object")
            }
            known => did_you_mean(&key, "fields", known),
        };
        let message = format!("tool `{tool}` returns no `{key}`");
        diagnostics.error(Lint::UnknownResultField, template.span(), message, help);
    }
}
