//! Scenarios without the macro. What is written here reads as it does there, so that a sentence can move between them.
//!
//! As in the macro, a text written as a literal is a template (see [`IntoText`]), and so is each text in a call's
//! arguments.
//!
//! ```
//! use mock_core::{MockProvider, builder::*};
//!
//! let mock = MockProvider::script([
//!     on(user("weather in {city}")).call("get_weather", [("city", "{city}")]),
//!     fail(rate_limit().retry_after(secs(2))).times(2),
//!     on(tool_result("get_weather")).stream(["It is ", "{get_weather.temp}", " °C."]).every(ms(20)),
//! ]);
//! assert_eq!(mock.scenario().turns.len(), 3);
//! # let _ = std::mem::ManuallyDrop::new(mock);
//! ```

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::error::ErrorKind;
use crate::request::Request;
use crate::scenario::{
    Action, After, Count, Failure, Fault, FaultKind, Field, IntoText, Latency, Matcher, Node,
    Pattern, Piece, Place, Predicate, Profile, Scenario, Schema, ScriptedCall, Str, Template, Text,
    Tool, Turn, When,
};

/// A scenario of these turns.
#[track_caller]
pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
    Scenario::script(turns)
}

impl Scenario {
    /// The name that reports call the mock by.
    pub fn named(mut self, name: impl Into<Str>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The provider that it speaks for.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The model that answers where a request names none.
    pub fn model(mut self, model: impl Into<Str>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// How long each call takes before its answer begins: a time, or a range of times.
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = latency.into();
        self
    }

    /// The tools that it may call.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools = tools.into_iter().collect::<Vec<_>>().into();
        self
    }
}

/// A turn that answers only requests for which all these matchers hold: one matcher, or an array of them.
#[track_caller]
pub fn on(matchers: impl IntoMatchers) -> Turn {
    Turn {
        matchers: matchers.into_matchers().into(),
        ..turn()
    }
}

/// A turn that answers with this text.
///
/// # Panics
/// If a literal is not a template.
#[track_caller]
pub fn reply(text: impl IntoText) -> Turn {
    turn().reply(text)
}

/// A turn that answers with reasoning.
///
/// # Panics
/// If a literal is not a template.
#[track_caller]
pub fn reasoning(text: impl IntoText) -> Turn {
    turn().reasoning(text)
}

/// A turn that declines in these words.
///
/// # Panics
/// If a literal is not a template.
#[track_caller]
pub fn refusal(text: impl IntoText) -> Turn {
    turn().refusal(text)
}

/// A turn that answers with these pieces of text.
///
/// # Panics
/// If a literal is not a template.
#[track_caller]
pub fn stream<T: IntoText>(pieces: impl IntoIterator<Item = T>) -> Turn {
    turn().stream(pieces)
}

/// A turn that calls a tool.
///
/// # Panics
/// If a text in the arguments is not a template.
#[track_caller]
pub fn call(tool: impl Into<Str>, arguments: impl IntoArguments) -> Turn {
    turn().call(tool, arguments)
}

/// A turn that fails.
#[track_caller]
pub fn fail(failure: Failure) -> Turn {
    turn().fail(failure)
}

#[track_caller]
fn turn() -> Turn {
    Turn {
        place: Place::caller(),
        ..Turn::NEW
    }
}

