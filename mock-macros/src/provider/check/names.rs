use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::super::model::{
    ActionKind, Argument, Arguments, Json, JsonKind, JsonValue, Matcher, MatcherKind, Mock,
    Otherwise, Pattern, Per, Text, Turn, Type, word,
};
use super::super::text::{PatternPiece, Piece, Variable};
use super::super::words;
use crate::diagnostics::{Diagnostics, did_you_mean, position, remove_one};
use crate::probe::Template;
use crate::rule::Rule;

/// A variable of a template is captured by a matcher of this turn or an earlier one. A rule may be asked when all of the
/// script has been, and before any other rule.
pub(super) fn variables_are_bound(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.outer_matchers().any(is_bad) {
        return;
    }
    let per = match &mock.per {
        Some(Per::Matcher(matcher)) => captures(matcher),
        _ => Vec::new(),
    };
    // Of all scripts: a rule may be asked behind any of them.
    let mut bound = BTreeSet::new();
    for (matchers, turns) in mock.scripts() {
        let mut of_script: BTreeSet<_> = per.iter().copied().collect();
        of_script.extend(matchers.iter().flat_map(captures));
        for turn in turns {
            if may_bind_anything(turn) {
                return;
            }
            of_script.extend(turn.matchers.iter().flat_map(captures));
            are_bound(mock, turn, &of_script, diagnostics);
        }
        bound.extend(of_script);
    }
    let otherwise = match &mock.otherwise {
        Some(Otherwise::Turn(turn)) => Some(&**turn),
        _ => None,
    };
    for rule in mock.rules.iter().chain(otherwise) {
        if !may_bind_anything(rule) {
            let own = rule.matchers.iter().flat_map(captures);
            let own: Vec<_> = own.filter(|name| bound.insert(name)).collect();
            are_bound(mock, rule, &bound, diagnostics);
            for name in own {
                bound.remove(name);
            }
        }
    }
}

/// Whether there is a matcher that was not understood.
fn may_bind_anything(turn: &Turn) -> bool {
    turn.matchers.iter().any(is_bad)
}

/// Whether it, or one within it, was not understood.
fn is_bad(matcher: &Matcher) -> bool {
    let mut all = matcher.all().into_iter();
    all.any(|matcher| matches!(matcher.kind, MatcherKind::Bad))
}

fn are_bound(mock: &Mock, turn: &Turn, bound: &BTreeSet<&str>, diagnostics: &Diagnostics) {
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
            let variables = words::VARIABLES.names().map(|name| name as &str);
            let known = bound.iter().copied().chain(variables);
            diagnostics.unbound(
                literal,
                &Template {
                    unbound: name,
                    others: others(pieces, name),
                },
                format!("template variable `{name}` is not bound by a matcher of this turn or an earlier one"),
                match field_of_tool(mock, name) {
                    Some(field) => format!(
                        "`{name}` is a tool: write a field of its result, as in `{{{name}.{field}}}`"
                    ),
                    None => did_you_mean(name, "variables", known),
                },
            );
        }
    }
}

/// A field of what the tool of this name returns, if there is such a tool and what it returns has fields, as far as that is known.
fn field_of_tool(mock: &Mock, name: &str) -> Option<String> {
    let tool = mock.tool(name);
    if tool.is_none() && !named_tools(mock).any(|tool| word(tool) == name) {
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

/// The names of all variables but this one; `None` where one is a field of a result and not a name.
fn others<'p>(pieces: &'p [Piece], name: &str) -> Option<Vec<&'p str>> {
    let mut others = BTreeSet::new();
    for piece in pieces {
        others.extend(match piece {
            Piece::Text(_) => None,
            Piece::Variable(Variable::Capture(capture)) => Some(capture.as_str()),
            Piece::Variable(Variable::User) => Some("user"),
            Piece::Variable(Variable::Model) => Some("model"),
            Piece::Variable(Variable::Call) => Some("call"),
            Piece::Variable(Variable::Field { .. }) => return None,
        });
    }
    others.remove(name);
    Some(others.into_iter().collect())
}

/// What a matcher binds, if it holds. That it does not hold binds nothing.
pub(super) fn captures(matcher: &Matcher) -> Vec<&str> {
    if let MatcherKind::AnyOf(inner) | MatcherKind::AllOf(inner) = &matcher.kind {
        return inner.iter().flat_map(captures).collect();
    }
    match matcher.pattern() {
        Some(Pattern::Words(pieces)) => {
            let names = pieces.iter().filter_map(|piece| match piece {
                PatternPiece::Capture { name, .. } => Some(name.as_str()),
                _ => None,
            });
            names.collect()
        }
        Some(Pattern::Regex(_, names)) => names.iter().map(String::as_str).collect(),
        None => Vec::new(),
    }
}

