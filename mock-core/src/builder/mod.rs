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
//! assert_eq!(mock.scenario().check(), Ok(()));
//! # let _ = std::mem::ManuallyDrop::new(mock);
//! ```
//!
//! A text may be a `&str`, a `String`, a `&String`, a `Cow<str>`, a `Box<str>` or a `char`. As an answer, a `&'static str` is a template,
//! and the others are taken as they are: [`template`] and [`verbatim`] say it for any of them. In a pattern, each text is a pattern.
//!
//! An import by name goes before one by `*`: with `use tokio::time::*` as well, write `use tokio::time::timeout;`.

mod arguments;
mod failures;
mod lanes;
mod matchers;
#[cfg(test)]
mod tests;
mod tools;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::chat::error::ProviderError;
use crate::chat::finish::{FinishReason, Usage};
use crate::chat::request::Request;
use crate::chat::response::{IntoAnswer, Response};
use crate::scenario::{
    Action, After, Allow, Arguments, Capabilities, Count, Delay, Failure, Fault, FaultKind, Flush,
    IntoPieces, IntoStr, IntoText, Keepalive, Latency, Otherwise, Pace, Pieces, Place, Profile,
    Respond, Responder, ResponseFuture, Scenario, ScriptedCall, Setting, Split, Str, Text, Tool,
    Turn,
};

pub use arguments::{IntoArguments, typed};
pub use failures::*;
pub use lanes::*;
pub use matchers::*;
pub use tools::*;

/// A scenario of these turns.
#[track_caller]
pub fn script(turns: impl IntoIterator<Item = Turn>) -> Scenario {
    Scenario::script(turns)
}

impl Scenario {
    /// The name that reports call the mock by.
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// The provider that it speaks for.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The model that answers where a request names none.
    pub fn model(mut self, model: impl IntoStr) -> Self {
        self.model = Some(model.into_str());
        self
    }

    /// The provider's name, where it is not the profile's.
    pub fn provider(mut self, name: impl IntoStr) -> Self {
        self.provider = Some(name.into_str());
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

    /// What may be asked of it. What is left out is refused with [`Unsupported`](crate::ErrorKind::Unsupported).
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

    /// What each answer costs, or `None` for a provider that does not tell it. Without it, that is estimated.
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
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

    /// Turns checks off: `.allow(Allow::NOTHING.with_unused_turns())`.
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
pub fn reasoning(text: impl IntoPieces) -> Turn {
    turn().reasoning(text)
}

/// A turn that declines in these words.
///
/// # Panics
/// If a literal is not a template.
#[track_caller]
pub fn refusal(text: impl IntoPieces) -> Turn {
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
pub fn call(tool: impl IntoStr, arguments: impl IntoArguments) -> Turn {
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

/// A turn that answers with this body, as it is.
#[track_caller]
pub fn raw(body: impl IntoStr) -> Turn {
    turn().raw(body)
}

/// A turn that answers with these frames, as they are.
#[track_caller]
pub fn frames<F: IntoStr>(frames: impl IntoIterator<Item = F>) -> Turn {
    turn().frames(frames)
}

/// A turn that answers what an async closure says: see [`Turn::respond_with_async`].
#[track_caller]
pub fn respond_with_async<A, F>(respond: impl Fn(Request) -> F + Send + Sync + 'static) -> Turn
where
    A: IntoAnswer,
    F: Future<Output = A> + Send + 'static,
{
    turn().respond_with_async(respond)
}

/// A turn that never answers.
#[track_caller]
pub fn hang() -> Turn {
    turn().hang()
}

/// A turn that sends nothing for so long before what follows.
#[track_caller]
pub fn pause(time: Duration) -> Turn {
    turn().pause(time)
}

/// A turn that waits until the test opens a gate.
#[track_caller]
pub fn gate(name: impl IntoStr) -> Turn {
    turn().gate(name)
}

/// A turn that answers what the test says, event by event.
#[track_caller]
pub fn driven(name: impl IntoStr) -> Turn {
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
        ..Turn::EMPTY
    }
}

impl Turn {
    /// Answers with a text; streamed, word by word.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn reply(self, text: impl IntoText) -> Self {
        self.action(Action::Reply(text.into_text()))
    }

    /// Gives the model's reasoning, before the answer proper: a text, or an array of the pieces in which it is streamed.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn reasoning(self, text: impl IntoPieces) -> Self {
        self.action(match text.into_pieces() {
            Pieces::Text(text) => Action::Reasoning(text),
            Pieces::List(pieces) => Action::ReasoningStream(pieces),
        })
    }

    /// Gives the provider's signature of the reasoning before it, to be sent back unchanged.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn signature(self, signature: impl IntoText) -> Self {
        self.action(Action::Signature(signature.into_text()))
    }

    /// Declines, in these words: a text, or an array of the pieces in which it is streamed.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn refusal(self, text: impl IntoPieces) -> Self {
        self.action(match text.into_pieces() {
            Pieces::Text(text) => Action::Refusal(text),
            Pieces::List(pieces) => Action::RefusalStream(pieces),
        })
    }

