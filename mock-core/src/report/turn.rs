//! A turn as it is written in a scenario.

use std::fmt;

use super::formatting::{count, joined, literal, short_place, shorten, time, wrap};
#[cfg(feature = "cassette")]
use super::recorded_exchange::{numbered, question};
use super::{INDENT, WIDTH};
use crate::hide_secrets;
use crate::journal::calls::Call;
use crate::journal::verdict::Verdict;
#[cfg(feature = "cassette")]
use crate::scenario::tree::Replay;
use crate::scenario::{
    Action, After, Arguments, Failure, FaultKind, Flush, Matcher, Pace, Pattern, Scenario,
    ScriptedCall, Setting, SourceLocation, Split, Str, Text, Turn, TurnIndex,
};
use crate::search::{Search, consists_of};

/// The longest that the name of a mock is.
const LABEL: usize = 24;

/// Returns the label of a turn: its number, or that of the exchange which it replays, and its name if it has one.
pub(crate) fn title(scenario: &Scenario, turn: TurnIndex) -> String {
    let of_turn = scenario.turn(turn);
    #[cfg(feature = "cassette")]
    let title = match of_turn.replay.exchange() {
        Some(exchange) => numbered(exchange),
        None => turn.to_string(),
    };
    #[cfg(not(feature = "cassette"))]
    let title = turn.to_string();
    match &of_turn.name {
        Some(name) => format!("{title} `{}`", shorten(name, LABEL)),
        None => title,
    }
}

/// Returns the location of a turn's declaration.
pub(crate) fn location(scenario: &Scenario, turn: TurnIndex) -> String {
    short_place(place(scenario, Some(turn)))
}

/// The declaration of a turn, or of the scenario.
pub(super) fn place(scenario: &Scenario, turn: Option<TurnIndex>) -> SourceLocation {
    match turn {
        Some(turn) => scenario.place_of(scenario.turn(turn)),
        None => scenario.place,
    }
}

/// The label of a mock.
pub(super) fn label(mock: &str) -> String {
    shorten(mock, LABEL)
}

/// The whole of a turn, in lines of `width` characters: broken before a word of the chain where that helps.
pub(crate) fn source(turn: &Turn, width: usize) -> Vec<String> {
    const BROKEN: &str = "    ";
    let mut lines = Vec::new();
    for line in &broken(turn, width, "", BROKEN) {
        let indent = if line.starts_with(BROKEN) { BROKEN } else { "" };
        for line in wrap(&line[indent.len()..], width - indent.len(), 2) {
            lines.push(format!("{indent}{line}"));
        }
    }
    if lines.len() > 3 {
        lines.truncate(3);
        let cut = format!("{}…", lines[2].trim_end_matches('…'));
        lines[2] = shorten(&cut, width);
    }
    lines
}

/// A turn, broken before each word of its chain that has no room on a line. The first line begins with `first`, the others with `indent`.
pub(super) fn broken(turn: &Turn, width: usize, first: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let length = |text: &str| text.chars().count();
    for link in chain(turn) {
        match lines.last_mut() {
            Some(line) if length(line) + length(&link) <= width => line.push_str(&link),
            Some(_) => lines.push(format!("{indent}{link}")),
            None => lines.push(format!("{first}{link}")),
        }
    }
    lines
}

/// The whole of a turn in one line.
#[cfg(all(test, feature = "sweep"))]
pub(crate) fn turn_text(turn: &Turn) -> String {
    chain(turn).concat()
}

