//! Which turn answers a request: a function of the scenario, the progress so far and the request, and of nothing else.

use std::borrow::Cow;

use serde_json::Value;

use crate::message::Role;
use crate::request::Request;
use crate::scenario::{Action, Matcher, Scenario, Str, Text, Turn, Variable};
use crate::verdict::{Miss, Reason};

/// Where in the script a mock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    /// The index of the turn at the head.
    pub(crate) turn: usize,
    /// How often it has answered.
    pub(crate) used: u32,
}

/// What the matchers have captured so far, the newest under each name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Captures(Vec<(Str, String)>);

impl Captures {
    pub(crate) fn extend(&mut self, captures: Vec<(Str, String)>) {
        for (name, value) in captures {
            match self.0.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => self.0.push((name, value)),
            }
        }
    }
}

/// The turn that answers, and what it needs.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The index of the turn.
    pub(crate) turn: usize,
    /// Where the script is afterwards.
    pub(crate) cursor: Cursor,
    /// What its matchers captured.
    pub(crate) captures: Vec<(Str, String)>,
    /// The values of the variables in its texts.
    pub(crate) values: Values,
}

/// The values of variables.
#[derive(Debug, Default)]
pub(crate) struct Values(Vec<(Variable, String)>);

impl Values {
    pub(crate) fn get(&self, variable: &Variable) -> Cow<'_, str> {
        let value = self.0.iter().find(|(known, _)| known == variable);
        // The decision has found a value for each variable of the turn.
        value.map_or(Cow::Borrowed(""), |(_, value)| value.as_str().into())
    }

    /// The value with JSON's escapes, to stand within a JSON string.
    pub(crate) fn get_escaped(&self, variable: &Variable) -> Cow<'_, str> {
        let quoted = Value::String(self.get(variable).into_owned()).to_string();
        Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
    }
}

/// Finds the turn that answers `request`, the `call`th: the head of the script, or, when its matchers fail and it has
/// been used often enough, the next.
pub(crate) fn decide(
    scenario: &Scenario,
    cursor: Cursor,
    captures: &Captures,
    request: &Request,
    call: usize,
) -> Result<Decision, Vec<Miss>> {
    let mut misses = Vec::new();
    let mut cursor = cursor;
    while let Some(turn) = scenario.turns.get(cursor.turn) {
        if cursor.used < turn.count.max {
            match answers(scenario, turn, captures, request, call) {
                Ok((captures, values)) => {
                    return Ok(Decision {
                        turn: cursor.turn,
                        cursor: Cursor {
                            used: cursor.used + 1,
                            ..cursor
                        },
                        captures,
                        values,
                    });
                }
                Err(reason) => misses.push(Miss {
                    turn: cursor.turn,
                    reason,
                }),
            }
            if cursor.used < turn.count.min {
                break;
            }
        }
        cursor = Cursor {
            turn: cursor.turn + 1,
            used: 0,
        };
    }
    Err(misses)
}

type Answers = (Vec<(Str, String)>, Values);

fn answers(
    scenario: &Scenario,
    turn: &Turn,
    captures: &Captures,
    request: &Request,
    call: usize,
) -> Result<Answers, Reason> {
    let mut captured = Vec::new();
    for matcher in turn.matchers.iter() {
        matches(matcher, request, &mut captured)?;
    }
    for action in turn.actions.iter() {
        if let Action::Call(call) = action
            && scenario.tools.iter().any(|tool| tool.name == call.tool)
            && !request.tools.iter().any(|tool| tool.name == call.tool)
        {
            return Err(Reason::NotOffered(call.tool.clone()));
        }
    }
    let mut values = Values::default();
    // Most texts have no variables. To pass over those at once takes 4 % off a chunk of a long stream.
    let templates = turn
        .texts()
        .filter(|text| matches!(text, Text::Template(_)));
    for variable in templates.flat_map(|text| text.variables()) {
        if values.0.iter().any(|(known, _)| known == variable) {
            continue;
        }
        let known = captured.iter().rev().chain(&captures.0);
        let value = resolve(variable, known, request, call);
        let value = value.ok_or_else(|| Reason::NoValue(variable.clone()))?;
        values.0.push((variable.clone(), value));
    }
    Ok((captured, values))
}

fn matches(
    matcher: &Matcher,
    request: &Request,
    captured: &mut Vec<(Str, String)>,
) -> Result<(), Reason> {
    match matcher {
        Matcher::User(pattern) => {
            let text = request.user_text().ok_or(Reason::NotTheUser)?;
            captured.extend(pattern.find(&text).ok_or(Reason::UserText)?);
            Ok(())
        }
        Matcher::ToolResult(tool) => {
            let mut results = request.trailing_tool_results();
            let answered =
                results.any(|result| request.tool_of_call(&result.call_id) == Some(tool));
            answered
                .then_some(())
                .ok_or_else(|| Reason::NoResultOf(tool.clone()))
        }
        Matcher::When(when) => when
            .test
            .holds(request)
            .then_some(())
            .ok_or(Reason::TestFailed),
    }
}

fn resolve<'a>(
    variable: &Variable,
    mut captures: impl Iterator<Item = &'a (Str, String)>,
    request: &Request,
    call: usize,
) -> Option<String> {
    match variable {
        Variable::Capture(name) => captures
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone()),
        Variable::User => {
            let mut messages = request.messages.iter().rev();
            let said = messages.find(|message| message.role == Role::User)?;
            Some(said.text().into_owned())
        }
        Variable::Model => Some(request.model.clone()),
        Variable::Call => Some(call.to_string()),
        Variable::Field { tool, path } => field(request, tool, path),
    }
}

/// A field of the newest result of a tool in this request.
fn field(request: &Request, tool: &str, path: &str) -> Option<String> {
    let messages = request.messages.iter().rev();
    let mut results = messages.flat_map(|message| message.tool_results().rev());
    let newest = results.find(|result| request.tool_of_call(&result.call_id) == Some(tool))?;
    let result: Value = serde_json::from_str(&newest.content).ok()?;
    let value = path
        .split('.')
        .try_fold(&result, |value, key| match value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => value.get(key),
        })?;
    Some(match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}
