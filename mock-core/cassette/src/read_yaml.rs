//! Reads YAML documents as nodes with their places: [`documents`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use crate::body_position_in_file::Writing;
use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::node::{Node, Open, Value, too_deep};

/// How deeply values may be within one another. A recorded exchange needs four levels.
const DEEPEST: usize = 16;

/// Gives each document to `take`, in order, and whether a line `...` ends it. Empty ones are left out.
///
/// # Errors
/// At the first thing that is not YAML, that is too deep, or that `take` does not accept.
pub(super) fn documents(
    text: &str,
    mut take: impl FnMut(Node, bool) -> Result<(), CassetteError>,
) -> Result<(), CassetteError> {
    let mut open: Vec<Open> = Vec::new();
    let lines = Lines::new(text);
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
            Event::Scalar(text, style, _, tag) => {
                let writing = lines.writing(&text, style, at);
                scalar(at, &text, style, tag.as_deref(), writing)?
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == DEEPEST {
                    return Err(too_deep(at, DEEPEST));
                }
                open.push(match event {
                    Event::SequenceStart(..) => Open::list(at),
                    _ => Open::map(at),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(open) => open.close(),
                None => continue,
            },
            _ => continue,
        };
        let is_outermost = open.len() == 1;
        match open.last_mut() {
            Some(parent) => {
                check_separator(parent, is_outermost, &done)?;
                parent.add(done)?;
            }
            None if matches!(done.value, Value::Null) => {}
            None => {
                let is_ended = lines.is_ended(done.at);
                take(done, is_ended)?;
            }
        }
    }
    Ok(())
}

/// # Errors
/// If a node begins a second exchange in the same document.
fn check_separator(document: &Open, is_outermost: bool, node: &Node) -> Result<(), CassetteError> {
    match document.repeated_key(node) {
        Some(key @ ("version" | "when")) if is_outermost && document.has_key("then") => {
            Err(CassetteError::new(
                CassetteProblem::Shape,
                Some(node.at),
                format!(
                    "a second exchange begins here, with `{key}`, in the document of the first"
                ),
                "write a line `...` before it",
            ))
        }
        _ => Ok(()),
    }
}

/// The lines of a text.
struct Lines<'t>(Vec<&'t str>);

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Lines(text.lines().collect())
    }

    /// Whether a document that begins here has a line `...` at its end.
    fn is_ended(&self, at: Mark) -> bool {
        let mut lines = self.0.iter().skip(at.line);
        let is_mark = |line: &str, mark| {
            let rest = line.strip_prefix(mark);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        let end = lines.find(|line| is_mark(line, "---") || is_mark(line, "..."));
        end.is_some_and(|line| line.starts_with("..."))
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
                let is_clipped = self.is_clipped(at);
                Writing::Block { indent, is_clipped }
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

impl Lines<'_> {
    /// Whether the block whose text begins here has neither `+` nor `-` in its first line.
    fn is_clipped(&self, at: Mark) -> bool {
        let before = self.0.iter().take(at.line.saturating_sub(1));
        let header = before.rev().find(|line| !line.trim().is_empty());
        header.is_some_and(|line| {
            line.trim_end_matches([' ', '\r'])
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .ends_with('|')
        })
    }
}

fn scalar(
    at: Mark,
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    writing: Writing,
) -> Result<Node, CassetteError> {
    // PyYAML and Psych write bytes as `!!binary`.
    if tag.is_some_and(|tag| tag.suffix == "binary") {
        let letters: String = text.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(letters).map_err(|error| {
            CassetteError::new(
                CassetteProblem::Shape,
                Some(at),
                format!("the value behind `!!binary` is not base64: {error}"),
                "record it again",
            )
        })?;
        return Ok(Node::new(at, Value::Bytes(bytes)));
    }
    let value = match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
        _ => Value::Text(text.to_owned()),
    };
    Ok(Node {
        writing,
        ..Node::new(at, value)
    })
}

/// A place of the scanner, whose columns begin at 0.
fn mark(at: &Marker) -> Mark {
    Mark::new(at.line(), at.col() + 1)
}

/// Describes text that the scanner rejects. At the end of the input, the text is incomplete.
fn syntax(text: &str, at: &Marker, problem: &str) -> CassetteError {
    let lines = text.lines().count().max(1);
    let is_at_end = at.line() >= lines;
    // After the last line there is no text to show, so show the end of the text.
    let at = match at.line() > lines {
        true => Mark::end_of(text),
        false => mark(at),
    };
    // The scanner has a depth limit of its own, which it may reach first.
    if problem.contains("recursion limit") {
        return too_deep(at, DEEPEST);
    }
    if let Some(at) = indenting_tab(text, at).filter(|_| problem.contains("tab")) {
        return CassetteError::new(
            CassetteProblem::Syntax,
            Some(at),
            "the line is indented with a tab, which YAML does not allow",
            "indent it with spaces",
        );
    }
    // The parser says "double-quoted" for single quotes, too.
    if problem.contains("trailing content after double-quoted") {
        let (problem, remedy) = match quote_before(text, at) {
            Some('\'') => (
                "the text in single quotes ends before this place",
                "write `''` for an apostrophe in it",
            ),
            _ => (
                "the text in double quotes ends before this place",
                "write `\\\"` for a quote in it",
            ),
        };
        return CassetteError::new(CassetteProblem::Syntax, Some(at), problem, remedy);
    }
    if let Some((at, dots)) = dots_out_of_place(text, at) {
        return CassetteError::new(
            CassetteProblem::Syntax,
            Some(at),
            format!("`{dots}` does not end the document"),
            "write `...` at the beginning of the line",
        );
    }
    if problem.contains("mapping values are not allowed") {
        let (problem, remedy) = match has_key_before(text, at) {
            true => (
                "a value without quotes has a `:` in it",
                "write the value in quotes",
            ),
            false => (
                "the line is indented further than the key before it",
                "begin it below that key",
            ),
        };
        return CassetteError::new(CassetteProblem::Syntax, Some(at), problem, remedy);
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

/// The first tab that indents the line of a place, or the line after it: the scanner looks for the end of a value.
fn indenting_tab(text: &str, at: Mark) -> Option<Mark> {
    let lines = text.lines().enumerate().skip(at.line.saturating_sub(1));
    for (index, line) in lines.take(2) {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if line[spaces..].starts_with('\t') {
            return Some(Mark::new(index + 1, spaces + 1));
        }
    }
    None
}

/// The line of a place, if it is to be the mark `...` and has other spaces or dots.
fn dots_out_of_place(text: &str, at: Mark) -> Option<(Mark, &str)> {
    let line = text.lines().nth(at.line.checked_sub(1)?)?;
    let dots = line.trim();
    let is_right = line.trim_end() == "...";
    let is_mark = !is_right && dots.len() > 1 && dots.bytes().all(|byte| byte == b'.');
    let column = line.len() - line.trim_start().len() + 1;
    is_mark.then(|| (Mark::new(at.line, column), dots))
}

/// Whether a line has a key and its colon before this place.
fn has_key_before(text: &str, at: Mark) -> bool {
    let line = text
        .lines()
        .nth(at.line.saturating_sub(1))
        .unwrap_or_default();
    let before: String = line.chars().take(at.column.saturating_sub(1)).collect();
    before.contains(": ")
}

/// The last character before a place in its line that is not a space.
fn quote_before(text: &str, at: Mark) -> Option<char> {
    let line = text.lines().nth(at.line.checked_sub(1)?)?;
    let before: Vec<char> = line.chars().take(at.column.saturating_sub(1)).collect();
    before.into_iter().rfind(|c| !c.is_whitespace())
}