/// The words of a turn's chain: `on(..)`, `.reply(..)`, `.times(2)`.
fn chain(turn: &Turn) -> Vec<String> {
    let mut chain = Vec::new();
    let mut link = |word: fmt::Arguments<'_>| {
        let dot = if chain.is_empty() { "" } else { "." };
        chain.push(format!("{dot}{word}"));
    };
    if !turn.matchers.is_empty() {
        link(format_args!("on({})", matchers(&turn.matchers)));
    }
    #[cfg(feature = "cassette")]
    if let Some(replay) = replay(turn) {
        link(format_args!("{replay}"));
    }
    for of_turn in turn.actions.iter() {
        match of_turn {
            Action::Raw(_) | Action::Frames(_) | Action::Pause(_) if turn.is_replayed() => {}
            other => link(format_args!("{}", action(other))),
        }
    }
    if let Some(fault) = fault(turn) {
        link(format_args!("{fault}"));
    }
    if !turn.ttft.is_zero() {
        link(format_args!("ttft({})", time(turn.ttft)));
    }
    match turn.pace {
        Pace::NONE => {}
        Pace::Every(gap) => link(format_args!("every({})", time(gap))),
        Pace::TokensPerSecond(tokens) => link(format_args!("tokens_per_second({tokens})")),
    }
    match turn.split {
        Split::Words => {}
        Split::Chars(characters) => link(format_args!("split(chars({characters}))")),
        Split::Random(least, most) => link(format_args!("split(random({least}..={most}))")),
        Split::Whole => link(format_args!("split(whole)")),
    }
    if turn.pieces != 1 {
        link(format_args!("pieces({})", turn.pieces));
    }
    match &turn.finish {
        Setting::Unset => {}
        Setting::None => link(format_args!("finish(none)")),
        Setting::Value(reason) => link(format_args!("finish({})", reason.as_str())),
    }
    match turn.usage {
        Setting::Unset => {}
        Setting::None => link(format_args!("usage(none)")),
        Setting::Value(usage) => link(format_args!(
            "usage({}, {})",
            usage.prompt_tokens, usage.completion_tokens
        )),
    }
    if let Some(keepalive) = &turn.keepalive {
        let every = time(keepalive.every);
        match keepalive.text.as_deref() {
            Some(text) => link(format_args!("keepalive({every}, {})", literal(text))),
            None => link(format_args!("keepalive({every})")),
        }
    }
    if let Some(status) = turn.status.filter(|_| !turn.is_replayed()) {
        link(format_args!("status({status})"));
    }
    if !turn.headers.is_empty() && !turn.is_replayed() {
        link(format_args!("headers({})", headers(&turn.headers)));
    }
    match turn.flush {
        Flush::Together => {}
        Flush::Each => link(format_args!("flush(each)")),
        Flush::Bytes => link(format_args!("flush(bytes)")),
    }
    match (turn.count.min, turn.count.max) {
        (1, 1) => {}
        (1, u32::MAX) => link(format_args!("forever()")),
        // The default of rules and of `otherwise`.
        (0, u32::MAX) => {}
        (min, u32::MAX) => link(format_args!("times({min}..)")),
        (min, max) if min == max => link(format_args!("times({min})")),
        (min, max) => link(format_args!("times({min}..={max})")),
    }
    chain
}

/// How it replays recorded exchanges, if it does.
#[cfg(feature = "cassette")]
fn replay(turn: &Turn) -> Option<String> {
    match &turn.replay {
        Replay::No | Replay::Wrong(..) => None,
        Replay::Next(count) => Some(format!("replay({count})")),
        Replay::Rest => Some("replay(..)".to_owned()),
        Replay::Of(exchange) => Some(format!("replay({})", question(exchange))),
    }
}

/// The answer of a turn.
pub(super) fn actions(turn: &Turn) -> String {
    joined(&turn.actions, ".", action)
}