    /// Answers with a text, streamed in these pieces.
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
    pub fn call(self, tool: impl IntoStr, arguments: impl IntoArguments) -> Self {
        let are_raw = arguments.are_raw();
        let arguments = match arguments.into_arguments() {
            Text::Verbatim(text) if are_raw => Arguments::Raw(text),
            text => Arguments::Text(text),
        };
        self.action(Action::Call(ScriptedCall {
            tool: tool.into_str(),
            arguments,
            id: None,
        }))
    }

    /// The id of the tool call before it: a template. Without one the mock makes an id.
    ///
    /// No two calls of a mock may have the same id, so in a turn that may answer more than once `{call}` must be in it.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let turn = call("get_time", ()).id("call_7");
    /// let answer = MockProvider::script([turn]).answer(Request::new("gpt-4o")).await?;
    /// let ids: Vec<_> = answer.tool_calls().map(|call| &*call.id).collect();
    /// assert_eq!(ids, ["call_7"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If no call is right before it, if that has an id already, or if a literal is not a template.
    #[track_caller]
    pub fn id(mut self, id: impl IntoText) -> Self {
        let id = id.into_text();
        let place = self.place;
        match self.actions.to_mut().last_mut() {
            Some(Action::Call(call)) if call.id.is_none() => call.id = Some(id),
            Some(Action::Call(_)) => {
                panic!(
                    "the last call of the turn at {place} has an id already: remove one of the two"
                )
            }
            _ => panic!(
                "no call is right before `.id(..)` in the turn at {place}: write it right after `.call(..)`"
            ),
        }
        self
    }

    /// Answers with JSON, such as a structured output.
    ///
    /// # Panics
    /// If a text in it is not a template.
    #[track_caller]
    pub fn json(self, value: impl IntoArguments) -> Self {
        self.action(Action::Json(value.into_arguments()))
    }

    /// Answers with what the closure returns: a [`Response`], or a `Result` of one. It is asked once for each call. All of the answer is
    /// kept; a part that a mock cannot say fails the test. For a closure that awaits, there is
    /// [`respond_with_async`](Turn::respond_with_async).
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

