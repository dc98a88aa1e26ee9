//! How a request becomes equal to a recorded one, by where the two differ.

use super::formatting::{joined, one_line, short_place, shorten};
use super::matcher_input::MatcherInput;
use crate::scenario::recorded::difference_for_reports::Difference;
use crate::scenario::recorded::exchange::RecordedExchange;
use crate::scenario::{Scenario, SourceLocation};

/// The most fields that are named.
const NAMED: usize = 3;

/// The longest that a path, a query or a field is.
const LONGEST: usize = 60;

/// The remedy for what differs in each run.
const LEAVE_OUT: &str = "leave out of the comparison what changes from run to run";

/// The remedies for a request that equals no recorded one, by the nearest of them.
pub(super) fn nearest(scenario: &Scenario, request: MatcherInput<'_>) -> Vec<String> {
    let recorded = scenario.recorded.as_ref();
    let nearest = recorded
        .and_then(|recorded| recorded.nearest(request.head, &request, request.is_embedding));
    let (Some(recorded), Some(nearest)) = (recorded, nearest) else {
        return Vec::new();
    };
    let exchange = &recorded.lanes[nearest.lane];
    let place = recorded.places[nearest.lane];
    ways(exchange, place, &nearest.differences, request)
}

/// The remedies for a request that differs from a recorded one in these places.
pub(super) fn ways(
    exchange: &RecordedExchange,
    place: SourceLocation,
    differences: &[Difference],
    request: MatcherInput<'_>,
) -> Vec<String> {
    // In process the differences are those of requests as they were read. How the body names a field is in the file.
    if request.head.is_none() {
        let mut ways = vec!["or ask what was recorded".to_owned()];
        let asks_the_same = !differences
            .iter()
            .any(|difference| is_of_question(&difference.place));
        if exchange.request.is_some() && asks_the_same && !differences.is_empty() {
            ways.push(format!(
                "or {LEAVE_OUT}: `.ignore(..)`, with the field's name in the recorded body"
            ));
        }
        return ways;
    }
    let differs = |name: &str| differences.iter().any(|other| other.place == name);
    let line = match (differs("method"), differs("path")) {
        (true, true) => Some("method and its path"),
        (true, false) => Some("method"),
        (false, true) => Some("path"),
        (false, false) => None,
    };
    if let Some(wrong) = line {
        let recorded = one_line(&format!("{} {}", exchange.method, exchange.path));
        return vec![
            format!("or send `{}`, as recorded", shorten(&recorded, LONGEST)),
            format!(
                "or correct its {wrong} in the exchange at {}",
                short_place(place)
            ),
        ];
    }
    let mut query_way = None;
    if differences
        .iter()
        .any(|other| other.place.starts_with("query."))
    {
        let query = joined(&exchange.sent.query, "&", |(name, value)| {
            format!("{name}={value}")
        });
        query_way = Some(match &*query {
            "" => "send no query, as recorded".to_owned(),
            query => format!(
                "send the query `{}`, as recorded",
                shorten(&one_line(query), LONGEST)
            ),
        });
    }
    let mut fields = Vec::new();
    for difference in differences {
        if !difference.place.starts_with("query.") {
            fields.push(ignorable(&difference.place));
        }
    }
    if fields.is_empty() {
        return Vec::from_iter(query_way.map(|query| format!("or {query}")));
    }
    // What is left out is not checked any more, so it comes last.
    let mut ways = vec!["send the recorded body".to_owned()];
    ways.extend(left_out(fields));
    for way in &mut ways {
        *way = match &query_way {
            Some(query) => format!("or {query}, and {way}"),
            None => format!("or {way}"),
        };
    }
    ways
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
