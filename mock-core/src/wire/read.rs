//! Reads JSON field by field: [`ReadError`], with the path of the mistake.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::borrowed_value::{self, BorrowedValue, Object};
use super::write::retain;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::search::Search;
use crate::similar_words::is_similar;

/// The reason why a provider's document cannot be read: what is wrong, where, and what is expected.
///
/// ```
/// use mock_core::wire::{ReadError, openai};
/// use serde_json::json;
///
/// let error = openai::read_request(json!({"messages": [{"role": "owner"}]})).unwrap_err();
/// assert_eq!(error.path(), "messages[0].role");
/// assert!(matches!(error, ReadError::Unknown { .. }));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON.
    Json {
        /// What the parser says, with line and column.
        problem: String,
    },
    /// It is JSON that cannot be read: it is nested deeper than 127 levels, or has a number that is too large or half a surrogate pair.
    Unreadable {
        /// What the parser says, with line and column.
        problem: String,
    },
    /// A field is missing.
    Missing {
        /// Where.
        path: String,
        /// What is expected.
        expected: &'static str,
        /// The unused field beside it whose name is nearly the same.
        similar: Option<String>,
    },
    /// A field has a value of a wrong type.
    Type {
        /// Where.
        path: String,
        /// The value that is there.
        found: &'static str,
        /// What is expected.
        expected: &'static str,
    },
    /// A field has an unknown value.
    Unknown {
        /// Where.
        path: String,
        /// The value that is there, cut after 60 characters.
        found: String,
        /// The known values.
        known: &'static str,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Json { problem } => {
                write!(f, "the body is not JSON ({problem}): {}", remedy(problem))
            }
            ReadError::Unreadable { problem } => write!(
                f,
                "the body cannot be read ({problem}): {}",
                remedy(problem)
            ),
            ReadError::Missing {
                path,
                expected,
                similar,
            } => {
                write!(f, "`{path}` is missing: give it {expected}")?;
                match similar {
                    Some(similar) => write!(f, ", or rename `{similar}`"),
                    None => Ok(()),
                }
            }
            ReadError::Type {
                path,
                found,
                expected,
            } => write!(f, "`{path}` is {found}: give it {expected}"),
            ReadError::Unknown { path, found, known } => write!(
                f,
                "`{path}` is `{found}`, which is not known here: use {known}"
            ),
        }
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ReadError {}

impl ReadError {
    /// Returns the place: `messages[2].role`, or `body` for the whole document.
    pub fn path(&self) -> &str {
        match self {
            ReadError::Json { .. } | ReadError::Unreadable { .. } => "body",
            ReadError::Missing { path, .. }
            | ReadError::Type { path, .. }
            | ReadError::Unknown { path, .. } => path,
        }
    }

    /// Returns the provider's answer to a request that cannot be read: a [`BadRequest`](ErrorKind::BadRequest) with the reason.
    ///
    /// ```
    /// use mock_core::{scenario::Profile, wire::openai};
    /// use serde_json::json;
    ///
    /// let error = openai::read_request(json!({"model": 4})).unwrap_err();
    /// let reply = openai::write_error(&error.at(Profile::Openai), "req_1", 0).expect("a bad request is answered");
    /// assert_eq!((reply.status, &reply.body["error"]["param"]), (400, &json!("model")));
    /// ```
    pub fn at(&self, profile: Profile) -> ProviderError {
        let mut error = ProviderError::at(profile, ErrorKind::BadRequest);
        error.message = self.to_string();
        error.param = Some(self.path().into());
        let is_missing = matches!(self, ReadError::Missing { .. });
        if is_missing && matches!(profile, Profile::Openai | Profile::OpenaiResponses) {
            error.code = Some(super::openai::MISSING.into());
        }
        error
    }
}

#[cfg(feature = "wire")]
impl ReadError {
    /// The error of an answer that cannot be read.
    pub(super) fn in_answer(&self, profile: Profile) -> ProviderError {
        ProviderError {
            message: self.to_string(),
            ..ProviderError::at(profile, ErrorKind::InvalidResponse)
        }
    }
}

/// Reads bytes as JSON.
///
/// # Errors
/// If they are not JSON, are nested deeper than 127 levels, or contain a number that is too large for an `f64` or half a surrogate pair.
///
/// ```
/// use mock_core::wire::read_json;
///
/// assert_eq!(read_json(b"[1]")?[0], 1);
/// assert!(read_json(b"[1").is_err());
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_json(body: &[u8]) -> Result<Value, ReadError> {
    read_borrowed(body).map(Value::from)
}

