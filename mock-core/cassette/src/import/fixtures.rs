//! The fixtures of aimock (JSON) and of llmposter (YAML): rules, and what they answer.

use std::time::Duration;

use super::fields::{self, Fields};
use crate::error::{CassetteError, CassetteProblem};
use crate::node::{Node, Value};
use crate::{
    Cassette, Fixture, FixtureCondition, FixtureError, FixturePart, TextCondition, UnreadKey,
};

/// The keys that only llmposter has, which is YAML, and aimock is JSON.
const OF_LLMPOSTER: [&str; 7] = [
    "user_message",
    "tool_calls",
    "provider",
    "stop_reason",
    "finish_reason",
    "streaming",
    "failure",
];

pub(super) fn read(
    document: Node,
    cassette: &mut Cassette,
    is_json: bool,
) -> Result<(), CassetteError> {
    let is_aimock = is_json && !has_key(&document, &OF_LLMPOSTER);
    let mut document = Fields::new(document, "")?;
    let mut ranked = Vec::new();
    for (index, node) in document.list("fixtures")?.into_iter().enumerate() {
        let path = format!("fixtures[{index}]");
        ranked.extend(read_fixture(node, &path, is_aimock, &mut cassette.unread)?);
    }
    // The fixture of a later turn is tried first; then the order of the file counts.
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let turns = ranked.iter().filter(|((_, turn), _)| *turn >= 0);
    let mut any_turn: Vec<_> = turns.cloned().collect();
    cassette
        .fixtures
        .extend(ranked.into_iter().map(|(_, fixture)| fixture));
    // If none is at its turn, the nearest one answers.
    any_turn.reverse();
    for (_, mut fixture) in any_turn {
        let is_turn = |it: &FixtureCondition| matches!(it, FixtureCondition::Assistants(_));
        fixture.conditions.retain(|condition| !is_turn(condition));
        cassette.fixtures.push(fixture);
    }
    document.finish(&mut cassette.unread);
    Ok(())
}

/// The priority of a fixture, and the turn that it is for.
type Rank = (i64, i64);

fn read_fixture(
    node: Node,
    path: &str,
    is_aimock: bool,
    unread: &mut Vec<UnreadKey>,
) -> Result<Option<(Rank, Fixture)>, CassetteError> {
    let mut fields = Fields::new(node, path)?;
    let mut fixture = Fixture {
        line: fields::line(fields.at),
        ..Fixture::default()
    };
    let turn = read_match(fields.object("match")?, is_aimock, &mut fixture, unread)?;
    fixture.provider = fields.text("provider")?;
    let path = fields.path("priority");
    let priority = match fields.take("priority") {
        Some(node) => whole(node, &path)?,
        None => 0,
    };
    if let Some(latency) = fields.take("latency") {
        fixture.gap = millis(latency, "latency")?;
    }
    let mut streaming = fields.object("streaming")?;
    if let Some(latency) = streaming.take("latency") {
        fixture.gap = millis(latency, "streaming.latency")?;
    }
    streaming.finish(unread);
    let mut failure = fields.object("failure")?;
    if let Some(latency) = failure.take("latency_ms") {
        fixture.delay = millis(latency, "failure.latency_ms")?;
    }
    failure.finish(unread);
    let (at, whole_path) = (fields.at, fields.path("response"));
    if let Some(error) = fields.take("error") {
        let error = Fields::new(error, fields.path("error"))?;
        fixture.error = Some(read_error(error, None, None, unread)?);
    }
    let mut refusal = fields.object("refusal")?;
    fixture
        .parts
        .extend(refusal.text("reason")?.map(FixturePart::Refusal));
    refusal.finish(unread);
    let response = fields.object("response")?;
    read_response(response, &mut fixture, unread)?;
    fields.finish(unread);
    if fixture.parts.is_empty() && fixture.error.is_none() {
        unread.push(UnreadKey {
            line: at.line,
            key: format!("{whole_path} (it is not an answer in texts and tool calls)"),
        });
        return Ok(None);
    }
    Ok(Some(((priority, turn), fixture)))
}

