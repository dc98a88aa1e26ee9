//! Why a turn did not answer a request: in a few words, and in full.

use serde_json::Value;

#[cfg(feature = "cassette")]
use super::compared_exchange::ComparedExchange;
use super::formatting::{count, list, quote, shorten};
use super::matcher_mismatch::{self, last_message};
use super::mismatch_reason::MismatchReason;
use crate::chat::conversation::{latest_results, result_of};
use crate::chat::request::Request;
use crate::journal::calls::Call;
use crate::journal::verdict::{Reason, ToolChoiceViolation, TurnMismatch};
use crate::scenario::{OtherArguments, Variable};
use crate::similar_words::is_similar;

/// Why this turn did not answer this request.
pub(super) fn why(miss: &TurnMismatch, call: &Call) -> MismatchReason {
    let (scenario, request) = (&call.scenario, call.request());
    match &miss.reason {
        Reason::Unmatched(index) => {
            let matchers = &scenario.turn(miss.turn).matchers;
            match matchers.get(*index) {
                Some(_) => matcher_mismatch::why_not(matchers, *index, call),
                None => {
                    MismatchReason::from_text(format_args!("one of its matchers does not hold"))
                }
            }
        }
        #[cfg(feature = "cassette")]
        Reason::NotRecorded => match ComparedExchange::of_turn(scenario.turn(miss.turn), call) {
            Some(exchange) => exchange.why(),
            None => MismatchReason::from_text(format_args!("it is a different request")),
        },
        Reason::ResultMisfit { tool, misfit } => MismatchReason::new(
            format_args!("its result: {misfit}"),
            format_args!(
                "the result of `{tool}` is not what the tool returns: {misfit}: {}",
                last_message(request, "")
            ),
        ),
        Reason::NotOffered(tool) => MismatchReason::new(
            format_args!("it does not offer `{tool}`"),
            format_args!(
                "the turn calls `{tool}`, but the request {}",
                matcher_mismatch::offers(tool, request)
            ),
        ),
        Reason::OtherArguments { tool, why } => other_arguments(tool, why, request),
        Reason::ToolChoice { field, violation } => tool_choice(field, violation),
        Reason::OtherKind => {
            let (requested, answered) = match call.is_embedding() {
                true => ("embeddings", "chat requests"),
                false => ("a chat answer", "requests for embeddings"),
            };
            MismatchReason::new(
                format_args!("it asks for {requested}"),
                format_args!("the request asks for {requested}, and the turn answers {answered}"),
            )
        }
        Reason::Dimensions {
            scripted,
            requested,
        } => {
            let requested = count(*requested as usize, "dimension");
            MismatchReason::new(
                format_args!("it asks for {requested}"),
                format_args!(
                    "the request asks for {requested}, and the turn's vector has {scripted}"
                ),
            )
        }
        Reason::Inputs {
            scripted,
            requested,
        } => {
            let requested = count(*requested, "input");
            MismatchReason::new(
                format_args!("it has {requested}"),
                format_args!(
                    "the request has {requested}, and the turn has {scripted} vectors, one for each input"
                ),
            )
        }
        Reason::NoValue(variable) => no_value(variable, request),
    }
}

fn other_arguments(tool: &str, why: &OtherArguments, request: &Request) -> MismatchReason {
    match why {
        OtherArguments::Missing(argument) => MismatchReason::new(
            format_args!("its `{tool}` has no `{argument}`"),
            format_args!(
                "the turn calls `{tool}` with `{argument}`, but the request offers it with {}",
                offered_arguments(tool, request)
            ),
        ),
        OtherArguments::Required(argument) => MismatchReason::new(
            format_args!("its `{tool}` requires `{argument}`"),
            format_args!(
                "the request offers `{tool}` with the required argument `{argument}`, which the turn's call cannot have"
            ),
        ),
    }
}

fn tool_choice(field: &str, violation: &ToolChoiceViolation) -> MismatchReason {
    let (answers, demands) = match violation {
        ToolChoiceViolation::Call(tool) => (format!("calls `{tool}`"), "allows no call".to_owned()),
        ToolChoiceViolation::OtherTool { tool, allowed } => (
            format!("calls `{tool}`"),
            format!("allows only {}", list(allowed)),
        ),
        ToolChoiceViolation::ParallelCalls(calls) => (
            format!("calls {}", count(*calls, "tool")),
            "allows only one call".to_owned(),
        ),
        ToolChoiceViolation::NoCall => ("calls no tool".to_owned(), "demands a call".to_owned()),
    };
    MismatchReason::new(
        format_args!("its `{field}` {demands}"),
        format_args!("the turn {answers}, and the request's `{field}` {demands}"),
    )
}