/// An action as it is written.
pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Reply(text) => format!("reply({})", template(text)),
        Action::Reasoning(text) => format!("reasoning({})", template(text)),
        Action::Refusal(text) => format!("refusal({})", template(text)),
        Action::Signature(text) => format!("signature({})", template(text)),
        Action::Json(text) => format!("json({})", as_written(&text.source(), 1)),
        Action::Raw(body) => format!("raw({})", literal(&hide_secrets::hide(body))),
        Action::Frames(frames) => {
            let frames = joined(frames, ", ", |frame| literal(&hide_secrets::hide(frame)));
            format!("frames([{frames}])")
        }
        Action::Respond(respond) => format!("respond_with({})", respond.source),
        Action::Embed => "embed()".to_owned(),
        Action::EmbedVector(vector) => embedding(vector),
        Action::Hang => "hang()".to_owned(),
        Action::Pause(pause) => format!("pause({})", time(*pause)),
        Action::Gate(name) => format!("gate({})", literal(name)),
        Action::Driven(name) => format!("driven({})", literal(name)),
        Action::Stream(pieces) => in_pieces("stream", pieces),
        Action::ReasoningStream(pieces) => in_pieces("reasoning", pieces),
        Action::RefusalStream(pieces) => in_pieces("refusal", pieces),
        Action::Call(call) => tool_call(call),
        Action::Part(part) => format!("part({})", part.name()),
        Action::Fail(failure) => format!("fail({})", describe_failure(failure)),
    }
}

/// A vector, with its first numbers.
fn embedding(vector: &[f32]) -> String {
    const MOST: usize = 4;
    let shown = &vector[..vector.len().min(MOST)];
    let numbers = joined(shown, ", ", |number| format!("{number:?}"));
    match vector.len() - shown.len() {
        0 => format!("embed([{numbers}])"),
        more => format!("embed([{numbers}, … {more} more])"),
    }
}

fn in_pieces(word: &str, pieces: &[Text]) -> String {
    format!("{word}([{}])", joined(pieces, ", ", template))
}

/// How it breaks off, if it does.
pub(super) fn fault(turn: &Turn) -> Option<String> {
    let fault = turn.fault.as_ref()?;
    let after = match fault.after {
        After::Deltas(deltas) => deltas.to_string(),
        After::All => "all".to_owned(),
        After::Finish => "finish".to_owned(),
        After::Done => "done".to_owned(),
        After::Time(after) => time(after),
    };
    Some(match &fault.kind {
        FaultKind::Cut => format!("cut_after({after})"),
        FaultKind::End => format!("end_after({after})"),
        FaultKind::Stall => format!("stall_after({after})"),
        FaultKind::Error(failure) => format!("error_after({after}, {})", describe_failure(failure)),
        FaultKind::Malformed => format!("malformed_after({after})"),
    })
}

/// The word of its turn at which a call waits, for the test or for ever.
pub(super) fn waits_at(verdict: &Verdict, call: &Call) -> Option<String> {
    let mut held = verdict.held.iter();
    if let Some((_, cue)) = held.find(|(number, _)| *number == call.number()) {
        return Some(action(cue));
    }
    let turn = verdict.scenario.turn(call.answered_by()?);
    let is_asked = call.outcome().is_none() && call.events() == 0;
    let waits = |action: &Action| match action {
        Action::Hang => true,
        Action::Respond(respond) => is_asked && respond.responder.is_async(),
        _ => false,
    };
    turn.actions.find(&waits).map(action)
}

/// When it says nothing any more, if it stalls.
pub(super) fn stalls(turn: &Turn) -> Option<String> {
    let fault = turn.fault.as_ref()?;
    (fault.kind == FaultKind::Stall).then(|| match fault.after {
        After::Deltas(deltas) => format!("stalls after {}", count(deltas as usize, "delta")),
        After::All => "stalls before its end".to_owned(),
        After::Finish => "stalls after its finish".to_owned(),
        After::Done => "stalls after its end".to_owned(),
        After::Time(after) => format!("stalls after {}", time(after)),
    })
}

/// Whether it stalls where it has said all.
pub(super) fn stalls_behind_its_finish(turn: &Turn) -> bool {
    let fault = turn.fault.as_ref();
    fault.is_some_and(|fault| fault.after.is_behind_the_finish())
}

