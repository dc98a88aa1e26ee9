//! One call: [`Call`].

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::hide_secrets;
use crate::journal::event_times::EventTimes;
use crate::journal::script_id::ScriptId;
use crate::scenario::request_head::RequestHead;
use crate::scenario::{SharedScenario, TurnIndex};
use crate::shuttle_locks::AtomicUsize;

/// One call of a mock: its request, the turn that answered, its times, and its outcome.
///
/// Its `Debug` hides keys, tokens and passwords, as reports do. The `Debug` of its [`request`](Call::request) does not.
///
/// ```
/// use mock_core::{MockProvider, Outcome, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(user("hello")).reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o").user("hello")).await?;
///
/// let call = &llm.calls()[0];
/// assert_eq!(call.request().model, "gpt-4o");
/// assert_eq!(call.response().unwrap().text(), "Hi.");
/// assert_eq!((call.turn(), call.outcome()), (Some(0), Some(&Outcome::Completed)));
/// # Ok(()) }
/// ```
pub struct Call {
    pub(crate) number: usize,
    pub(crate) request: Request,
    /// The inputs of a request for embeddings.
    pub(crate) embedding: Option<Box<EmbeddingRequest>>,
    /// The head of its HTTP request, if the scenario needs it.
    pub(crate) head: Option<Box<RequestHead>>,
    pub(crate) streamed: bool,
    pub(crate) answered_by: Option<TurnIndex>,
    /// Whether a fault that a seed drew is in place of the turn's answer, which comes at the next call.
    pub(crate) has_drawn_fault: bool,
    /// The script of the call.
    pub(crate) script: ScriptId,
    pub(crate) started_at: Duration,
    /// The number of events of a stream that the caller has received.
    pub(crate) events: AtomicUsize,
    pub(crate) event_times: EventTimes,
    pub(crate) end: End,
    /// The scenario that answered, and the seed of its mock.
    pub(crate) scenario: SharedScenario,
    pub(crate) seed: u64,
    /// Values for playing the answer again that the scenario does not have. Most calls need none.
    pub(crate) kept: OnceLock<Box<dyn Any + Send + Sync>>,
}

/// The time and the outcome of a call, once it has ended.
#[derive(Default)]
pub(crate) struct End {
    /// The time in nanoseconds, plus one; 0 while the call is in flight.
    at: AtomicU64,
    /// The outcome, unless the call was completed, as most are. Setting it costs 3 % of a call.
    outcome: OnceLock<Outcome>,
    /// The number of calls that had begun then.
    begun: AtomicUsize,
    /// Whether the error was sent without its `retry_after`.
    hides_wait: AtomicBool,
}

impl End {
    /// Records that the caller does not see how long to wait.
    pub(crate) fn hide_wait(&self) {
        self.hides_wait.store(true, Ordering::Release);
    }

    /// Records the end of the call, and how many calls had begun until then. The first one counts. Only the call's guard does this.
    #[inline]
    pub(crate) fn set(&self, at: Duration, outcome: Outcome, begun: usize) {
        if self.at.load(Ordering::Acquire) != 0 {
            return;
        }
        if !matches!(outcome, Outcome::Completed) {
            self.outcome.get_or_init(|| outcome);
        }
        self.begun.store(begun, Ordering::Relaxed);
        let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        self.at.store(nanos.saturating_add(1), Ordering::Release);
    }

    fn at(&self) -> Option<Duration> {
        let nanos = self.at.load(Ordering::Acquire).checked_sub(1)?;
        Some(Duration::from_nanos(nanos))
    }

    fn outcome(&self) -> Option<&Outcome> {
        self.at()?;
        Some(self.outcome.get().unwrap_or(&Outcome::Completed))
    }
}

impl Call {
    /// Returns its number among the mock's calls, from 1.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// assert_eq!(llm.calls()[1].number(), 2);
    /// # Ok(()) }
    /// ```
    pub fn number(&self) -> usize {
        self.number
    }

    /// Returns the request.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.calls()[0].request().user_text().as_deref(), Some("hello"));
    /// # Ok(()) }
    /// ```
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The `retry_after` of its error, if the caller can see it.
    pub(crate) fn seen_wait(&self) -> Option<Duration> {
        let wait = self.error()?.retry_after;
        wait.filter(|_| !self.end.hides_wait.load(Ordering::Acquire))
    }

