//! How a turn answers: how often, how fast, how it ends, and where it breaks off.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::scenario::{
    After, Count, Failure, Fault, FaultKind, Flush, IntoStr, Keepalive, Pace, Setting, Split, Turn,
};

impl Turn {
    /// Sets how often the turn answers: a number, or a range. Once by default.
    ///
    /// A turn that answers fewer times than its minimum fails the test. The next turn is tried when this one no longer matches, or has
    /// reached its maximum.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(overloaded()).times(2), reply("Hi.").times(0..=1)]);
    ///
    /// let ask = || llm.answer(Request::new("gpt-4o"));
    /// assert!(ask().await.is_err());
    /// assert!(ask().await.is_err());
    /// assert_eq!(ask().await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    pub fn times(mut self, count: impl Into<Count>) -> Self {
        self.count = count.into();
        self
    }

    /// Lets the turn answer once or more, without a maximum.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Call {call}.").forever()]);
    ///
    /// for _ in 0..10 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    /// assert_eq!(llm.calls().len(), 10);
    /// # Ok(()) }
    /// ```
    pub fn forever(mut self) -> Self {
        self.count = Count::FOREVER;
        self
    }

    /// Sets the time to first token: from the beginning of the answer to its first event. Zero by default.
    ///
    /// Over the wire, the head of a streamed answer is sent before that time; [`latency`](crate::scenario::Scenario::latency) delays the head too.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").ttft(ms(300))]);
    ///
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(llm.calls()[0].duration(), Some(ms(300)));
    /// # Ok(()) }
    /// ```
    pub fn ttft(mut self, time: Duration) -> Self {
        self.ttft = time;
        self
    }

    /// Sets the time between one content delta and the next. Zero by default.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["One ", "two ", "three"]).every(ms(20))]);
    ///
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(llm.calls()[0].duration(), Some(ms(40))); // two gaps
    /// # Ok(()) }
    /// ```
    pub fn every(mut self, time: Duration) -> Self {
        self.pace = Pace::Every(time);
        self
    }

    /// Sets how fast the content comes, four characters to a token. It replaces [`every`](Turn::every).
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["12345678", "9"]).tokens_per_second(10)]);
    ///
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(llm.calls()[0].duration(), Some(ms(200))); // the first piece is two tokens
    /// # Ok(()) }
    /// ```
    pub fn tokens_per_second(mut self, tokens: impl Into<f64>) -> Self {
        self.pace = Pace::TokensPerSecond(tokens.into());
        self
    }

    /// Sets how a streamed text is cut into pieces: that of a `reply`, a `reasoning`, a `refusal` or a `json`. [`words`] by default.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hello!").split(chars(4))]);
    ///
    /// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
    /// assert_eq!(collect(stream).await.pieces(), ["Hell", "o!"]);
    /// # Ok(()) }
    /// ```
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Sets in how many pieces the arguments of each call come. One by default.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, StreamEvent, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([call("search", [("query", "rust")]).pieces(3)]);
    ///
    /// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
    /// let deltas = collect(stream).await.items.into_iter().flatten();
    /// let deltas = deltas.filter(|event| matches!(event, StreamEvent::ToolCallDelta { .. }));
    /// assert_eq!(deltas.count(), 3);
    /// # Ok(()) }
    /// ```
    pub fn pieces(mut self, pieces: u32) -> Self {
        self.pieces = pieces;
        self
    }

    /// Sets why the model stopped, or `None` for an answer without a finish reason. By default it is `ToolCalls` if the turn calls tools,
    /// and `Stop` otherwise.
    ///
    /// ```
    /// use mock_core::{FinishReason, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two").finish(FinishReason::Length)]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.finish_reason, Some(FinishReason::Length));
    /// # Ok(()) }
    /// ```
    pub fn finish(mut self, reason: impl Into<Setting<FinishReason>>) -> Self {
        self.finish = reason.into();
        self
    }

    /// Sets the usage of the answer, or `None` for an answer without one. By default it is the usage of the mock, or an estimate.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").usage(usage(11, 7)), reply("Hi.").usage(None)]);
    ///
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.usage, Some(usage(11, 7)));
    /// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.usage, None);
    /// # Ok(()) }
    /// ```
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
        self
    }

    /// Sends the wire's keep-alive whenever a stream has sent nothing for this long: a comment, or Anthropic's `ping`.
    ///
    /// It has no effect in process, and in an answer that is not streamed.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let slow = reply("Hi.").ttft(secs(35)).keepalive(secs(10));
    /// assert!(script([slow]).check().is_ok());
    /// ```
    pub fn keepalive(mut self, every: Duration) -> Self {
        self.keepalive = Some(Keepalive { every, text: None });
        self
    }

    /// Like [`keepalive`](Turn::keepalive), but sends these lines in place of the wire's own keep-alive. An empty line is added after them.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let slow = reply("Hi.").ttft(secs(35)).keepalive_with(secs(5), ": OPENROUTER PROCESSING");
    /// assert!(script([slow]).check().is_ok());
    /// ```
    pub fn keepalive_with(mut self, every: Duration, text: impl IntoStr) -> Self {
        self.keepalive = Some(Keepalive {
            every,
            text: Some(text.into_str()),
        });
        self
    }

    /// Sets how events that are due at the same time are written over the wire: `.flush(each())` writes each in its own chunk,
    /// and `.flush(bytes())` each byte. By default they are written together.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let turn = stream(["Hel", "lo"]).flush(each());
    /// assert!(script([turn]).check().is_ok());
    /// ```
    pub fn flush(mut self, flush: Flush) -> Self {
        self.flush = flush;
        self
    }

    /// Sets the HTTP status of a raw answer, [`raw`](Turn::raw) or [`frames`](Turn::frames): a number from 200 to 999. 200 by default.
    ///
    /// ```
    /// use mock_core::{builder::*, scenario::Profile};
    ///
    /// let created = raw("{}").status(201);
    /// assert!(script([created]).profile(Profile::Openai).check().is_ok());
    /// ```
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds headers to the HTTP answer: names and values. They replace the provider's headers of the same names. In process they are in
    /// [`Response::headers`](crate::Response::headers), in [`EventStream::headers`](crate::EventStream::headers), and in the `raw` of an
    /// error.
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

    /// Names the turn, for [`MockProvider::wait_for_turn`](crate::MockProvider::wait_for_turn) and reports. Two turns cannot have the same
    /// name.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").named("greeting")]);
    ///
    /// let task = tokio::spawn(llm.answer(Request::new("gpt-4o")));
    /// llm.wait_for_turn("greeting").await;
    /// # let _ = task.await;
    /// # Ok(()) }
    /// ```
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// The connection is lost: a [`Connection`](crate::ErrorKind::Connection) error.
    ///
    /// The place is a number of content deltas, a time from the beginning of the answer, [`After::All`] for the end of the content, or
    /// [`After::Finish`] for the finish event.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two three.").cut_after(2)]);
    ///
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.pieces(), ["One ", "two "]);
    /// assert_eq!(answer.error().unwrap().kind, mock_core::ErrorKind::Connection);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the turn already has a fault.
    #[track_caller]
    pub fn cut_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Cut, after.into())
    }

    /// The answer ends early, without its finish event and without an error.
    ///
    /// The place is a number of content deltas, a time from the beginning of the answer, [`After::All`] for the end of the content, or
    /// [`After::Finish`]: then only the wire's end mark is missing, such as `[DONE]`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two three.").end_after(2)]);
    ///
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.pieces(), ["One ", "two "]);
    /// assert_eq!(answer.response.finish_reason, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the turn already has a fault.
    #[track_caller]
    pub fn end_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::End, after.into())
    }

    /// Nothing more comes, and the answer never ends.
    ///
    /// The place is a number of content deltas, a time from the beginning of the answer, [`After::All`] for the end of the content,
    /// [`After::Finish`] for the finish event, or [`After::Done`] for the wire's end mark.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two three.").stall_after(2)]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o"));
    /// assert!(tokio::time::timeout(secs(60), answer).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the turn already has a fault.
    #[track_caller]
    pub fn stall_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Stall, after.into())
    }

    /// The provider reports a failure in the middle of the answer.
    ///
    /// The place is a number of content deltas, a time from the beginning of the answer, [`After::All`] for the end of the content, or
    /// [`After::Finish`] for the finish event.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two three.").error_after(2, overloaded())]);
    ///
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.pieces(), ["One ", "two "]);
    /// assert_eq!(answer.error().unwrap().kind, mock_core::ErrorKind::Overloaded);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the turn already has a fault.
    #[track_caller]
    pub fn error_after(self, after: impl Into<After>, failure: Failure) -> Self {
        self.fault(FaultKind::Error(failure), after.into())
    }

    /// Something unreadable comes: an [`InvalidResponse`](crate::ErrorKind::InvalidResponse) error.
    ///
    /// The place is a number of content deltas, a time from the beginning of the answer, [`After::All`] for the end of the content, or
    /// [`After::Finish`] for the finish event.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::testkit::collect;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two three.").malformed_after(2)]);
    ///
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.error().unwrap().kind, mock_core::ErrorKind::InvalidResponse);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the turn already has a fault.
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
}

