//! Reads exchanges out of YAML documents.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::body_position_in_file::{BodyPlace, Writing};
use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::misplaced_keys::{KEYS_OF_DOCUMENT, KEYS_OF_THEN, KEYS_OF_WHEN};
use crate::node::{Node, Value};
use crate::request_line::{check_method, check_path};
use crate::{BASE64, Cassette, Interaction, MAX_BYTES, RecordedFrame, UnreadKey, VERSION};
use crate::{import, misplaced_keys, misspelt_keys, read_json, read_yaml, write_exchanges};

const NOT_A_RECORDING: &str = "a cassette has documents with `when` and `then`, `log.entries`, `interactions` or `fixtures`: name another file, or record it";

/// The remedy for a list of headers or parameters in another form.
const PAIRS: &str =
    "write a list: for each item a line `- name: ..`, and under the name a line `value: ..`";

/// # Errors
/// If a file of this length is too long.
pub(crate) fn check_length(bytes: usize) -> Result<(), CassetteError> {
    match bytes > MAX_BYTES {
        true => Err(CassetteError::new(
            CassetteProblem::Huge,
            None,
            format!("it has {bytes} bytes, more than {MAX_BYTES}"),
            "split it into several files",
        )),
        false => Ok(()),
    }
}

/// The text of a file.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, CassetteError> {
    check_length(bytes.len())?;
    let mark_at = |at: usize| {
        let lines = bytes[..at].split(|byte| *byte == b'\n');
        let last = String::from_utf8_lossy(lines.clone().next_back().unwrap_or_default());
        Mark::new(lines.count(), last.chars().count() + 1)
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(CassetteError::new(
            CassetteProblem::Encoding,
            Some(Mark::new(1, 1)),
            "it is UTF-16",
            "save it as UTF-8",
        ));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(CassetteError::new(
            CassetteProblem::Binary,
            Some(mark_at(at)),
            "it is not a text: it has a byte that is 0",
            NOT_A_RECORDING,
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        CassetteError::new(
            CassetteProblem::Encoding,
            Some(mark_at(error.valid_up_to())),
            "it is not UTF-8",
            "save it as UTF-8; a body that is not a text needs `body_encoding: base64`",
        )
    })
}

pub(crate) fn read(text: &str) -> Result<Cassette, CassetteError> {
    check_length(text.len())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cassette = Cassette::default();
    match read_json::is_json(text) {
        true => read_document(read_json::document(text)?, &mut cassette, true, true)?,
        false => read_yaml::documents(text, |document, is_ended| {
            read_document(document, &mut cassette, false, is_ended)
        })?,
    }
    match cassette.interactions.is_empty() && cassette.fixtures.is_empty() {
        true => Err(CassetteError::new(
            CassetteProblem::Truncated,
            None,
            "it has no exchange",
            "record one",
        )),
        false => Ok(cassette),
    }
}

fn read_document(
    document: Node,
    cassette: &mut Cassette,
    is_json: bool,
    is_ended: bool,
) -> Result<(), CassetteError> {
    match import::format(&document) {
        Some(format) => {
            cassette.is_foreign = true;
            import::read(format, document, cassette, is_json)
        }
        None => {
            let interaction = interaction(document, is_ended, &mut cassette.unread)?;
            cassette.interactions.push(interaction);
            Ok(())
        }
    }
}

