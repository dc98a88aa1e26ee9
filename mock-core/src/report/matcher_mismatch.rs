//! Why a matcher does not hold: what the request has instead.

mod empty_capture;
pub(super) mod header_and_path;

use std::borrow::Cow;

use super::diff::Diff;
use super::formatting::{count, exact, list, one_line, quote, shorten};
use super::matcher_input::MatcherInput;
use super::message_summary::message_summary;
use super::mismatch_reason::MismatchReason;
use super::near_miss::NearMiss;
use super::turn::matcher as written;
use crate::chat::conversation::{ToolNames, latest_results};
use crate::chat::message::{Message, Role};
use crate::chat::request::Request;
use crate::scenario::{Matcher, Pattern};
use crate::search::Search;
use crate::similar_words::is_similar;

/// The most messages of a request that are compared with a pattern.
const COMPARED: usize = 10;

/// The most messages, or matchers, that are listed.
const LISTED: usize = 3;

/// Why this matcher does not hold for this request, in lines of `width` characters.
pub(super) fn why(matcher: &Matcher, request: MatcherInput<'_>, width: usize) -> MismatchReason {
    match matcher {
        Matcher::User(pattern) => user(pattern, &request, width),
        Matcher::Said(pattern) => {
            let texts = texts(&request.user_messages());
            let source = Source {
                one: "a user message",
                lacks: "no user message contains",
                none: "the request has no user message",
                label: "user",
            };
            source.why(pattern, &texts, width)
        }
        Matcher::System(pattern) => {
            let texts = texts(&request.instructions());
            let source = Source {
                one: "an instruction",
                lacks: "no instruction contains",
                none: "the request has no system or developer message",
                label: "system",
            };
            source.why(pattern, &texts, width)
        }
        Matcher::Model(pattern) => model(pattern, &request, width),
        Matcher::Header(name, _) => header_and_path::header(name, request.head, width),
        Matcher::Path { .. } => header_and_path::path(request.head, width),
        Matcher::ToolResult(tool) => no_result(tool, &request, width),
        Matcher::HasTool(tool) => MismatchReason::new(
            format!("it does not offer `{tool}`"),
            &format!("the request {}", offers(tool, &request)),
            width,
        ),
        Matcher::AnyOf(matchers) => none_of(matchers, request, width),
        Matcher::AllOf(matchers) => not_all_of(matchers, request, width),
        Matcher::Not(matchers) => excluded(matchers, request, width),
        Matcher::When(_) => MismatchReason::new(
            "its `when(..)` returned false".to_owned(),
            &format!("its `when(..)` returned false for {}", essentials(&request)),
            width,
        ),
    }
}

/// Whether a matcher holds; `None` if a closure of the user decides that.
pub(super) fn holds(matcher: &Matcher, request: MatcherInput<'_>) -> Option<bool> {
    Some(match matcher {
        Matcher::User(pattern) => request
            .user_text()
            .is_some_and(|text| pattern.find(&text).is_some()),
        Matcher::Said(pattern) => first_with(pattern, &request.user_messages()).is_some(),
        Matcher::System(pattern) => first_with(pattern, &request.instructions()).is_some(),
        Matcher::Model(pattern) => pattern.find_whole(&request.model).is_some(),
        Matcher::Header(name, pattern) => {
            let head = request.head;
            head.is_some_and(|head| head.find_header(name, pattern).is_some())
        }
        Matcher::Path { method, pattern } => {
            let (method, head) = (method.as_deref(), request.head);
            head.is_some_and(|head| head.find_path(method, pattern).is_some())
        }
        Matcher::ToolResult(tool) => {
            let results = latest_results(&request.messages);
            results.any(&|(of, _)| *of == Some(tool))
        }
        Matcher::HasTool(tool) => request.offers(tool),
        Matcher::AnyOf(matchers) => return one_of(matchers, true, request),
        Matcher::AllOf(matchers) => return Some(!one_of(matchers, false, request)?),
        Matcher::Not(matchers) => return Some(!one_of(matchers, true, request)?),
        Matcher::When(_) => return None,
    })
}

/// Whether one of these holds, or does not, as `wanted` says; `None` if a closure of the user decides that.
fn one_of(matchers: &[Matcher], wanted: bool, request: MatcherInput<'_>) -> Option<bool> {
    match first_that(matchers, wanted, request) {
        Some(_) => Some(true),
        None if first_undecided(matchers, request).is_some() => None,
        None => Some(false),
    }
}

/// The first of these that holds, or does not, as `wanted` says.
fn first_that<'m>(
    matchers: &'m [Matcher],
    wanted: bool,
    request: MatcherInput<'_>,
) -> Option<&'m Matcher> {
    let mut matchers = matchers.iter();
    matchers.find(|matcher| holds(matcher, request) == Some(wanted))
}

