//! Texts and templates.

use std::borrow::Cow;
use std::fmt;

use super::{List, Str};
use crate::sealed::Sealed;
use crate::search::{CharTest, DIGIT, consists_of};

/// A text of a scenario: a template with variables, or a text that is taken verbatim.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub enum Text {
    /// The text, unchanged.
    #[doc(hidden)]
    Verbatim(Str),
    /// A text with variables in it.
    #[doc(hidden)]
    Template(Template),
}

impl Sealed for Text {}

/// A text with variables: `"It is {get_weather.temp} °C in {city}."`
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its parts, in order.
    pub pieces: List<TemplateSegment>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateSegment {
    /// This text.
    Text(Str),
    /// The value of a variable.
    Variable(Variable),
}

/// A variable of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// `{city}`: the newest capture of this name.
    Capture(Str),
    /// `{user}`: the text of the user's last message.
    User,
    /// `{model}`: the requested model.
    Model,
    /// `{call}`: the number of the call, from 1.
    Call,
    /// `{get_weather.temp}`: a field of the newest result of a tool. A path may go deeper: `{tool.a.b}`.
    Field {
        /// The tool.
        tool: Str,
        /// Which of its results since the last message of the assistant, in the order of the calls, from 0: `{get_weather[0].temp}`.
        /// `None` for the newest result in the request.
        index: Option<u32>,
        /// The path to the field, its names joined by dots.
        path: Str,
    },
}

/// Why a text is not a template.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateError {
    text: String,
    problem: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a template: {}", self.text, self.problem)
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for TemplateError {}

impl Text {
    /// The text of [`parse`](Text::parse), in builders.
    ///
    /// # Panics
    /// If it is not a valid template.
    #[track_caller]
    pub(crate) fn parsed(source: &str) -> Text {
        match Text::parse(source) {
            Ok(text) => text,
            Err(error) => panic!("{error}"),
        }
    }

    /// Parses a text with the syntax of `reply("..")`: a template if it contains variables.
    ///
    /// # Errors
    /// If a brace is not closed or does not contain a variable. `{{` and `}}` are braces.
    ///
    /// ```
    /// use mock_core::scenario::Text;
    ///
    /// assert_eq!(Text::parse("{{}}")?, Text::Verbatim("{}".into()));
    /// assert!(Text::parse(r#"{"a": 1}"#).is_err());
    /// # Ok::<(), mock_core::scenario::TemplateError>(())
    /// ```
    pub fn parse(source: &str) -> Result<Text, TemplateError> {
        let fail = |problem: String| TemplateError {
            text: source.to_owned(),
            problem,
        };
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find(&['{', '}'][..]) {
            let (before, brace) = rest.split_at(at);
            text.push_str(before);
            if brace.starts_with("{{") || brace.starts_with("}}") {
                text.push_str(&brace[..1]);
                rest = &brace[2..];
                continue;
            }
            if brace.starts_with('}') {
                return Err(fail(
                    "`}` was not opened; write `}}` for a brace".to_owned(),
                ));
            }
            let (inside, after) = brace[1..]
                .split_once('}')
                .ok_or_else(|| fail("`{` is not closed; write `{{` for a brace".to_owned()))?;
            let variable = Variable::parse(inside).ok_or_else(|| {
                fail(format!(
                    "`{{{inside}}}` is not a variable; write `{{{{` and `}}}}` for braces, or `verbatim(..)` for the whole text"
                ))
            })?;
            if !text.is_empty() {
                pieces.push(TemplateSegment::Text(std::mem::take(&mut text).into()));
            }
            pieces.push(TemplateSegment::Variable(variable));
            rest = after;
        }
        text.push_str(rest);
        if pieces.is_empty() {
            return Ok(Text::Verbatim(text.into()));
        }
        if !text.is_empty() {
            pieces.push(TemplateSegment::Text(text.into()));
        }
        Ok(Text::Template(Template {
            pieces: pieces.into(),
        }))
    }

