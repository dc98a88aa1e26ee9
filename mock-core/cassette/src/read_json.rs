//! Reads a JSON document as nodes with their places: [`document`].

use crate::body_position_in_file::Writing;
use crate::detect::json;
use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::node::{Node, Open, Value, too_deep};

/// How deeply values may be within one another.
const DEEPEST: usize = 64;

/// Whether a text is meant to be JSON, and not YAML: an object whose first key is in quotes, or a list of such objects.
pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let rest = text.strip_prefix('[').unwrap_or(text).trim_start();
    rest.strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// Reads the document.
///
/// # Errors
/// If it is not JSON, or is too deep.
pub(crate) fn document(text: &str) -> Result<Node, CassetteError> {
    if let Err(error) = json::check(text) {
        return Err(syntax(&error));
    }
    let mut places = Places::new(text);
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let begin = at;
        at += 1;
        let done = match bytes[begin] {
            b'{' | b'[' => {
                let mark = places.mark(begin);
                if open.len() == DEEPEST {
                    return Err(too_deep(mark, DEEPEST));
                }
                open.push(match bytes[begin] {
                    b'{' => Open::map(mark),
                    _ => Open::list(mark),
                });
                continue;
            }
            b'}' | b']' => match open.pop() {
                Some(open) => open.close(),
                None => continue,
            },
            b'"' => {
                let end = json::end_of_text(bytes, at);
                let decoded = json::decode(&text[at..end]);
                at = end + 1;
                let value = Value::Text(decoded.text.into_owned());
                Node::new(places.mark(begin), value)
            }
            b',' | b':' => continue,
            byte if byte.is_ascii_whitespace() => continue,
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
                let length = bytes[begin..].iter().position(ends);
                at = length.map_or(bytes.len(), |length| begin + length);
                let value = match &text[begin..at] {
                    "null" => Value::Null,
                    word => Value::Text(word.to_owned()),
                };
                let node = Node::new(places.mark(begin), value);
                Node {
                    writing: Writing::Plain,
                    ..node
                }
            }
        };
        match open.last_mut() {
            Some(parent) => parent.add(done)?,
            None => return Ok(done),
        }
    }
    Ok(Node::new(Mark::new(1, 1), Value::Null))
}

fn syntax(error: &serde_json::Error) -> CassetteError {
    let at = Mark::new(error.line().max(1), error.column().max(1));
    let text = error.to_string();
    let problem = text.split(" at line ").next().unwrap_or_default();
    match error.is_eof() {
        true => CassetteError::new(
            CassetteProblem::Truncated,
            Some(at),
            format!("it ends within a value: {problem}"),
            "record it again, or complete the value",
        ),
        false => CassetteError::new(
            CassetteProblem::Syntax,
            Some(at),
            format!("it is not JSON: {problem}"),
            "fix the line, or record it again",
        ),
    }
}

/// Lines and columns of places that come one after the other.
struct Places<'t> {
    text: &'t str,
    at: usize,
    mark: Mark,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Places {
            text,
            at: 0,
            mark: Mark::new(1, 1),
        }
    }

    fn mark(&mut self, at: usize) -> Mark {
        for c in self.text[self.at..at].chars() {
            match c {
                '\n' => self.mark = Mark::new(self.mark.line + 1, 1),
                _ => self.mark.column += 1,
            }
        }
        self.at = at;
        self.mark
    }
}