fn interaction(
    document: Node,
    is_ended: bool,
    unread: &mut Vec<UnreadKey>,
) -> Result<Interaction, CassetteError> {
    let at = document.at;
    let (mut when, mut then) = (None, None);
    let mut read = Interaction::new("POST", "");
    let mut has_version = false;
    for (key_at, key, node) in part(document, "a document", &KEYS_OF_DOCUMENT)? {
        match key.as_str() {
            "when" => when = Some(node),
            "then" => then = Some(node),
            "version" => {
                check_version(&node)?;
                has_version = true;
            }
            _ => keep(&mut read, unread, key_at, key, &node),
        }
    }
    let (when, then) = match (when, then) {
        (Some(when), Some(then)) => (when, then),
        (None, None) => {
            return Err(shape(
                at,
                "it is not of recorded exchanges",
                NOT_A_RECORDING,
            ));
        }
        // With wrong indentation, `then` may be inside of `when`, and the other way round.
        (Some(when), None) => {
            read_when(when, &mut read, unread)?;
            return Err(incomplete(
                at,
                "then",
                "add it, as in `then: {status: 200}`, or remove the document",
            ));
        }
        (None, Some(then)) => {
            read_then(then, &mut read, unread)?;
            return Err(incomplete(
                at,
                "when",
                "add it, as in `when: {path: /v1/chat/completions}`, or remove the document",
            ));
        }
    };
    read.line = u32::try_from(at.line).unwrap_or(u32::MAX);
    read_when(when, &mut read, unread)?;
    read_then(then, &mut read, unread)?;
    // A recorder writes the version first, and the line `...` last. Files of other tools have neither.
    match has_version && !is_ended {
        true => Err(CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            "the document has no line `...` at its end, so a part of it may be missing",
            "record it again, or add the line if the document is whole",
        )),
        false => Ok(read),
    }
}

/// Keeps a key that means nothing to a replay, so that it is written again.
fn keep(read: &mut Interaction, unread: &mut Vec<UnreadKey>, at: Mark, key: String, node: &Node) {
    read.extra.push((key.clone(), write_exchanges::flow(node)));
    unread.push(UnreadKey { line: at.line, key });
}

fn check_version(node: &Node) -> Result<(), CassetteError> {
    match &node.value {
        Value::Text(version) if version.parse() == Ok(VERSION) => Ok(()),
        Value::Text(version) => Err(CassetteError::new(
            CassetteProblem::Version,
            Some(node.at),
            format!("it is of version {version} of the format, and this is version {VERSION}"),
            "update mock-core, or record it again",
        )),
        other => Err(CassetteError::new(
            CassetteProblem::Version,
            Some(node.at),
            format!("its version is {}", other.kind()),
            "write `version: 1`",
        )),
    }
}

fn read_when(
    when: Node,
    read: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let at = when.at;
    let (mut body, mut encoding, mut path) = (None, None, None);
    for (key_at, key, node) in part(when, "`when`", &KEYS_OF_WHEN)? {
        match key.as_str() {
            "path" => {
                let at = node.at;
                let text = string(node, "the path")?;
                check_path(&text, Some(at))?;
                path = Some(text);
            }
            "method" => {
                let at = node.at;
                read.method = string(node, "the method")?;
                check_method(&read.method, Some(at))?;
            }
            "query_param" => read.query = pairs(node, unread)?,
            "header" => read.request_headers = pairs(node, unread)?,
            "body" => body = optional(node, "the body")?,
            "body_encoding" => encoding = Some(node),
            _ => keep(read, unread, key_at, format!("when.{key}"), &node),
        }
    }
    let Some(path) = path else {
        return Err(CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            "its request has no `path`",
            "add it, as in `path: /v1/chat/completions`",
        ));
    };
    read.path = path;
    read.request_body = bytes(body, encoding)?;
    Ok(())
}