/// The first of these that is up to a closure of the user.
fn first_undecided<'m>(matchers: &'m [Matcher], request: MatcherInput<'_>) -> Option<&'m Matcher> {
    let mut matchers = matchers.iter();
    matchers.find(|matcher| holds(matcher, request).is_none())
}

/// The first of these that holds, or does not, as `wanted` says. Where none does for certain, it is a closure of the user that decided.
pub(super) fn decisive<'m>(
    matchers: &'m [Matcher],
    wanted: bool,
    request: MatcherInput<'_>,
) -> Option<&'m Matcher> {
    first_that(matchers, wanted, request).or_else(|| first_undecided(matchers, request))
}

/// Describes the tools that a request offers instead of another: `offers only `get_date``.
pub(super) fn offers(tool: &str, request: &Request) -> String {
    let names = request.tool_names();
    let (mut near, mut similar) = (None, None);
    for name in &names {
        if let Some(kinds) = NearMiss::differences_of_names(tool, name) {
            near = near.or(Some(format!("`{name}`, which differs only in {kinds}")));
        }
        if is_similar(name, tool) {
            similar = similar.or(Some(format!("`{name}`, not `{tool}`")));
        }
    }
    match near.or(similar) {
        None if names.is_empty() => "offers no tools".to_owned(),
        None => format!("offers only {}", list(&names)),
        Some(instead) if names.len() == 1 => format!("offers {instead}"),
        Some(instead) => format!("offers {instead}; all it offers: {}", list(&names)),
    }
}

/// The first message that the pattern matches.
fn first_with<'r>(pattern: &Pattern, messages: &[&'r Message]) -> Option<&'r Message> {
    let matches = |message: &&Message| pattern.find(&message.text()).is_some();
    messages.find(&matches).copied()
}

pub(super) fn texts<'r>(messages: &[&'r Message]) -> Vec<Cow<'r, str>> {
    let mut texts = Vec::new();
    for message in messages {
        texts.push(message.text());
    }
    texts
}

fn user(pattern: &Pattern, request: &Request, width: usize) -> MismatchReason {
    let Some(last) = request.last_message() else {
        return MismatchReason::from_text("the request has no user message".to_owned(), width);
    };
    if last.role != Role::User || last.ends_with_a_result() {
        let author = match last.role {
            Role::Assistant => "model",
            Role::User => Role::Tool.as_str(),
            other => other.as_str(),
        };
        return MismatchReason::new(
            format!("its last message is the {author}'s"),
            &format!(
                "the last message is not the user's, but the {author}'s: {}",
                message_summary(last, request)
            ),
            width,
        );
    }
    let text = last.text();
    if text.trim().is_empty() {
        return MismatchReason::from_text("the user's message is empty".to_owned(), width);
    }
    let source = Source {
        one: "it",
        lacks: "the user's message does not contain",
        none: "",
        label: "text",
    };
    let mut why = source.why(pattern, &[text], width);
    if let Some(what) = why.brief.strip_prefix(source.lacks) {
        why.brief = format!("it does not say{what}");
    }
    why
}

/// The origin of the texts that a pattern is matched against.
struct Source {
    /// The text that is nearest to the pattern.
    one: &'static str,
    lacks: &'static str,
    none: &'static str,
    label: &'static str,
}