/// A matcher as it is written in `on(..)`.
pub(super) fn matcher(matcher: &Matcher) -> String {
    let source = |pattern: &Pattern| match pattern {
        Pattern::Words(_) => literal(&pattern.to_string()),
        #[cfg(feature = "regex")]
        Pattern::Regex(_) => pattern.to_string(),
    };
    match matcher {
        Matcher::User(pattern) => format!("user({})", source(pattern)),
        Matcher::AnyUserMessage(pattern) => format!("any_user_message({})", source(pattern)),
        Matcher::System(pattern) => format!("system({})", source(pattern)),
        Matcher::Model(pattern) => format!("model({})", source(pattern)),
        Matcher::Header(name, pattern) => {
            format!("header({}, {})", literal(name), source(pattern))
        }
        Matcher::Path { method, pattern } => match method {
            Some(method) => format!("path({})", literal(&format!("{method} {pattern}"))),
            None => format!("path({})", source(pattern)),
        },
        Matcher::ToolResult(tool) => format!("tool_result({tool})"),
        Matcher::HasTool(tool) => format!("has_tool({tool})"),
        Matcher::AnyOf(inner) => format!("any_of({})", matchers(inner)),
        Matcher::AllOf(inner) => format!("all_of({})", matchers(inner)),
        Matcher::Not(inner) => format!("not({})", matchers(inner)),
        Matcher::When(when) => format!("when({})", when.source),
    }
}

/// Matchers as they are written in a scenario.
pub(super) fn matchers(matchers: &[Matcher]) -> String {
    joined(matchers, ", ", matcher)
}

fn template(text: &Text) -> String {
    literal(&text.to_string())
}

/// Headers as they are written, without what is not to be shown.
fn headers(headers: &[(Str, Str)]) -> String {
    let headers = joined(headers, ", ", |(name, value)| {
        let hidden = hide_secrets::hide_value(name, &value.as_ref().into());
        format!(
            "({}, {})",
            literal(name),
            literal(hidden.as_str().unwrap_or_default())
        )
    });
    format!("[{headers}]")
}

fn describe_failure(failure: &Failure) -> String {
    let mut fields = Vec::new();
    if let Some(message) = &failure.message {
        fields.push(format!("message: {}", template(message)));
    }
    if let Some(wait) = failure.retry_after {
        fields.push(format!("retry_after: {}", time(wait)));
    }
    if let Some(status) = failure.status {
        fields.push(format!("status: {status}"));
    }
    if let Some(code) = &failure.code {
        fields.push(format!("code: {}", literal(code)));
    }
    if !failure.headers.is_empty() {
        fields.push(format!("headers: {}", headers(&failure.headers)));
    }
    if let Some(body) = &failure.body {
        fields.push(format!("body: {}", literal(body)));
    }
    match fields.is_empty() {
        true => failure.kind.to_string(),
        false => format!("{} {{ {} }}", failure.kind, fields.join(", ")),
    }
}

fn tool_call(call: &ScriptedCall) -> String {
    let tool = &call.tool;
    let called = match &call.arguments {
        Arguments::Text(text) => match text.source().as_str() {
            "" | "{}" => tool.to_string(),
            json => format!("{tool} {}", as_written(json, 0)),
        },
        Arguments::Raw(text) => format!("{tool}.raw({:?})", &**text),
        Arguments::Typed(_) => format!("{tool} {{ .. }}"),
    };
    match &call.id {
        Some(id) => format!("call({called}.id({}))", template(id)),
        None => format!("call({called})"),
    }
}

