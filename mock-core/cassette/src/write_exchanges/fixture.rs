//! Writes fixtures of other tools, in a format that has all that is read of them.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::quoted;
use crate::{
    Fixture, FixtureCondition, FixtureEnd, FixtureError, FixturePart, FixtureUsage, TextCondition,
};

/// Writes a fixture as an item of the list `fixtures`.
pub(super) fn write(fixture: &Fixture, out: &mut String) -> fmt::Result {
    write_match(fixture, out)?;
    if let Some(provider) = &fixture.provider {
        writeln!(out, "  provider: {}", quoted(provider))?;
    }
    write_pace(fixture, out)?;
    match &fixture.error {
        Some(error) => write_error(error, out),
        None => write_answer(fixture, out),
    }
}

fn write_match(fixture: &Fixture, out: &mut String) -> fmt::Result {
    let match_of = |condition: &TextCondition| match condition {
        TextCondition::Contains(text) => quoted(text),
        TextCondition::Version(text) => format!("{{version: {}}}", quoted(text)),
        TextCondition::Pattern(text) => format!("{{regex: {}}}", quoted(text)),
    };
    writeln!(out, "- match:")?;
    let mut systems = Vec::new();
    for condition in &fixture.conditions {
        let (key, value) = match condition {
            FixtureCondition::User(text) => ("user_message", match_of(text)),
            FixtureCondition::Input(text) => ("input_text", match_of(text)),
            FixtureCondition::Model(text) => ("model", match_of(text)),
            FixtureCondition::System(text) => {
                systems.push(quoted(text));
                continue;
            }
            FixtureCondition::HasTool(name) => ("tool_name", quoted(name)),
            FixtureCondition::ToolCallId(id) => ("tool_call_id", quoted(id)),
            FixtureCondition::ToolResult(text) => ("tool_result", quoted(text)),
            FixtureCondition::HasToolResult(is) => ("has_tool_result", is.to_string()),
            FixtureCondition::Assistants(least) => ("assistants", least.to_string()),
        };
        writeln!(out, "    {key}: {value}")?;
    }
    if !systems.is_empty() {
        writeln!(out, "    system_message: [{}]", systems.join(", "))?;
    }
    if let Some(number) = fixture.number {
        writeln!(out, "    sequence_index: {number}")?;
    }
    Ok(())
}

/// How fast it answers, and where it breaks off.
fn write_pace(fixture: &Fixture, out: &mut String) -> fmt::Result {
    let mut streaming = Vec::new();
    if !fixture.ttft.is_zero() {
        streaming.push(format!("ttft: {}", millis(fixture.ttft)));
    }
    if !fixture.gap.is_zero() {
        streaming.push(format!("latency: {}", millis(fixture.gap)));
    }
    if let Some(size) = fixture.chunk_size {
        streaming.push(format!("chunk_size: {size}"));
    }
    object("  streaming", &streaming, out)?;
    let mut failure = Vec::new();
    if !fixture.delay.is_zero() {
        failure.push(format!("latency_ms: {}", millis(fixture.delay)));
    }
    match fixture.end {
        Some(FixtureEnd::Truncated(frames)) => {
            failure.push(format!("truncate_after_frames: {frames}"));
        }
        Some(FixtureEnd::CutAfterFrames(frames)) => {
            failure.push(format!("disconnect_after_frames: {frames}"));
        }
        Some(FixtureEnd::CutAfter(time)) => {
            failure.push(format!("disconnect_after_ms: {}", millis(time)));
        }
        None => {}
    }
    object("  failure", &failure, out)
}

fn write_error(error: &FixtureError, out: &mut String) -> fmt::Result {
    writeln!(out, "  error:\n    status: {}", error.status)?;
    writeln!(out, "    message: {}", quoted(&error.message))?;
    if let Some(code) = &error.code {
        writeln!(out, "    code: {}", quoted(code))?;
    }
    if let Some(time) = error.retry_after {
        writeln!(out, "    retry_after: {}", time.as_secs())?;
    }
    let headers = error.headers.iter();
    let headers = headers.map(|(name, value)| format!("{}: {}", quoted(name), quoted(value)));
    object("    headers", &headers.collect::<Vec<_>>(), out)
}

fn write_answer(fixture: &Fixture, out: &mut String) -> fmt::Result {
    writeln!(out, "  response:")?;
    if let Some(body) = &fixture.body {
        return writeln!(out, "    body: {}", quoted(body));
    }
    if !fixture.vector.is_empty() {
        let numbers = fixture.vector.iter().map(|number| format!("{number:?}"));
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        return writeln!(out, "    embedding: [{numbers}]");
    }
    if let Some(usage) = fixture.usage {
        write_usage(usage, out)?;
    }
    writeln!(out, "    blocks:")?;
    for part in &fixture.parts {
        let (kind, text) = match part {
            FixturePart::Text(text) => ("text", text),
            FixturePart::Reasoning(text) => ("reasoning", text),
            FixturePart::Signature(text) => ("signature", text),
            FixturePart::Refusal(text) => ("refusal", text),
            FixturePart::Call {
                name,
                arguments,
                id,
            } => {
                writeln!(out, "    - type: toolCall\n      name: {}", quoted(name))?;
                writeln!(out, "      arguments: {}", quoted(arguments))?;
                if let Some(id) = id {
                    writeln!(out, "      id: {}", quoted(id))?;
                }
                continue;
            }
        };
        writeln!(out, "    - type: {kind}\n      text: {}", quoted(text))?;
    }
    if let Some(finish) = &fixture.finish {
        writeln!(out, "    finish_reason: {}", quoted(finish))?;
    }
    Ok(())
}

fn write_usage(usage: FixtureUsage, out: &mut String) -> fmt::Result {
    let mut fields = vec![
        format!("prompt_tokens: {}", usage.prompt),
        format!("completion_tokens: {}", usage.completion),
    ];
    for (part, name, tokens) in [
        ("prompt", "cached", usage.cached),
        ("completion", "reasoning", usage.reasoning),
    ] {
        if tokens > 0 {
            fields.push(format!(
                "{part}_tokens_details: {{{name}_tokens: {tokens}}}"
            ));
        }
    }
    object("    usage", &fields, out)
}

/// An object on one line; nothing if it has no fields.
fn object(key: &str, fields: &[String], out: &mut String) -> fmt::Result {
    match fields {
        [] => Ok(()),
        fields => writeln!(out, "{key}: {{{}}}", fields.join(", ")),
    }
}

/// Milliseconds, with a fraction if there is one.
fn millis(time: Duration) -> String {
    let micros = time.as_micros();
    match micros % 1_000 {
        0 => (micros / 1_000).to_string(),
        rest => format!("{}.{rest:03}", micros / 1_000),
    }
}
