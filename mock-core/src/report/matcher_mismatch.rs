//! Why a matcher does not hold: what the request has instead.

mod empty_capture;
pub(super) mod header_and_path;

use std::borrow::Cow;

use super::diff::Diff;
use super::formatting::{count, exact, list, one_line, quote, shorten};
use super::message_summary::message_summary;
use super::mismatch_reason::MismatchReason;
use super::near_miss::NearMiss;
use super::turn::matcher as written;
use super::{INDENT, WIDTH};
use crate::chat::conversation::{ToolNames, latest_results};
use crate::chat::message::{Message, Role};
use crate::chat::request::Request;
use crate::journal::calls::Call;
use crate::scenario::{Matcher, Pattern};
use crate::search::Search;
use crate::similar_words::is_similar;

/// The most messages of a request that are compared with a pattern.
const COMPARED: usize = 10;

/// The most messages, or matchers, that are listed.
const LISTED: usize = 3;

/// The most characters of a line.
const ROOM: usize = WIDTH - INDENT;

/// Why this matcher does not hold for this request.
pub(super) fn why(matcher: &Matcher, call: &Call) -> MismatchReason {
    let request = call.request();
    match matcher {
        Matcher::User(pattern) => user(pattern, request),
        Matcher::AnyUserMessage(pattern) => {
            USER_MESSAGES.why(pattern, &texts(&request.user_messages()))
        }
        Matcher::System(pattern) => INSTRUCTIONS.why(pattern, &texts(&request.instructions())),
        Matcher::Model(pattern) => model(pattern, request),
        Matcher::Header(name, _) => header_and_path::header(name, call.head.as_deref()),
        Matcher::Path { .. } => header_and_path::path(call.head.as_deref()),
        Matcher::ToolResult(tool) => no_result(tool, request),
        Matcher::HasTool(tool) => MismatchReason::new(
            format_args!("it does not offer `{tool}`"),
            format_args!("the request {}", offers(tool, request)),
        ),
        Matcher::AnyOf(matchers) => none_of(matchers, call),
        Matcher::AllOf(matchers) => not_all_of(matchers, call),
        Matcher::Not(matchers) => excluded(matchers, call),
        Matcher::When(_) => MismatchReason::new(
            format_args!("its `when(..)` returned false"),
            format_args!("its `when(..)` returned false for {}", essentials(request)),
        ),
    }
}

/// Whether a matcher holds; `None` if a closure of the user decides that.
pub(super) fn holds(matcher: &Matcher, call: &Call) -> Option<bool> {
    let request = call.request();
    let head = call.head.as_deref();
    Some(match matcher {
        Matcher::User(pattern) => request
            .user_text()
            .is_some_and(|text| pattern.find(&text).is_some()),
        Matcher::AnyUserMessage(pattern) => first_with(pattern, &request.user_messages()).is_some(),
        Matcher::System(pattern) => first_with(pattern, &request.instructions()).is_some(),
        Matcher::Model(pattern) => pattern.find_whole(&request.model).is_some(),
        Matcher::Header(name, pattern) => {
            head.is_some_and(|head| head.find_header(name, pattern).is_some())
        }
        Matcher::Path { method, pattern } => {
            let method = method.as_deref();
            head.is_some_and(|head| head.find_path(method, pattern).is_some())
        }
        Matcher::ToolResult(tool) => {
            let results = latest_results(&request.messages);
            results.any(&|(of, _)| *of == Some(tool))
        }
        Matcher::HasTool(tool) => request.offers(tool),
        Matcher::AnyOf(matchers) => return one_of(matchers, true, call),
        Matcher::AllOf(matchers) => return Some(!one_of(matchers, false, call)?),
        Matcher::Not(matchers) => return Some(!one_of(matchers, true, call)?),
        Matcher::When(_) => return None,
    })
}

/// Whether all of these are certain to hold.
pub(super) fn all_hold(matchers: &[Matcher], call: &Call) -> bool {
    matchers.all(&|matcher| holds(matcher, call) == Some(true))
}

