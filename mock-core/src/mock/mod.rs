//! [`MockProvider`]: a handle on a mock.

mod assertions;
mod calls_of_lane;
pub(crate) mod driver;
pub(crate) mod gate;
mod handle;
mod implement_provider;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::chat::embedding::EmbeddingRequest;
use crate::chat::request::{Request, ToolDefinition};
use crate::engine::{EmbeddingFuture, Engine, EventStreamFuture, ResponseFuture};
use crate::journal::calls::Calls;
use crate::journal::verdict::{Awaited, Wait};
use crate::lock::lock;
use crate::report::{self, Report, RunningTasks};
use crate::runtime::{panic_messages, test_context};
use crate::scenario::{
    Action, Failure, Lane, Scenario, SourceLocation, Str, Turn, TurnIndex, checked,
};
use crate::search::Search;
use driver::Driver;
use gate::Gate;
use handle::Handle;
#[cfg(any(feature = "server", feature = "cassette"))]
pub(crate) use handle::drop_unverified;

/// A mock LLM provider. It answers requests from its scenario and records each call.
///
/// Make one with `mock_provider!` or [`script`](MockProvider::script). Cloning returns another handle to the same mock: clones share the
/// script and the recorded calls.
///
/// `#[provider_test]` verifies the mock when the test ends. Outside such a test, dropping the last handle verifies it: the drop panics with
/// the report, or prints it if the thread is already panicking. In a task or on another thread, such a panic fails the test only if the test
/// unwraps the result of the task or thread. Call [`verify`](MockProvider::verify) to verify at any time.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
///
/// let response = mock.answer(Request::new("gpt-4o").user("hello")).await?;
///
/// assert_eq!(response.text(), "Hi.");
/// assert_eq!(mock.calls().len(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct MockProvider(Arc<Handle>);

impl MockProvider {
    /// Creates a mock that plays `scenario`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::new(script([reply("Hi.")]).latency(ms(5)));
    ///
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the scenario cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn new(scenario: impl Into<Cow<'static, Scenario>>) -> Self {
        match test_context::engine(checked(scenario.into())) {
            Ok(engine) => MockProvider::from_engine(engine),
            Err(engine) => {
                panic_messages::install_hook();
                MockProvider(Arc::new(Handle {
                    engine,
                    alone: Some(thread::current().id()),
                    verified: Mutex::default(),
                }))
            }
        }
    }

