//! A turn: its matchers, actions and modifiers.

use std::borrow::Cow;
use std::fmt;
use std::ops::{RangeFrom, RangeInclusive};
use std::sync::Arc;
use std::time::Duration;

use super::pace::Pace;
#[cfg(feature = "cassette")]
use super::turn_replay::Replay;
use super::{
    Flush, Keepalive, List, Matcher, Respond, Responder, Scenario, Setting, SourceLocation, Str,
    Text, Variable,
};
use crate::chat::error::{ProviderError, RawReply};
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::search::Search;

/// One turn of a script: which requests it answers, with what, how fast and how often. Its methods are the actions and modifiers of the
/// grammar; the functions of [`builder`](crate::builder) begin one.
#[derive(Debug, Clone)]
#[must_use]
pub struct Turn {
    /// Where it is declared.
    #[doc(hidden)]
    pub place: SourceLocation,
    /// Its name for tests, if it has one.
    #[doc(hidden)]
    pub name: Option<Str>,
    /// The matchers, which must all hold.
    #[doc(hidden)]
    pub matchers: List<Matcher>,
    /// The parts of its answer, in order.
    #[doc(hidden)]
    pub actions: List<Action>,
    /// How often it answers.
    #[doc(hidden)]
    pub count: Count,
    /// The time from the answer's beginning to its first event.
    #[doc(hidden)]
    pub ttft: Duration,
    /// The time between one content delta and the next.
    #[doc(hidden)]
    pub pace: Pace,
    /// How a streamed text is split.
    #[doc(hidden)]
    pub split: Split,
    /// The number of pieces in which the arguments of each call are streamed.
    #[doc(hidden)]
    pub pieces: u32,
    /// The fault that breaks the answer off, if there is one.
    #[doc(hidden)]
    pub fault: Option<Fault>,
    /// The finish reason; unset for `tool_calls` if the turn calls a tool, and `stop` otherwise.
    #[doc(hidden)]
    pub finish: Setting<FinishReason>,
    /// The usage of the answer; unset for that of the scenario.
    #[doc(hidden)]
    pub usage: Setting<Usage>,
    /// The keep-alive that a silent stream sends over the wire, if it sends one.
    #[doc(hidden)]
    pub keepalive: Option<Keepalive>,
    /// How events that are due at the same time are written over the wire.
    #[doc(hidden)]
    pub flush: Flush,
    /// The status of a raw answer, from 200 to 999; `None` for 200.
    #[doc(hidden)]
    pub status: Option<u16>,
    /// Headers of the HTTP answer: names and values. They replace the provider's headers of the same names.
    #[doc(hidden)]
    pub headers: List<(Str, Str)>,
    /// Its relation to recorded exchanges.
    #[cfg(feature = "cassette")]
    #[doc(hidden)]
    pub replay: Replay,
}

impl Turn {
    /// A turn that answers any request once, and has no answer yet.
    #[doc(hidden)]
    pub const EMPTY: Turn = Turn {
        place: SourceLocation::UNKNOWN,
        name: None,
        matchers: Cow::Borrowed(&[]),
        actions: Cow::Borrowed(&[]),
        count: Count::ONCE,
        ttft: Duration::ZERO,
        pace: Pace::NONE,
        split: Split::Words,
        pieces: 1,
        fault: None,
        finish: Setting::Unset,
        usage: Setting::Unset,
        keepalive: None,
        flush: Flush::Together,
        status: None,
        headers: Cow::Borrowed(&[]),
        #[cfg(feature = "cassette")]
        replay: Replay::No,
    };

    /// Whether it answers with a recorded response.
    pub(crate) fn is_replayed(&self) -> bool {
        #[cfg(feature = "cassette")]
        return self.replay.exchange().is_some();
        #[cfg(not(feature = "cassette"))]
        false
    }

    /// Whether the turn takes time.
    pub(crate) fn takes_time(&self) -> bool {
        let fault = self.fault.as_ref();
        let timed = fault.is_some_and(|fault| matches!(fault.after, After::Time(_)));
        let pauses = self
            .actions
            .any(&|action| matches!(action, Action::Pause(_)));
        timed || pauses || !self.ttft.is_zero() || self.pace != Pace::NONE
    }

    /// Whether the answer is only known at run time: from a closure, or from reading a raw answer.
    pub(crate) fn responds(&self) -> bool {
        let is_closure = |action: &Action| matches!(action, Action::Respond(_) | Action::Raw(_));
        self.actions.any(&is_closure)
    }

