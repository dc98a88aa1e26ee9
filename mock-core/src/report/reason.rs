//! Why a turn did not answer a request: in a few words, and in full.

use serde_json::Value;

use super::call::said;
use super::diff::{Diff, is_similar};
use super::text::{exact, list, one_line, quote, shorten, wrap};
use super::turn::matcher;
use crate::conversation::{latest_results, results};
use crate::message::{Message, Role};
use crate::request::Request;
use crate::scenario::{Matcher, Pattern, Scenario, Turn, Variable};
use crate::verdict::{Miss, Reason};

/// Why a turn did not answer.
pub(super) struct Why {
    /// For the first line of a report.
    pub(super) brief: String,
    /// For the lines that show the turn.
    pub(super) lines: Vec<String>,
}

impl Why {
    fn new(brief: String, full: &str, width: usize) -> Why {
        Why {
            brief,
            lines: wrap(full, width, 2),
        }
    }

    fn both(reason: String, width: usize) -> Why {
        let lines = wrap(&reason, width, 2);
        Why {
            brief: reason,
            lines,
        }
    }
}

/// Why this turn did not answer this request, in lines of `width` characters.
pub(super) fn why(scenario: &Scenario, miss: &Miss, request: &Request, width: usize) -> Why {
    match &miss.reason {
        Reason::NotTheUser => match request.last_message() {
            Some(message) => Why::new(
                format!("its last message is the {}'s", author(message)),
                &format!(
                    "the last message is not the user's, but the {}'s: {}",
                    author(message),
                    said(message, request)
                ),
                width,
            ),
            None => Why::both("it has no message of the user".to_owned(), width),
        },
        Reason::UserText => user_text(scenario.turn(miss.turn), request, width),
        Reason::NotSaid(pattern) => lacks("no message of the user says", pattern, width),
        Reason::NotInstructed(pattern) => lacks("no instruction says", pattern, width),
        Reason::OtherModel(pattern) => {
            let asked = |width| match request.model.as_str() {
                "" => "it names no model".to_owned(),
                model => format!("it asks for the model {}", exact(model, width)),
            };
            // Names of one family differ at their ends.
            let name = width.saturating_sub(30);
            let wanted = match pattern.words() {
                Some(_) => exact(&pattern.to_string(), name),
                None => quote(&pattern.to_string(), name),
            };
            Why::new(
                asked(30),
                &format!("{}, not for {wanted}", asked(name)),
                width,
            )
        }
        Reason::LacksTool(tool) => Why::both(format!("it does not offer `{tool}`"), width),
        Reason::Excluded(excluded) => {
            let holds = format!("`not({})` does not hold", shorten(&matcher(excluded), 40));
            Why::both(holds, width)
        }
        Reason::ResultMisfit { tool, misfit } => Why::new(
            format!("its result: {misfit}"),
            &format!("the result of `{tool}` is not what the tool returns: {misfit}"),
            width,
        ),
        Reason::NoResultOf(tool) => no_result(tool, request, width),
        Reason::TestFailed => Why::both("its `when(..)` says no".to_owned(), width),
        Reason::NotOffered(tool) => {
            let offered = request.tools.iter().map(|tool| tool.name.as_str());
            let full = match request.tools.as_slice() {
                [] => format!(
                    "it calls `{tool}`, and the request offers no tools: if your adapter sends none, allow `unoffered_tools`"
                ),
                _ => format!(
                    "it calls `{tool}`, and the request offers only {}",
                    list(offered)
                ),
            };
            Why::new(format!("it does not offer `{tool}`"), &full, width)
        }
        Reason::NoValue(variable) => no_value(variable, request, width),
    }
}

fn lacks(what: &str, pattern: &Pattern, width: usize) -> Why {
    Why::both(format!("{what} {}", quote(&pattern.to_string(), 40)), width)
}

fn author(message: &Message) -> &'static str {
    match message.role {
        Role::Assistant => "model",
        Role::User if message.ends_with_a_result() => Role::Tool.as_str(),
        other => other.as_str(),
    }
}