/// The names of the arguments with which the request offers a tool.
fn offered_arguments(tool: &str, request: &Request) -> String {
    let offered = request.offered(tool);
    let properties = offered.and_then(|offered| offered.parameters.get("properties")?.as_object());
    let mut names = Vec::new();
    if let Some(properties) = properties {
        for name in properties.keys() {
            names.push(name.as_str());
        }
    }
    list(&names)
}

fn no_value(variable: &Variable, request: &Request) -> MismatchReason {
    let mut brief = format!("`{variable}` has no value");
    let reason = match variable {
        Variable::Capture(name) => format!("no matcher has captured `{name}` yet"),
        Variable::Field { tool, index, path } => {
            let (instead, reason) = no_field(tool, *index, path, request);
            brief = match path.rsplit_once('.') {
                Some((parent, name)) => format!("no `{name}` in `{parent}`{instead}"),
                None => format!("no `{variable}`{instead}"),
            };
            reason
        }
        _ => "the request has no message of the user".to_owned(),
    };
    MismatchReason::new(
        format_args!("{brief}"),
        format_args!("`{variable}` has no value: {reason}"),
    )
}

/// Describes what a tool's result has in place of a missing field: in a few words, and in full.
fn no_field(tool: &str, index: Option<u32>, path: &str, request: &Request) -> (String, String) {
    let which = match index {
        Some(index) => format!("`{tool}[{index}]`"),
        None => format!("`{tool}`"),
    };
    let Some(result) = result_of(&request.messages, tool, index) else {
        let reason = match index {
            Some(_) => no_result(tool, &which, request),
            None => format!("the request has no result of {which}"),
        };
        return (": it has no such result".to_owned(), reason);
    };
    let Ok(json) = result.json::<Value>() else {
        let text = result.text();
        let (brief, content) = (quote(&text, 24), quote(&text, 40));
        let reason = format!("the result of {which} is not JSON: {content}");
        return (format!(": the result is {brief}, not JSON"), reason);
    };
    let mut value = &json;
    let mut found = format!("the result of {which}");
    let mut wanted = "";
    for key in path.split('.') {
        wanted = key;
        let next = match value {
            Value::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)),
            _ => value.get(key),
        };
        let Some(next) = next else {
            break;
        };
        value = next;
        found = format!("`{key}` of {found}");
    }
    let reason = match value {
        Value::Object(fields) if fields.is_empty() => format!("{found} has no fields"),
        Value::Object(fields) => {
            // List similar names first.
            let (mut names, mut others) = (Vec::new(), Vec::new());
            for name in fields.keys() {
                let name = shorten(name, 30);
                match may_be(&name, wanted) {
                    true => names.push(name),
                    false => others.push(name),
                }
            }
            let is_likely = !names.is_empty();
            names.append(&mut others);
            let instead = match names.as_slice() {
                [first, rest @ ..] if is_likely || rest.is_empty() => format!(", but `{first}`"),
                _ => String::new(),
            };
            return (instead, format!("{found} has {}", list(&names)));
        }
        Value::Array(items) => format!("{found} is a list of {}", items.len()),
        _ => {
            let value = quote(&value.to_string(), 20);
            format!("{found} has no fields: it is {value}")
        }
    };
    (String::new(), reason)
}

/// Why there is no result of a tool with this index.
fn no_result(tool: &str, which: &str, request: &Request) -> String {
    let mut of_tool = 0;
    for &(of, _) in &latest_results(&request.messages) {
        of_tool += usize::from(of == Some(tool));
    }
    let since = "since the last message of the model";
    match of_tool {
        0 => format!("there is no result of `{tool}` {since}, so none is {which}"),
        1 => format!(
            "there is 1 result of `{tool}` {since}, which is `{tool}[0]`, so none is {which}"
        ),
        latest => format!(
            "there are {latest} results of `{tool}` {since}, from `{tool}[0]` to `{tool}[{}]`, so none is {which}",
            latest - 1
        ),
    }
}

fn may_be(name: &str, wanted: &str) -> bool {
    is_similar(name, wanted) || name.starts_with(wanted) || wanted.starts_with(name)
}