    /// Which requests it answers; `None` for either kind, as a failure does.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let ends = |fault: &Fault| fault.kind == FaultKind::End;
        let of_fault = self.fault.as_ref().is_some_and(ends).then_some(Kind::Chat);
        self.actions.iter().find_map(Action::kind).or(of_fault)
    }

    /// Its vectors, in order: `None` for one that is made from the text.
    pub(crate) fn embeddings(&self) -> Vec<Option<&[f32]>> {
        let mut vectors = Vec::new();
        for action in self.actions.iter() {
            match action {
                Action::Embed => vectors.push(None),
                Action::EmbedVector(vector) => vectors.push(Some(&**vector)),
                _ => {}
            }
        }
        vectors
    }

    /// The matchers that must all hold, those within `all_of(..)` one by one.
    pub(crate) fn conjuncts(&self) -> Vec<&Matcher> {
        Matcher::conjuncts(&self.matchers)
    }

    /// The tool whose result it answers, if it answers that of one.
    pub(crate) fn awaited_tool(&self) -> Option<&Str> {
        for &matcher in &self.conjuncts() {
            if let Matcher::ToolResult(tool) = matcher {
                return Some(tool);
            }
        }
        None
    }

    /// The async closure that answers, if one does.
    pub(crate) fn async_responder(&self) -> Option<&Responder> {
        self.actions.iter().find_map(|action| match action {
            Action::Respond(respond) => Some(&respond.responder).filter(|it| it.is_async()),
            _ => None,
        })
    }

    /// Whether a text in it has variables.
    pub(crate) fn has_templates(&self) -> bool {
        !self.variables().is_empty()
    }

    /// The variables of all its texts, in order.
    pub(crate) fn variables(&self) -> Vec<&Variable> {
        let mut variables = Vec::new();
        for action in self.actions.iter() {
            for text in action.texts() {
                text.add_variables(&mut variables);
            }
        }
        if let Some(Fault {
            kind: FaultKind::Error(failure),
            ..
        }) = &self.fault
            && let Some(message) = &failure.message
        {
            message.add_variables(&mut variables);
        }
        for &id in &self.call_ids() {
            id.add_variables(&mut variables);
        }
        variables
    }
}

/// How often a turn answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The minimum. If the turn answers fewer times, the test fails.
    #[doc(hidden)]
    pub min: u32,
    /// The maximum; [`u32::MAX`] for none.
    #[doc(hidden)]
    pub max: u32,
}

impl Count {
    /// Exactly once.
    pub const ONCE: Count = Count { min: 1, max: 1 };
    /// Any number of times, including none.
    pub const ALWAYS: Count = Count {
        min: 0,
        max: u32::MAX,
    };
    /// Once or more.
    pub const FOREVER: Count = Count {
        min: 1,
        max: u32::MAX,
    };
}

impl From<u32> for Count {
    fn from(times: u32) -> Self {
        Count {
            min: times,
            max: times,
        }
    }
}

impl From<RangeInclusive<u32>> for Count {
    fn from(times: RangeInclusive<u32>) -> Self {
        Count {
            min: *times.start(),
            max: *times.end(),
        }
    }
}

impl From<RangeFrom<u32>> for Count {
    fn from(times: RangeFrom<u32>) -> Self {
        Count {
            min: times.start,
            max: u32::MAX,
        }
    }
}

/// How a streamed text is split. The pieces of [`Action::Stream`] are not split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub enum Split {
    /// Words, each with the white space after it.
    #[doc(hidden)]
    Words,
    /// Pieces of this many characters.
    #[doc(hidden)]
    Chars(u32),
    /// Pieces of a random number of characters between the two, drawn uniformly from the mock's seed.
    #[doc(hidden)]
    Random(u32, u32),
    /// One piece.
    #[doc(hidden)]
    Whole,
}