    /// The text with its variables in braces, and all other braces as they are.
    pub(crate) fn source(&self) -> String {
        self.render(&|variable| variable.to_string().into())
    }

    /// Whether it has variables.
    pub(crate) fn is_template(&self) -> bool {
        matches!(self, Text::Template(_))
    }

    /// Adds the variables in it, in order.
    pub(crate) fn add_variables<'t>(&'t self, variables: &mut Vec<&'t Variable>) {
        if let Text::Template(template) = self {
            for piece in template.pieces.iter() {
                if let TemplateSegment::Variable(variable) = piece {
                    variables.push(variable);
                }
            }
        }
    }

    /// The text with the values in place of its variables.
    #[inline]
    pub(crate) fn render<'a>(&self, value: &dyn Fn(&Variable) -> Cow<'a, str>) -> String {
        match self {
            Text::Verbatim(text) => text.to_string(),
            Text::Template(template) => template.render(value),
        }
    }
}

impl Template {
    fn render<'a>(&self, value: &dyn Fn(&Variable) -> Cow<'a, str>) -> String {
        let mut out = String::new();
        for piece in self.pieces.iter() {
            match piece {
                TemplateSegment::Text(text) => out.push_str(text),
                TemplateSegment::Variable(variable) => out.push_str(&value(variable)),
            }
        }
        out
    }
}

impl Variable {
    fn parse(inside: &str) -> Option<Variable> {
        match inside {
            "user" => return Some(Variable::User),
            "model" => return Some(Variable::Model),
            "call" => return Some(Variable::Call),
            _ => {}
        }
        let owned = |text: &str| text.to_owned().into();
        match inside.split_once('.') {
            None if is_name(inside) => Some(Variable::Capture(owned(inside))),
            Some((tool, path)) if path.split('.').all(is_key) => {
                let (tool, index) = indexed(tool)?;
                is_tool(tool).then(|| Variable::Field {
                    tool: owned(tool),
                    index,
                    path: owned(path),
                })
            }
            _ => None,
        }
    }
}

/// The name of a tool, and the index in brackets behind it, if there is one; `None` if that is not a number.
fn indexed(tool: &str) -> Option<(&str, Option<u32>)> {
    let Some((tool, index)) = tool.split_once('[') else {
        return Some((tool, None));
    };
    let index = index.strip_suffix(']')?;
    let is_number = consists_of(index, DIGIT);
    Some((tool, Some(index.parse().ok().filter(|_| is_number)?)))
}

/// Whether a word can name a capture or a tool: a letter or `_`, then letters, digits and `_`.
pub(super) fn is_name(word: &str) -> bool {
    begins_a_name(word) && consists_of(word, |c| c.is_alphanumeric() || c == '_')
}

/// Whether a word can be the name of a tool: as `is_name`, and with `-`, which providers allow.
fn is_tool(word: &str) -> bool {
    begins_a_name(word) && is_key(word)
}

/// Whether a word can be the name of a field of a result, or an index: letters, digits, `_` and `-`.
fn is_key(word: &str) -> bool {
    let may_be: CharTest = |c| c.is_alphanumeric() || matches!(c, '_' | '-');
    !word.is_empty() && consists_of(word, may_be)
}

fn begins_a_name(word: &str) -> bool {
    let begins: CharTest = |c| c.is_alphabetic() || c == '_';
    word.starts_with(begins)
}

/// A text that is never a template: the name of a tool, a gate or a header, or a body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "expected a `String` or a `&str`",
    note = "write `.to_string()` behind a value that implements `Display`"
)]
pub trait IntoStr: Sealed {
    /// The text.
    #[doc(hidden)]
    fn into_str(self) -> Str;
}