/// Whether one of these holds, or does not, as `wanted` says; `None` if a closure of the user decides that.
fn one_of(matchers: &[Matcher], wanted: bool, call: &Call) -> Option<bool> {
    match decisive(matchers, wanted, call) {
        Some(matcher) => holds(matcher, call).map(|_| true),
        None => Some(false),
    }
}

/// The first of these that holds, or does not, as `wanted` says. Where none does for certain, it is a closure of the user that decided.
pub(super) fn decisive<'m>(
    matchers: &'m [Matcher],
    wanted: bool,
    call: &Call,
) -> Option<&'m Matcher> {
    let that = |result: Option<bool>| matchers.find(&|matcher| holds(matcher, call) == result);
    that(Some(wanted)).or_else(|| that(None))
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

fn user(pattern: &Pattern, request: &Request) -> MismatchReason {
    let Some(last) = request.last_message() else {
        return LAST_MESSAGE.why(pattern, &[]);
    };
    if last.role != Role::User || last.ends_with_a_result() {
        let author = match last.role {
            Role::Assistant => "model",
            Role::User => Role::Tool.as_str(),
            other => other.as_str(),
        };
        let summary = message_summary(last, request);
        return MismatchReason::new(
            format_args!("its last message is the {author}'s"),
            format_args!("the last message is not the user's, but the {author}'s: {summary}"),
        );
    }
    let text = last.text();
    if text.trim().is_empty() {
        return MismatchReason::from_text(format_args!("the user's message is empty"));
    }
    LAST_MESSAGE.why(pattern, &[text])
}

