//! The fixtures of aimock (JSON) and of llmposter (YAML): rules, and what they answer.

mod failure;
mod order;
mod pace;

use std::time::Duration;

use super::fields::{self, Fields};
use crate::error::{CassetteError, CassetteProblem};
use crate::node::{Node, Value};
use crate::{
    Cassette, Fixture, FixtureCondition, FixtureError, FixturePart, FixtureUsage, TextCondition,
    UnreadKey,
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
    let mut read = Vec::new();
    for (index, node) in document.list("fixtures")?.into_iter().enumerate() {
        let path = format!("fixtures[{index}]");
        read.extend(read_fixture(node, path, is_aimock, &mut cassette.unread)?);
    }
    order::number_states(&mut read, &mut cassette.unread);
    order::check_numbers(&mut read, &mut cassette.unread);
    let mut ranked: Vec<_> = read.into_iter().map(|it| (it.rank, it.fixture)).collect();
    // Try the fixtures of later turns first, and otherwise in the order of the file.
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let turns = ranked.iter().filter(|((_, turn), _)| *turn >= 0);
    let mut any_turn: Vec<_> = turns.cloned().collect();
    cassette
        .fixtures
        .extend(ranked.into_iter().map(|(_, fixture)| fixture));
    // If no fixture is at its turn, the nearest one answers.
    any_turn.reverse();
    for (_, mut fixture) in any_turn {
        let is_turn = |it: &FixtureCondition| matches!(it, FixtureCondition::Assistants(_));
        fixture.conditions.retain(|condition| !is_turn(condition));
        fixture.number = None;
        cassette.fixtures.push(fixture);
    }
    document.finish(&mut cassette.unread);
    cassette.unread.sort_by_key(|unread| unread.line);
    Ok(())
}

/// The priority of a fixture, and the turn that it is for.
type Rank = (i64, i64);

/// A fixture, and what only its neighbours give a meaning.
pub(super) struct ReadFixture {
    rank: Rank,
    pub(super) path: String,
    pub(super) fixture: Fixture,
    pub(super) state: Option<State>,
}

/// A state of llmposter: its machine, the one that a fixture needs, and the one that it sets.
pub(super) struct State {
    pub(super) line: usize,
    pub(super) machine: String,
    pub(super) needs: Option<String>,
    pub(super) sets: Option<String>,
}

fn read_fixture(
    node: Node,
    path: String,
    is_aimock: bool,
    unread: &mut Vec<UnreadKey>,
) -> Result<Option<ReadFixture>, CassetteError> {
    let mut fields = Fields::new(node, path.as_str())?;
    let mut fixture = Fixture {
        line: fields::line(fields.at),
        ..Fixture::default()
    };
    let turn = read_match(fields.object("match")?, is_aimock, &mut fixture, unread)?;
    fixture.provider = fields.text("provider")?;
    let priority_path = fields.path("priority");
    let priority = match fields.take("priority") {
        Some(node) => whole(node, &priority_path)?,
        None => 0,
    };
    let state = read_state(fields.object("scenario")?, unread)?;
    pace::read(&mut fields, &mut fixture, unread)?;
    failure::read(&mut fields, &mut fixture, unread)?;
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
    if fixture.body.is_some() {
        // The body replaces the answer, and comes whole.
        fixture.parts.clear();
        (fixture.usage, fixture.end) = (None, None);
    }
    let Fixture {
        parts,
        error,
        body,
        vector,
        ..
    } = &fixture;
    if parts.is_empty() && error.is_none() && body.is_none() && vector.is_empty() {
        unread.push(UnreadKey {
            line: at.line,
            key: format!("{whole_path} (it is not an answer in texts, tool calls or a vector)"),
        });
        return Ok(None);
    }
    Ok(Some(ReadFixture {
        rank: (priority, turn),
        path,
        fixture,
        state,
    }))
}

/// The state that a fixture is for.
fn read_state(
    mut fields: Fields,
    unread: &mut Vec<UnreadKey>,
) -> Result<Option<State>, CassetteError> {
    let line = fields.at.line;
    let Some(machine) = fields.text("name")? else {
        fields.finish(unread);
        return Ok(None);
    };
    let state = State {
        line,
        machine,
        needs: fields.text("required_state")?,
        sets: fields.text("set_state")?,
    };
    fields.finish(unread);
    Ok(Some(state))
}

