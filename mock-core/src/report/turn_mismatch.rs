//! Why a turn did not answer a request: in a few words, and in full.

use serde_json::Value;

use super::formatting::{count, list, quote, shorten};
use super::matcher_input::MatcherInput;
use super::matcher_mismatch;
use super::message_summary::message_summary;
use super::mismatch_reason::MismatchReason;
use crate::chat::conversation::{latest_results, result_of};
use crate::chat::request::Request;
use crate::journal::verdict::{Reason, TurnMismatch};
use crate::scenario::{Scenario, Variable};
use crate::similar_words::is_similar;

/// Why this turn did not answer this request, in lines of `width` characters.
pub(super) fn why(
    scenario: &Scenario,
    miss: &TurnMismatch,
    request: MatcherInput<'_>,
    width: usize,
) -> MismatchReason {
    match &miss.reason {
        Reason::Unmatched(index) => {
            let matchers = &scenario.turn(miss.turn).matchers;
            match matchers.get(*index) {
                Some(_) => matcher_mismatch::why_not(matchers, *index, request, width),
                None => {
                    MismatchReason::from_text("one of its matchers does not hold".to_owned(), width)
                }
            }
        }
        #[cfg(feature = "cassette")]
        Reason::NotRecorded => match scenario.turn(miss.turn).replay.exchange() {
            Some(exchange) => super::nearest_recorded::why(exchange, request, width),
            None => MismatchReason::from_text("it is another request".to_owned(), width),
        },
        Reason::ResultMisfit { tool, misfit } => MismatchReason::new(
            format!("its result: {misfit}"),
            &format!(
                "the result of `{tool}` is not what the tool returns: {misfit}: {}",
                last_message(&request)
            ),
            width,
        ),
        Reason::NotOffered(tool) => MismatchReason::new(
            format!("it does not offer `{tool}`"),
            &format!(
                "the turn calls `{tool}`, but the request {}",
                matcher_mismatch::offers(tool, &request)
            ),
            width,
        ),
        Reason::OtherKind => {
            let kinds = match request.is_embedding {
                true => ("embeddings", "chat requests"),
                false => ("a chat answer", "requests for embeddings"),
            };
            let (asked, answered) = kinds;
            MismatchReason::new(
                format!("it asks for {asked}"),
                &format!("the request asks for {asked}, and the turn answers {answered}"),
                width,
            )
        }
        Reason::Dimensions { has, asked } => MismatchReason::new(
            format!("it asks for {}", count(*asked as usize, "dimension")),
            &format!(
                "the request asks for {}, and the turn's vector has {has}",
                count(*asked as usize, "dimension")
            ),
            width,
        ),
        Reason::Inputs { has, asked } => MismatchReason::new(
            format!("it has {}", count(*asked, "input")),
            &format!(
                "the request has {}, and the turn has {has} vectors, one for each input",
                count(*asked, "input")
            ),
            width,
        ),
        Reason::NoValue(variable) => no_value(variable, &request, width),
    }
}

fn last_message(request: &Request) -> String {
    let last = request.last_message();
    last.map_or(String::new(), |last| message_summary(last, request))
}

fn no_value(variable: &Variable, request: &Request, width: usize) -> MismatchReason {
    let (brief, reason) = match variable {
        Variable::Capture(name) => (
            format!("`{variable}` has no value"),
            format!("no matcher has captured `{name}` yet"),
        ),
        Variable::Field { tool, index, path } => {
            let (instead, reason) = no_field(tool, *index, path, request);
            let brief = match path.rsplit_once('.') {
                Some((parent, name)) => format!("no `{name}` in `{parent}`{instead}"),
                None => format!("no `{variable}`{instead}"),
            };
            (brief, reason)
        }
        _ => (
            format!("`{variable}` has no value"),
            "the request has no message of the user".to_owned(),
        ),
    };
    MismatchReason::new(
        brief,
        &format!("`{variable}` has no value: {reason}"),
        width,
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
        let [brief, content] = [24, 40].map(|width| quote(&result.text(), width));
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
        match next {
            Some(next) => {
                value = next;
                found = format!("`{key}` of {found}");
            }
            None => break,
        }
    }
    match value {
        Value::Object(fields) if fields.is_empty() => {
            (String::new(), format!("{found} has no fields"))
        }
        Value::Object(fields) => {
            // Names that may be meant come first.
            let (mut names, mut others) = (Vec::new(), Vec::new());
            for name in fields.keys() {
                let name = shorten(name, 30);
                match may_be(&name, wanted) {
                    true => names.push(name),
                    false => others.push(name),
                }
            }
            names.append(&mut others);
            let instead = match names.as_slice() {
                [only] => format!(", but `{only}`"),
                [first, ..] if may_be(first, wanted) => format!(", but `{first}`"),
                _ => String::new(),
            };
            let names = list(&names);
            (instead, format!("{found} has {names}"))
        }
        Value::Array(items) => (
            String::new(),
            format!("{found} is a list of {}", items.len()),
        ),
        _ => {
            let value = quote(&value.to_string(), 20);
            let reason = format!("{found} has no fields: it is {value}");
            (String::new(), reason)
        }
    }
}

/// Why there is no result of a tool with this index.
fn no_result(tool: &str, which: &str, request: &Request) -> String {
    let mut of_tool = 0;
    for &(of, _) in &latest_results(&request.messages) {
        of_tool += usize::from(of == Some(tool));
    }
    match of_tool {
        0 => format!(
            "there is no result of `{tool}` since the last message of the model, so none is {which}"
        ),
        1 => format!(
            "there is 1 result of `{tool}` since the last message of the model, which is `{tool}[0]`, so none is {which}"
        ),
        latest => format!(
            "there are {latest} results of `{tool}` since the last message of the model, from `{tool}[0]` to `{tool}[{}]`, so none is {which}",
            latest - 1
        ),
    }
}

fn may_be(name: &str, wanted: &str) -> bool {
    is_similar(name, wanted) || name.starts_with(wanted) || wanted.starts_with(name)
}
