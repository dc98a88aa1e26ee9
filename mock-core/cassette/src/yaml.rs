//! Reads YAML documents as nodes with their places: [`documents`].

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::place::Writing;

/// How deeply values may be within one another. A recorded exchange needs four levels.
const DEEPEST: usize = 16;

/// A value of a document.
#[derive(Debug)]
pub(super) struct Node {
    /// Where it begins.
    pub(super) at: Mark,
    pub(super) value: Value,
    /// How it is written, if it is a text.
    pub(super) writing: Writing,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Text(String),
    List(Vec<Node>),
    /// The keys, with their places, and the values.
    Map(Vec<(Mark, String, Node)>),
}

impl Value {
    /// What it is called in an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// A value that is being read.
struct Open {
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

/// Gives each document to `take`, in order. Empty ones are left out.
///
/// # Errors
/// At the first thing that is not YAML, that is too deep, or that `take` does not accept.
pub(super) fn documents(
    text: &str,
    mut take: impl FnMut(Node) -> Result<(), CassetteError>,
) -> Result<(), CassetteError> {
    let lines = Lines::new(text);
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax(text, error.marker(), error.info()))?;
        let at = mark(&span.start);
        let done = match event {
            Event::Alias(_) => {
                return Err(CassetteError::new(
                    CassetteProblem::Alias,
                    Some(at),
                    "it uses an alias of YAML",
                    "write the value in place of the alias",
                ));
            }
            Event::Scalar(text, style, ..) => Node {
                at,
                writing: lines.writing(&text, style, at),
                value: scalar(&text, style),
            },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == DEEPEST {
                    return Err(too_deep(at));
                }
                let items = match event {
                    Event::SequenceStart(..) => Items::List(Vec::new()),
                    _ => Items::Map {
                        fields: Vec::new(),
                        key: None,
                    },
                };
                open.push(Open { at, items });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open { at, items }) => Node {
                    at,
                    writing: Writing::Other,
                    value: match items {
                        Items::List(items) => Value::List(items),
                        Items::Map { fields, .. } => Value::Map(fields),
                    },
                },
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.add(done)?,
            None if matches!(done.value, Value::Null) => {}
            None => take(done)?,
        }
    }
    Ok(())
}

impl Open {
    fn add(&mut self, node: Node) -> Result<(), CassetteError> {
        match &mut self.items {
            Items::List(items) => items.push(node),
            Items::Map { fields, key } => match (key.take(), node.value) {
                (Some((key_at, key)), value) => {
                    let (at, writing) = (node.at, node.writing);
                    let node = Node { at, value, writing };
                    fields.push((key_at, key, node));
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

/// The lines of a text.
struct Lines<'t>(Vec<&'t str>);

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Lines(text.lines().collect())
    }

    /// How a scalar that begins here is written.
    fn writing(&self, text: &str, style: ScalarStyle, at: Mark) -> Writing {
        let from = || {
            let line = self.0.get(at.line.checked_sub(1)?)?;
            let (start, _) = line.char_indices().nth(at.column.checked_sub(1)?)?;
            line.get(start..)
        };
        match style {
            ScalarStyle::Literal => {
                let blank = |line: &&str| line.trim_start_matches(' ').is_empty();
                let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
                let mut source = self.0.iter().skip(at.line.saturating_sub(1));
                let source = source
                    .find(|line| !blank(line))
                    .map_or(0, |line| spaces(line));
                let own = text.lines().find(|line| !blank(line)).map_or(0, spaces);
                let indent = source.saturating_sub(own);
                Writing::Block { indent }
            }
            ScalarStyle::Plain if from().is_some_and(|from| from.starts_with(text)) => {
                Writing::Plain
            }
            ScalarStyle::SingleQuoted
                if from().is_some_and(|from| {
                    let quoted = format!("'{}'", text.replace('\'', "''"));
                    from.starts_with(&quoted)
                }) =>
            {
                Writing::Quoted
            }
            _ => Writing::Other,
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
        _ => Value::Text(text.to_owned()),
    }
}

fn too_deep(at: Mark) -> CassetteError {
    CassetteError::new(
        CassetteProblem::Nested,
        Some(at),
        format!("its values are more than {DEEPEST} levels deep"),
        "write bodies that are JSON as texts",
    )
}

/// A place of the scanner, whose columns begin at 0.
fn mark(at: &Marker) -> Mark {
    Mark::new(at.line(), at.col() + 1)
}

/// What the scanner does not read. At the end of the text, something is missing there.
fn syntax(text: &str, at: &Marker, problem: &str) -> CassetteError {
    let lines = text.lines().count().max(1);
    let is_at_end = at.line() >= lines;
    // Behind the last line there is nothing to show.
    let at = match at.line() > lines {
        true => Mark::end_of(text),
        false => mark(at),
    };
    // The scanner looks ahead, and has a limit of its own.
    if problem.contains("recursion limit") {
        return too_deep(at);
    }
    match is_at_end {
        true => CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            format!("it ends within a value: {problem}"),
            "record it again, or complete the value",
        ),
        false => CassetteError::new(
            CassetteProblem::Syntax,
            Some(at),
            format!("it is not YAML: {problem}"),
            "mend the line, or record it again",
        ),
    }
}
