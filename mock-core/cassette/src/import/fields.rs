//! The fields of a document of another tool. Fields that nobody takes are listed: [`Fields`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::node::{Node, Value};
use crate::request_line::{check_method, check_path};
use crate::{Interaction, UnreadKey};

/// The fields of an object that are not taken yet.
pub(super) struct Fields {
    pub(super) at: Mark,
    path: String,
    fields: Vec<(Mark, String, Node)>,
}

impl Fields {
    /// # Errors
    /// If it is not an object.
    pub(super) fn new(node: Node, path: impl Into<String>) -> Result<Self, CassetteError> {
        let path = path.into();
        match node.value {
            Value::Map(fields) => Ok(Fields {
                at: node.at,
                path,
                fields,
            }),
            other => {
                let problem = format!("`{path}` is {}, not an object", other.kind());
                Err(shape(node.at, problem))
            }
        }
    }

    pub(super) fn path(&self, key: &str) -> String {
        match &*self.path {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    /// The value of a key; `None` if it is missing or `null`.
    pub(super) fn take(&mut self, key: &str) -> Option<Node> {
        let index = self.fields.iter().position(|(_, name, _)| name == key)?;
        let (.., node) = self.fields.remove(index);
        Some(node).filter(|node| !matches!(node.value, Value::Null))
    }

    /// # Errors
    /// If the key is missing.
    pub(super) fn need(&mut self, key: &str) -> Result<Node, CassetteError> {
        self.take(key).ok_or_else(|| {
            CassetteError::new(
                CassetteProblem::Truncated,
                Some(self.at),
                format!("it has no `{}`", self.path(key)),
                "record it again, or remove the exchange",
            )
        })
    }

    /// The object behind a key, or an empty one.
    pub(super) fn object(&mut self, key: &str) -> Result<Fields, CassetteError> {
        let path = self.path(key);
        match self.take(key) {
            Some(node) => Fields::new(node, path),
            None => Ok(Fields {
                at: self.at,
                path,
                fields: Vec::new(),
            }),
        }
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, CassetteError> {
        let path = self.path(key);
        self.take(key).map(|node| text(node, &path)).transpose()
    }

    pub(super) fn need_text(&mut self, key: &str) -> Result<String, CassetteError> {
        let path = self.path(key);
        text(self.need(key)?, &path)
    }

    /// The items of a list, with their places within one another.
    pub(super) fn list(&mut self, key: &str) -> Result<Vec<Node>, CassetteError> {
        let path = self.path(key);
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(node) => list(node, &path),
        }
    }

    /// All fields, as texts.
    pub(super) fn texts(self) -> Result<Vec<(String, String)>, CassetteError> {
        let path = self.path;
        let fields = self.fields.into_iter();
        fields
            .map(|(_, name, node)| {
                let value = text(node, &format!("{path}.{name}"))?;
                Ok((name, value))
            })
            .collect()
    }

    /// Lists what was not taken.
    pub(super) fn finish(self, unread: &mut Vec<UnreadKey>) {
        for (at, key, _) in &self.fields {
            unread.push(UnreadKey {
                line: at.line,
                key: self.path(key),
            });
        }
    }
}

pub(super) fn text(node: Node, path: &str) -> Result<String, CassetteError> {
    match node.value {
        Value::Text(text) => Ok(text),
        Value::Bytes(bytes) if std::str::from_utf8(&bytes).is_ok() => {
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        other => {
            let problem = format!("`{path}` is {}, not a text", other.kind());
            Err(shape(node.at, problem))
        }
    }
}

pub(super) fn list(node: Node, path: &str) -> Result<Vec<Node>, CassetteError> {
    match node.value {
        Value::List(items) => Ok(items),
        other => {
            let problem = format!("`{path}` is {}, not a list", other.kind());
            Err(shape(node.at, problem))
        }
    }
}

/// The bytes of a body, which may be written in base64.
pub(super) fn bytes(node: Node, is_base64: bool, path: &str) -> Result<Vec<u8>, CassetteError> {
    let at = node.at;
    match node.value {
        Value::Bytes(bytes) => Ok(bytes),
        value => {
            let text = text(Node::new(at, value), path)?;
            if !is_base64 {
                return Ok(text.into_bytes());
            }
            let letters: String = text.split_ascii_whitespace().collect();
            STANDARD
                .decode(letters)
                .map_err(|error| shape(at, format!("`{path}` is not base64: {error}")))
        }
    }
}

pub(super) fn number(node: Node, path: &str) -> Result<u64, CassetteError> {
    let at = node.at;
    let text = text(node, path)?;
    text.parse()
        .map_err(|_| shape(at, format!("`{path}` is `{text}`, not a whole number")))
}

pub(super) fn shape(at: Mark, problem: impl Into<String>) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Shape,
        Some(at),
        problem,
        "record it again, or remove the exchange",
    )
}

pub(super) fn line(at: Mark) -> u32 {
    u32::try_from(at.line).unwrap_or(u32::MAX)
}

/// Sets the method of a request.
///
/// # Errors
/// If no request has it.
pub(super) fn set_method(
    method: String,
    at: Mark,
    to: &mut Interaction,
) -> Result<(), CassetteError> {
    to.method = method;
    check_method(&to.method, Some(at))
}

/// Sets the path and the query of a URL. Its host is not carried over.
///
/// # Errors
/// If no request has such a path.
pub(super) fn set_url(
    url: Node,
    path: &str,
    to: &mut Interaction,
    unread: &mut Vec<UnreadKey>,
) -> Result<(), CassetteError> {
    let at = url.at;
    let url = text(url, path)?;
    let rest = match url.split_once("://") {
        Some((_, rest)) => {
            unread.push(UnreadKey {
                line: at.line,
                key: format!("{path} (the host)"),
            });
            rest.find(['/', '?', '#'])
                .map_or("", |start| &rest[start..])
        }
        None => &*url,
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    to.path = match path {
        "" => "/".to_owned(),
        path => path.to_owned(),
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    to.query = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    check_path(&to.path, Some(at))
}

/// A part of a query without its percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Removes a `content-encoding` that the body does not have: some tools record the body as it is after decoding.
pub(super) fn drop_false_encoding(
    headers: &mut Vec<(String, String)>,
    body: &[u8],
    at: Mark,
    path: &str,
    unread: &mut Vec<UnreadKey>,
) {
    let is_encoded = |value: &str| match value.to_ascii_lowercase().trim() {
        "" | "identity" => true,
        "gzip" | "x-gzip" => body.starts_with(&[0x1f, 0x8b]),
        "zstd" => body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]),
        // Brotli and deflate have no magic bytes. A body that is not UTF-8 counts as encoded.
        _ => std::str::from_utf8(body).is_err(),
    };
    headers.retain(|(name, value)| {
        let is_false = name.eq_ignore_ascii_case("content-encoding") && !is_encoded(value);
        if is_false {
            unread.push(UnreadKey {
                line: at.line,
                key: format!("{path}.{name} (the body is recorded without it)"),
            });
        }
        !is_false
    });
}

/// Sets the status of a response.
///
/// # Errors
/// If it is not from 200 to 999.
pub(super) fn set_status(status: u64, at: Mark, to: &mut Interaction) -> Result<(), CassetteError> {
    match status {
        200..=999 => to.status = status as u16,
        _ => {
            let problem = format!("the status {status} is not one of a response");
            return Err(shape(at, problem));
        }
    }
    Ok(())
}
