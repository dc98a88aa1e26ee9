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
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::error::ProviderError;
use crate::finish::{FinishReason, Usage};
use crate::kind::ErrorKind;
use crate::request::Request;
use crate::response::{IntoAnswer, Response};
use crate::scenario::{
    Action, After, Allow, Arguments, Capabilities, Count, Delay, Failure, Fault, FaultKind, Field,
    IntoText, Latency, Matcher, Node, Otherwise, Pace, Parameters, Pattern, Piece, Place,
    Predicate, Profile, Respond, Responder, Scenario, Schema, ScriptedCall, Split, Str, Template,
    Text, Tool, Turn, When,
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

    /// The provider's name, where it is not the profile's.
    pub fn provider(mut self, name: impl Into<Str>) -> Self {
        self.provider = Some(name.into());
        self
    }

    /// How long each call takes before its answer begins: a time, a range of times, or [`growing`].
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = latency.into();
        self
    }

    /// The tools that it may call.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools = tools.into_iter().collect::<Vec<_>>().into();
        self
    }

    /// What may be asked of it. What is left out is refused with [`Unsupported`](ErrorKind::Unsupported).
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// What answers where the script's head does not: the first of these turns that fits, as often as it is asked.
    pub fn rules(mut self, rules: impl IntoIterator<Item = Turn>) -> Self {
        let rules = rules.into_iter().map(always);
        self.rules = rules.collect::<Vec<_>>().into();
        self
    }

    /// What answers where neither the script nor a rule does: a turn, [`repeat_last`] or [`cycle`].
    pub fn otherwise(mut self, otherwise: impl Into<Otherwise>) -> Self {
        self.otherwise = otherwise.into();
        self
    }

    /// What each answer costs. Without it, that is estimated.
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// What comes with each answer besides, in [`Response::metadata`].
    ///
    /// # Panics
    /// If it is no JSON object.
    #[track_caller]
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata_text(&metadata));
        self
    }

    /// What is not held against a test.
    pub fn allow(mut self, allow: Allow) -> Self {
        self.allow = allow;
        self
    }

    /// Where chance begins, whatever the test's seed is.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

#[track_caller]
pub(crate) fn metadata_text(metadata: &Value) -> Str {
    assert!(
        metadata.is_object(),
        "metadata is a JSON object, and this is none: {metadata}"
    );
    metadata.to_string().into()
}

/// The turn, as often as it is asked, and not at all if it is not. One that says otherwise stays, and is refused.
fn always(turn: Turn) -> Turn {
    match turn.count {
        Count::ONCE => turn.times(0..),
        _ => turn,
    }
}

impl From<Turn> for Otherwise {
    fn from(turn: Turn) -> Self {
        Otherwise::Turn(always(turn))
    }
}

/// At the script's end, its last turn goes on answering.
pub const fn repeat_last() -> Otherwise {
    Otherwise::RepeatLast
}

/// At the script's end, it begins anew.
pub const fn cycle() -> Otherwise {
    Otherwise::Cycle
}

/// This long for the first call, and for each further one longer by the share `by` of it: `growing(ms(100), 0.10)` is
/// 100 ms, 110 ms, 120 ms.
pub const fn growing(first: Duration, by: f64) -> Latency {
    Latency::new(Delay::Growing(first, by))
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

/// A turn that answers with JSON.
///
/// # Panics
/// If a text in it is not a template.
#[track_caller]
pub fn json(value: impl IntoArguments) -> Turn {
    turn().json(value)
}

/// A turn that answers what a closure says.
#[track_caller]
pub fn respond_with<A: IntoAnswer>(
    respond: impl Fn(&Request) -> A + Send + Sync + 'static,
) -> Turn {
    turn().respond_with(respond)
}

/// A turn that never answers.
#[track_caller]
pub fn hang() -> Turn {
    turn().hang()
}

/// A turn that waits until the test opens a gate.
#[track_caller]
pub fn gate(name: impl Into<Str>) -> Turn {
    turn().gate(name)
}

/// A turn that answers what the test says, event by event.
#[track_caller]
pub fn driven(name: impl Into<Str>) -> Turn {
    turn().driven(name)
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

    /// The provider's seal on the reasoning before it, to be sent back unchanged.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn signature(self, signature: impl IntoText) -> Self {
        self.action(Action::Signature(signature.into_text()))
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
            arguments: Arguments::Text(arguments.into_arguments()),
        }))
    }

    /// Answers with JSON, such as a structured output.
    ///
    /// # Panics
    /// If a text in it is not a template.
    #[track_caller]
    pub fn json(self, value: impl IntoArguments) -> Self {
        self.action(Action::Json(value.into_arguments()))
    }

    /// Answers what a closure says: a [`Response`], or a `Result` of one. It is asked once for each call, and not async.
    pub fn respond_with<A: IntoAnswer>(
        self,
        respond: impl Fn(&Request) -> A + Send + Sync + 'static,
    ) -> Self {
        let respond = move |request: &Request| -> Result<Response, ProviderError> {
            respond(request).into_answer()
        };
        self.action(Action::Respond(Respond {
            responder: Responder::Shared(Arc::new(respond)),
            source: "..".into(),
        }))
    }

    /// Says nothing more, ever.
    pub fn hang(self) -> Self {
        self.action(Action::Hang)
    }

    /// Waits until the test opens this gate: [`MockProvider::gate`](crate::MockProvider::gate).
    pub fn gate(self, name: impl Into<Str>) -> Self {
        self.action(Action::Gate(name.into()))
    }

    /// Says what the test says, event by event: [`MockProvider::driver`](crate::MockProvider::driver).
    pub fn driven(self, name: impl Into<Str>) -> Self {
        self.action(Action::Driven(name.into()))
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
        self.pace = Pace::Every(time);
        self
    }

    /// As many tokens a second, four characters to a token.
    pub fn tokens_per_second(mut self, tokens: impl Into<f64>) -> Self {
        self.pace = Pace::TokensPerSecond(tokens.into());
        self
    }

    /// What a streamed `reply`, `reasoning`, `refusal` or `json` comes in; words by default.
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// In how many pieces the arguments of each call come.
    pub fn pieces(mut self, pieces: u32) -> Self {
        self.pieces = pieces;
        self
    }

    /// Why the model stopped.
    pub fn finish(mut self, reason: FinishReason) -> Self {
        self.finish = Some(reason);
        self
    }

    /// What the answer costs.
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// What tests call the turn: [`MockProvider::turn`](crate::MockProvider::turn).
    pub fn named(mut self, name: impl Into<Str>) -> Self {
        self.name = Some(name.into());
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

/// What a pattern can be made from: a text as it is written in `user("..")`, or a [`Pattern`].
pub trait IntoPattern {
    /// The pattern.
    ///
    /// # Panics
    /// If a text is not a pattern.
    fn into_pattern(self) -> Pattern;
}

impl IntoPattern for &str {
    #[track_caller]
    fn into_pattern(self) -> Pattern {
        match Pattern::parse(self) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{error}"),
        }
    }
}

