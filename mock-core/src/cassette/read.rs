//! Reads exchanges out of YAML documents.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::{CassetteError, CassetteProblem};
use super::yaml::{self, Node, Value};
use super::{Cassette, Interaction, MAX_BYTES, RecordedFrame, UnreadKey, VERSION};

/// How a text body that is not UTF-8 is written.
pub(super) const BASE64: &str = "base64";

const NOT_A_RECORDING: &str =
    "a cassette has documents with `when` and `then`: name another file, or record it";

/// # Errors
/// If a file of this length is too long.
pub(super) fn check_length(bytes: usize) -> Result<(), CassetteError> {
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
pub(super) fn text(bytes: &[u8]) -> Result<&str, CassetteError> {
    check_length(bytes.len())?;
    let line_at = |at: usize| 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(CassetteError::new(
            CassetteProblem::Encoding,
            Some(1),
            "it is UTF-16",
            "save it as UTF-8",
        ));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(CassetteError::new(
            CassetteProblem::Binary,
            Some(line_at(at)),
            "it is not a text: it has a byte that is 0",
            NOT_A_RECORDING,
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        CassetteError::new(
            CassetteProblem::Encoding,
            Some(line_at(error.valid_up_to())),
            "it is not UTF-8",
            "save it as UTF-8; a body that is not a text needs `body_encoding: base64`",
        )
    })
}

pub(super) fn read(text: &str) -> Result<Cassette, CassetteError> {
    check_length(text.len())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cassette = Cassette::default();
    yaml::documents(text, |document| {
        let interaction = interaction(document, &mut cassette.unread)?;
        cassette.interactions.push(interaction);
        Ok(())
    })?;
    match cassette.interactions.is_empty() {
        true => Err(CassetteError::new(
            CassetteProblem::Truncated,
            None,
            "it has no exchange",
            "record one",
        )),
        false => Ok(cassette),
    }
}

fn interaction(document: Node, unread: &mut Vec<UnreadKey>) -> Result<Interaction, CassetteError> {
    let line = document.line;
    let (mut when, mut then) = (None, None);
    for (key_line, key, node) in fields(document, "a document")? {
        match key.as_str() {
            "when" => when = Some(node),
            "then" => then = Some(node),
            "version" => check_version(&node)?,
            _ => unread.push(UnreadKey {
                line: key_line,
                key,
            }),
        }
    }
    let (when, then) = match (when, then) {
        (Some(when), Some(then)) => (when, then),
        (None, None) => {
            return Err(shape(
                line,
                "it is not of recorded exchanges",
                NOT_A_RECORDING,
            ));
        }
        (Some(_), None) => return Err(incomplete(line, "then")),
        (None, Some(_)) => return Err(incomplete(line, "when")),
    };
    let mut read = Interaction::new("POST", "");
    read.line = u32::try_from(line).unwrap_or(u32::MAX);
    read_when(when, &mut read, unread)?;
    read_then(then, &mut read, unread)?;
    Ok(read)
}

fn check_version(node: &Node) -> Result<(), CassetteError> {
    match &node.value {
        Value::Text(version) if version.parse() == Ok(VERSION) => Ok(()),
        Value::Text(version) => Err(CassetteError::new(
            CassetteProblem::Version,
            Some(node.line),
            format!("it is of version {version} of the format, and this is version {VERSION}"),
            "update mock-core, or record it again",
        )),
        other => Err(CassetteError::new(
            CassetteProblem::Version,
            Some(node.line),
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
    let line = when.line;
    let (mut body, mut encoding, mut path) = (None, None, None);
    for (key_line, key, node) in fields(when, "`when`")? {
        match key.as_str() {
            "path" => path = Some(string(node, "the path")?),
            "method" => read.method = string(node, "the method")?,
            "query_param" => read.query = pairs(node, unread)?,
            "header" => read.request_headers = pairs(node, unread)?,
            "body" => body = optional(node, "the body")?,
            "body_encoding" => encoding = Some(node),
            _ => unread.push(UnreadKey {
                line: key_line,
                key: format!("when.{key}"),
            }),
        }
    }
    let Some(path) = path else {
        return Err(CassetteError::new(
            CassetteProblem::Truncated,
            Some(line),
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
    let line = then.line;
    let (mut body, mut encoding, mut status, mut frames) = (None, None, None, None);
    for (key_line, key, node) in fields(then, "`then`")? {
        match key.as_str() {
            "status" => status = Some(number(node, "the status", "write one from 200 to 999")?),
            "header" => read.headers = pairs(node, unread)?,
            "body" => body = optional(node, "the body")?,
            "body_encoding" => encoding = Some(node),
            "frames" => frames = Some(node),
            _ => unread.push(UnreadKey {
                line: key_line,
                key: format!("then.{key}"),
            }),
        }
    }
    read.status = match status {
        Some((_, status @ 200..=999)) => status as u16,
        Some((line, status)) => {
            let problem = format!("the status {status} is not one of a response");
            return Err(shape(line, problem, "write one from 200 to 999"));
        }
        None => {
            return Err(CassetteError::new(
                CassetteProblem::Truncated,
                Some(line),
                "its response has no `status`",
                "add it, as in `status: 200`",
            ));
        }
    };
    read.body = bytes(body, encoding)?;
    if let Some(frames) = frames {
        read.frames = read_frames(frames, read.body.len(), unread)?;
    }
    Ok(())
}

fn read_frames(
    node: Node,
    length: usize,
    unread: &mut Vec<UnreadKey>,
) -> Result<Vec<RecordedFrame>, CassetteError> {
    let line = node.line;
    let mut frames = Vec::new();
    let mut all: usize = 0;
    for frame in items(node, "`frames`")? {
        let frame_line = frame.line;
        let (mut bytes, mut gap) = (None, 0);
        for (key_line, key, node) in fields(frame, "a frame")? {
            let remedy = "write a whole number";
            match key.as_str() {
                "bytes" => bytes = Some(number(node, "the length of a frame", remedy)?.1),
                "gap_ms" => gap = number(node, "the gap before a frame", remedy)?.1,
                _ => unread.push(UnreadKey {
                    line: key_line,
                    key: format!("then.frames.{key}"),
                }),
            }
        }
        let Some(bytes) = bytes else {
            return Err(shape(
                frame_line,
                "a frame has no `bytes`",
                "add its length",
            ));
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
            Some(line),
            format!("its frames have {all} bytes, and the body has {length}"),
            "record it again, or remove `frames`",
        )),
    }
}

/// The bytes of a body.
fn bytes(body: Option<(usize, String)>, encoding: Option<Node>) -> Result<Vec<u8>, CassetteError> {
    let (line, body) = body.unwrap_or_default();
    let Some(encoding) = encoding else {
        return Ok(body.into_bytes());
    };
    match &encoding.value {
        Value::Text(name) if name == BASE64 => STANDARD.decode(body.trim()).map_err(|error| {
            let problem = format!("its body is not base64: {error}");
            shape(line, problem, "record it again")
        }),
        Value::Text(name) => {
            let problem = format!("the encoding `{name}` of its body is unknown");
            Err(shape(
                encoding.line,
                problem,
                "write `body_encoding: base64`, or remove it",
            ))
        }
        Value::Null => Ok(body.into_bytes()),
        other => {
            let problem = format!("the encoding of its body is {}", other.kind());
            Err(shape(
                encoding.line,
                problem,
                "write `body_encoding: base64`, or remove it",
            ))
        }
    }
}

/// Names and values.
fn pairs(node: Node, unread: &mut Vec<UnreadKey>) -> Result<Vec<(String, String)>, CassetteError> {
    let mut pairs = Vec::new();
    for item in items(node, "a list of names and values")? {
        let line = item.line;
        let (mut name, mut value) = (None, None);
        for (key_line, key, node) in fields(item, "an item with a name and a value")? {
            match key.as_str() {
                "name" => name = Some(string(node, "a name")?),
                "value" => value = optional(node, "a value")?.map(|(_, value)| value),
                _ => unread.push(UnreadKey {
                    line: key_line,
                    key,
                }),
            }
        }
        let Some(name) = name else {
            return Err(shape(line, "an item has no `name`", "add it"));
        };
        pairs.push((name, value.unwrap_or_default()));
    }
    Ok(pairs)
}

fn fields(node: Node, what: &str) -> Result<Vec<(usize, String, Node)>, CassetteError> {
    match node.value {
        Value::Map(fields) => Ok(fields),
        other => {
            let problem = format!("{what} is {}, not a map", other.kind());
            Err(shape(node.line, problem, NOT_A_RECORDING))
        }
    }
}

fn items(node: Node, what: &str) -> Result<Vec<Node>, CassetteError> {
    match node.value {
        Value::List(items) => Ok(items),
        Value::Null => Ok(Vec::new()),
        other => {
            let problem = format!("{what} is {}, not a list", other.kind());
            Err(shape(
                node.line,
                problem,
                "write a list, with `- ` before each item",
            ))
        }
    }
}

fn string(node: Node, what: &str) -> Result<String, CassetteError> {
    let line = node.line;
    match optional(node, what)? {
        Some((_, text)) => Ok(text),
        None => Err(shape(line, format!("{what} is empty"), "write it")),
    }
}

/// A text, with its line; `None` for `null`.
fn optional(node: Node, what: &str) -> Result<Option<(usize, String)>, CassetteError> {
    match node.value {
        Value::Text(text) => Ok(Some((node.line, text))),
        Value::Null => Ok(None),
        other => {
            let problem = format!("{what} is {}, not a text", other.kind());
            Err(shape(node.line, problem, "write it as a text, in quotes"))
        }
    }
}

/// A whole number, with its line.
fn number(node: Node, what: &str, remedy: &'static str) -> Result<(usize, u64), CassetteError> {
    let line = node.line;
    let text = string(node, what)?;
    match text.parse() {
        Ok(number) => Ok((line, number)),
        Err(_) => Err(shape(line, format!("{what} is `{text}`"), remedy)),
    }
}

fn incomplete(line: usize, missing: &str) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Truncated,
        Some(line),
        format!("the document has no `{missing}`"),
        "record it again, or remove the document",
    )
}

fn shape(line: usize, problem: impl Into<String>, remedy: &'static str) -> CassetteError {
    CassetteError::new(CassetteProblem::Shape, Some(line), problem, remedy)
}