/// Reads JSON as a value that borrows from the bytes.
pub(super) fn read_borrowed(body: &[u8]) -> Result<BorrowedValue<'_>, ReadError> {
    // Checking the encoding once, not for each text, saves a twelfth of the time. It also saves compiling a reader of bytes.
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => {
            let mut problem = no_text(&body[..error.valid_up_to()]);
            if body.starts_with(&[0x1f, 0x8b]) {
                problem = format!("{problem}, {GZIP}");
            }
            return Err(ReadError::Json { problem });
        }
    };
    serde_json::from_str(text).map_err(|error| {
        let problem = problem(text, &error);
        // `IgnoredAny` accepts any depth and any number. So if it succeeds, the body is JSON beyond a limit.
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => ReadError::Unreadable { problem },
            Err(_) => ReadError::Json { problem },
        }
    })
}

/// Why a text is not read as JSON.
fn problem(text: &str, error: &serde_json::Error) -> String {
    let is_at_begin = (error.line(), error.column()) <= (1, 2);
    match text.trim_ascii_start().chars().next() {
        None => format!("{error}, as it is empty"),
        Some('\u{feff}') => format!("{error}, {MARKED}"),
        _ if text.get(1..2) == Some("\0") => format!("{error}, {UTF_16}"),
        Some(first) if is_at_begin && !matches!(first, '{' | '[' | '"') => {
            format!("{error}, which begins with `{}`", beginning(text))
        }
        Some(_) if error.to_string().starts_with("expected value") => {
            let lines = text.split('\n').skip(error.line().saturating_sub(1));
            let line = lines.take(1).collect::<String>();
            let there = line.get(error.column().saturating_sub(1)..);
            let there = beginning(there.unwrap_or_default());
            format!("{error}, where it says `{there}`")
        }
        Some(_) => error.to_string(),
    }
}

/// The beginning of a text, in one line.
fn beginning(text: &str) -> String {
    let few = text.chars().take(20).collect::<String>();
    few.escape_debug().to_string()
}

const MARKED: &str = "which is a byte-order mark";
const UTF_16: &str = "which is UTF-16";
const GZIP: &str = "as it is compressed with gzip";
const NO_TEXT: &str = "invalid unicode code point";

/// The remedy for a body that cannot be read.
fn remedy(problem: &str) -> &'static str {
    const REMEDIES: [(&str, &str); 9] = [
        (MARKED, "send it without"),
        (UTF_16, "send it as UTF-8"),
        (GZIP, "send the header `content-encoding: gzip` with it"),
        (NO_TEXT, "send it as UTF-8"),
        ("number out of range", "write a number of 64 bits"),
        (
            "recursion limit exceeded",
            "nest values in at most 127 levels",
        ),
        (
            "unexpected end of hex escape",
            "write both halves of a surrogate pair",
        ),
        (
            "lone leading surrogate",
            "write both halves of a surrogate pair",
        ),
        ("control character", "write it as an escape, such as `\\n`"),
    ];
    let known = REMEDIES.iter().find(|(of, _)| problem.contains(of));
    known.map_or("send one JSON document", |(_, remedy)| remedy)
}

/// The message of serde_json for bytes that are not UTF-8 after these.
fn no_text(before: &[u8]) -> String {
    let (mut line, mut column) = (1, 1);
    for byte in before {
        (line, column) = match byte {
            b'\n' => (line + 1, 1),
            _ => (line, column + 1),
        };
    }
    format!("{NO_TEXT} at line {line} column {column}")
}