impl IntoPattern for Pattern {
    fn into_pattern(self) -> Pattern {
        self
    }
}

/// The last message is the user's, and its text contains this pattern.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn user(pattern: impl IntoPattern) -> Matcher {
    Matcher::User(pattern.into_pattern())
}

/// A message of the user contains this pattern, the last or any before it.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn said(pattern: impl IntoPattern) -> Matcher {
    Matcher::Said(pattern.into_pattern())
}

/// The instructions contain this pattern.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn system(pattern: impl IntoPattern) -> Matcher {
    Matcher::System(pattern.into_pattern())
}

/// This model is asked for; `*` stands for any letters, as in `model("gpt-4*")`.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn model(pattern: impl IntoPattern) -> Matcher {
    Matcher::Model(pattern.into_pattern())
}

/// A regular expression in place of a text: `user(regex(r"in (?<city>\w+)"))`. Its named groups are captures.
///
/// # Panics
/// If it is none.
#[cfg(feature = "regex")]
#[track_caller]
pub fn regex(source: &str) -> Pattern {
    match regex::Regex::new(source) {
        Ok(regex) => Pattern::Regex(crate::scenario::Regex::Compiled(regex)),
        Err(error) => panic!("{error}"),
    }
}

/// The request offers this tool.
pub fn has_tool(tool: impl Into<Str>) -> Matcher {
    Matcher::HasTool(tool.into())
}

/// At least one of these holds.
pub fn any_of(matchers: impl IntoMatchers) -> Matcher {
    Matcher::AnyOf(matchers.into_matchers().into())
}

/// This does not hold.
pub fn not(matcher: Matcher) -> Matcher {
    Matcher::Not(vec![matcher].into())
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

/// Arguments, or JSON, of a value of any type that serde can write. Its texts are taken as they are.
///
/// # Panics
/// If it cannot be written as JSON.
#[track_caller]
pub fn typed(value: &impl serde::Serialize) -> Text {
    match serde_json::to_string(value) {
        Ok(json) => Text::Verbatim(json.into()),
        Err(error) => panic!("the value cannot be written as JSON: {error}"),
    }
}

/// A text as it is: see [`verbatim`], for arguments that are not JSON, and [`typed`].
impl IntoArguments for Text {
    fn into_arguments(self) -> Text {
        self
    }
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
        ..Tool::NEW
    }
}

impl Tool {
    /// Adds an argument.
    ///
    /// # Panics
    /// If the tool's arguments are the fields of a type.
    #[track_caller]
    pub fn arg(mut self, name: impl Into<Str>, schema: Schema) -> Self {
        let mut fields = match self.parameters {
            Parameters::Fields(fields) => fields,
            Parameters::Typed { name: ty, .. } => panic!(
                "the arguments of `{}` are the fields of `{ty}`; add `{}` there",
                self.name,
                name.into()
            ),
        };
        fields.to_mut().push(Field {
            name: name.into(),
            schema,
        });
        self.parameters = Parameters::Fields(fields);
        self
    }

    /// What the tool's results hold. A result that is otherwise does not fit.
    pub fn returns(mut self, schema: Schema) -> Self {
        self.returns = Some(schema);
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
pub fn any_json() -> Schema {
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

/// Words, each with the white space after it: `reply("..").split(words())`, which is the default.
pub const fn words() -> Split {
    Split::Words
}

/// So many characters: `reply("..").split(chars(4))`.
pub const fn chars(characters: u32) -> Split {
    Split::Chars(characters)
}

/// From so many characters to so many, drawn from the mock's seed: `reply("..").split(random(1..=12))`.
pub const fn random(characters: RangeInclusive<u32>) -> Split {
    Split::Random(*characters.start(), *characters.end())
}

/// One piece: `reply("..").split(whole())`.
pub const fn whole() -> Split {
    Split::Whole
}

/// So many milliseconds.
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many seconds.
pub const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