/// A text of an answer. A `&'static str` is a template; texts of other types are not.
///
/// Tests write templates as literals, while a computed text may contain any brace. For a template from a `String`, write
/// [`template(text)`](crate::builder::template); for a literal that is not a template, [`verbatim("..")`](crate::builder::verbatim).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "expected a `String` or a `&'static str`",
    note = "write `verbatim(text)` for a text as it is, or `template(text)` for a template"
)]
pub trait IntoText: Sealed {
    /// The text.
    ///
    /// # Panics
    /// If a `&'static str` is not a template.
    #[doc(hidden)]
    fn into_text(self) -> Text;
}

/// The argument of [`reasoning`](crate::builder::reasoning) and [`refusal`](crate::builder::refusal): a text, or an array or a `Vec` of the
/// pieces in which it is streamed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "expected a `String`, a `&'static str`, or an array of them",
    note = "write `verbatim(text)` for a text as it is, or `template(text)` for a template"
)]
pub trait IntoPieces: Sealed {
    /// The text, or its pieces.
    ///
    /// # Panics
    /// If a `&'static str` is not a template.
    #[doc(hidden)]
    fn into_pieces(self) -> Pieces;
}

#[doc(hidden)]
#[derive(Debug)]
pub enum Pieces {
    /// Streamed as the turn says.
    Text(Text),
    /// Streamed as they are.
    List(List<Text>),
}

impl<T: IntoText> IntoPieces for T {
    #[track_caller]
    fn into_pieces(self) -> Pieces {
        Pieces::Text(self.into_text())
    }
}

impl<T: IntoText, const N: usize> IntoPieces for [T; N] {
    #[track_caller]
    fn into_pieces(self) -> Pieces {
        Vec::from(self).into_pieces()
    }
}

impl<T: IntoText> IntoPieces for Vec<T> {
    #[track_caller]
    fn into_pieces(self) -> Pieces {
        let mut texts = Vec::new();
        for piece in self {
            texts.push(piece.into_text());
        }
        Pieces::List(texts.into())
    }
}

impl IntoText for &'static str {
    #[track_caller]
    fn into_text(self) -> Text {
        Text::parsed(self)
    }
}

impl IntoText for Text {
    fn into_text(self) -> Text {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoStr for &str {
    fn into_str(self) -> Str {
        self.to_owned().into()
    }
}

#[diagnostic::do_not_recommend]
impl IntoStr for Cow<'_, str> {
    fn into_str(self) -> Str {
        self.into_owned().into()
    }
}

macro_rules! owned_texts {
    ($($owned:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoStr for $owned {
            fn into_str(self) -> Str {
                String::from(self).into()
            }
        }

        impl IntoText for $owned {
            fn into_text(self) -> Text {
                Text::Verbatim(self.into_str())
            }
        }
    )*};
}

owned_texts!(String, &String, Box<str>, char);

impl IntoText for Cow<'_, str> {
    fn into_text(self) -> Text {
        Text::Verbatim(self.into_str())
    }
}

/// The text as it is written in a scenario.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Verbatim(text) => write_escaped(f, text),
            Text::Template(template) => template.pieces.iter().try_for_each(|piece| match piece {
                TemplateSegment::Text(text) => write_escaped(f, text),
                TemplateSegment::Variable(variable) => write!(f, "{variable}"),
            }),
        }
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.chars().try_for_each(|c| match c {
        '{' | '}' => write!(f, "{c}{c}"),
        _ => write!(f, "{c}"),
    })
}

/// The variable as it is written in a template, in its braces.
impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Variable::Capture(name) => write!(f, "{{{name}}}"),
            Variable::User => f.write_str("{user}"),
            Variable::Model => f.write_str("{model}"),
            Variable::Call => f.write_str("{call}"),
            Variable::Field {
                tool,
                index: None,
                path,
            } => write!(f, "{{{tool}.{path}}}"),
            Variable::Field {
                tool,
                index: Some(index),
                path,
            } => write!(f, "{{{tool}[{index}].{path}}}"),
        }
    }
}

/// Texts, one after the other.
pub(crate) fn concat(texts: &[Str]) -> Str {
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
    }
    all.into()
}

#[cfg(test)]
mod tests;
