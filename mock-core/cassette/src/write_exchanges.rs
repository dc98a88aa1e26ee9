//! Writes exchanges as YAML documents, with their keys in a fixed order.

mod fixture;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::node::{Node, Value};
use crate::{BASE64, Fixture, Interaction, VERSION};

/// Writes a file in one step: under another name first, in the same folder.
pub(crate) fn save(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 0;
    let (temporary, mut file) = loop {
        let temporary = path.with_file_name(format!(".{name}.{}.{number}.tmp", std::process::id()));
        match File::create_new(&temporary) {
            Ok(file) => break (temporary, file),
            // Another thread writes this file, or a process that was killed has left it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    };
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    let written = written.and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Return the error of writing, whether or not the file can be removed.
        let _ = fs::remove_file(&temporary);
    }
    written
}

pub(crate) fn write(interactions: &[Interaction], fixtures: &[Fixture]) -> String {
    let mut text = String::new();
    if !fixtures.is_empty() {
        text.push_str("fixtures:\n");
        for fixture in fixtures {
            // Writing to a text does not fail.
            let _ = fixture::write(fixture, &mut text);
        }
    }
    for (index, interaction) in interactions.iter().enumerate() {
        if index > 0 || !fixtures.is_empty() {
            text.push_str("---\n");
        }
        // Writing to a text does not fail.
        let _ = write_one(interaction, &mut text);
    }
    text
}

fn write_one(interaction: &Interaction, out: &mut String) -> std::fmt::Result {
    writeln!(out, "version: {VERSION}\nwhen:")?;
    writeln!(out, "  path: {}", quoted(&interaction.path))?;
    writeln!(out, "  method: {}", quoted(&interaction.method))?;
    pairs("query_param", &interaction.query, out)?;
    pairs("header", &interaction.request_headers, out)?;
    body(&interaction.request_body, out)?;
    extra(interaction, "when.", "  ", out)?;
    writeln!(out, "then:\n  status: {}", interaction.status)?;
    pairs("header", &interaction.headers, out)?;
    body(&interaction.body, out)?;
    if !interaction.frames.is_empty() {
        writeln!(out, "  frames:")?;
        for frame in &interaction.frames {
            writeln!(out, "  - bytes: {}", frame.bytes)?;
            writeln!(out, "    gap_ms: {}", frame.gap.as_millis())?;
        }
    }
    extra(interaction, "then.", "  ", out)?;
    extra(interaction, "", "", out)?;
    // The line `...` shows a reader that the file was not truncated.
    writeln!(out, "...")
}

/// The keys that mean nothing to a replay, of one part.
fn extra(
    interaction: &Interaction,
    part: &str,
    indent: &str,
    out: &mut String,
) -> std::fmt::Result {
    for (key, value) in &interaction.extra {
        let name = match part {
            "" if key.starts_with("when.") || key.starts_with("then.") => None,
            part => key.strip_prefix(part),
        };
        if let Some(name) = name {
            writeln!(out, "{indent}{}: {value}", key_text(name))?;
        }
    }
    Ok(())
}

/// A key, in quotes where it needs them.
fn key_text(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_plain) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A value on one line.
pub(crate) fn flow(node: &Node) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Text(text) if node.is_plain() && is_word(text) => text.clone(),
        Value::Text(text) => quoted(text),
        Value::Bytes(bytes) => format!("!!binary '{}'", STANDARD.encode(bytes)),
        Value::List(items) => format!("[{}]", joined(items.iter().map(flow).collect())),
        Value::Map(fields) => {
            let fields = fields.iter();
            let fields =
                fields.map(|(_, key, value)| format!("{}: {}", key_text(key), flow(value)));
            format!("{{{}}}", joined(fields.collect()))
        }
    }
}

/// Whether a text without quotes is a number or a truth value. Others are the same in quotes.
fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn pairs(key: &str, pairs: &[(String, String)], out: &mut String) -> std::fmt::Result {
    if pairs.is_empty() {
        return writeln!(out, "  {key}: []");
    }
    writeln!(out, "  {key}:")?;
    for (name, value) in pairs {
        writeln!(out, "  - name: {}", quoted(name))?;
        writeln!(out, "    value: {}", quoted(value))?;
    }
    Ok(())
}

fn body(bytes: &[u8], out: &mut String) -> std::fmt::Result {
    match std::str::from_utf8(bytes) {
        Ok("") => writeln!(out, "  body: null"),
        Ok(text) if is_block(text) => {
            // The `+` keeps the line ends at the end of the text, and the `2` the white space at its beginning.
            writeln!(out, "  body: |2+")?;
            for line in text.split_inclusive('\n') {
                match line {
                    "\n" => out.push('\n'),
                    line => write!(out, "    {line}")?,
                }
            }
            Ok(())
        }
        Ok(text) => writeln!(out, "  body: {}", quoted(text)),
        Err(_) => {
            writeln!(out, "  body: {}", quoted(&STANDARD.encode(bytes)))?;
            writeln!(out, "  body_encoding: {BASE64}")
        }
    }
}

/// Whether a text is the same as a block of lines. One that does not end in a line end is not: `+` would add it.
fn is_block(text: &str) -> bool {
    let blank = |line: &str| line.trim_matches(' ').is_empty() && !line.is_empty();
    text.ends_with('\n')
        && text.trim_matches('\n').contains('\n')
        && text.chars().all(|c| c == '\n' || is_printable(c))
        && !text.lines().any(blank)
}

fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// A text in quotes: in single ones, where only they are doubled, or in double ones with escapes.
fn quoted(text: &str) -> String {
    if text.chars().all(is_printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => {
                // Writing to a text does not fail.
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}