    /// Answers with this body, as it is: no template, and not the provider's form. It is no failure, whatever its [`status`](Turn::status). Its
    /// type is `application/json`, unless a header says otherwise.
    ///
    /// In process a client of the mock's profile reads it, from the status 400 on as an error. That needs the feature `server` and a profile
    /// with a wire, or the call fails with [`Unsupported`](crate::ErrorKind::Unsupported).
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*, scenario::Profile};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let body = r#"{"choices":[{"message":{"role":"assistant","content":"Hi."}}]}"#;
    /// # #[cfg(feature = "server")] {
    /// let llm = MockProvider::new(script([raw(body).status(201)]).profile(Profile::Openai));
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn raw(self, body: impl IntoStr) -> Self {
        self.action(Action::Raw(body.into_str()))
    }

    /// Answers with these frames of a stream, as they are, whether a stream was asked for or not. Each counts as a delta: it is paced by
    /// [`every`](Turn::every), and faults count it. Its type is `text/event-stream`, unless a header says otherwise.
    ///
    /// In process a client of the mock's profile reads them, as it does [`raw`](Turn::raw).
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let turn = frames(["data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"]).every(secs(20));
    /// assert!(script([turn]).check().is_ok());
    /// ```
    pub fn frames<F: IntoStr>(self, frames: impl IntoIterator<Item = F>) -> Self {
        let frames = frames.into_iter().map(IntoStr::into_str);
        self.action(Action::Frames(frames.collect::<Vec<_>>().into()))
    }

    /// Answers what an async closure says: a [`Response`], or a `Result` of one. It is asked once for each call, with the request as its own,
    /// when the latency is over. What it takes delays the answer as a gate does: times to the first token and between deltas count from
    /// when it has finished.
    ///
    /// ```
    /// use mock_core::{Message, MockProvider, Request, Response, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let (sender, receiver) = tokio::sync::watch::channel("18 °C");
    /// let turn = respond_with_async(move |_| {
    ///     let mut receiver = receiver.clone();
    ///     async move {
    ///         let temperature = *receiver.wait_for(|known| !known.is_empty()).await.expect("a value");
    ///         Response::from(Message::assistant(temperature))
    ///     }
    /// });
    /// let answer = MockProvider::script([turn]).answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.text(), "18 °C");
    /// # drop(sender);
    /// # Ok(()) }
    /// ```
    pub fn respond_with_async<A, F>(
        self,
        respond: impl Fn(Request) -> F + Send + Sync + 'static,
    ) -> Self
    where
        A: IntoAnswer,
        F: Future<Output = A> + Send + 'static,
    {
        let respond = move |request: Request| -> ResponseFuture {
            let answer = respond(request);
            Box::pin(async move { answer.await.into_answer() })
        };
        self.action(Action::Respond(Respond {
            responder: Responder::AsyncShared(Arc::new(respond)),
            source: "async ..".into(),
        }))
    }

    /// Sends nothing more, ever.
    pub fn hang(self) -> Self {
        self.action(Action::Hang)
    }

    /// Sends nothing for this time, in the middle of an answer; what follows continues it.
    ///
    /// Everything behind it is due later by this time. Unlike [`every`](Turn::every) it stands in one place only, and unlike
    /// [`gate`](Turn::gate) it needs no word of the test. A time of zero does nothing.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One moment, ").pause(secs(2)).reply("please.")]);
    ///
    /// let start = tokio::time::Instant::now();
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.text(), "One moment, please.");
    /// assert_eq!(start.elapsed(), secs(2));
    /// # Ok(()) }
    /// ```
    pub fn pause(self, time: Duration) -> Self {
        self.action(Action::Pause(time))
    }

    /// Waits until the test opens the gate: [`MockProvider::gate`](crate::MockProvider::gate).
    pub fn gate(self, name: impl IntoStr) -> Self {
        self.action(Action::Gate(name.into_str()))
    }

    /// Emits the events that the test pushes, as it pushes them: [`MockProvider::driver`](crate::MockProvider::driver).
    pub fn driven(self, name: impl IntoStr) -> Self {
        self.action(Action::Driven(name.into_str()))
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
    ///
    /// Over the wire, the head of a streamed answer is sent before that time; [`latency`](Scenario::latency) delays the head too.
    pub fn ttft(mut self, time: Duration) -> Self {
        self.ttft = time;
        self
    }

    /// The time between one content delta and the next.
    pub fn every(mut self, time: Duration) -> Self {
        self.pace = Pace::Every(time);
        self
    }

    /// How fast the content comes, four characters to a token.
    pub fn tokens_per_second(mut self, tokens: impl Into<f64>) -> Self {
        self.pace = Pace::TokensPerSecond(tokens.into());
        self
    }

    /// How a streamed text is cut into pieces: that of a `reply`, a `reasoning`, a `refusal` or a `json`. Words by default.
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// In how many pieces the arguments of each call come.
    pub fn pieces(mut self, pieces: u32) -> Self {
        self.pieces = pieces;
        self
    }

    /// Why the model stopped, or `None` for an answer that ends without a finish reason.
    pub fn finish(mut self, reason: impl Into<Setting<FinishReason>>) -> Self {
        self.finish = reason.into();
        self
    }

    /// What the answer costs, or `None` for an answer that does not tell it.
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
        self
    }

    /// The sign of life that a silent stream sends over the wire, each time after so long: the wire's own, a comment or Anthropic's `ping`.
    ///
    /// Over the wire only, and in streams only. In process, and in an answer that is not streamed, it plays as silence.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let slow = reply("Hi.").ttft(secs(35)).keepalive(secs(10));
    /// # assert!(script([slow]).check().is_ok());
    /// ```
    pub fn keepalive(mut self, every: Duration) -> Self {
        self.keepalive = Some(Keepalive { every, text: None });
        self
    }

    /// The same, and these lines are sent instead of the wire's own sign: `.keepalive_with(secs(5), ": OPENROUTER PROCESSING")`. The empty
    /// line after them is added.
    pub fn keepalive_with(mut self, every: Duration, text: impl IntoStr) -> Self {
        self.keepalive = Some(Keepalive {
            every,
            text: Some(text.into_str()),
        });
        self
    }

    /// How events that are due at one time are written over the wire: `.flush(each())` writes each in a chunk of its own. By default they
    /// are written together.
    pub fn flush(mut self, flush: Flush) -> Self {
        self.flush = flush;
        self
    }

    /// The HTTP status of an answer by hand, `raw` or `frames`. It is a number from 200 to 999, and 200 by default.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Headers of the HTTP answer: names and values. They replace those of the same name that the provider would send. In process they are
    /// in [`Response::headers`], in [`EventStream::headers`](crate::EventStream::headers), and in the `raw` of an error.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").headers([("x-request-id", "r1")])]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.headers, [("x-request-id".into(), "r1".into())]);
    /// # Ok(()) }
    /// ```
    pub fn headers<N: IntoStr, V: IntoStr>(
        mut self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter();
        let headers = headers.map(|(name, value)| (name.into_str(), value.into_str()));
        self.headers.to_mut().extend(headers);
        self
    }

    /// What tests call the turn, as in [`MockProvider::wait_for_turn`](crate::MockProvider::wait_for_turn).
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// The connection is lost: after so many content deltas, after a time, after [`All`](After::All) content, or after the
    /// [`Finish`](After::Finish) event.
    #[track_caller]
    pub fn cut_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Cut, after.into())
    }

    /// The answer ends early. After [`Finish`](After::Finish) only the wire's end mark is missing, such as `[DONE]`.
    #[track_caller]
    pub fn end_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::End, after.into())
    }

    /// Nothing more comes. After [`Done`](After::Done) all has come, and the connection stays open.
    #[track_caller]
    pub fn stall_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Stall, after.into())
    }

    /// The provider reports a failure.
    #[track_caller]
    pub fn error_after(self, after: impl Into<After>, failure: Failure) -> Self {
        self.fault(FaultKind::Error(failure), after.into())
    }

    /// Something unreadable comes.
    #[track_caller]
    pub fn malformed_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Malformed, after.into())
    }

    #[track_caller]
    fn fault(mut self, kind: FaultKind, after: After) -> Self {
        assert!(
            self.fault.is_none(),
            "a turn breaks off once: remove one of the two faults"
        );
        self.fault = Some(Fault { kind, after });
        self
    }

    fn action(mut self, action: Action) -> Self {
        self.actions.to_mut().push(action);
        self
    }
}