/// Every template of a turn.
pub(super) fn templates(turn: &Turn) -> Vec<(&LitStr, &[Piece])> {
    let mut templates = Vec::new();
    for action in &turn.actions {
        match &action.kind {
            ActionKind::Plain(_, Argument::Text(text)) => of_text(text, &mut templates),
            ActionKind::Stream(_, texts) => {
                texts.iter().for_each(|text| of_text(text, &mut templates));
            }
            ActionKind::Json(JsonValue::Json(json)) => of_json(json, &mut templates),
            ActionKind::Call(call) => {
                match &call.arguments {
                    Arguments::Fields(fields) => fields
                        .iter()
                        .for_each(|(_, value)| of_json(value, &mut templates)),
                    Arguments::Typed(typed) => {
                        let texts = typed.texts.iter();
                        templates.extend(texts.map(|text| (&text.literal, text.pieces.as_slice())));
                    }
                    Arguments::Raw(_) => {}
                }
                call.id.iter().for_each(|id| of_text(id, &mut templates));
            }
            _ => {}
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

/// The fields of results that a template uses, each once.
fn fields_of_results(pieces: &[Piece]) -> BTreeSet<(&str, &str)> {
    let fields = pieces.iter().filter_map(|piece| match piece {
        Piece::Variable(Variable::Field { tool, path, .. }) => Some((tool.as_str(), path.as_str())),
        _ => None,
    });
    fields.collect()
}

/// Where tools are declared, templates use the results of no other.
pub(super) fn tools_of_fields_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    for (literal, pieces) in mock.all_turns().flat_map(templates) {
        let tools = fields_of_results(pieces).into_iter().map(|(tool, _)| tool);
        let tools: BTreeSet<_> = tools.collect();
        for tool in tools {
            if !names.iter().any(|name| name == tool) {
                diagnostics.error(
                    Rule::UndeclaredTool,
                    literal.span(),
                    format!("no tool `{tool}` is declared in this mock"),
                    tool_help(tool, &names),
                );
            }
        }
    }
}

/// Only what tools return has fields. Where tools are declared, there are no others; else a field is one of a text if no tool has the
/// text's name, as far as that can be told.
pub(super) fn texts_have_no_fields(mock: &Mock, diagnostics: &Diagnostics) {
    let may_call =
        |action: &ActionKind| matches!(action, ActionKind::Respond(_)) || action.is_driven();
    if mock.tools.is_some() || mock.actions().any(may_call) {
        return;
    }
    let matchers = mock.all_turns().flat_map(|turn| &turn.matchers);
    let matchers = matchers.chain(mock.outer_matchers());
    let captured: BTreeSet<_> = matchers.flat_map(captures).collect();
    let tools: BTreeSet<_> = named_tools(mock).map(word).collect();
    let is_text = |name: &str| {
        (captured.contains(name) || words::VARIABLES.has(name)) && !tools.contains(name)
    };
    for (literal, pieces) in mock.all_turns().flat_map(templates) {
        for (name, path) in fields_of_results(pieces) {
            if is_text(name) {
                diagnostics.error(
                    Rule::UnknownVariable,
                    literal.span(),
                    format!("`{{{name}}}` is a text, and has no field `{path}`"),
                    format!("write `{{{name}}}`, or the name of a tool before the field"),
                );
            }
        }
    }
}

/// The tools that are called or waited for, as they come.
fn named_tools(mock: &Mock) -> impl Iterator<Item = &Ident> {
    let matchers = mock.all_turns().flat_map(|turn| &turn.matchers);
    let matchers = matchers.chain(mock.outer_matchers());
    let awaited = matchers
        .flat_map(Matcher::all)
        .filter_map(|matcher| match &matcher.kind {
            MatcherKind::ToolResult(tool) | MatcherKind::HasTool(tool) => Some(tool),
            _ => None,
        });
    awaited.chain(mock.calls().map(|call| &call.tool))
}

/// Where it is declared what a tool returns, templates use no other field of its results.
pub(super) fn fields_are_returned(mock: &Mock, diagnostics: &Diagnostics) {
    for (literal, pieces) in mock.all_turns().flat_map(templates) {
        for (tool, path) in fields_of_results(pieces) {
            if let Some((key, known)) = mock.unknown_key(tool, path) {
                let whole = path.split('.').take_while(|part| *part != key);
                let whole: String = whole.map(|part| format!("{part}.")).collect();
                diagnostics.error(
                    Rule::UnknownResultField,
                    literal.span(),
                    format!("tool `{tool}` returns no `{key}`"),
                    match known.as_slice() {
                        [first] if first == "0" => {
                            format!("this is a list: write the number of an item, as in `{{{tool}.{whole}0}}`")
                        }
                        [] if whole.is_empty() => format!(
                            "declare it, as in `returns(object {{ {key}: string }})`"
                        ),
                        [] => {
                            let value = whole.trim_end_matches('.');
                            format!("write `{{{tool}.{value}}}`, which is not an object")
                        }
                        known => did_you_mean(&key, "fields", known.iter().map(String::as_str)),
                    },
                );
            }
        }
    }
}

/// Where tools are declared, no other is called or waited for.
pub(super) fn tools_are_declared(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(names) = mock.tool_names() else {
        return;
    };
    for tool in named_tools(mock) {
        if !names.contains(&word(tool)) {
            diagnostics.error(
                Rule::UndeclaredTool,
                tool.span(),
                format!("no tool `{tool}` is declared in this mock"),
                tool_help(&tool.to_string(), &names),
            );
        }
    }
}

/// The help for a tool that is not among those that are declared.
fn tool_help(tool: &str, declared: &[String]) -> String {
    match declared {
        [] => format!("declare it, as in `tools = [{tool}]`"),
        names => did_you_mean(tool, "tools", names.iter().map(String::as_str)),
    }
}

/// No two tools have one name.
pub(super) fn tools_are_declared_once(mock: &Mock, diagnostics: &Diagnostics) {
    let tools = mock.tools.as_deref().unwrap_or_default();
    for (index, tool) in tools.iter().enumerate() {
        let mut earlier = tools.iter().take(index);
        let same = earlier.clone().find(|earlier| earlier.name == tool.name);
        if let Some(same) = same {
            diagnostics.error(
                Rule::DuplicateTool,
                tool.name.span(),
                format!("tool `{}` is declared twice", tool.name),
                remove_one(&tool.name.to_string(), same.name.span(), tool.name.span()),
            );
        } else if let Some(earlier) =
            earlier.find(|earlier| earlier.wire_name() == tool.wire_name())
        {
            let span = tool.wire.as_ref().map_or(tool.name.span(), LitStr::span);
            diagnostics.error(
                Rule::DuplicateTool,
                span,
                format!(
                    "tool `{}` is called `{}` too",
                    earlier.name,
                    tool.wire_name()
                ),
                format!(
                    "write another name here or in line {}",
                    position(earlier.name.span()).0
                ),
            );
        }
    }
}

/// What a tool is called on the wire is said in one place.
pub(super) fn tools_are_named_once(mock: &Mock, diagnostics: &Diagnostics) {
    let mut named: HashMap<&Ident, (Span, String)> = HashMap::new();
    for call in mock.calls() {
        let Some(wire) = &call.wire else { continue };
        let (tool, name) = (&call.tool, wire.value());
        if mock.tools.is_some() {
            // One that is not declared has been reported.
            if mock.tool(&word(tool)).is_some() {
                diagnostics.error(
                    Rule::WireName,
                    wire.span(),
                    "what a tool is called stands in `tools`",
                    format!("write `.named({name:?})` behind `{tool}` there, and remove it here"),
                );
            }
            continue;
        }
        let (first, other) = named
            .entry(tool)
            .or_insert_with(|| (wire.span(), name.clone()));
        if *other != name {
            diagnostics.error(
                Rule::WireName,
                wire.span(),
                format!("`{tool}` is called `{other}` already"),
                format!(
                    "write the same name as in line {}, or another word for another tool",
                    position(*first).0
                ),
            );
        }
    }
}

/// No two turns have one name.
pub(super) fn turns_have_names_of_their_own(mock: &Mock, diagnostics: &Diagnostics) {
    let mut names: HashSet<&Ident> = HashSet::new();
    for name in mock.all_turns().filter_map(|turn| turn.name.as_ref()) {
        match names.get(name) {
            Some(earlier) => diagnostics.error(
                Rule::TurnName,
                name.span(),
                format!("two turns are called `{name}`"),
                format!(
                    "write another name here or in line {}",
                    position(earlier.span()).0
                ),
            ),
            None => drop(names.insert(name)),
        }
    }
}