fn read_then(
    then: Node,
    read: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let at = then.at;
    let (mut body, mut encoding, mut status, mut frames) = (None, None, None, None);
    let mut is_clipped = false;
    for (key_at, key, node) in part(then, "`then`", &KEYS_OF_THEN)? {
        match key.as_str() {
            "status" => status = Some(number(node, "the status", "write one from 200 to 999")?),
            "header" => read.headers = pairs(node, unread)?,
            "body" => {
                read.body_place = BodyPlace::new(node.at, node.writing);
                is_clipped = matches!(
                    node.writing,
                    Writing::Block {
                        is_clipped: true,
                        ..
                    }
                );
                body = optional(node, "the body")?;
            }
            "body_encoding" => encoding = Some(node),
            "frames" => frames = Some(node),
            _ => keep(read, unread, key_at, format!("then.{key}"), &node),
        }
    }
    read.status = match status {
        Some((_, status @ 200..=999)) => status as u16,
        Some((at, status)) => {
            let problem = format!("the status {status} is not one of a response");
            return Err(shape(at, problem, "write one from 200 to 999"));
        }
        None => {
            return Err(CassetteError::new(
                CassetteProblem::Truncated,
                Some(at),
                "its response has no `status`",
                "add it, as in `status: 200`",
            ));
        }
    };
    if encoding.is_some() {
        read.body_place = BodyPlace::new(body.as_ref().map_or(at, |(at, _)| *at), Writing::Other);
    }
    let body_at = body.as_ref().map_or(at, |(at, _)| *at);
    read.body = bytes(body, encoding)?;
    if is_clipped && frames.is_none() {
        check_last_event(read, body_at)?;
    }
    if let Some(frames) = frames {
        read.frames = read_frames(frames, read.body.len(), unread)?;
    }
    Ok(())
}

/// Checks that the last event of a stream is whole, in a block without `+`, where YAML drops the empty line behind it.
fn check_last_event(read: &Interaction, at: Mark) -> Result<(), CassetteError> {
    let is_stream = read.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.contains("event-stream")
    });
    match is_stream && !read.body.ends_with(b"\n\n") {
        true => Err(CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            "its stream ends within an event: a block that begins with `|` has no empty line at its end",
            "write `body: |2+`, and an empty line after each event; for a stream that breaks off there, write the body in double quotes",
        )),
        false => Ok(()),
    }
}

fn read_frames(
    node: Node,
    length: usize,
    unread: &mut Vec<UnreadKey>,
) -> Result<Vec<RecordedFrame>, CassetteError> {
    let at = node.at;
    let mut frames = Vec::new();
    let mut all: usize = 0;
    for frame in items(
        node,
        "`frames`",
        "write a list, with `- bytes: ..` for each frame",
    )? {
        let frame_at = frame.at;
        let (mut bytes, mut gap) = (None, 0);
        for (key_at, key, node) in named_fields(frame, "a frame", &["bytes", "gap_ms"])? {
            let remedy = "write a whole number";
            match key.as_str() {
                "bytes" => bytes = Some(number(node, "the length of a frame", remedy)?.1),
                "gap_ms" => gap = number(node, "the gap before a frame", remedy)?.1,
                _ => unread.push(UnreadKey {
                    line: key_at.line,
                    key: format!("then.frames.{key}"),
                }),
            }
        }
        let Some(bytes) = bytes else {
            return Err(shape(frame_at, "a frame has no `bytes`", "add its length"));
        };
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        all = all.saturating_add(bytes);
        frames.push(RecordedFrame {
            bytes,
            gap: Duration::from_millis(gap),
        });
    }
    match all == length || frames.is_empty() {
        true => Ok(frames),
        false => Err(CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            format!("its frames have {all} bytes, and the body has {length}"),
            "record it again, or remove `frames`",
        )),
    }
}

/// The bytes of a body.
fn bytes(body: Option<(Mark, String)>, encoding: Option<Node>) -> Result<Vec<u8>, CassetteError> {
    let Some(encoding) = encoding else {
        let (_, body) = body.unzip();
        return Ok(body.unwrap_or_default().into_bytes());
    };
    let (at, body) = body.unwrap_or((encoding.at, String::new()));
    match &encoding.value {
        Value::Text(name) if name == BASE64 => STANDARD.decode(body.trim()).map_err(|error| {
            let problem = format!("its body is not base64: {error}");
            shape(
                at,
                problem,
                "write it as base64, or remove `body_encoding` if it is a text",
            )
        }),
        Value::Text(name) => {
            let problem = format!("the encoding `{name}` of its body is unknown");
            Err(shape(
                encoding.at,
                problem,
                "write `body_encoding: base64`, or remove it",
            ))
        }
        Value::Null => Ok(body.into_bytes()),
        other => {
            let problem = format!("the encoding of its body is {}", other.kind());
            Err(shape(
                encoding.at,
                problem,
                "write `body_encoding: base64`, or remove it",
            ))
        }
    }
}