fn user_text(turn: &Turn, request: &Request, width: usize) -> Why {
    let text = request.user_text().unwrap_or_default();
    let Some(pattern) = missing_pattern(turn, &text) else {
        return Why::both("its text is not the one expected".to_owned(), width);
    };
    if let Some(diff) = Diff::of(pattern, &text) {
        let brief = diff.summary();
        let mut lines = vec![brief.clone()];
        lines.extend(diff.lines(width));
        return Why { brief, lines };
    }
    let pattern = one_line(&pattern.to_string());
    if text.trim().is_empty() {
        return Why::both("the user's text is empty".to_owned(), width);
    }
    Why {
        brief: format!("it does not say {}", quote(&pattern, 30)),
        lines: vec![
            format!(
                "the user's text does not contain {}",
                quote(&pattern, width - 35)
            ),
            format!("text    {}", quote(&text, width - 10)),
        ],
    }
}

/// The first pattern of the turn that the text does not contain.
fn missing_pattern<'a>(turn: &'a Turn, text: &str) -> Option<&'a Pattern> {
    fn patterns<'a>(matcher: &'a Matcher, found: &mut Vec<&'a Pattern>) {
        match matcher {
            Matcher::User(pattern) => found.push(pattern),
            Matcher::AnyOf(inner) => inner.iter().for_each(|inner| patterns(inner, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let matchers = turn.matchers.iter();
    matchers.for_each(|matcher| patterns(matcher, &mut found));
    found
        .into_iter()
        .find(|pattern| pattern.find(text).is_none())
}

fn no_result(tool: &str, request: &Request, width: usize) -> Why {
    let results = latest_results(&request.messages);
    let tools: Vec<_> = results.map(|(tool, _)| tool).collect();
    let known: Vec<_> = tools.iter().flatten().copied().collect();
    let last = request.last_message();
    let said = last.map_or("the request is empty".to_owned(), |last| {
        said(last, request)
    });
    let (brief, full) = match (tools.as_slice(), known.as_slice()) {
        ([], _) => (
            format!("it has no result of `{tool}`"),
            format!("no result of `{tool}` at its end, but {said}"),
        ),
        (_, []) => (
            "its result has the id of no call".to_owned(),
            format!("no call in the conversation has the id that the result names: {said}"),
        ),
        (_, known) => (
            format!("got `{}`, not `{tool}`", known[0]),
            format!(
                "its result is of {}, not of `{tool}`: {said}",
                list(known.iter().copied())
            ),
        ),
    };
    Why::new(brief, &full, width)
}

fn no_value(variable: &Variable, request: &Request, width: usize) -> Why {
    let (brief, reason) = match variable {
        Variable::Capture(name) => (
            format!("`{variable}` has no value"),
            format!("no matcher has captured `{name}` up to now"),
        ),
        Variable::Field { tool, path } => {
            let (instead, reason) = no_field(tool, path, request);
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
    Why::new(
        brief,
        &format!("`{variable}` has no value: {reason}"),
        width,
    )
}

/// What there is in place of a field that is not in a tool's result: in a few words, and in full.
fn no_field(tool: &str, path: &str, request: &Request) -> (String, String) {
    let newest = results(&request.messages).find(|(of, _)| *of == Some(tool));
    let Some((_, newest)) = newest else {
        let reason = format!("the request has no result of `{tool}`");
        return (": it has no such result".to_owned(), reason);
    };
    let Ok(result) = serde_json::from_str::<Value>(&newest.content) else {
        let content = quote(&newest.content, 40);
        let reason = format!("the result of `{tool}` is not JSON: {content}");
        return (": the result is not JSON".to_owned(), reason);
    };
    let mut value = &result;
    let mut found = format!("the result of `{tool}`");
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
            let names = fields.keys().map(|name| shorten(name, 30));
            // What may be meant comes first.
            let (mut names, others): (Vec<_>, Vec<_>) =
                names.partition(|name| may_be(name, wanted));
            names.extend(others);
            let instead = match names.as_slice() {
                [only] => format!(", but `{only}`"),
                [first, ..] if may_be(first, wanted) => format!(", but `{first}`"),
                _ => String::new(),
            };
            let names = list(names.iter().map(String::as_str));
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

fn may_be(name: &str, wanted: &str) -> bool {
    is_similar(name, wanted) || name.starts_with(wanted) || wanted.starts_with(name)
}