    /// Returns the request for embeddings; `None` if the call asks for a chat answer. [`request`](Call::request) then has each input as a message
    /// of the user.
    ///
    /// ```
    /// use mock_core::{EmbeddingRequest, MockProvider, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([embed()]);
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_inputs(["a cat", "a dog"]);
    /// llm.answer_embedding(request.clone()).await?;
    ///
    /// let calls = llm.calls();
    /// assert_eq!(calls[0].embedding(), Some(&request));
    /// assert_eq!(calls[0].request().messages.len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn embedding(&self) -> Option<&EmbeddingRequest> {
        self.embedding.as_deref()
    }

    pub(crate) fn is_embedding(&self) -> bool {
        self.embedding.is_some()
    }

    /// Returns whether the caller asked for a stream.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert!(!llm.calls()[0].is_streamed());
    /// assert!(llm.calls()[1].is_streamed());
    /// # Ok(()) }
    /// ```
    pub fn is_streamed(&self) -> bool {
        self.streamed
    }

    /// Returns the index of the turn that answered, from 0, in the script or in its lane; `None` if none of those answered.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([on(user("hello")).reply("Hi."), on(user("bye")).reply("Bye.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    /// llm.answer(Request::new("gpt-4o").user("bye")).await?;
    ///
    /// assert_eq!(llm.calls()[1].turn(), Some(1));
    /// # Ok(()) }
    /// ```
    pub fn turn(&self) -> Option<usize> {
        self.answered_by?.in_script()
    }

    /// Returns the index of the turn of the script that it used up: not where a fault that a seed drew was in place of the turn's answer.
    pub(crate) fn used_turn(&self) -> Option<usize> {
        match self.has_drawn_fault {
            true => None,
            false => self.turn(),
        }
    }

    /// Returns the index of the lane that the request matches, from 0; `None` if there are no lanes or it matches none. A rule may answer
    /// in place of the lane.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::lanes([
    ///     lane(system("You plan"), [reply("First, read the code.")]),
    ///     lane([], [reply("It is a parser.")]),
    /// ]);
    /// llm.answer(Request::new("gpt-4o").user("What is it?")).await?;
    /// llm.answer(Request::new("gpt-4o").system("You plan.").user("Go on")).await?;
    ///
    /// assert_eq!(llm.calls()[0].lane(), Some(1));
    /// assert_eq!(llm.calls()[1].lane(), Some(0));
    /// # Ok(()) }
    /// ```
    pub fn lane(&self) -> Option<usize> {
        self.script.lane()
    }

    /// Returns the number of the script's instance, from 1, in the order in which instances started; `None` if the mock has no `per`, or if the
    /// request has no value for it.
    ///
    /// ```
    /// use mock_core::{Call, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([reply("Hi.").times(0..=2)]).per(Per::Model));
    ///
    /// for model in ["small", "large", "small"] {
    ///     llm.answer(Request::new(model)).await?;
    /// }
    ///
    /// let instances: Vec<_> = llm.calls().iter().filter_map(Call::instance).collect();
    /// assert_eq!(instances, [1, 2, 1]);
    /// # Ok(()) }
    /// ```
    pub fn instance(&self) -> Option<usize> {
        self.script.instance()
    }

    /// Returns which turn of the scenario answered: a turn of the script or of a lane, a rule, or `otherwise`; `None` if none did.
    ///
    /// ```
    /// use mock_core::scenario::TurnIndex;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.calls()[0].answered_by(), Some(TurnIndex::Script(0)));
    /// # Ok(()) }
    /// ```
    pub fn answered_by(&self) -> Option<TurnIndex> {
        self.answered_by
    }

    /// Returns the file and the line of the recorded exchange whose response answered, as in `tests/cassettes/weather.yaml:12`; `None` if
    /// none did.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cassette = Cassette::parse(
    ///     r#"
    /// when:
    ///   path: /v1/chat/completions
    ///   body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}'
    /// then:
    ///   status: 200
    ///   body: '{"choices": [{"message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}]}'
    /// "#,
    /// )?
    /// .named("tests/cassettes/hello.yaml");
    /// let mock = MockProvider::cassette(cassette);
    /// mock.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(mock.calls()[0].recorded_at().as_deref(), Some("tests/cassettes/hello.yaml:2"));
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "cassette")]
    pub fn recorded_at(&self) -> Option<String> {
        let turn = self.scenario.turn(self.answered_by?);
        turn.is_replayed()
            .then(|| self.scenario.place_of(turn).to_string())
    }

    /// Returns how many events of a streamed answer the caller has received so far, not counting the finish event.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["Hel", "lo"])]);
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    ///
    /// assert_eq!(llm.calls()[0].events(), 2);
    /// # Ok(()) }
    /// ```
    pub fn events(&self) -> usize {
        self.events.load(Ordering::Relaxed)
    }

    /// Returns when the caller received each [event](Call::events) of a streamed answer, measured from the start of the test on tokio's clock.
    /// The finish event is not one of them: it comes when the call [ends](Call::ended_at).
    ///
    /// An event that the mock sends without delay counts as received when the call starts, even if the caller reads it later.
    ///
    /// ```
    /// # use futures::TryStreamExt as _;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([stream(["It is ", "18 °C", "."]).ttft(ms(300)).every(ms(20))]);
    ///
    /// llm.answer_stream(Request::new("gpt-4o")).await?.try_collect::<Vec<_>>().await?;
    /// assert_eq!(llm.calls()[0].event_times(), [ms(300), ms(320), ms(340)]);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn event_times(&self) -> Vec<Duration> {
        let mut later = self.event_times.all();
        // Only the first events of an answer come without delay.
        let at_once = self.events().saturating_sub(later.len());
        let mut times = Vec::new();
        for _ in 0..at_once {
            times.push(self.started_at());
        }
        times.append(&mut later);
        times
    }

    /// Returns when the call started, measured from the start of the test on tokio's clock.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").times(2)]);
    /// llm.answer(Request::new("gpt-4o")).await?;
    /// tokio::time::sleep(secs(3)).await;
    /// llm.answer(Request::new("gpt-4o")).await?;
    ///
    /// let calls = llm.calls();
    /// assert_eq!(calls[1].started_at() - calls[0].started_at(), secs(3));
    /// # Ok(()) }
    /// ```
    pub fn started_at(&self) -> Duration {
        self.started_at
    }

    /// Returns when the call ended, measured likewise; `None` while it is in flight.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").ttft(secs(2))]);
    /// llm.answer(Request::new("gpt-4o")).await?;
    ///
    /// let call = &llm.calls()[0];
    /// assert_eq!(call.ended_at(), Some(call.started_at() + secs(2)));
    /// # Ok(()) }
    /// ```
    pub fn ended_at(&self) -> Option<Duration> {
        self.end.at()
    }

    /// Returns how long the call took on tokio's clock; `None` while it is in flight. A stream ends with its last event or when it is dropped.
    ///
    /// ```
    /// use mock_core::{Call, MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::new(script([reply("Hi.").times(2)]).latency(growing(ms(100), 0.10)));
    ///
    /// for _ in 0..2 {
    ///     llm.answer(Request::new("gpt-4o")).await?;
    /// }
    ///
    /// let durations: Vec<_> = llm.calls().iter().filter_map(Call::duration).collect();
    /// assert_eq!(durations, [ms(100), ms(110)]);
    /// # Ok(()) }
    /// ```
    pub fn duration(&self) -> Option<Duration> {
        Some(self.ended_at()? - self.started_at())
    }

    /// Returns how the call ended; `None` while it is in flight.
    ///
    /// ```
    /// use mock_core::Outcome;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));
    /// # Ok(()) }
    /// ```
    pub fn outcome(&self) -> Option<&Outcome> {
        self.end.outcome()
    }

    /// The number of calls that had begun when it ended.
    pub(crate) fn begun_at_end(&self) -> Option<usize> {
        self.end.at()?;
        Some(self.end.begun.load(Ordering::Relaxed))
    }

    /// Returns the error, if the call failed.
    ///
    /// ```
    /// use mock_core::ErrorKind;
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let llm = MockProvider::script([fail(rate_limit())]);
    /// llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    ///
    /// assert_eq!(llm.calls()[0].error().unwrap().kind, ErrorKind::RateLimit);
    /// # }
    /// ```
    pub fn error(&self) -> Option<&ProviderError> {
        match self.outcome()? {
            Outcome::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("number", &self.number())
            .field("request", &hide_secrets::hidden_request(&self.request))
            .field("is_embedding", &self.is_embedding())
            .field("is_streamed", &self.is_streamed())
            .field("answered_by", &self.answered_by())
            .field("lane", &self.lane())
            .field("instance", &self.instance())
            .field("started_at", &self.started_at())
            .field("ended_at", &self.ended_at())
            .field("events", &self.events())
            .field("outcome", &self.outcome().map(hidden))
            .finish()
    }
}

/// How a [`Call`] ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The answer was complete.
    Completed,
    /// The stream ended without its finish event, as the scenario says.
    Truncated,
    /// The call failed.
    Failed(ProviderError),
    /// The caller dropped the call before it received anything: the future before it was ready, or the stream before its first event.
    Cancelled,
    /// The caller dropped the stream after this many events, at least one. After the finish event the call is `Completed`.
    DroppedAfter(usize),
    /// A closure of the scenario panicked with this message.
    Panicked(String),
}

/// An outcome with its secrets redacted.
fn hidden(outcome: &Outcome) -> Outcome {
    match outcome {
        Outcome::Failed(error) => Outcome::Failed(hide_secrets::hidden_error(error)),
        Outcome::Panicked(message) => Outcome::Panicked(hide_secrets::hide(message).into_owned()),
        other => other.clone(),
    }
}