/// A place in a document.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Body,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    pub(super) fn key<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    pub(super) fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }

    pub(super) fn missing(&self, expected: &'static str) -> ReadError {
        self.missing_beside(None, expected)
    }

    fn missing_beside(&self, similar: Option<String>, expected: &'static str) -> ReadError {
        ReadError::Missing {
            path: self.to_string(),
            expected,
            similar,
        }
    }

    pub(super) fn unlike(&self, found: &BorrowedValue<'_>, expected: &'static str) -> ReadError {
        let found = match found {
            BorrowedValue::Null => "null",
            BorrowedValue::Bool(_) => "a boolean",
            BorrowedValue::Number(_) => "a number",
            BorrowedValue::Text(_) => "a text",
            BorrowedValue::List(_) => "a list",
            BorrowedValue::Object(_) => "an object",
        };
        ReadError::Type {
            path: self.to_string(),
            found,
            expected,
        }
    }

    pub(super) fn unknown(&self, found: &str, known: &'static str) -> ReadError {
        ReadError::Unknown {
            path: self.to_string(),
            found: match found.char_indices().nth(60) {
                Some((end, _)) => found[..end].to_owned(),
                None => found.to_owned(),
            },
            known,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Body => f.write_str("body"),
            Path::Key(Path::Body, key) => f.write_str(key),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// An object whose fields are taken out one by one. A field that is `null` is taken as missing.
pub(super) struct Fields<'p, 'b> {
    object: Object<'b>,
    pub(super) path: &'p Path<'p>,
}

impl<'p, 'b> Fields<'p, 'b> {
    pub(super) fn new(
        tree: impl Into<BorrowedValue<'b>>,
        path: &'p Path<'p>,
    ) -> Result<Self, ReadError> {
        match tree.into() {
            BorrowedValue::Object(object) => Ok(Fields { object, path }),
            other => Err(path.unlike(&other, "an object")),
        }
    }

    /// Takes an object within this one; an empty one if it is missing.
    pub(super) fn within<'q>(
        &mut self,
        key: &str,
        path: &'q Path<'q>,
    ) -> Result<Fields<'q, 'b>, ReadError> {
        let object = self.take(key);
        Fields::new(
            object.unwrap_or_else(|| BorrowedValue::Object(Vec::new())),
            path,
        )
    }

    pub(super) fn take(&mut self, key: &str) -> Option<BorrowedValue<'b>> {
        let at = self.object.position(&|(name, _)| name == key)?;
        let (_, taken) = self.object.swap_remove(at);
        (!taken.is_null()).then_some(taken)
    }

    pub(super) fn peek(&self, key: &str) -> Option<&BorrowedValue<'b>> {
        borrowed_value::find(&self.object, key).filter(|tree| !tree.is_null())
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, ReadError> {
        Ok(self.word(key)?.map(Cow::into_owned))
    }

    /// Takes a text that is not empty. An empty text stays among the fields.
    pub(super) fn text_with_words(&mut self, key: &str) -> Result<Option<String>, ReadError> {
        match self.peek(key) {
            Some(BorrowedValue::Text(text)) if text.is_empty() => Ok(None),
            _ => self.text(key),
        }
    }

    /// Takes a text as it is borrowed, for a value that is only compared.
    pub(super) fn word(&mut self, key: &str) -> Result<Option<Cow<'b, str>>, ReadError> {
        match self.take(key) {
            None => Ok(None),
            Some(BorrowedValue::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.path.key(key).unlike(&other, "a text")),
        }
    }

    pub(super) fn required_text(&mut self, key: &str) -> Result<String, ReadError> {
        let text = self.text(key)?;
        text.ok_or_else(|| self.missing(key, "a text"))
    }

    /// Takes a field of any type.
    pub(super) fn required(
        &mut self,
        key: &str,
        expected: &'static str,
    ) -> Result<BorrowedValue<'b>, ReadError> {
        let value = self.take(key);
        value.ok_or_else(|| self.missing(key, expected))
    }

    /// The error of a field that is missing, with the remaining field whose name is nearly the same.
    pub(super) fn missing(&self, key: &str, expected: &'static str) -> ReadError {
        let similar = similar_name(&self.object, key).map(str::to_owned);
        self.path.key(key).missing_beside(similar, expected)
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<Option<bool>, ReadError> {
        match self.take(key) {
            None => Ok(None),
            Some(BorrowedValue::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.path.key(key).unlike(&other, "a boolean")),
        }
    }

    /// Takes a whole number that is not negative.
    pub(super) fn count(&mut self, key: &str) -> Result<Option<u64>, ReadError> {
        self.number_of(key, "a whole number from 0 on", Number::as_u64)
    }

    /// Takes a count; 0 if it is missing. A zero stays among the fields, to tell it from a missing one.
    pub(super) fn count_above_zero(&mut self, key: &str) -> Result<u64, ReadError> {
        match self.peek(key) {
            Some(BorrowedValue::Number(number)) if number.as_u64() == Some(0) => Ok(0),
            _ => Ok(self.count(key)?.unwrap_or_default()),
        }
    }

    /// Takes a maximum of tokens. A negative number, which some servers read as no limit, stays among the fields.
    pub(super) fn limit(&mut self, key: &str) -> Result<Option<u32>, ReadError> {
        let is_negative = |number: &Number| number.as_i64().is_some_and(i64::is_negative);
        if let Some(BorrowedValue::Number(number)) = self.peek(key)
            && is_negative(number)
        {
            return Ok(None);
        }
        let limit = |number: &Number| u32::try_from(number.as_u64()?).ok();
        self.number_of(key, "a whole number from 0 to 4294967295", limit)
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<f64>, ReadError> {
        self.number_of(key, "a number", Number::as_f64)
    }

    fn number_of<T>(
        &mut self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&Number) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let number = self.take(key).map(|tree| match &tree {
            BorrowedValue::Number(number) => read(number).ok_or(tree),
            _ => Err(tree),
        });
        number
            .transpose()
            .map_err(|other| self.path.key(key).unlike(&other, expected))
    }

    /// Takes a list; an empty one if it is missing.
    pub(super) fn list(&mut self, key: &str) -> Result<Vec<BorrowedValue<'b>>, ReadError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(BorrowedValue::List(list)) => Ok(list),
            Some(other) => Err(self.path.key(key).unlike(&other, "a list")),
        }
    }

    /// Takes a list that is not empty. An empty list stays among the fields.
    pub(super) fn list_with_items(
        &mut self,
        key: &str,
    ) -> Result<Vec<BorrowedValue<'b>>, ReadError> {
        match self.peek(key) {
            Some(BorrowedValue::List(list)) if list.is_empty() => Ok(Vec::new()),
            _ => self.list(key),
        }
    }

    /// Puts a field back: the rest of an object within this one, or a field that has been read and must be kept.
    pub(super) fn keep(&mut self, key: &'static str, rest: impl Into<BorrowedValue<'b>>) {
        match rest.into() {
            BorrowedValue::Object(object) if object.is_empty() => {}
            rest => self.object.push((key.into(), rest)),
        }
    }

    /// Returns the remaining fields.
    pub(super) fn rest(mut self) -> Map<String, Value> {
        self.take_rest()
    }

    /// Takes all remaining fields.
    pub(super) fn take_all(&mut self) -> Object<'b> {
        std::mem::take(&mut self.object)
    }

    /// Takes all remaining fields, unchanged.
    pub(super) fn take_rest(&mut self) -> Map<String, Value> {
        borrowed_value::map(self.take_all())
    }

    /// Returns the remaining fields that are not `null`: providers write `null` for fields that an answer does not have.
    pub(super) fn rest_but_nulls(self) -> Map<String, Value> {
        let mut rest = self.rest();
        retain(&mut rest, &mut |_, value| !value.is_null());
        rest
    }

    /// Puts the same fields into the metadata of an answer, in a field of this name, if there are any.
    pub(super) fn rest_to(self, metadata: &mut Map<String, Value>, name: &str) {
        let rest = self.rest_but_nulls();
        if !rest.is_empty() {
            metadata.insert(name.to_owned(), rest.into());
        }
    }
}