/// Reads the conditions, and returns the turn that they are for; -1 for any.
fn read_match(
    mut fields: Fields,
    is_aimock: bool,
    fixture: &mut Fixture,
    unread: &mut Vec<UnreadKey>,
) -> Result<i64, CassetteError> {
    let conditions = &mut fixture.conditions;
    for key in ["userMessage", "user_message"] {
        let path = fields.path(key);
        if let Some(node) = fields.take(key) {
            conditions.push(FixtureCondition::User(text_condition(
                node,
                &path,
                TextCondition::Contains,
            )?));
        }
    }
    for key in ["systemMessage", "system_message"] {
        let path = fields.path(key);
        let texts = match fields.take(key) {
            None => Vec::new(),
            Some(node) if matches!(node.value, Value::List(_)) => fields::list(node, &path)?,
            Some(node) => vec![node],
        };
        for text in texts {
            conditions.push(FixtureCondition::System(fields::text(text, &path)?));
        }
    }
    let path = fields.path("model");
    if let Some(node) = fields.take("model") {
        // aimock compares the names of models, and llmposter searches in them.
        let plain = match is_aimock {
            true => TextCondition::Version,
            false => TextCondition::Contains,
        };
        conditions.push(FixtureCondition::Model(text_condition(node, &path, plain)?));
    }
    for (key, condition) in [
        (
            "toolName",
            FixtureCondition::HasTool as fn(String) -> FixtureCondition,
        ),
        ("tool_name", FixtureCondition::HasTool),
        ("toolCallId", FixtureCondition::ToolCallId),
        ("tool_call_id", FixtureCondition::ToolCallId),
        ("toolResultContains", FixtureCondition::ToolResult),
        ("tool_result", FixtureCondition::ToolResult),
    ] {
        conditions.extend(fields.text(key)?.map(condition));
    }
    for key in ["hasToolResult", "has_tool_result"] {
        if let Some(text) = fields.text(key)? {
            conditions.push(FixtureCondition::HasToolResult(text == "true"));
        }
    }
    let path = fields.path("assistants");
    if let Some(node) = fields.take("assistants") {
        let least = fields::number(node, &path)?;
        conditions.push(FixtureCondition::Assistants(least as usize));
    }
    let path = fields.path("turnIndex");
    let turn = match fields.take("turnIndex") {
        Some(node) => {
            let turn = fields::number(node, &path)?;
            conditions.push(FixtureCondition::Assistants(turn as usize));
            i64::try_from(turn).unwrap_or(i64::MAX)
        }
        None => -1,
    };
    if fields
        .text("endpoint")?
        .is_some_and(|endpoint| endpoint != "chat")
    {
        unread.push(UnreadKey {
            line: fields.at.line,
            key: fields.path("endpoint"),
        });
    }
    fields.finish(unread);
    Ok(turn)
}

/// A text, `{regex: ".."}` or `{version: ".."}`.
fn text_condition(
    node: Node,
    path: &str,
    plain: fn(String) -> TextCondition,
) -> Result<TextCondition, CassetteError> {
    if !matches!(node.value, Value::Map(_)) {
        return Ok(plain(fields::text(node, path)?));
    }
    let mut fields = Fields::new(node, path)?;
    match fields.text("version")? {
        Some(version) => Ok(TextCondition::Version(version)),
        None => Ok(TextCondition::Pattern(fields.need_text("regex")?)),
    }
}

fn has_key(node: &Node, keys: &[&str]) -> bool {
    match &node.value {
        Value::List(items) => items.iter().any(|item| has_key(item, keys)),
        Value::Map(fields) => fields
            .iter()
            .any(|(_, key, value)| keys.contains(&key.as_str()) || has_key(value, keys)),
        _ => false,
    }
}