/// A part of a turn's answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Action {
    /// This text; streamed, it comes word by word.
    Reply(Text),
    /// These pieces of text.
    Stream(List<Text>),
    /// The model's reasoning, streamed as a reply is.
    Reasoning(Text),
    /// These pieces of the model's reasoning.
    ReasoningStream(List<Text>),
    /// These pieces of a refusal.
    RefusalStream(List<Text>),
    /// A refusal, streamed as a reply is.
    Refusal(Text),
    /// JSON as text, streamed like a reply. Values of variables are escaped to stand in a JSON string.
    Json(Text),
    /// The provider's signature of the reasoning before it.
    Signature(Text),
    /// A tool call.
    Call(ScriptedCall),
    /// A whole part, in one event: an image, a block that only one provider has, or further fields of the part before.
    Part(Part),
    /// Exactly this body of an HTTP answer. In process it is read in the format of the mock's profile.
    Raw(Str),
    /// Exactly these frames of a streamed HTTP answer, each when it is due. In process they are read in the format of the mock's profile.
    Frames(List<Str>),
    /// The return value of a closure.
    Respond(Respond),
    /// The vector of an input, made from its text.
    Embed,
    /// This vector.
    EmbedVector(List<f32>),
    /// A failure.
    Fail(Failure),
    /// Nothing more, ever.
    Hang,
    /// Nothing for this time: everything after it is due later by this time.
    Pause(Duration),
    /// Nothing until the test opens the gate of this name.
    Gate(Str),
    /// The events that the test pushes through the driver of this name.
    Driven(Str),
}

/// The kind of requests that a turn answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An answer of a chat model, streamed or not.
    Chat,
    /// Embeddings.
    Embedding,
}

impl Kind {
    pub(crate) fn is_embedding(self) -> bool {
        self == Kind::Embedding
    }
}

impl Action {
    /// Which requests it answers; `None` for either kind.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Action::Embed | Action::EmbedVector(_) => Some(Kind::Embedding),
            Action::Fail(_) | Action::Hang | Action::Raw(_) => None,
            #[cfg(feature = "record")]
            Action::Respond(respond) if respond.responder.provider().is_some() => None,
            wait if wait.is_wait() => None,
            _ => Some(Kind::Chat),
        }
    }

    /// Whether it is reasoning.
    pub(crate) fn is_reasoning(&self) -> bool {
        matches!(self, Action::Reasoning(_) | Action::ReasoningStream(_))
    }

    /// Whether it sends nothing, and only lets time pass.
    pub(crate) fn is_wait(&self) -> bool {
        matches!(self, Action::Pause(_) | Action::Gate(_))
    }

    /// The texts in it that may be templates, but for the id of a call.
    fn texts(&self) -> &[Text] {
        match self {
            Action::Reply(text)
            | Action::Reasoning(text)
            | Action::Refusal(text)
            | Action::Signature(text)
            | Action::Json(text) => std::slice::from_ref(text),
            Action::Stream(texts)
            | Action::ReasoningStream(texts)
            | Action::RefusalStream(texts) => texts,
            Action::Call(call) => match &call.arguments {
                Arguments::Text(text) => std::slice::from_ref(text),
                Arguments::Raw(_) => &[],
                Arguments::Typed(typed) => &typed.texts,
            },
            Action::Fail(failure) => failure.message.as_slice(),
            Action::Part(_)
            | Action::Raw(_)
            | Action::Frames(_)
            | Action::Respond(_)
            | Action::Embed
            | Action::EmbedVector(_)
            | Action::Hang
            | Action::Pause(_)
            | Action::Gate(_)
            | Action::Driven(_) => &[],
        }
    }
}

/// A tool call that a turn makes.
#[derive(Debug, Clone)]
pub struct ScriptedCall {
    /// The tool.
    pub tool: Str,
    /// The arguments.
    pub arguments: Arguments,
    /// The id; `None` for one that the mock makes.
    pub id: Option<Text>,
}

impl ScriptedCall {
    /// A call without arguments. To be filled in: `ScriptedCall { tool, ..ScriptedCall::EMPTY }`.
    pub const EMPTY: ScriptedCall = ScriptedCall {
        tool: Str::Borrowed(""),
        arguments: Arguments::Text(Text::Verbatim(Str::Borrowed("{}"))),
        id: None,
    };
}

/// The arguments of a tool call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Arguments {
    /// A JSON text. Values of variables are escaped to stand in a JSON string.
    Text(Text),
    /// The text unchanged, even if it is not JSON or does not fit the tool.
    Raw(Str),
    /// A value of a type of the user's own.
    Typed(TypedArguments),
}

/// Arguments of a type of the user's own.
#[derive(Debug, Clone)]
pub struct TypedArguments {
    /// The texts in it, in order.
    pub texts: List<Text>,
    /// Makes the JSON text of the arguments from the texts.
    pub make: Make,
}

/// Makes arguments from their texts: a plain function in a `static`, a shared one when it captures. The error says why the
/// value cannot be written as JSON.
#[derive(Clone)]
#[expect(clippy::type_complexity)]
pub enum Make {
    /// A function, or a closure that captures nothing.
    Fn(fn(&[String]) -> Result<String, String>),
    /// Any closure.
    Shared(Arc<dyn Fn(&[String]) -> Result<String, String> + Send + Sync>),
}

