//! A turn as it is written in a scenario.

use super::text::{count, literal, shorten, shorten_left, time, wrap};
use crate::scenario::{
    Action, After, Failure, FaultKind, Matcher, Scenario, ScriptedCall, Text, Turn,
};

/// The longest that a place is.
const PLACE: usize = 48;

/// The longest that the name of a mock is.
const LABEL: usize = 24;

/// Where a turn is declared.
pub(super) fn place(scenario: &Scenario, turn: usize) -> String {
    let place = scenario.turns.get(turn).map(|turn| scenario.place_of(turn));
    shorten_left(&place.unwrap_or(scenario.place).to_string(), PLACE)
}

/// What a mock is called.
pub(super) fn label(mock: &str) -> String {
    shorten(mock, LABEL)
}

/// The whole of a turn, in lines of `width` characters: broken before a word of the chain where that helps.
pub(super) fn source(turn: &Turn, width: usize) -> Vec<String> {
    const BROKEN: &str = "    ";
    let mut lines: Vec<String> = Vec::new();
    let length = |text: &str| text.chars().count();
    for link in chain(turn) {
        match lines.last_mut() {
            Some(line) if length(line) + length(&link) <= width => line.push_str(&link),
            Some(_) => lines.push(format!("{BROKEN}{link}")),
            None => lines.push(link),
        }
    }
    let mut lines: Vec<_> = lines
        .iter()
        .flat_map(|line| {
            let indent = if line.starts_with(BROKEN) { BROKEN } else { "" };
            let wrapped = wrap(&line[indent.len()..], width - indent.len(), 2);
            wrapped
                .into_iter()
                .map(move |line| format!("{indent}{line}"))
        })
        .collect();
    if lines.len() > 3 {
        lines.truncate(3);
        let cut = format!("{}…", lines[2].trim_end_matches('…'));
        lines[2] = shorten(&cut, width);
    }
    lines
}

/// The words of a turn's chain: `on(..)`, `.reply(..)`, `.times(2)`.
fn chain(turn: &Turn) -> Vec<String> {
    let matchers: Vec<_> = turn.matchers.iter().map(matcher).collect();
    let mut chain = Vec::new();
    if !matchers.is_empty() {
        chain.push(format!("on({})", matchers.join(", ")));
    }
    chain.extend(turn.actions.iter().map(action));
    chain.extend(fault(turn));
    if !turn.ttft.is_zero() {
        chain.push(format!("ttft({})", time(turn.ttft)));
    }
    if !turn.every.is_zero() {
        chain.push(format!("every({})", time(turn.every)));
    }
    chain.extend(match (turn.count.min, turn.count.max) {
        (1, 1) => None,
        (1, u32::MAX) => Some("forever()".to_owned()),
        (min, u32::MAX) => Some(format!("times({min}..)")),
        (min, max) if min == max => Some(format!("times({min})")),
        (min, max) => Some(format!("times({min}..={max})")),
    });
    for link in chain.iter_mut().skip(1) {
        link.insert(0, '.');
    }
    chain
}

/// What it answers.
pub(super) fn actions(turn: &Turn) -> String {
    turn.actions
        .iter()
        .map(action)
        .collect::<Vec<_>>()
        .join(".")
}

fn action(action: &Action) -> String {
    match action {
        Action::Reply(text) => format!("reply({})", template(text)),
        Action::Reasoning(text) => format!("reasoning({})", template(text)),
        Action::Refusal(text) => format!("refusal({})", template(text)),
        Action::Stream(pieces) => {
            let pieces: Vec<_> = pieces.iter().map(template).collect();
            format!("stream([{}])", pieces.join(", "))
        }
        Action::Call(call) => tool_call(call),
        Action::Fail(failure) => format!("fail({})", describe_failure(failure)),
    }
}

/// How it breaks off, if it does.
pub(super) fn fault(turn: &Turn) -> Option<String> {
    let fault = turn.fault.as_ref()?;
    let after = match fault.after {
        After::Deltas(deltas) => deltas.to_string(),
        After::All => "all".to_owned(),
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

/// When it says nothing any more, if it stalls.
pub(super) fn stalls(turn: &Turn) -> Option<String> {
    let fault = turn.fault.as_ref()?;
    (fault.kind == FaultKind::Stall).then(|| match fault.after {
        After::Deltas(deltas) => format!("stalls after {}", count(deltas as usize, "delta")),
        After::All => "stalls before its end".to_owned(),
        After::Time(after) => format!("stalls after {}", time(after)),
    })
}

fn matcher(matcher: &Matcher) -> String {
    match matcher {
        Matcher::User(pattern) => format!("user({})", literal(&pattern.to_string())),
        Matcher::ToolResult(tool) => format!("tool_result({tool})"),
        Matcher::When(when) => format!("when({})", when.source),
    }
}

fn template(text: &Text) -> String {
    literal(&text.to_string())
}

fn describe_failure(failure: &Failure) -> String {
    let message = failure.message.as_ref();
    let fields: Vec<_> = [
        message.map(|message| format!("message: {}", template(message))),
        failure
            .retry_after
            .map(|wait| format!("retry_after: {}", time(wait))),
        failure.status.map(|status| format!("status: {status}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    match fields.as_slice() {
        [] => failure.kind.to_string(),
        _ => format!("{} {{ {} }}", failure.kind, fields.join(", ")),
    }
}

fn tool_call(call: &ScriptedCall) -> String {
    let arguments = call.arguments.source();
    match arguments.as_str() {
        "" | "{}" => format!("call({})", call.tool),
        json => format!("call({} {})", call.tool, as_written(json)),
    }
}

/// A JSON text as the macro takes it: names without quotes, `object` before an object within, spaces between.
fn as_written(json: &str) -> String {
    let mut out = String::new();
    let mut rest = json;
    let mut depth = 0;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => {
                length = string_length(rest);
                let (string, after) = rest.split_at(length);
                let name = string.trim_matches('"');
                let is_name = |c: char| c.is_alphanumeric() || c == '_';
                match after.trim_start().starts_with(':') && name.chars().all(is_name) {
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
                depth -= 1;
            }
            ':' | ',' => out.extend([c, ' ']),
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
    let end = text.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
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
                busy.times(2),
                r#"fail(overloaded { message: "busy {{so}}", retry_after: 2s, status: 529 }).times(2)"#,
            ),
            (
                stream(["a", "b"]).ttft(ms(300)).every(ms(20)).times(1..),
                r#"stream(["a", "b"]).ttft(300ms).every(20ms).forever()"#,
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
            as_written(r#"{"order":{"note":"a \"b\": {c}","n":42,"x-y":{}},"list":["late",null]}"#),
            r#"{ order: object { note: "a \"b\": {c}", n: 42, "x-y": object {} }, list: ["late", null] }"#
        );
    }
}