    /// Creates a mock that plays these turns.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([on(user("hello")).reply("Hi."), fail(overloaded())]);
    ///
    /// let request = Request::new("gpt-4o").user("hello");
    /// assert_eq!(mock.answer(request.clone()).await?.text(), "Hi.");
    /// assert!(mock.answer(request).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If one of them cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn script(turns: impl IntoIterator<Item = Turn>) -> Self {
        MockProvider::new(Scenario::script(turns))
    }

    /// Creates a mock that plays these lanes. Each is a script for the requests that it matches.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::lanes([
    ///     lane(system("You plan"), [reply("First, read the code.")]),
    ///     lane([], [reply("It is a parser.")]),
    /// ]);
    ///
    /// let planner = Request::new("gpt-4o").system("You plan.");
    /// assert_eq!(mock.answer(planner).await?.text(), "First, read the code.");
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "It is a parser.");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If one of them cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn lanes(lanes: impl IntoIterator<Item = Lane>) -> Self {
        MockProvider::new(Scenario::lanes(lanes))
    }

    /// Returns a handle on an engine that a test verifies.
    pub(crate) fn from_engine(engine: Arc<Engine>) -> Self {
        MockProvider(Arc::new(Handle {
            engine,
            alone: None,
            verified: Mutex::default(),
        }))
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// Returns another handle to this mock, to wrap in a type of your own.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// struct MockLlm(MockProvider);
    ///
    /// let mock = MockProvider::script([reply("Hi.")]);
    /// let llm = MockLlm(mock.handle());
    ///
    /// llm.0.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(mock.calls().len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn handle(&self) -> MockProvider {
        self.clone()
    }

    /// Answers a request. Nothing happens until the returned future is first polled. The first poll records the call and claims a turn.
    ///
    /// # Errors
    /// The future returns the error of the turn. In these cases it returns an error and the test fails, even if the caller handles the
    /// error:
    ///
    /// - [`Unscripted`](crate::ErrorKind::Unscripted) if no turn matches the request;
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) if the turn takes time and there is no tokio runtime;
    /// - [`BadRequest`](crate::ErrorKind::BadRequest) if a tool call in the request has no result, or a result has no call.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
    ///
    /// let response = mock.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(response.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn answer(&self, request: Request) -> ResponseFuture {
        ResponseFuture::new(Arc::clone(&self.0.engine), request)
    }

    /// Answers a request with a stream. Nothing happens until the returned future is first polled.
    ///
    /// # Errors
    /// The future returns an error if the answer fails before its first event. A later failure is an `Err` item, after which the stream
    /// ends.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, StreamEvent, builder::*};
    /// use futures::TryStreamExt as _;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([stream(["Hel", "lo"])]);
    ///
    /// let events: Vec<_> = mock.answer_stream(Request::new("gpt-4o")).await?.try_collect().await?;
    ///
    /// assert_eq!(events[0], StreamEvent::Text("Hel".into()));
    /// assert_eq!(events.len(), 3); // two texts, and the finish
    /// # Ok(()) }
    /// ```
    pub fn answer_stream(&self, request: Request) -> EventStreamFuture {
        EventStreamFuture::new(Arc::clone(&self.0.engine), request)
    }

    /// Answers a request for embeddings. Nothing happens until the returned future is first polled.
    ///
    /// # Errors
    /// The same as [`answer`](MockProvider::answer). A turn for chat requests does not match, and neither does a turn whose vectors do not
    /// fit the request. A request without inputs, or for 0 or more than 16,384 dimensions, gets
    /// [`BadRequest`](crate::ErrorKind::BadRequest) and claims no turn.
    ///
    /// ```
    /// # use mock_core::{EmbeddingRequest, MockProvider, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([embed_with([0.5, -0.25, 1.0]), embed()]);
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
    ///
    /// let response = mock.answer_embedding(request.clone()).await?;
    /// assert_eq!(response.embeddings, [[0.5, -0.25, 1.0]]);
    ///
    /// let response = mock.answer_embedding(request).await?;
    /// assert_eq!(response.embeddings[0].len(), 1_536); // from the text: the same in every run
    /// # Ok(()) }
    /// ```
    pub fn answer_embedding(&self, request: EmbeddingRequest) -> EmbeddingFuture {
        EmbeddingFuture::new(Arc::clone(&self.0.engine), request)
    }

    /// Returns the calls so far, in the order in which they started.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.")]);
    ///
    /// mock.answer(Request::new("gpt-4o").user("hello")).await?;
    /// assert_eq!(mock.calls()[0].request().model, "gpt-4o");
    /// assert_eq!(mock.calls()[0].turn(), Some(0));
    /// # Ok(()) }
    /// ```
    pub fn calls(&self) -> Calls {
        self.0.engine.calls()
    }

    /// Waits until the mock has received `calls` calls. A paused clock advances only if every other task waits.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::script([reply("Hi.")]);
    /// let task = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    ///
    /// mock.wait_for_calls(1).await;
    /// assert_eq!(mock.calls().len(), 1);
    /// # let _ = task.await;
    /// # }
    /// ```
    #[track_caller]
    #[inline]
    pub fn wait_for_calls(&self, calls: usize) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::Calls(calls),
            place: SourceLocation::caller(),
        };
        let engine = &self.0.engine;
        engine.waits.until(wait, engine.called(calls))
    }

    /// Waits until the turn with this name, `.named(name)`, has begun to answer a call.
    ///
    /// # Panics
    /// If no turn has this name.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::script([reply("Hi.").named("greeting")]);
    /// let task = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    ///
    /// mock.wait_for_turn("greeting").await;
    /// # let _ = task.await;
    /// # }
    /// ```
    #[track_caller]
    #[inline]
    pub fn wait_for_turn(&self, name: &str) -> impl Future<Output = ()> + Send + use<'_> {
        let turn = self.turn_called(name);
        let wait = Wait {
            awaited: Awaited::Turn(turn),
            place: SourceLocation::caller(),
        };
        let engine = &self.0.engine;
        engine.waits.until(wait, engine.answered(turn))
    }

    #[track_caller]
    #[inline]
    fn turn_called(&self, name: &str) -> TurnIndex {
        let scenario = self.scenario();
        let mut names = Vec::new();
        for &(index, turn) in &scenario.all_turns() {
            match &turn.name {
                Some(known) if known == name => return index,
                Some(known) => names.push(known),
                None => {}
            }
        }
        panic!("{}", report::unknown_name("turn", name, &names));
    }

    /// Returns the gate with this name in the script: `gate(name)`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([gate("door").reply("Come in.")]);
    ///
    /// mock.gate("door").open();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Come in.");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the script has no such gate.
    #[track_caller]
    #[inline]
    pub fn gate(&self, name: &str) -> Gate {
        let names = self.names_of(&|action| match action {
            Action::Gate(name) => Some(name),
            _ => None,
        });
        let name = known_name("gate", name, names);
        Gate::new(Arc::clone(&self.0.engine), name)
    }

    /// Returns the driver with this name in the script: `driven(name)`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([driven("live")]);
    ///
    /// mock.driver("live").text("Hi.");
    /// mock.driver("live").finish();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If the script has no such driver.
    #[track_caller]
    #[inline]
    pub fn driver(&self, name: &str) -> Driver {
        let names = self.names_of(&|action| match action {
            Action::Driven(name) => Some(name),
            _ => None,
        });
        let name = known_name("driver", name, names);
        Driver::new(Arc::clone(&self.0.engine), name)
    }

    #[inline]
    fn names_of(&self, name: &dyn Fn(&Action) -> Option<&Str>) -> Vec<&Str> {
        let mut names = Vec::new();
        for &(_, turn) in &self.scenario().all_turns() {
            for action in turn.actions.iter() {
                if let Some(name) = name(action) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Returns the largest number of calls that were in flight at the same time.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.").ttft(ms(5)).times(2)]);
    /// let ask = || mock.answer(Request::new("gpt-4o"));
    ///
    /// let (first, second) = tokio::join!(ask(), ask());
    /// assert!(first.is_ok() && second.is_ok());
    /// assert_eq!(mock.max_in_flight(), 2);
    /// # Ok(()) }
    /// ```
    pub fn max_in_flight(&self) -> usize {
        self.0.engine.max_in_flight()
    }

    /// Makes every call fail like this from now on. Such calls are recorded but claim no turn.
    ///
    /// # Panics
    /// If the failure cannot be played, or if its message has variables: no turn gives them a value.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::script([reply("Hi.")]);
    /// let ask = || mock.answer(Request::new("gpt-4o"));
    ///
    /// mock.outage(overloaded());
    /// assert_eq!(ask().await.unwrap_err().kind, ErrorKind::Overloaded);
    /// mock.restore();
    /// assert_eq!(ask().await.unwrap().text(), "Hi.");
    /// # }
    /// ```
    #[track_caller]
    #[inline]
    pub fn outage(&self, failure: Failure) {
        failure.assert_plays("of an outage");
        self.0.engine.set_outage(Some(failure));
    }

    /// Ends an [`outage`](MockProvider::outage). The script continues where it was.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.")]);
    /// mock.outage(overloaded());
    /// assert!(mock.answer(Request::new("gpt-4o")).await.is_err());
    ///
    /// mock.restore();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn restore(&self) {
        self.0.engine.set_outage(None);
    }

    /// Returns to the beginning of the script. The recorded calls and any problem so far stay.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.")]);
    ///
    /// mock.answer(Request::new("gpt-4o")).await?;
    /// mock.rewind();
    /// mock.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(mock.calls().len(), 2);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn rewind(&self) {
        self.0.engine.rewind(false);
    }

    /// Returns to the beginning of the script and forgets all calls and problems. Settings of the test stay: an outage continues, and gates
    /// remain open or closed.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.")]);
    ///
    /// mock.answer(Request::new("gpt-4o")).await?;
    /// mock.reset();
    /// assert!(mock.calls().is_empty());
    /// # mock.answer(Request::new("gpt-4o")).await?;
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn reset(&self) {
        self.0.engine.rewind(true);
    }

    /// Returns the scenario that the mock plays.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::new(script([reply("Hi.").times(0..)]).provider("my-provider"));
    ///
    /// assert_eq!(mock.scenario().provider_name(), "my-provider");
    /// # Ok(()) }
    /// ```
    pub fn scenario(&self) -> &Scenario {
        &self.0.engine.scenario
    }

    /// Returns the tools that the scenario declares, as a request offers them. For a tool whose arguments are your own type, the schema
    /// describes that type with the feature `schema`, and any object without it.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let search = tool("search").arg("query", string());
    /// let mock = MockProvider::new(script([call("search", [("query", "rust")])]).tools([search]));
    ///
    /// let request = Request::new("gpt-4o").with_tools(mock.tool_definitions());
    /// assert_eq!(mock.answer(request).await?.tool_calls().count(), 1);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn tool_definitions(&self) -> Vec<ToolDefinition> {
        let mut definitions = Vec::new();
        for tool in self.scenario().tools.iter() {
            definitions.push(tool.definition());
        }
        definitions
    }

    /// Checks that everything went as scripted so far: every request matched, and every turn was used. The last handle does not repeat a
    /// report that this method returned.
    ///
    /// # Errors
    /// A report of what went wrong.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("Hi.")]);
    ///
    /// let report = mock.verify().unwrap_err();
    /// assert!(report.to_string().contains("turn 1 was never used"));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn verify(&self) -> Result<(), Report> {
        let report = Report::from_verdicts(&[self.0.engine.verdict()], RunningTasks::NONE);
        *lock(&self.0.verified) = report.clone();
        report.map_or(Ok(()), Err)
    }
}

/// Returns the requested one of `names`.
///
/// # Panics
/// If it is not one of them.
#[track_caller]
#[inline]
fn known_name(what: &str, name: &str, names: Vec<&Str>) -> Str {
    match names.find(&|known| **known == name) {
        Some(known) => (*known).clone(),
        None => panic!("{}", report::unknown_name(what, name, &names)),
    }
}

impl fmt::Debug for MockProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockProvider")
            .field("name", &self.0.engine.label())
            .field("calls", &self.calls().len())
            .finish_non_exhaustive()
    }
}
