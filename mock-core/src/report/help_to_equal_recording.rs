//! The help for a request that differs from a recorded one: how to make the two equal.

use super::compared_exchange::ComparedExchange;
use super::detail::Detail;
use super::formatting::{joined, one_line, short_place, shorten};
use crate::journal::calls::Call;
use crate::scenario::recorded::difference_for_reports::Difference;
use crate::search::Search;

/// The most fields that are named.
const NAMED: usize = 3;

/// The longest that a path, a query or a field is.
const LONGEST: usize = 60;

/// The remedy for what differs in each run.
const LEAVE_OUT: &str = "leave out of the comparison what changes from run to run";

/// Adds the remedies for a request that differs from a recorded one.
pub(super) fn help(compared: &ComparedExchange<'_>, call: &Call, detail: &mut Detail) {
    let (exchange, differences) = (compared.exchange, &*compared.differences);
    // In process, the differences are named by fields of `Request`. The name of a field in the body is in the file.
    if call.head.is_none() {
        detail.help(format_args!("or send the recorded request"));
        let is_of_question = |difference: &Difference| is_of_question(&difference.place);
        if exchange.request.is_some()
            && !differences.is_empty()
            && !differences.any(&is_of_question)
        {
            detail.help(format_args!(
                "or {LEAVE_OUT}: `.ignore(..)`, with the field's name in the recorded body"
            ));
        }
        return;
    }
    let differs = |name: &str| differences.any(&|other| other.place == name);
    let wrong = match (differs("method"), differs("path")) {
        (true, true) => Some("method and its path"),
        (true, false) => Some("method"),
        (false, true) => Some("path"),
        (false, false) => None,
    };
    if let Some(wrong) = wrong {
        let recorded = one_line(&format!("{} {}", exchange.method, exchange.path));
        let (recorded, place) = (shorten(&recorded, LONGEST), short_place(compared.place));
        detail.help(format_args!("or send `{recorded}`, as recorded"));
        detail.help(format_args!(
            "or correct its {wrong} in the exchange at {place}"
        ));
        return;
    }
    let mut fields = Vec::new();
    for difference in differences {
        if !is_of_query(difference) {
            fields.push(ignorable(&difference.place));
        }
    }
    let mut or = "or".to_owned();
    if differences.any(&is_of_query) {
        let query = joined(&exchange.sent.query, "&", |(name, value)| {
            format!("{name}={value}")
        });
        or = match &*query {
            "" => "or send no query, as recorded".to_owned(),
            query => {
                let query = shorten(&one_line(query), LONGEST);
                format!("or send the query `{query}`, as recorded")
            }
        };
        if fields.is_empty() {
            detail.help(format_args!("{or}"));
        }
        or.push_str(", and");
    }
    if fields.is_empty() {
        return;
    }
    detail.help(format_args!("{or} send the recorded body"));
    // Leaving out a field turns off its check, so this is the last suggestion.
    if let Some(left_out) = left_out(fields) {
        detail.help(format_args!("{or} {left_out}"));
    }
}

/// Whether a difference is in the query of a request.
fn is_of_query(difference: &Difference) -> bool {
    difference.place.starts_with("query.")
}

/// How fields that differ are left out of the comparison; `None` if one of them cannot be.
fn left_out(fields: Vec<Option<String>>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        let field = field?;
        if !names.contains(&field) {
            names.push(field);
        }
    }
    Some(match names.len() > NAMED {
        true => format!("{LEAVE_OUT}, each field with `.ignore(..)`"),
        false => {
            let ignored = joined(&names, ", ", |name| format!("`.ignore(\"{name}\")`"));
            format!("{LEAVE_OUT}: {ignored}")
        }
    })
}

/// The fields of a body in which the question is.
const QUESTION: [&str; 10] = [
    "contents",
    "input",
    "instructions",
    "messages",
    "model",
    "prompt",
    "system",
    "systemInstruction",
    "system_instruction",
    "tools",
];

/// Whether a field is of what is asked, other than an id in it: without it, any other question would get the recorded answer.
fn is_of_question(place: &str) -> bool {
    let root = place.split(['.', '[']).next().unwrap_or_default();
    let is_id = ["id", "Id"].iter().any(|end| place.ends_with(end));
    QUESTION.contains(&root) && (!is_id || is_of_call(place))
}

/// Whether a field has the id of a tool call. That comes from a response: a client that sends another one has lost it.
fn is_of_call(place: &str) -> bool {
    let references = ["call_id", "tool_use_id", "toolUseId"];
    let is_in_call = ["tool_calls[", "parts["]
        .iter()
        .any(|list| place.contains(list));
    is_in_call || references.iter().any(|end| place.ends_with(end))
}

/// A field of a JSON body as `Cassette::ignore` names it: `messages.*.id` of `messages[2].id`. An item of a list cannot be ignored, and neither
/// can a body that is not JSON, nor whether the answer is a stream: a recorded one is sent as it is.
fn ignorable(place: &str) -> Option<String> {
    if matches!(place, "body" | "stream") || place.ends_with(']') || place.len() > LONGEST {
        return None;
    }
    if is_of_question(place) {
        return None;
    }
    let mut parts = Vec::new();
    for part in place.split('.') {
        let (name, indices) = part.split_once('[').unwrap_or((part, ""));
        parts.push(name);
        parts.extend(indices.split_terminator(']').map(|_| "*"));
    }
    Some(parts.join("."))
}