/// The error of a field that this tree does not have, with its field whose name is nearly the same.
pub(super) fn missing_of(
    tree: &BorrowedValue<'_>,
    path: &Path<'_>,
    key: &str,
    expected: &'static str,
) -> ReadError {
    let similar = match tree {
        BorrowedValue::Object(object) => similar_name(object, key).map(str::to_owned),
        _ => None,
    };
    path.key(key).missing_beside(similar, expected)
}

/// The field of an object whose name is nearly this one, if it has a value.
pub(super) fn similar_name<'o>(
    object: &'o [(Cow<'_, str>, BorrowedValue<'_>)],
    name: &str,
) -> Option<&'o str> {
    let is_meant = |(known, value): &(Cow<'_, str>, BorrowedValue<'_>)| {
        !value.is_null() && is_similar(name, known)
    };
    object.find(&is_meant).map(|(known, _)| &**known)
}

/// The `type` of an object.
pub(super) fn kind_of<'a>(
    tree: &'a BorrowedValue<'_>,
    path: &Path<'_>,
    expected: &'static str,
) -> Result<&'a str, ReadError> {
    let BorrowedValue::Object(object) = tree else {
        return Err(path.unlike(tree, "an object"));
    };
    let (outer, path) = (path, path.key("type"));
    match borrowed_value::find(object, "type") {
        Some(BorrowedValue::Text(kind)) => Ok(kind),
        None | Some(BorrowedValue::Null) => Err(missing_of(tree, outer, "type", expected)),
        Some(other) => Err(path.unlike(other, expected)),
    }
}