/// A usage of these tokens, of the request and of the answer: `reply("..").usage(usage(11, 7))`.
///
/// ```
/// use mock_core::{Usage, builder::*};
///
/// assert_eq!(usage(11, 7), Usage::new(11, 7));
/// ```
pub const fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
    Usage::new(prompt_tokens, completion_tokens)
}

/// Splits a text into words, each with the white space after it. This is the default.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
/// use mock_core::testkit::collect;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("One two.").split(words())]);
///
/// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
/// assert_eq!(collect(stream).await.pieces(), ["One ", "two."]);
/// # Ok(()) }
/// ```
pub const fn words() -> Split {
    Split::Words
}

/// Splits a text into pieces of this many characters.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
/// use mock_core::testkit::collect;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("One two.").split(chars(3))]);
///
/// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
/// assert_eq!(collect(stream).await.pieces(), ["One", " tw", "o."]);
/// # Ok(()) }
/// ```
pub const fn chars(characters: u32) -> Split {
    Split::Chars(characters)
}

/// Splits a text into pieces of a random number of characters in this range, drawn from the mock's seed.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
/// use mock_core::testkit::collect;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("One two.").split(random(1..=3))]);
///
/// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
/// assert_eq!(collect(stream).await.pieces().concat(), "One two.");
/// # Ok(()) }
/// ```
pub const fn random(characters: RangeInclusive<u32>) -> Split {
    Split::Random(*characters.start(), *characters.end())
}

/// Does not split a text: it comes in one piece.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
/// use mock_core::testkit::collect;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("One two.").split(whole())]);
///
/// let stream = llm.answer_stream(Request::new("gpt-4o")).await?;
/// assert_eq!(collect(stream).await.pieces(), ["One two."]);
/// # Ok(()) }
/// ```
pub const fn whole() -> Split {
    Split::Whole
}

/// Writes each event in its own chunk: see [`Turn::flush`].
///
/// ```
/// use mock_core::builder::*;
///
/// let turn = reply("One two.").flush(each());
/// assert!(script([turn]).check().is_ok());
/// ```
pub const fn each() -> Flush {
    Flush::Each
}

/// Writes each byte in its own chunk: see [`Turn::flush`]. A client that decodes each chunk alone then fails at the first character that is
/// not ASCII.
///
/// ```
/// use mock_core::builder::*;
///
/// let turn = reply("Ça va.").flush(bytes());
/// assert!(script([turn]).check().is_ok());
/// ```
pub const fn bytes() -> Flush {
    Flush::Bytes
}
