//! Reading JSON field by field: [`ReadError`], and what tells where it was.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::ProviderError;
use crate::kind::ErrorKind;
use crate::scenario::Profile;

/// Why a document of a provider cannot be read: what is wrong, where, and what would be right.
///
/// ```
/// use mock_core::wire::{ReadError, openai};
/// use serde_json::json;
///
/// let error = openai::read_request(json!({"messages": [{"role": "owner"}]})).unwrap_err();
/// assert_eq!(error.path(), "messages[0].role");
/// assert!(matches!(error, ReadError::Unknown { .. }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON.
    #[error("the body is not JSON ({problem}): send one JSON document")]
    Json {
        /// What the parser says, with line and column.
        problem: String,
    },
    /// A field is not there.
    #[error("`{path}` is missing: give it {expected}")]
    Missing {
        /// Where.
        path: String,
        /// What is to be there.
        expected: &'static str,
    },
    /// A field is not of its type.
    #[error("`{path}` is {found}: give it {expected}")]
    Type {
        /// Where.
        path: String,
        /// What is there.
        found: &'static str,
        /// What is to be there.
        expected: &'static str,
    },
    /// A field has a value that is not known.
    #[error("`{path}` is `{found}`, which is not known here: use {known}")]
    Unknown {
        /// Where.
        path: String,
        /// What is there, cut after 60 characters.
        found: String,
        /// What may be there.
        known: &'static str,
    },
}

impl ReadError {
    /// Where it is: `messages[2].role`; `body` if it is the whole document.
    pub fn path(&self) -> &str {
        match self {
            ReadError::Json { .. } => "body",
            ReadError::Missing { path, .. }
            | ReadError::Type { path, .. }
            | ReadError::Unknown { path, .. } => path,
        }
    }

    /// What a provider answers to a request that cannot be read: a [`BadRequest`](ErrorKind::BadRequest) that says why.
    ///
    /// ```
    /// use mock_core::{scenario::Profile, wire::openai};
    /// use serde_json::json;
    ///
    /// let error = openai::read_request(json!({"model": 4})).unwrap_err();
    /// let reply = openai::write_error(&error.at(Profile::Openai), "req_1").expect("a bad request is answered");
    /// assert_eq!((reply.status, &reply.body["error"]["param"]), (400, &json!("model")));
    /// ```
    pub fn at(&self, profile: Profile) -> ProviderError {
        let mut error = ProviderError::at(profile, ErrorKind::BadRequest);
        error.message = self.to_string();
        error.param = Some(self.path().into());
        error
    }
}

/// Reads bytes as JSON.
///
/// # Errors
/// If they are not JSON, or nested deeper than 127 levels.
///
/// ```
/// use mock_core::wire::read_json;
///
/// assert_eq!(read_json(b"[1]")?[0], 1);
/// assert!(read_json(b"[1").is_err());
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_json(body: &[u8]) -> Result<Value, ReadError> {
    serde_json::from_slice(body).map_err(|error| ReadError::Json {
        problem: error.to_string(),
    })
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
        ReadError::Missing {
            path: self.to_string(),
            expected,
        }
    }

    pub(super) fn unlike(&self, found: &Value, expected: &'static str) -> ReadError {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
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
            found: found.chars().take(60).collect(),
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

/// An object whose fields are taken out one by one; what nobody takes is left. A field that is `null` is not there.
pub(super) struct Fields<'p> {
    map: Map<String, Value>,
    pub(super) path: &'p Path<'p>,
}

impl<'p> Fields<'p> {
    pub(super) fn of(value: Value, path: &'p Path<'p>) -> Result<Self, ReadError> {
        match value {
            Value::Object(map) => Ok(Fields { map, path }),
            other => Err(path.unlike(&other, "an object")),
        }
    }

    /// The fields of an object within this one; of an empty one if it is not there.
    pub(super) fn within<'q>(
        &mut self,
        key: &str,
        path: &'q Path<'q>,
    ) -> Result<Fields<'q>, ReadError> {
        Fields::of(self.take(key).unwrap_or_else(|| Map::new().into()), path)
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|value| !value.is_null())
    }

    pub(super) fn peek(&self, key: &str) -> Option<&Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>, ReadError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.path.key(key).unlike(&other, "a text")),
        }
    }

    pub(super) fn required_text(&mut self, key: &str) -> Result<String, ReadError> {
        let text = self.text(key)?;
        text.ok_or_else(|| self.path.key(key).missing("a text"))
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<Option<bool>, ReadError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.path.key(key).unlike(&other, "a boolean")),
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, key: &str) -> Result<Option<u64>, ReadError> {
        let count = self.take(key).map(|value| match value.as_u64() {
            Some(count) => Ok(count),
            None => Err(self
                .path
                .key(key)
                .unlike(&value, "a whole number from 0 on")),
        });
        count.transpose()
    }

    /// A limit of tokens.
    pub(super) fn limit(&mut self, key: &str) -> Result<Option<u32>, ReadError> {
        let limit = self.take(key).map(|value| {
            let limit = value.as_u64().map(u32::try_from);
            limit.and_then(Result::ok).ok_or_else(|| {
                let path = self.path.key(key);
                path.unlike(&value, "a whole number from 0 to 4294967295")
            })
        });
        limit.transpose()
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<f64>, ReadError> {
        let number = self.take(key).map(|value| match value.as_f64() {
            Some(number) => Ok(number),
            None => Err(self.path.key(key).unlike(&value, "a number")),
        });
        number.transpose()
    }

    /// A list; an empty one if it is not there.
    pub(super) fn list(&mut self, key: &str) -> Result<Vec<Value>, ReadError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => Ok(list),
            Some(other) => Err(self.path.key(key).unlike(&other, "a list")),
        }
    }

    /// Puts back what is left of an object within this one, or a field that has been read and is to be kept.
    pub(super) fn keep(&mut self, key: &str, rest: impl Into<Value>) {
        let rest = rest.into();
        if rest != Value::Object(Map::new()) {
            self.map.insert(key.to_owned(), rest);
        }
    }

    /// What is left, but for what is `null`.
    pub(super) fn rest(self) -> Map<String, Value> {
        let rest = self.map.into_iter();
        rest.filter(|(_, value)| !value.is_null()).collect()
    }

    /// All that is left.
    pub(super) fn all_the_rest(self) -> Map<String, Value> {
        // A map that has been emptied still holds its room, which is kept with each request.
        match self.map.is_empty() {
            true => Map::new(),
            false => self.map,
        }
    }
}

/// The `type` of an object.
pub(super) fn kind_of<'a>(
    value: &'a Value,
    path: &Path<'_>,
    expected: &'static str,
) -> Result<&'a str, ReadError> {
    let Value::Object(object) = value else {
        return Err(path.unlike(value, "an object"));
    };
    let path = path.key("type");
    match object.get("type") {
        Some(Value::String(kind)) => Ok(kind),
        None | Some(Value::Null) => Err(path.missing(expected)),
        Some(other) => Err(path.unlike(other, expected)),
    }
}

/// The text of a text part with nothing else in it.
pub(super) fn plain_text(part: &Value) -> Option<&str> {
    let part = part.as_object()?;
    let plain = part.len() == 2 && part.get("type")? == "text";
    plain.then_some(part.get("text")?.as_str()?)
}