impl Make {
    pub(crate) fn make(&self, texts: &[String]) -> Result<String, String> {
        match self {
            Make::Fn(make) => make(texts),
            Make::Shared(make) => make(texts),
        }
    }
}

impl fmt::Debug for Make {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closure")
    }
}

/// A failure that a turn answers with.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Failure {
    /// What goes wrong.
    #[doc(hidden)]
    pub kind: ErrorKind,
    /// The message; `None` for the kind's own.
    #[doc(hidden)]
    pub message: Option<Text>,
    /// The time that the client should wait before its next attempt.
    #[doc(hidden)]
    pub retry_after: Option<Duration>,
    /// The status, from 200 to 999; `None` for the kind's own.
    #[doc(hidden)]
    pub status: Option<u16>,
    /// The provider's code for it; `None` for that of the kind.
    #[doc(hidden)]
    pub code: Option<Str>,
    /// Headers of the HTTP answer: names and values. They replace the provider's headers of the same names.
    #[doc(hidden)]
    pub headers: List<(Str, Str)>,
    /// The body of the HTTP answer, which is not a template; `None` for the provider's.
    #[doc(hidden)]
    pub body: Option<Str>,
}

impl Failure {
    /// A failure without any settings, to be completed: `Failure { kind, ..Failure::EMPTY }`.
    #[doc(hidden)]
    pub const EMPTY: Failure = Failure {
        kind: ErrorKind::Generic,
        message: None,
        retry_after: None,
        status: None,
        code: None,
        headers: Cow::Borrowed(&[]),
        body: None,
    };

    /// The error that the provider of a scenario reports.
    pub(crate) fn error<'a>(
        &self,
        scenario: &Scenario,
        value: &dyn Fn(&Variable) -> Cow<'a, str>,
    ) -> ProviderError {
        let mut error = ProviderError::at(scenario.profile, self.kind);
        if let Some(message) = &self.message {
            error.message = message.render(value);
        }
        error.status = self.status.or(error.status);
        error.retry_after = self.retry_after;
        if let Some(code) = &self.code {
            error.code = Some(code.clone());
        }
        error.provider = Some(scenario.provider_name().to_owned().into());
        let sets_status = self.status.is_some();
        let sets_message = self.message.is_some();
        let sets_code = self.code.is_some();
        error.raw = (sets_status || sets_message || sets_code || self.has_reply()).then(|| {
            Box::new(RawReply {
                headers: self.headers.to_vec(),
                body: self.body.clone(),
                sets_status,
                sets_message,
                sets_code,
            })
        });
        error
    }

    /// Whether it has headers or a body of its own.
    pub(crate) fn has_reply(&self) -> bool {
        !self.headers.is_empty() || self.body.is_some()
    }

    /// # Panics
    /// If it cannot be played, or its message has variables.
    #[track_caller]
    pub(crate) fn assert_plays(&self, whose: &str) {
        if let Some((problem, remedy)) = self.problem() {
            panic!("the failure {whose} cannot be played: {problem}; {remedy}");
        }
        if let Some(message) = &self.message {
            assert!(
                !message.is_template(),
                "the message {whose} has no variables: \"{message}\""
            );
        }
    }
}

/// How an answer breaks off.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// When.
    pub after: After,
}

/// How an answer breaks off.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is lost: a `connection` failure.
    Cut,
    /// The answer ends without its finish event and without an error.
    End,
    /// Nothing more comes.
    Stall,
    /// The provider reports this failure.
    Error(Failure),
    /// Something comes that cannot be read: an `invalid_response` failure.
    Malformed,
}

/// The place at which an answer breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum After {
    /// After this many content deltas: pieces of text, reasoning, refusal and arguments.
    Deltas(u32),
    /// After the content, before the finish event.
    All,
    /// After the finish event, which has the finish reason and the usage; over the wire, before the end mark.
    Finish,
    /// After everything, over the wire including the end mark. For stalls only.
    Done,
    /// After this time from the beginning of the answer.
    Time(Duration),
}

impl After {
    /// Whether the fault comes after the finish event.
    pub(crate) fn is_behind_the_finish(self) -> bool {
        matches!(self, After::Finish | After::Done)
    }
}

impl From<u32> for After {
    fn from(deltas: u32) -> Self {
        After::Deltas(deltas)
    }
}

impl From<Duration> for After {
    fn from(time: Duration) -> Self {
        After::Time(time)
    }
}