impl Turn {
    /// Answers with this text; streamed, it comes word by word.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn reply(self, text: impl IntoText) -> Self {
        self.action(Action::Reply(text.into_text()))
    }

    /// Answers with reasoning, before the answer proper.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn reasoning(self, text: impl IntoText) -> Self {
        self.action(Action::Reasoning(text.into_text()))
    }

    /// Declines in these words.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn refusal(self, text: impl IntoText) -> Self {
        self.action(Action::Refusal(text.into_text()))
    }

    /// Answers with these pieces of text.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn stream<T: IntoText>(self, pieces: impl IntoIterator<Item = T>) -> Self {
        let mut texts = Vec::new();
        for piece in pieces {
            texts.push(piece.into_text());
        }
        self.action(Action::Stream(texts.into()))
    }

    /// Calls a tool. Several calls in one turn are parallel calls.
    ///
    /// # Panics
    /// If a text in the arguments is not a template.
    #[track_caller]
    pub fn call(self, tool: impl Into<Str>, arguments: impl IntoArguments) -> Self {
        self.action(Action::Call(ScriptedCall {
            tool: tool.into(),
            arguments: arguments.into_arguments(),
        }))
    }

    /// Fails.
    pub fn fail(self, failure: Failure) -> Self {
        self.action(Action::Fail(failure))
    }

    /// How often the turn answers: a number, or a range.
    pub fn times(mut self, count: impl Into<Count>) -> Self {
        self.count = count.into();
        self
    }

    /// The turn answers once or more, without end.
    pub fn forever(mut self) -> Self {
        self.count = Count::FOREVER;
        self
    }

    /// The time from the answer's beginning to its first event.
    pub fn ttft(mut self, time: Duration) -> Self {
        self.ttft = time;
        self
    }

    /// The time between one content delta and the next.
    pub fn every(mut self, time: Duration) -> Self {
        self.every = time;
        self
    }

    /// The connection is lost after so many content deltas, after [`All`](After::All) of them, or after a time.
    pub fn cut_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Cut, after.into())
    }

    /// The answer ends without its finish event.
    pub fn end_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::End, after.into())
    }

    /// Nothing comes any more.
    pub fn stall_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Stall, after.into())
    }

    /// The provider reports a failure.
    pub fn error_after(self, after: impl Into<After>, failure: Failure) -> Self {
        self.fault(FaultKind::Error(failure), after.into())
    }

    /// Something comes that cannot be read.
    pub fn malformed_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Malformed, after.into())
    }

    fn fault(mut self, kind: FaultKind, after: After) -> Self {
        self.fault = Some(Fault { kind, after });
        self
    }

    fn action(mut self, action: Action) -> Self {
        self.actions.to_mut().push(action);
        self
    }
}

/// What [`on`] takes: a matcher, or an array of them.
pub trait IntoMatchers {
    /// The matchers.
    fn into_matchers(self) -> Vec<Matcher>;
}

impl IntoMatchers for Matcher {
    fn into_matchers(self) -> Vec<Matcher> {
        vec![self]
    }
}

impl<const N: usize> IntoMatchers for [Matcher; N] {
    fn into_matchers(self) -> Vec<Matcher> {
        self.into()
    }
}

/// The last message is the user's, and its text contains this pattern.
///
/// # Panics
/// If it is not a [`Pattern`].
#[track_caller]
pub fn user(pattern: &str) -> Matcher {
    match Pattern::parse(pattern) {
        Ok(pattern) => Matcher::User(pattern),
        Err(error) => panic!("{error}"),
    }
}

/// The conversation ends with a result of this tool.
pub fn tool_result(tool: impl Into<Str>) -> Matcher {
    Matcher::ToolResult(tool.into())
}