/// Reads the conditions, and returns the turn that they are for; -1 for any.
fn read_match(
    mut fields: Fields,
    is_aimock: bool,
    fixture: &mut Fixture,
    unread: &mut Vec<UnreadKey>,
) -> Result<i64, CassetteError> {
    for key in ["sequenceIndex", "sequence_index"] {
        let path = fields.path(key);
        if let Some(node) = fields.take(key) {
            fixture.number = Some(small(node, &path)?);
        }
    }
    let conditions = &mut fixture.conditions;
    for (key, condition) in [
        (
            "userMessage",
            FixtureCondition::User as fn(TextCondition) -> FixtureCondition,
        ),
        ("user_message", FixtureCondition::User),
        ("inputText", FixtureCondition::Input),
        ("input_text", FixtureCondition::Input),
    ] {
        let path = fields.path(key);
        if let Some(node) = fields.take(key) {
            let text = text_condition(node, &path, TextCondition::Contains)?;
            conditions.push(condition(text));
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
        // aimock compares the whole name of the model. llmposter searches for a part of it.
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
        .is_some_and(|endpoint| endpoint != "chat" && endpoint != "embedding")
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
    if let Some(body) = fields.text("body")? {
        fixture.body = Some(body);
    }
    fixture.usage = read_usage(&mut fields, unread)?;
    for (index, number) in fields.list("embedding")?.into_iter().enumerate() {
        let path = fields.path(&format!("embedding[{index}]"));
        let at = number.at;
        let number = decimal(number, &path)? as f32;
        if !number.is_finite() {
            let problem = format!("`{path}` is too large for a vector");
            return Err(fields::shape(at, problem));
        }
        fixture.vector.push(number);
    }
    let parts = &mut fixture.parts;
    if let Some(reasoning) = fields.text("reasoning")? {
        parts.push(FixturePart::Reasoning(reasoning));
        let signature = fields.text("reasoningSignature")?;
        parts.extend(signature.map(FixturePart::Signature));
    }
    let blocks = fields.list("blocks")?;
    let has_blocks = !blocks.is_empty();
    for (index, block) in blocks.into_iter().enumerate() {
        let path = fields.path(&format!("blocks[{index}]"));
        let (line, key) = (block.at.line, format!("{path} (it signs no reasoning)"));
        let part = read_block(Fields::new(block, path)?, unread)?;
        let signs = matches!(parts.last(), Some(FixturePart::Reasoning(_)));
        match part {
            FixturePart::Signature(_) if !signs => unread.push(UnreadKey { line, key }),
            part => parts.push(part),
        }
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
    // If there are blocks, they contain the same texts and calls in their order.
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
                Some("signature") => FixturePart::Signature,
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
    let mut headers = error.object("headers")?.texts()?;
    for (name, value) in &headers {
        let of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let is_name = !name.is_empty() && name.chars().all(of_name);
        if !is_name || value.contains(|c: char| c.is_control() && c != '\t') {
            let problem = format!("`{name}: {value}` is not a header");
            return Err(fields::shape(at, problem));
        }
    }
    headers.retain(|(name, _)| {
        // The server counts the bytes that it sends.
        let name = name.to_ascii_lowercase();
        let is_counted = matches!(&*name, "content-length" | "transfer-encoding");
        if is_counted {
            let key = error.path(&format!("headers.{name}"));
            unread.push(UnreadKey { line: at.line, key });
        }
        !is_counted
    });
    error.finish(unread);
    Ok(FixtureError {
        status: status as u16,
        message,
        code,
        retry_after,
        headers,
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

/// The tokens of an answer, by the names of any provider. A sum that is theirs says nothing more.
fn read_usage(
    fields: &mut Fields,
    unread: &mut Vec<UnreadKey>,
) -> Result<Option<FixtureUsage>, CassetteError> {
    let mut usage = fields.object("usage")?;
    let mut prompt = usage.object("prompt_tokens_details")?;
    let mut completion = usage.object("completion_tokens_details")?;
    let read = FixtureUsage {
        cached: tokens(&mut prompt, &["cached_tokens"])?.unwrap_or_default(),
        reasoning: tokens(&mut completion, &["reasoning_tokens"])?.unwrap_or_default(),
        ..FixtureUsage::default()
    };
    prompt.finish(unread);
    completion.finish(unread);
    let asked = ["prompt_tokens", "input_tokens", "promptTokenCount"];
    let answered = ["completion_tokens", "output_tokens", "candidatesTokenCount"];
    let (asked, answered) = (tokens(&mut usage, &asked)?, tokens(&mut usage, &answered)?);
    let sum = tokens(&mut usage, &["total_tokens", "totalTokenCount"])?;
    let line = usage.at.line;
    let path = usage.path("total_tokens");
    usage.finish(unread);
    let read = FixtureUsage {
        prompt: asked.unwrap_or_default(),
        completion: answered.unwrap_or_default(),
        ..read
    };
    if sum.is_some_and(|sum| sum != read.prompt.saturating_add(read.completion)) {
        unread.push(UnreadKey { line, key: path });
    }
    Ok((asked.is_some() || answered.is_some()).then_some(read))
}

/// The first of these fields.
fn tokens(fields: &mut Fields, names: &[&str]) -> Result<Option<u64>, CassetteError> {
    for name in names {
        let path = fields.path(name);
        if let Some(node) = fields.take(name) {
            return fields::number(node, &path).map(Some);
        }
    }
    Ok(None)
}

/// No pause of an answer is longer.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A time in milliseconds, which may have a fraction.
fn millis(node: Node, path: &str) -> Result<Duration, CassetteError> {
    let at = node.at;
    let number = decimal(node, path)?;
    match (0.0..=LONGEST.as_secs_f64() * 1_000.0).contains(&number) {
        true => Ok(Duration::from_micros((number * 1_000.0).round() as u64)),
        false => Err(fields::shape(
            at,
            format!("`{path}` is {number}, not a time from 0 to 86400000 milliseconds"),
        )),
    }
}

/// A number, with a fraction or not.
fn decimal(node: Node, path: &str) -> Result<f64, CassetteError> {
    let at = node.at;
    let text = fields::text(node, path)?;
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| fields::shape(at, format!("`{path}` is `{text}`, not a number")))
}

/// A number of things.
fn small(node: Node, path: &str) -> Result<u32, CassetteError> {
    let at = node.at;
    let number = fields::number(node, path)?;
    u32::try_from(number).map_err(|_| fields::shape(at, format!("`{path}` is too large")))
}

fn whole(node: Node, path: &str) -> Result<i64, CassetteError> {
    let at = node.at;
    let text = fields::text(node, path)?;
    text.parse()
        .map_err(|_| fields::shape(at, format!("`{path}` is `{text}`, not a whole number")))
}