/// A JSON text as the macro takes it: names without quotes, `object` before an object within, spaces between. At the
/// depth 0 the outermost object is a tool's arguments.
fn as_written(json: &str, mut depth: usize) -> String {
    let mut out = String::new();
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => {
                length = string_length(rest);
                let (string, after) = rest.split_at(length);
                let name = string.trim_matches('"');
                let is_name = consists_of(name, |c| c.is_alphanumeric() || c == '_');
                match after.trim_start().starts_with(':') && is_name {
                    true => out.push_str(name),
                    false => out.push_str(string),
                }
            }
            '{' => {
                out.push_str(if depth == 0 { "{ " } else { "object { " });
                depth += 1;
            }
            '}' => {
                match out.ends_with("{ ") {
                    true => out.truncate(out.len() - 1),
                    false => out.push(' '),
                }
                out.push('}');
                depth = depth.saturating_sub(1);
            }
            ':' | ',' => {
                out.push(c);
                out.push(' ');
            }
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
        rest = &rest[length..];
    }
    out
}

/// How long the JSON string is with which the text begins, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = true; // the first quote is not the last
    for (at, c) in text.bytes().enumerate() {
        if c == b'"' && !escaped {
            return at + 1;
        }
        escaped = c == b'\\' && !escaped;
    }
    text.len()
}

/// Returns the location and the source of a turn.
pub(super) fn turn_lines(scenario: &Scenario, turn: TurnIndex) -> Vec<String> {
    let title = title(scenario, turn);
    let mut lines = vec![format!("{title} at {}", location(scenario, turn))];
    lines.extend(source(scenario.turn(turn), WIDTH - INDENT));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::*;

    #[test]
    fn a_turn_reads_as_it_is_written() {
        let call_of_tool = on(user("order {n} \"now\""))
            .call("find", [("number", "{n}")])
            .call("get_time", ());
        let busy = fail(
            overloaded()
                .message("busy {{so}}")
                .retry_after(secs(2))
                .status(529),
        );
        for (turn, expected) in [
            (
                call_of_tool,
                r#"on(user("order {n} \"now\"")).call(find { number: "{n}" }).call(get_time)"#,
            ),
            (
                fail(
                    auth()
                        .header("x-id", "a")
                        .header("authorization", "b")
                        .body("{\"a\""),
                ),
                r#"fail(auth { headers: [("x-id", "a"), ("authorization", "[redacted]")], body: "{\"a\"" })"#,
            ),
            (
                busy.times(2),
                r#"fail(overloaded { message: "busy {{so}}", retry_after: 2s, status: 529 }).times(2)"#,
            ),
            (
                stream(["a", "b"]).ttft(ms(300)).every(ms(20)).times(1..),
                r#"stream(["a", "b"]).ttft(300ms).every(20ms).forever()"#,
            ),
            (
                reply("a").headers([("x-id", "b"), ("authorization", "c")]),
                r#"reply("a").headers([("x-id", "b"), ("authorization", "[redacted]")])"#,
            ),
            (
                reply("a").cut_after(1).times(0..=1),
                r#"reply("a").cut_after(1).times(0..=1)"#,
            ),
        ] {
            assert_eq!(source(&turn, 100), [expected]);
        }
    }

    #[test]
    fn a_long_turn_is_broken_as_rustfmt_does() {
        let turn = on(user("hello"))
            .reply("Good day to you.")
            .every(ms(20))
            .times(2);
        assert_eq!(
            source(&turn, 36),
            [
                "on(user(\"hello\"))",
                "    .reply(\"Good day to you.\")",
                "    .every(20ms).times(2)"
            ]
        );
        let turn = reply("one two three four")
            .every(ms(20))
            .stall_after(1)
            .times(2);
        assert_eq!(
            source(&turn, 16),
            ["reply(\"one two", "three four\")", "    .stall_afte…"]
        );
    }

    #[test]
    fn arguments_read_as_the_macro_takes_them() {
        assert_eq!(
            as_written(
                r#"{"order":{"note":"a \"b\": {c}","n":42,"x-y":{}},"list":["late",null]}"#,
                0
            ),
            r#"{ order: object { note: "a \"b\": {c}", n: 42, "x-y": object {} }, list: ["late", null] }"#
        );
    }
}
