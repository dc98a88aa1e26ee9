//! The types that become the arguments of a tool call.

use serde_json::Value;

use crate::scenario::{Template, TemplateSegment, Text};
use crate::sealed::Sealed;

/// The arguments of a tool call, or a JSON text: a JSON value, `()` for none, or an array of names and values, which keeps its order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the arguments of a tool call, or a JSON text",
    label = "expected a `serde_json::Value`, `()`, or an array of names and values",
    note = "write `verbatim(text)` for a JSON text as it is, or `typed(&value)` for a value that implements `Serialize`"
)]
pub trait IntoArguments: Sealed {
    /// The arguments as a JSON text.
    ///
    /// # Panics
    /// If a text in them is not a template, or a name is there twice.
    #[doc(hidden)]
    fn into_arguments(self) -> Text;

    /// Whether they are taken as they are, whatever the tool's arguments are.
    #[doc(hidden)]
    fn are_raw(&self) -> bool {
        false
    }
}

impl IntoArguments for Value {
    #[track_caller]
    #[inline]
    fn into_arguments(self) -> Text {
        let mut json = JsonTemplate::default();
        json.value(&self);
        json.finish()
    }
}

impl IntoArguments for () {
    fn into_arguments(self) -> Text {
        Text::Verbatim("{}".into())
    }
}

impl<K: AsRef<str>, V: Into<Value>, const N: usize> IntoArguments for [(K, V); N] {
    #[track_caller]
    fn into_arguments(self) -> Text {
        let mut names = self.iter().map(|(name, _)| name.as_ref());
        while let Some(name) = names.next() {
            let is_twice = names.clone().any(|other| other == name);
            assert!(
                !is_twice,
                "the argument `{name}` is given twice: remove one of the two"
            );
        }
        let mut json = JsonTemplate::default();
        json.object(self.map(|(name, value)| (name, value.into())));
        json.finish()
    }
}

/// A JSON text in whose strings variables stand.
#[derive(Default)]
struct JsonTemplate {
    pieces: Vec<TemplateSegment>,
    text: String,
}

impl JsonTemplate {
    #[track_caller]
    #[inline]
    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.comma(index);
                    self.value(item);
                }
                self.text.push(']');
            }
            Value::Object(fields) => {
                self.object(
                    fields
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.clone())),
                );
            }
            plain => self.text.push_str(&plain.to_string()),
        }
    }

    #[track_caller]
    fn object<K: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = (K, Value)>) {
        self.text.push('{');
        for (index, (name, value)) in fields.into_iter().enumerate() {
            self.comma(index);
            self.text.push_str(&quoted(name.as_ref()));
            self.text.push(':');
            self.value(&value);
        }
        self.text.push('}');
    }

    #[track_caller]
    #[inline]
    fn string(&mut self, text: &str) {
        self.text.push('"');
        match Text::parse(text) {
            Err(error) => panic!("{error}"),
            Ok(Text::Verbatim(text)) => self.escaped(&text),
            Ok(Text::Template(template)) => {
                for piece in template.pieces.into_owned() {
                    match piece {
                        TemplateSegment::Text(text) => self.escaped(&text),
                        variable => {
                            self.flush();
                            self.pieces.push(variable);
                        }
                    }
                }
            }
        }
        self.text.push('"');
    }

    #[inline]
    fn escaped(&mut self, text: &str) {
        let quoted = quoted(text);
        self.text.push_str(&quoted[1..quoted.len() - 1]);
    }

    #[inline]
    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    #[inline]
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces
                .push(TemplateSegment::Text(std::mem::take(&mut self.text).into()));
        }
    }

    #[inline]
    fn finish(mut self) -> Text {
        if self.pieces.is_empty() {
            return Text::Verbatim(self.text.into());
        }
        self.flush();
        Text::Template(Template {
            pieces: self.pieces.into(),
        })
    }
}

#[inline]
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Makes arguments, or JSON, from a value of any type that serde can serialize. Its texts are not templates.
///
/// ```
/// use mock_core::builder::*;
///
/// #[derive(serde::Serialize)]
/// struct SearchArgs {
///     query: String,
/// }
///
/// let turn = call("search", typed(&SearchArgs { query: "rust".into() }));
/// assert!(script([turn]).check().is_ok());
/// ```
///
/// # Panics
/// If the value cannot be serialized as JSON.
#[track_caller]
pub fn typed(value: &impl serde_core::Serialize) -> Text {
    match serde_json::to_string(value) {
        Ok(json) => Text::Verbatim(json.into()),
        Err(error) => panic!("the value cannot be written as JSON: {error}"),
    }
}

/// A text as it is: see [`verbatim`](super::verbatim), for arguments that are not JSON, and [`typed`].
impl IntoArguments for Text {
    fn into_arguments(self) -> Text {
        self
    }

    fn are_raw(&self) -> bool {
        true
    }
}