/// This test holds. It may be asked more than once for one request.
pub fn when(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Matcher {
    Matcher::When(When {
        test: Predicate::Shared(Arc::new(test)),
        source: "..".into(),
    })
}

/// What the arguments of a tool call can be made from: a JSON value, `()` for none, or an array of names and values,
/// which keeps its order.
pub trait IntoArguments {
    /// The arguments as a JSON text.
    ///
    /// # Panics
    /// If a text in them is not a template.
    fn into_arguments(self) -> Text;
}

impl IntoArguments for Value {
    #[track_caller]
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

impl<V: Into<Value>, const N: usize> IntoArguments for [(&str, V); N] {
    #[track_caller]
    fn into_arguments(self) -> Text {
        let mut json = JsonTemplate::default();
        json.object(self.map(|(name, value)| (name, value.into())));
        json.finish()
    }
}

/// A JSON text in whose strings variables stand.
#[derive(Default)]
struct JsonTemplate {
    pieces: Vec<Piece>,
    text: String,
}

impl JsonTemplate {
    #[track_caller]
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
    fn object<'a>(&mut self, fields: impl IntoIterator<Item = (&'a str, Value)>) {
        self.text.push('{');
        for (index, (name, value)) in fields.into_iter().enumerate() {
            self.comma(index);
            self.text.push_str(&quoted(name));
            self.text.push(':');
            self.value(&value);
        }
        self.text.push('}');
    }

    #[track_caller]
    fn string(&mut self, text: &str) {
        self.text.push('"');
        match Text::parse(text) {
            Err(error) => panic!("{error}"),
            Ok(Text::Verbatim(text)) => self.escaped(&text),
            Ok(Text::Template(template)) => {
                for piece in template.pieces.into_owned() {
                    match piece {
                        Piece::Text(text) => self.escaped(&text),
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

    fn escaped(&mut self, text: &str) {
        let quoted = quoted(text);
        self.text.push_str(&quoted[1..quoted.len() - 1]);
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces
                .push(Piece::Text(std::mem::take(&mut self.text).into()));
        }
    }

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

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A text that is taken as it is, whatever braces are in it.
pub fn verbatim(text: impl Into<Str>) -> Text {
    Text::Verbatim(text.into())
}

macro_rules! failures {
    ($($name:ident => $kind:ident,)*) => {$(
        #[doc = concat!("A failure of the kind [`", stringify!($kind), "`](ErrorKind::", stringify!($kind), ").")]
        pub fn $name() -> Failure {
            Failure { kind: ErrorKind::$kind, ..Failure::NEW }
        }
    )*};
}

failures! {
    timeout => Timeout,
    rate_limit => RateLimit,
    auth => Auth,
    connection => Connection,
    invalid_response => InvalidResponse,
    generic => Generic,
    overloaded => Overloaded,
    server_error => ServerError,
    bad_request => BadRequest,
    context_length => ContextLength,
    content_filter => ContentFilter,
    permission => Permission,
    not_found => NotFound,
    quota => Quota,
}

impl Failure {
    /// The message.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn message(mut self, message: impl IntoText) -> Self {
        self.message = Some(message.into_text());
        self
    }

    /// How long the client is told to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The HTTP status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

/// A tool without arguments.
pub fn tool(name: impl Into<Str>) -> Tool {
    Tool {
        name: name.into(),
        arguments: Cow::Borrowed(&[]),
    }
}

impl Tool {
    /// Adds an argument.
    pub fn arg(mut self, name: impl Into<Str>, schema: Schema) -> Self {
        self.arguments.to_mut().push(Field {
            name: name.into(),
            schema,
        });
        self
    }
}

/// A text.
pub fn string() -> Schema {
    Schema::String
}

/// A whole number.
pub fn integer() -> Schema {
    Schema::Integer
}

/// A number.
pub fn number() -> Schema {
    Schema::Number
}

/// `true` or `false`.
pub fn boolean() -> Schema {
    Schema::Boolean
}

/// Anything.
pub fn json() -> Schema {
    Schema::Json
}

/// An object with these fields.
pub fn object<const N: usize>(fields: [(&'static str, Schema); N]) -> Schema {
    let field = |(name, schema)| Field {
        name: Cow::Borrowed(name),
        schema,
    };
    Schema::Object(fields.map(field).to_vec().into())
}

/// A list of such values.
pub fn list(item: Schema) -> Schema {
    Schema::List(Node::Shared(Arc::new(item)))
}

/// Such a value, or none.
pub fn optional(schema: Schema) -> Schema {
    Schema::Optional(Node::Shared(Arc::new(schema)))
}

/// One of these texts.
pub fn one_of<T: Into<Str>>(values: impl IntoIterator<Item = T>) -> Schema {
    Schema::OneOf(values.into_iter().map(T::into).collect::<Vec<_>>().into())
}

/// So many milliseconds.
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many seconds.
pub const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