/// Names and values.
fn pairs(node: Node, unread: &mut Vec<UnreadKey>) -> Result<Vec<(String, String)>, CassetteError> {
    let mut pairs = Vec::new();
    for item in items(node, "a list of names and values", PAIRS)? {
        let at = item.at;
        let (mut name, mut value) = (None, None);
        let what = "an item with a name and a value";
        for (key_at, key, node) in named_fields(item, what, &["name", "value"])? {
            match key.as_str() {
                "name" => name = Some(string(node, "a name")?),
                "value" => value = optional(node, "a value")?.map(|(_, value)| value),
                _ => unread.push(UnreadKey {
                    line: key_at.line,
                    key,
                }),
            }
        }
        let Some(name) = name else {
            return Err(shape(at, "an item has no `name`", PAIRS));
        };
        pairs.push((name, value.unwrap_or_default()));
    }
    Ok(pairs)
}

/// The fields of a document, of `when` or of `then`.
///
/// # Errors
/// If it is not a map, or if a key is misspelt or belongs elsewhere.
fn part(
    node: Node,
    what: &str,
    known: &[&str],
) -> Result<Vec<(Mark, String, Node)>, CassetteError> {
    let fields = named_fields(node, what, known)?;
    misplaced_keys::check(&fields, known)?;
    Ok(fields)
}

/// The fields of a map that may have these keys.
///
/// # Errors
/// If it is not a map, or if a key is misspelt.
fn named_fields(
    node: Node,
    what: &str,
    known: &[&str],
) -> Result<Vec<(Mark, String, Node)>, CassetteError> {
    let fields = match node.value {
        Value::Map(fields) => fields,
        other => {
            let problem = format!("{what} is {}, not a map", other.kind());
            return Err(shape(node.at, problem, NOT_A_RECORDING));
        }
    };
    misspelt_keys::check(&fields, known)?;
    Ok(fields)
}

fn items(node: Node, what: &str, remedy: &'static str) -> Result<Vec<Node>, CassetteError> {
    match node.value {
        Value::List(items) => Ok(items),
        Value::Null => Ok(Vec::new()),
        other => {
            let problem = format!("{what} is {}, not a list", other.kind());
            Err(shape(node.at, problem, remedy))
        }
    }
}

fn string(node: Node, what: &str) -> Result<String, CassetteError> {
    let at = node.at;
    match optional(node, what)? {
        Some((_, text)) => Ok(text),
        None => Err(shape(at, format!("{what} is empty"), "write it")),
    }
}

/// A text, with its place; `None` for `null`.
fn optional(node: Node, what: &str) -> Result<Option<(Mark, String)>, CassetteError> {
    match node.value {
        Value::Text(text) => Ok(Some((node.at, text))),
        Value::Null => Ok(None),
        other => {
            let problem = format!("{what} is {}, not a text", other.kind());
            Err(shape(node.at, problem, "write it as a text, in quotes"))
        }
    }
}

/// A whole number, with its place.
fn number(node: Node, what: &str, remedy: &'static str) -> Result<(Mark, u64), CassetteError> {
    let at = node.at;
    let text = string(node, what)?;
    match text.parse() {
        Ok(number) => Ok((at, number)),
        Err(_) => Err(shape(at, format!("{what} is `{text}`"), remedy)),
    }
}

fn incomplete(at: Mark, missing: &str, remedy: &'static str) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Truncated,
        Some(at),
        format!("the document has no `{missing}`"),
        remedy,
    )
}

fn shape(at: Mark, problem: impl Into<String>, remedy: &'static str) -> CassetteError {
    CassetteError::new(CassetteProblem::Shape, Some(at), problem, remedy)
}