/// A text that is taken as it is, whatever braces it contains.
///
/// ```
/// use mock_core::builder::*;
///
/// let turn = reply(verbatim("{\"as\": \"it is\"}"));
/// # assert!(script([turn]).check().is_ok());
/// ```
pub fn verbatim(text: impl IntoStr) -> Text {
    Text::Verbatim(text.into_str())
}

/// A template that is not a literal, such as one that is read from a file when the test runs. A literal is a template without it, as is
/// `include_str!("answer.txt")`.
///
/// # Panics
/// If the text is not a template.
///
/// ```
/// use mock_core::builder::*;
///
/// let text: String = "Hello, {user}!".to_owned(); // std::fs::read_to_string("answer.txt")?
/// let turn = reply(template(text));
/// # assert!(script([turn]).check().is_ok());
/// ```
#[track_caller]
pub fn template(text: impl IntoStr) -> Text {
    match Text::parse(&text.into_str()) {
        Ok(text) => text,
        Err(error) => panic!("{error}"),
    }
}

/// The tokens of the request and of the answer: `reply("..").usage(usage(11, 7))`.
///
/// ```
/// use mock_core::{Usage, builder::*};
///
/// assert_eq!(usage(11, 7), Usage::new(11, 7));
/// ```
pub const fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
    Usage::new(prompt_tokens, completion_tokens)
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

/// Each event in a chunk of its own: `reply("..").flush(each())`.
pub const fn each() -> Flush {
    Flush::Each
}

/// So many milliseconds.
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many seconds.
pub const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