impl Source {
    fn why(&self, pattern: &Pattern, texts: &[Cow<'_, str>], width: usize) -> MismatchReason {
        if texts.is_empty() {
            return MismatchReason::from_text(self.none.to_owned(), width);
        }
        let compared = &texts[..texts.len().min(COMPARED)];
        for text in compared {
            if let Some(brief) = empty_capture::described(pattern, text) {
                return MismatchReason::from_text(brief, width).and([
                    format!("{:8}{}", "pattern", exact(&pattern.to_string(), width - 10)),
                    format!("{:8}{}", self.label, exact(text, width - 10)),
                ]);
            }
        }
        if let Some((near, text)) = nearest(pattern, compared) {
            let diff = near.is_visible().then(|| Diff::new(pattern, text));
            let diff = diff.flatten();
            let what = match &diff {
                Some(diff) => diff.first(),
                None => near.describe(pattern, text),
            };
            let brief = format!("{} differs only in {}: {what}", self.one, near.kinds());
            let below = match diff {
                Some(diff) => diff.lines(width),
                None => near.lines(pattern, self.label, text, width),
            };
            return MismatchReason::from_text(brief, width).and(below);
        }
        let lacks = |width| {
            let pattern = one_line(&pattern.to_string());
            format!("{} {}", self.lacks, quote(&pattern, width))
        };
        match (least_diff(pattern, compared), texts) {
            (Some(diff), [_]) => {
                let below = diff.lines(width);
                let summary = diff.summary();
                let said = summary.strip_prefix("it ").unwrap_or(&summary);
                MismatchReason::from_text(format!("{} {said}", self.one), width).and(below)
            }
            (Some(diff), _) => {
                let below = diff.lines(width);
                MismatchReason::new(lacks(30), &lacks(width - 40), width).and(below)
            }
            (None, _) => {
                let mut below = Vec::new();
                for (index, text) in texts.iter().take(LISTED).enumerate() {
                    if index == 0 || texts[index - 1] != *text {
                        below.push(format!("{:8}{}", self.label, quote(text, width - 10)));
                    }
                }
                if let Some(more @ 1..) = texts.len().checked_sub(LISTED) {
                    below.push(format!("and {} more", more));
                }
                MismatchReason::new(lacks(30), &lacks(width - 40), width).and(below)
            }
        }
    }
}

/// The text that differs in the fewest kinds of what is easy to overlook.
fn nearest<'t>(pattern: &Pattern, texts: &'t [Cow<'t, str>]) -> Option<(NearMiss, &'t str)> {
    let mut nearest: Option<(NearMiss, &str)> = None;
    for text in texts {
        if let Some(near) = NearMiss::find(pattern, text, false)
            && nearest
                .as_ref()
                .is_none_or(|(least, _)| near.count() < least.count())
        {
            nearest = Some((near, text));
        }
    }
    nearest
}

/// The difference with the fewest changes. Of several texts, it has words of the pattern.
fn least_diff(pattern: &Pattern, texts: &[Cow<'_, str>]) -> Option<Diff> {
    let mut least: Option<Diff> = None;
    for text in texts {
        if let Some(diff) = Diff::new(pattern, text)
            && (diff.has_words || texts.len() == 1)
            && least
                .as_ref()
                .is_none_or(|least| diff.count() < least.count())
        {
            least = Some(diff);
        }
    }
    least
}

fn model(pattern: &Pattern, request: &Request, width: usize) -> MismatchReason {
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
    match NearMiss::find(pattern, &request.model, true) {
        Some(near) => {
            let what = near.describe(pattern, &request.model);
            let brief = format!("the model differs only in {}: {what}", near.kinds());
            MismatchReason::from_text(brief, width).and(vec![
                format!("{:8}{}", "pattern", exact(&pattern.to_string(), width - 10)),
                format!("{:8}{}", "model", exact(&request.model, width - 10)),
            ])
        }
        None => {
            let full = format!("{}, not for {wanted}", asked(name));
            MismatchReason::new(asked(30), &full, width)
        }
    }
}

fn no_result(tool: &str, request: &Request, width: usize) -> MismatchReason {
    let results = latest_results(&request.messages);
    let mut known = Vec::new();
    for (tool, _) in &results {
        if let Some(tool) = tool {
            known.push(*tool);
        }
    }
    let last = request.last_message();
    let said = last.map_or("the request is empty".to_owned(), |last| {
        message_summary(last, request)
    });
    let tools = ToolNames::new(&request.messages);
    let earlier = request.messages.position(&|message| {
        let mut results = message.tool_results();
        results.any(|result| tools.tool_of(result) == Some(tool))
    });
    let (brief, full) = match (results.as_slice(), known.as_slice(), earlier) {
        ([], _, Some(earlier)) => (
            format!("the result of `{tool}` is an earlier one"),
            format!(
                "the result of `{tool}` is message {} of {}, before the last message of the model: the request ends with {said}",
                earlier + 1,
                request.messages.len()
            ),
        ),
        ([], _, None) => (
            format!("it has no result of `{tool}`"),
            format!("the request has no result of `{tool}`; it ends with {said}"),
        ),
        (_, [], _) => (
            "no call has the id of its result".to_owned(),
            format!("no call in the conversation has the id that the result names: {said}"),
        ),
        (_, known, _) => {
            let mut names = known.iter();
            let near = match names.find_map(|name| NearMiss::differences_of_names(tool, name)) {
                Some(kinds) => format!(", which differs only in {kinds}"),
                None => String::new(),
            };
            (
                format!("got `{}`, not `{tool}`", known[0]),
                format!(
                    "its result is of {}{near}, not of `{tool}`: {said}",
                    list(known)
                ),
            )
        }
    };
    MismatchReason::new(brief, &full, width)
}

fn none_of(matchers: &[Matcher], request: MatcherInput<'_>, width: usize) -> MismatchReason {
    let mut lines = vec!["no matcher of `any_of(..)` holds:".to_owned()];
    for matcher in matchers.iter().take(LISTED) {
        let MismatchReason { brief, .. } = why(matcher, request, width);
        let line = format!("- {}: {brief}", shorten(&written(matcher), 40));
        lines.push(shorten(&line, width));
    }
    if let Some(more @ 1..) = matchers.len().checked_sub(LISTED) {
        lines.push(format!("- and {}", count(more, "more matcher")));
    }
    if let Some(last) = request.last_message() {
        let shown = format!("request {}", message_summary(last, &request));
        lines.push(shorten(&shown, width));
    }
    MismatchReason {
        brief: "no matcher of `any_of(..)` holds".to_owned(),
        lines,
    }
}

/// The first matcher of `all_of(..)` that does not hold, and why.
fn not_all_of(matchers: &[Matcher], request: MatcherInput<'_>, width: usize) -> MismatchReason {
    let failing = decisive(matchers, false, request);
    let Some(at) = failing.and_then(|failing| matchers.position(&|it| std::ptr::eq(it, failing)))
    else {
        return MismatchReason::from_text("its `all_of(..)` does not hold".to_owned(), width);
    };
    why_not(matchers, at, request, width)
}

/// Why the matcher at this index does not hold, in full, and a line for each one after it that does not hold either.
pub(super) fn why_not(
    matchers: &[Matcher],
    at: usize,
    request: MatcherInput<'_>,
    width: usize,
) -> MismatchReason {
    let mut others = Vec::new();
    for matcher in matchers.iter().skip(at + 1) {
        if holds(matcher, request) == Some(false) {
            let MismatchReason { brief, .. } = why(matcher, request, width);
            let source = format!("`{}`", shorten(&written(matcher), 40));
            let line = match brief.strip_prefix(&source) {
                Some(why) => format!("and {source}{why}"),
                None => format!("and {source}: {brief}"),
            };
            others.push(shorten(&line, width));
        }
    }
    if let Some(more @ 1..) = others.len().checked_sub(LISTED) {
        others.truncate(LISTED);
        others.push(format!("and {}", count(more, "more matcher")));
    }
    why(&matchers[at], request, width).and(others)
}

fn excluded(matchers: &[Matcher], request: MatcherInput<'_>, width: usize) -> MismatchReason {
    let Some(held) = decisive(matchers, true, request) else {
        return MismatchReason::from_text("its `not(..)` does not hold".to_owned(), width);
    };
    let brief = format!("`not({})` excludes it", shorten(&written(held), 40));
    let full = format!("{brief}: {}", held_by(held, request));
    MismatchReason::new(brief, &full, width)
}

/// The part of the request for which a matcher holds.
fn held_by(matcher: &Matcher, request: MatcherInput<'_>) -> String {
    const TEXT: usize = 60;
    let text =
        |message: Option<&Message>| quote(&message.map(Message::text).unwrap_or_default(), TEXT);
    match matcher {
        Matcher::User(_) => format!("the user's message is {}", text(request.last_message())),
        Matcher::Said(pattern) => {
            let message = first_with(pattern, &request.user_messages());
            format!("the user said {}", text(message))
        }
        Matcher::System(pattern) => {
            let message = first_with(pattern, &request.instructions());
            format!("an instruction is {}", text(message))
        }
        Matcher::Model(_) => format!("it asks for the model {}", exact(&request.model, TEXT)),
        Matcher::Header(name, _) => header_and_path::header(name, request.head, TEXT).brief,
        Matcher::Path { .. } => header_and_path::path(request.head, TEXT).brief,
        Matcher::ToolResult(_) => {
            let last = request.last_message();
            let said = last.map_or(String::new(), |last| message_summary(last, &request));
            format!("the request ends with {said}")
        }
        Matcher::HasTool(tool) => format!("the request offers `{tool}`"),
        Matcher::AnyOf(matchers) => {
            let held = decisive(matchers, true, request);
            held.map_or(String::new(), |held| held_by(held, request))
        }
        Matcher::AllOf(matchers) => {
            let mut held = Vec::new();
            for matcher in matchers.iter() {
                held.push(held_by(matcher, request));
            }
            held.join(", and ")
        }
        Matcher::Not(_) => format!("the request has {}", essentials(&request)),
        Matcher::When(_) => format!("its `when(..)` returned true for {}", essentials(&request)),
    }
}

/// The parts of a request that closures most often use: the last message, the model, the tools, the parameters.
fn essentials(request: &Request) -> String {
    let last = request.last_message();
    let last = last.map_or("no message".to_owned(), |last| {
        message_summary(last, request)
    });
    let model = match request.model.as_str() {
        "" => "no model".to_owned(),
        model => format!("model {}", exact(model, 30)),
    };
    let tools = match request.tool_names().as_slice() {
        [] => "no tools".to_owned(),
        names => format!("tools {}", list(names)),
    };
    let messages = count(request.messages.len(), "message");
    let mut all = vec![last, messages, model, tools];
    if let Some(temperature) = request.temperature {
        all.push(format!("temperature {temperature}"));
    }
    if let Some(most) = request.max_tokens {
        all.push(format!("max_tokens {most}"));
    }
    all.join(", ")
}

#[cfg(test)]
mod tests;