/// The texts that a pattern is matched against, in words.
struct Source {
    /// The text that is nearest to the pattern.
    one: &'static str,
    /// The text for a pattern that none of the messages contains: in a few words, and in full.
    lacks: [&'static str; 2],
    /// The text for a request without such messages.
    none: &'static str,
    label: &'static str,
}

const LAST_MESSAGE: Source = Source {
    one: "it",
    lacks: ["it does not say", "the user's message does not contain"],
    none: "the request has no user message",
    label: "text",
};

const USER_MESSAGES: Source = Source {
    one: "a user message",
    lacks: ["no user message contains"; 2],
    none: "the request has no user message",
    label: "user",
};

const INSTRUCTIONS: Source = Source {
    one: "an instruction",
    lacks: ["no instruction contains"; 2],
    none: "the request has no system or developer message",
    label: "system",
};

impl Source {
    fn why(&self, pattern: &Pattern, texts: &[Cow<'_, str>]) -> MismatchReason {
        let one = self.one;
        if texts.is_empty() {
            return MismatchReason::from_text(format_args!("{}", self.none));
        }
        let compared = &texts[..texts.len().min(COMPARED)];
        for text in compared {
            if let Some(brief) = empty_capture::described(pattern, text) {
                let below = beside(pattern, self.label, text);
                return MismatchReason::from_text(format_args!("{brief}")).and(below);
            }
        }
        if let Some((near, text)) = nearest(pattern, compared) {
            let diff = match near.is_visible() {
                true => Diff::new(pattern, text),
                false => None,
            };
            let (what, below) = match diff {
                Some(diff) => (diff.first(), diff.lines(ROOM)),
                None => (
                    near.describe(pattern, text),
                    near.lines(pattern, self.label, text, ROOM),
                ),
            };
            let kinds = near.kinds();
            let brief = format_args!("{one} differs only in {kinds}: {what}");
            return MismatchReason::from_text(brief).and(below);
        }
        let diff = least_diff(pattern, compared);
        if let (Some(diff), [_]) = (&diff, texts) {
            let summary = diff.summary();
            let predicate = summary.strip_prefix("it ").unwrap_or(&summary);
            return MismatchReason::from_text(format_args!("{one} {predicate}"))
                .and(diff.lines(ROOM));
        }
        let below = match diff {
            Some(diff) => diff.lines(ROOM),
            None => {
                let mut below = Vec::new();
                for (index, text) in texts.iter().take(LISTED).enumerate() {
                    if index == 0 || texts[index - 1] != *text {
                        below.push(format!("{:8}{}", self.label, quote(text, ROOM - 10)));
                    }
                }
                if let Some(more @ 1..) = texts.len().checked_sub(LISTED) {
                    below.push(format!("and {more} more"));
                }
                below
            }
        };
        let pattern = one_line(&pattern.to_string());
        let [lacks, lacks_in_full] = self.lacks;
        MismatchReason::new(
            format_args!("{lacks} {}", quote(&pattern, 30)),
            format_args!("{lacks_in_full} {}", quote(&pattern, ROOM - 40)),
        )
        .and(below)
    }
}

/// The pattern, and below it a text.
fn beside(pattern: &Pattern, label: &str, text: &str) -> Vec<String> {
    vec![
        format!("{:8}{}", "pattern", exact(&pattern.to_string(), ROOM - 10)),
        format!("{label:8}{}", exact(text, ROOM - 10)),
    ]
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

fn model(pattern: &Pattern, request: &Request) -> MismatchReason {
    let model = &*request.model;
    if let Some(near) = NearMiss::find(pattern, model, true) {
        let (kinds, what) = (near.kinds(), near.describe(pattern, model));
        let brief = format_args!("the model differs only in {kinds}: {what}");
        return MismatchReason::from_text(brief).and(beside(pattern, "model", model));
    }
    let requested = |most| match model {
        "" => "it names no model".to_owned(),
        model => format!("it asks for the model {}", exact(model, most)),
    };
    // Names of the same family differ at their ends, so show the end of a long name.
    const NAME: usize = ROOM - 30;
    let wanted = match pattern.words() {
        Some(_) => exact(&pattern.to_string(), NAME),
        None => quote(&pattern.to_string(), NAME),
    };
    MismatchReason::new(
        format_args!("{}", requested(30)),
        format_args!("{}, not for {wanted}", requested(NAME)),
    )
}

fn no_result(tool: &str, request: &Request) -> MismatchReason {
    let results = latest_results(&request.messages);
    let mut known = Vec::new();
    for (tool, _) in &results {
        if let Some(tool) = tool {
            known.push(*tool);
        }
    }
    let last = last_message(request, "the request is empty");
    let Some(first) = known.first() else {
        if !results.is_empty() {
            return MismatchReason::new(
                format_args!("no call has the id of its result"),
                format_args!(
                    "no call in the conversation has the id that the result names: {last}"
                ),
            );
        }
        let tools = ToolNames::new(&request.messages);
        let is_earlier = |message: &Message| tools.has_result_of(tool, message);
        let earlier = request.messages.position(&is_earlier);
        return match earlier {
            Some(earlier) => MismatchReason::new(
                format_args!("the result of `{tool}` is an earlier one"),
                format_args!(
                    "the result of `{tool}` is message {} of {}, before the last message of the model: the request ends with {last}",
                    earlier + 1,
                    request.messages.len()
                ),
            ),
            None => MismatchReason::new(
                format_args!("it has no result of `{tool}`"),
                format_args!("the request has no result of `{tool}`; it ends with {last}"),
            ),
        };
    };
    let mut names = known.iter();
    let near = match names.find_map(|name| NearMiss::differences_of_names(tool, name)) {
        Some(kinds) => format!(", which differs only in {kinds}"),
        None => String::new(),
    };
    let all = list(&known);
    MismatchReason::new(
        format_args!("got `{first}`, not `{tool}`"),
        format_args!("its result is of {all}{near}, not of `{tool}`: {last}"),
    )
}

/// The last message of a request in a few words.
pub(super) fn last_message(request: &Request, none: &str) -> String {
    match request.last_message() {
        Some(last) => message_summary(last, request),
        None => none.to_owned(),
    }
}

fn none_of(matchers: &[Matcher], call: &Call) -> MismatchReason {
    let mut lines = Vec::new();
    for matcher in matchers.iter().take(LISTED) {
        let why = why(matcher, call).brief;
        let line = format!("- {}: {why}", shorten(&written(matcher), 40));
        lines.push(shorten(&line, ROOM));
    }
    if let Some(more @ 1..) = matchers.len().checked_sub(LISTED) {
        lines.push(format!("- and {}", count(more, "more matcher")));
    }
    if let Some(last) = call.request().last_message() {
        let shown = format!("request {}", message_summary(last, call.request()));
        lines.push(shorten(&shown, ROOM));
    }
    MismatchReason::new(
        format_args!("no matcher of `any_of(..)` holds"),
        format_args!("no matcher of `any_of(..)` holds:"),
    )
    .and(lines)
}

/// The first matcher of `all_of(..)` that does not hold, and why.
fn not_all_of(matchers: &[Matcher], call: &Call) -> MismatchReason {
    let failing = decisive(matchers, false, call);
    match failing.and_then(|failing| matchers.position(&|it| std::ptr::eq(it, failing))) {
        Some(at) => why_not(matchers, at, call),
        None => MismatchReason::from_text(format_args!("its `all_of(..)` does not hold")),
    }
}

/// Why the matcher at this index does not hold, in full, and a line for each one after it that does not hold either.
pub(super) fn why_not(matchers: &[Matcher], at: usize, call: &Call) -> MismatchReason {
    let mut others = Vec::new();
    for matcher in &matchers[at + 1..] {
        if holds(matcher, call) == Some(false) {
            let why = why(matcher, call).brief;
            let source = format!("`{}`", shorten(&written(matcher), 40));
            let line = match why.strip_prefix(&source) {
                Some(why) => format!("and {source}{why}"),
                None => format!("and {source}: {why}"),
            };
            others.push(shorten(&line, ROOM));
        }
    }
    if let Some(more @ 1..) = others.len().checked_sub(LISTED) {
        others.truncate(LISTED);
        others.push(format!("and {}", count(more, "more matcher")));
    }
    why(&matchers[at], call).and(others)
}

fn excluded(matchers: &[Matcher], call: &Call) -> MismatchReason {
    let Some(held) = decisive(matchers, true, call) else {
        return MismatchReason::from_text(format_args!("its `not(..)` does not hold"));
    };
    let source = shorten(&written(held), 40);
    let brief = format_args!("`not({source})` excludes it");
    let held = held_by(held, call);
    MismatchReason::new(brief, format_args!("{brief}: {held}"))
}

/// The part of the request for which a matcher holds.
fn held_by(matcher: &Matcher, call: &Call) -> String {
    let request = call.request();
    const TEXT: usize = 60;
    let text =
        |message: Option<&Message>| quote(&message.map(Message::text).unwrap_or_default(), TEXT);
    match matcher {
        Matcher::User(_) => format!("the user's message is {}", text(request.last_message())),
        Matcher::AnyUserMessage(pattern) => {
            let message = first_with(pattern, &request.user_messages());
            format!("the user said {}", text(message))
        }
        Matcher::System(pattern) => {
            let message = first_with(pattern, &request.instructions());
            format!("an instruction is {}", text(message))
        }
        Matcher::Model(_) => format!("it asks for the model {}", exact(&request.model, TEXT)),
        Matcher::Header(name, _) => header_and_path::header(name, call.head.as_deref()).brief,
        Matcher::Path { .. } => header_and_path::path(call.head.as_deref()).brief,
        Matcher::ToolResult(_) => {
            format!("the request ends with {}", last_message(request, ""))
        }
        Matcher::HasTool(tool) => format!("the request offers `{tool}`"),
        Matcher::AnyOf(matchers) => {
            let held = decisive(matchers, true, call);
            held.map_or(String::new(), |held| held_by(held, call))
        }
        Matcher::AllOf(matchers) => {
            let mut held = Vec::new();
            for matcher in matchers.iter() {
                held.push(held_by(matcher, call));
            }
            held.join(", and ")
        }
        Matcher::Not(_) => format!("the request has {}", essentials(request)),
        Matcher::When(_) => format!("its `when(..)` returned true for {}", essentials(request)),
    }
}

/// The parts of a request that closures most often use: the last message, the model, the tools, the parameters.
fn essentials(request: &Request) -> String {
    let last = last_message(request, "no message");
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
