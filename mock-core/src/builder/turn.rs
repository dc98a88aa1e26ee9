//! The actions of a turn, as methods that continue it.

use std::sync::Arc;
use std::time::Duration;

use super::IntoArguments;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::{IntoResponse, Response};
use crate::scenario::{
    Action, Arguments, ClosureFuture, Failure, IntoPieces, IntoStr, IntoText, Pieces, Respond,
    Responder, ScriptedCall, Text, Turn, list_of,
};

impl Turn {
    /// Answers with a text. Streamed, it comes word by word: see [`split`](Turn::split).
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([pause(ms(5)).reply("Hi, {model}.")]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.text(), "Hi, gpt-4o.");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn reply(self, text: impl IntoText) -> Self {
        self.action(Action::Reply(text.into_text()))
    }

    /// Answers with reasoning: a text, or an array of the pieces in which it is streamed.
    ///
    /// ```
    /// use mock_core::{MockProvider, Part, Reasoning, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reasoning(["Let me ", "see."]).reply("Yes.")]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.message.parts[0], Part::Reasoning(Reasoning::new("Let me see.")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn reasoning(self, text: impl IntoPieces) -> Self {
        self.action(match text.into_pieces() {
            Pieces::Text(text) => Action::Reasoning(text),
            Pieces::List(pieces) => Action::ReasoningStream(pieces),
        })
    }

    /// Gives the provider's signature of the reasoning before it. Clients send it back unchanged.
    ///
    /// ```
    /// use mock_core::{MockProvider, Part, Reasoning, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reasoning("Let me see.").signature("c2ln").reply("Yes.")]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// let signed = Reasoning::new("Let me see.").with_signature("c2ln");
    /// assert_eq!(answer.message.parts[0], Part::Reasoning(signed));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn signature(self, signature: impl IntoText) -> Self {
        self.action(Action::Signature(signature.into_text()))
    }

    /// Answers with a refusal: a text, or an array of the pieces in which it is streamed.
    ///
    /// ```
    /// use mock_core::{MockProvider, Part, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([pause(ms(5)).refusal("I cannot say.")]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.message.parts[0], Part::Refusal("I cannot say.".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn refusal(self, text: impl IntoPieces) -> Self {
        self.action(match text.into_pieces() {
            Pieces::Text(text) => Action::Refusal(text),
            Pieces::List(pieces) => Action::RefusalStream(pieces),
        })
    }

    /// Answers with a text, streamed in these pieces.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Well, ").stream(["Hel", "lo"])]);
    ///
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.pieces(), ["Well, ", "Hel", "lo"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn stream<T: IntoText>(self, pieces: impl IntoIterator<Item = T>) -> Self {
        let mut texts = Vec::new();
        for piece in pieces {
            texts.push(piece.into_text());
        }
        self.action(Action::Stream(texts.into()))
    }

    /// Calls a tool. Repeat it for parallel calls. The arguments are a JSON value, `()` for none, or an array of names and values.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Let me look.").call("search", [("query", "rust")]).call("get_time", ())]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.tool_calls().count(), 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a text in the arguments is not a valid template.
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

    /// Gives the tool call before it an id, which is a template. Without it the mock makes an id.
    ///
    /// No two calls of a mock may have the same id. In a turn that may answer more than once, the id must contain `{call}`.
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
    /// If there is no call directly before it, if that call has an id already, or if a literal is not a valid template.
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

    /// Answers with JSON, such as a structured output. Its texts are templates.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([on(user("in {city:word}")).json([("city", "{city}")])]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o").user("The weather in Paris")).await?;
    /// assert_eq!(answer.text(), r#"{"city":"Paris"}"#);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a text in it is not a valid template.
    #[track_caller]
    pub fn json(self, value: impl IntoArguments) -> Self {
        self.action(Action::Json(value.into_arguments()))
    }

    /// Answers with what the closure returns: a [`Response`], or a `Result` of one. It runs once for each call. The mock fills in what the
    /// response leaves out, unless you call [`Response::verbatim`]. The test fails if the provider's format has no place for a part of the
    /// response. If the closure has to await something, use [`respond_with_async`](Turn::respond_with_async).
    ///
    /// ```
    /// use mock_core::{Message, MockProvider, Request, Response, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([on(user("hello")).respond_with(|request| {
    ///     Response::from(Message::assistant(format!("I am {}.", request.model)))
    /// })]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(answer.text(), "I am gpt-4o.");
    /// # Ok(()) }
    /// ```
    pub fn respond_with<A: IntoResponse>(
        self,
        respond: impl Fn(&Request) -> A + Send + Sync + 'static,
    ) -> Self {
        let respond = move |request: &Request| -> Result<Response, ProviderError> {
            respond(request).into_response()
        };
        self.action(Action::Respond(Respond {
            responder: Responder::Shared(Arc::new(respond)),
            source: "..".into(),
        }))
    }

    /// Answers with exactly this body: it is not a template, and has no provider's format. It is not a failure, whatever its
    /// [`status`](Turn::status). Its content type is `application/json` unless a header sets another.
    ///
    /// In process the body is read as a client of the mock's profile would read it, as an error if the status is 400 or more. This needs
    /// the feature `wire` and a profile whose wire the server speaks. Otherwise the call fails with
    /// [`Unsupported`](crate::ErrorKind::Unsupported).
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*, scenario::Profile};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let body = r#"{"choices":[{"message":{"role":"assistant","content":"Hi."}}]}"#;
    /// # #[cfg(feature = "wire")] {
    /// let llm = MockProvider::new(script([raw(body).status(201)]).profile(Profile::Openai));
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
    /// # }
    /// # Ok(()) }
    /// ```
    pub fn raw(self, body: impl IntoStr) -> Self {
        self.action(Action::Raw(body.into_str()))
    }

    /// Answers with exactly these frames of a stream, whether the request asks for a stream or not. Each counts as a delta:
    /// [`every`](Turn::every) paces it, and faults count it. The content type is `text/event-stream` unless a header sets another.
    ///
    /// In process the frames are read as the body of [`raw`](Turn::raw) is.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let turn = frames(["data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"]).every(secs(20));
    /// assert!(script([turn]).check().is_ok());
    /// ```
    pub fn frames<F: IntoStr>(self, frames: impl IntoIterator<Item = F>) -> Self {
        let frames = frames.into_iter().map(IntoStr::into_str);
        self.action(Action::Frames(list_of(frames)))
    }

    /// Answers with what an async closure returns: a [`Response`], or a `Result` of one. It runs once for each call, after the latency, and
    /// gets the request by value. The time it takes delays the answer as a gate does: the time to first token and the gaps count from its
    /// end.
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
        A: IntoResponse,
        F: Future<Output = A> + Send + 'static,
    {
        let respond = move |request: Request| -> ClosureFuture {
            let answer = respond(request);
            Box::pin(async move { answer.await.into_response() })
        };
        self.action(Action::Respond(Respond {
            responder: Responder::AsyncShared(Arc::new(respond)),
            source: "async ..".into(),
        }))
    }

    /// Sends nothing more, ever. It is the last action of its turn.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("And then").hang()]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o"));
    /// assert!(tokio::time::timeout(secs(60), answer).await.is_err());
    /// # Ok(()) }
    /// ```
    pub fn hang(self) -> Self {
        self.action(Action::Hang)
    }

    /// Sends nothing for this time; what follows continues the same answer.
    ///
    /// Everything after it is due later by this time. [`every`](Turn::every) delays each delta, `pause` only this place. A time of zero has
    /// no effect.
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

    /// Waits until the test opens the gate: [`MockProvider::gate`](crate::MockProvider::gate). The rest of the turn follows then.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One moment, ").gate("ready").reply("please.")]);
    ///
    /// let task = tokio::spawn(llm.answer(Request::new("gpt-4o")));
    /// llm.gate("ready").wait_until_reached().await;
    /// llm.gate("ready").open();
    /// assert_eq!(task.await.unwrap()?.text(), "One moment, please.");
    /// # Ok(()) }
    /// ```
    pub fn gate(self, name: impl IntoStr) -> Self {
        self.action(Action::Gate(name.into_str()))
    }

    /// Emits exactly the events that the test pushes: [`MockProvider::driver`](crate::MockProvider::driver). When the driver finishes, the
    /// rest of the turn follows.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("It is ").driven("live")]);
    ///
    /// llm.driver("live").text("18 °C.");
    /// llm.driver("live").finish();
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "It is 18 °C.");
    /// # Ok(()) }
    /// ```
    pub fn driven(self, name: impl IntoStr) -> Self {
        self.action(Action::Driven(name.into_str()))
    }

    /// Fails. It is the only action of its turn, except for gates and pauses before it.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([gate("ready").fail(rate_limit().retry_after(secs(2)))]);
    ///
    /// llm.gate("ready").open();
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.retry_after, Some(secs(2)));
    /// # Ok(()) }
    /// ```
    pub fn fail(self, failure: Failure) -> Self {
        self.action(Action::Fail(failure))
    }

    pub(super) fn action(mut self, action: Action) -> Self {
        self.actions.to_mut().push(action);
        self
    }
}