fn read_response(
    mut fields: Fields,
    fixture: &mut Fixture,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let status = fields.take("status");
    let retry_after = fields.take("retryAfter");
    if let Some(error) = fields.take("error") {
        let error = Fields::new(error, fields.path("error"))?;
        fixture.error = Some(read_error(error, status, retry_after, unread)?);
        fields.finish(unread);
        return Ok(());
    }
    let parts = &mut fixture.parts;
    parts.extend(fields.text("reasoning")?.map(FixturePart::Reasoning));
    let blocks = fields.list("blocks")?;
    let has_blocks = !blocks.is_empty();
    for (index, block) in blocks.into_iter().enumerate() {
        let path = fields.path(&format!("blocks[{index}]"));
        parts.push(read_block(Fields::new(block, path)?, unread)?);
    }
    let content = fields.take("content");
    let mut calls = Vec::new();
    for key in ["toolCalls", "tool_calls"] {
        let path = fields.path(key);
        for (index, call) in fields.list(key)?.into_iter().enumerate() {
            let call = Fields::new(call, format!("{path}[{index}]"))?;
            calls.push(read_call(call, unread)?);
        }
    }
    // The blocks have the same texts and calls, in their order.
    if !has_blocks {
        parts.extend(content.map(|content| FixturePart::Text(json_text(&content))));
        parts.extend(calls);
    }
    for key in ["stop_reason", "finish_reason", "finishReason", "stopReason"] {
        let reason = fields.text(key)?;
        fixture.finish = fixture.finish.take().or(reason);
    }
    fields.finish(unread);
    Ok(())
}

fn read_block(
    mut block: Fields,
    unread: &mut Vec<UnreadKey>,
) -> Result<FixturePart, CassetteError> {
    match block.text("type")?.as_deref() {
        Some("toolCall") => read_call(block, unread),
        kind => {
            let part = match kind {
                Some("reasoning") => FixturePart::Reasoning,
                Some("refusal") => FixturePart::Refusal,
                _ => FixturePart::Text,
            };
            let text = block.need_text("text")?;
            block.finish(unread);
            Ok(part(text))
        }
    }
}

fn read_call(mut call: Fields, unread: &mut Vec<UnreadKey>) -> Result<FixturePart, CassetteError> {
    let part = FixturePart::Call {
        name: call.need_text("name")?,
        arguments: call
            .take("arguments")
            .map_or("{}".to_owned(), |node| json_text(&node)),
        id: call.text("id")?,
    };
    call.finish(unread);
    Ok(part)
}

fn read_error(
    mut error: Fields,
    status: Option<Node>,
    retry_after: Option<Node>,
    unread: &mut Vec<UnreadKey>,
) -> Result<FixtureError, CassetteError> {
    let at = error.at;
    let status = match status.or_else(|| error.take("status")) {
        Some(status) => fields::number(status, &error.path("status"))?,
        None => 500,
    };
    if !(400..=999).contains(&status) {
        return Err(CassetteError::new(
            CassetteProblem::Shape,
            Some(at),
            format!("the status {status} is not one of an error"),
            "write one from 400 to 999",
        ));
    }
    let message = error.text("message")?.unwrap_or_default();
    let code = error.text("code")?;
    let retry_after = match retry_after.or_else(|| error.take("retry_after")) {
        Some(node) => Some(Duration::from_secs(fields::number(node, "retryAfter")?)),
        None => None,
    };
    error.finish(unread);
    Ok(FixtureError {
        status: status as u16,
        message,
        code,
        retry_after,
    })
}

/// A text as it is, and another value as JSON.
fn json_text(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        _ => json_value(node).to_string(),
    }
}

fn json_value(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;

    match &node.value {
        Value::Null => Json::Null,
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        Value::Text(text) if node.is_plain() => match serde_json::from_str::<Json>(text) {
            Ok(value @ (Json::Number(_) | Json::Bool(_))) => value,
            _ => Json::from(text.as_str()),
        },
        Value::Text(text) => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(json_value).collect(),
        Value::Map(fields) => {
            let fields = fields.iter();
            fields
                .map(|(_, key, value)| (key.clone(), json_value(value)))
                .collect()
        }
    }
}

fn millis(node: Node, path: &str) -> Result<Duration, CassetteError> {
    fields::number(node, path).map(Duration::from_millis)
}

fn whole(node: Node, path: &str) -> Result<i64, CassetteError> {
    let at = node.at;
    let text = fields::text(node, path)?;
    text.parse()
        .map_err(|_| fields::shape(at, format!("`{path}` is `{text}`, not a whole number")))
}
