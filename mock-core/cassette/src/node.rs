//! Values of a document with their places, whatever format they are written in: [`Node`].

use crate::body_position_in_file::Writing;
use crate::error::{CassetteError, CassetteProblem, Mark};

/// A value of a document.
#[derive(Debug)]
pub(crate) struct Node {
    /// The position of its first character.
    pub(crate) at: Mark,
    pub(crate) value: Value,
    /// How it is written, if it is a text.
    pub(crate) writing: Writing,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Node>),
    /// The keys, with their places, and the values.
    Map(Vec<(Mark, String, Node)>),
}

impl Value {
    /// Its name in errors.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Text(_) => "a text",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// A value that is being read.
pub(crate) struct Open {
    at: Mark,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map {
        fields: Vec<(Mark, String, Node)>,
        key: Option<(Mark, String)>,
    },
}

impl Node {
    /// Whether a text has no quotes, and may be meant as a number, `true` or `false`.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.writing, Writing::Plain)
    }

    pub(crate) fn new(at: Mark, value: Value) -> Self {
        Node {
            at,
            value,
            writing: Writing::Other,
        }
    }
}

impl Open {
    pub(crate) fn list(at: Mark) -> Self {
        Open {
            at,
            items: Items::List(Vec::new()),
        }
    }

    pub(crate) fn map(at: Mark) -> Self {
        Open {
            at,
            items: Items::Map {
                fields: Vec::new(),
                key: None,
            },
        }
    }

    /// The value, which is read now.
    pub(crate) fn close(self) -> Node {
        let value = match self.items {
            Items::List(items) => Value::List(items),
            Items::Map { fields, .. } => Value::Map(fields),
        };
        Node::new(self.at, value)
    }

    /// The key that a node would be, if the map has it already.
    pub(crate) fn repeated_key<'n>(&self, node: &'n Node) -> Option<&'n str> {
        match (&self.items, &node.value) {
            (Items::Map { key: None, .. }, Value::Text(name)) if self.has_key(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn has_key(&self, name: &str) -> bool {
        match &self.items {
            Items::Map { fields, .. } => fields.iter().any(|(_, key, _)| key == name),
            Items::List(_) => false,
        }
    }

    /// Adds an item, or a key, or the value of the key before.
    ///
    /// # Errors
    /// If a key is not a text, or is there twice.
    pub(crate) fn add(&mut self, node: Node) -> Result<(), CassetteError> {
        match &mut self.items {
            Items::List(items) => items.push(node),
            Items::Map { fields, key } => match (key.take(), node.value) {
                (Some((key_at, key)), value) => {
                    let (at, writing) = (node.at, node.writing);
                    fields.push((key_at, key, Node { at, value, writing }));
                }
                (None, Value::Text(name)) if fields.iter().all(|(_, known, _)| *known != name) => {
                    *key = Some((node.at, name));
                }
                (None, Value::Text(name)) => {
                    return Err(CassetteError::new(
                        CassetteProblem::Shape,
                        Some(node.at),
                        format!("the key `{name}` is there twice"),
                        "remove one of the two",
                    ));
                }
                (None, other) => {
                    return Err(CassetteError::new(
                        CassetteProblem::Shape,
                        Some(node.at),
                        format!("a key is {}", other.kind()),
                        "write a name",
                    ));
                }
            },
        }
        Ok(())
    }
}

/// An error for values that are too deep.
pub(crate) fn too_deep(at: Mark, deepest: usize) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Nested,
        Some(at),
        format!("its values are more than {deepest} levels deep"),
        "write bodies that are JSON as texts",
    )
}
