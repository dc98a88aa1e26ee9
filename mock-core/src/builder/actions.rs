//! What a turn answers with: a function that begins the turn, and a method that goes on with it.

use std::sync::Arc;
use std::time::Duration;

use super::{IntoArguments, IntoMatchers};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::{IntoAnswer, Response};
use crate::scenario::{
    Action, Arguments, Failure, IntoPieces, IntoStr, IntoText, Pieces, Place, Respond, Responder,
    ResponseFuture, ScriptedCall, Text, Turn,
};

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

    fn action(mut self, action: Action) -> Self {
        self.actions.to_mut().push(action);
        self
    }
}
