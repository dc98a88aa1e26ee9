//! [`MockProvider`]: a handle on a mock.

pub(crate) mod gate;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::chat::error::ProviderError;
use crate::chat::provider::{BoxEventStream, Provider};
use crate::chat::request::{Request, ToolDefinition};
use crate::chat::response::Response;
use crate::engine::{Answer, AnswerStream, Engine};
use crate::journal::calls::Calls;
use crate::journal::verdict::{Awaited, Wait};
use crate::report::{self, Report};
use crate::runtime::{panics, test_context};
use crate::scenario::{
    Action, Capabilities, Failure, Lane, Place, Scenario, Str, Turn, TurnIndex, checked,
};
use gate::{Driver, Gate};

/// A mock of a provider: answers requests as its scenario says, and keeps a journal of them.
///
/// `mock_provider!` makes one, and so does [`script`](MockProvider::script). A clone is another handle on the same mock:
/// the script and the journal are shared.
///
/// In a `#[provider_test]` the mock is verified when the test ends. Elsewhere its last handle verifies when it is dropped:
/// it panics, or, if the thread is panicking, prints the report. [`verify`](MockProvider::verify) does so at any time.
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

struct Handle {
    engine: Arc<Engine>,
    /// Whether no test verifies the mock, so that the last handle has to.
    alone: bool,
    /// What `verify` told last: the last handle does not say it again.
    told: Mutex<Option<Report>>,
}

impl MockProvider {
    /// A mock that plays `scenario`.
    ///
    /// # Panics
    /// If the scenario cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn new(scenario: impl Into<Cow<'static, Scenario>>) -> Self {
        match test_context::engine(checked(scenario.into())) {
            Ok(engine) => MockProvider::from_engine(engine),
            Err(engine) => {
                panics::install_hook();
                MockProvider(Arc::new(Handle {
                    engine,
                    alone: true,
                    told: Mutex::default(),
                }))
            }
        }
    }

    /// A mock that plays these turns.
    ///
    /// # Panics
    /// If one of them cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn script(turns: impl IntoIterator<Item = Turn>) -> Self {
        MockProvider::new(Scenario::script(turns))
    }

    /// A mock that plays these lanes, each a script for the requests that it fits.
    ///
    /// # Panics
    /// If one of them cannot be played: see [`Scenario::check`].
    #[track_caller]
    pub fn lanes(lanes: impl IntoIterator<Item = Lane>) -> Self {
        MockProvider::new(Scenario::lanes(lanes))
    }

    /// A handle on an engine that a test verifies.
    pub(crate) fn from_engine(engine: Arc<Engine>) -> Self {
        MockProvider(Arc::new(Handle {
            engine,
            alone: false,
            told: Mutex::default(),
        }))
    }

    #[cfg(feature = "server")]
    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// Another handle on this mock, to be wrapped in a type of your own: `MockLlm::from(mock.handle())`.
    pub fn handle(&self) -> MockProvider {
        self.clone()
    }

    /// Answers a request. Nothing happens before the returned future is polled: then the call is entered in the journal, and a
    /// turn is claimed.
    ///
    /// # Errors
    /// The future fails as the turn says; with [`Unscripted`](crate::ErrorKind::Unscripted) if no turn answers; with
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the turn takes time and there is no tokio runtime; with
    /// [`BadRequest`](crate::ErrorKind::BadRequest) if a tool call in the request has no result, or a result has no call. In the last three
    /// cases the test fails as well, whatever the caller makes of the error.
    #[inline]
    pub fn answer(&self, request: Request) -> Answer {
        Answer::new(Arc::clone(&self.0.engine), request)
    }

    /// Answers a request with a stream. Nothing happens before the returned future is polled.
    ///
    /// # Errors
    /// The future fails where the answer fails before its first event. Later failures are items of the stream, which then ends.
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
    pub fn answer_stream(&self, request: Request) -> AnswerStream {
        AnswerStream::new(Arc::clone(&self.0.engine), request)
    }

    /// The calls up to now, in the order in which they came.
    pub fn calls(&self) -> Calls {
        self.0.engine.calls()
    }

    /// Waits until there have been so many calls. Under a paused clock no time goes by unless all else waits.
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
    pub fn wait_for_calls(&self, calls: usize) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::Calls(calls),
            place: Place::caller(),
        };
        let engine = &self.0.engine;
        engine.waits.until(wait, engine.called(calls))
    }

    /// Waits until the turn of this name, `.named(name)`, has answered a call.
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
    pub fn wait_for_turn(&self, name: &str) -> impl Future<Output = ()> + Send + use<'_> {
        let turn = self.turn_called(name);
        let wait = Wait {
            awaited: Awaited::Turn(turn),
            place: Place::caller(),
        };
        let engine = &self.0.engine;
        engine.waits.until(wait, engine.answered(turn))
    }

    #[track_caller]
    fn turn_called(&self, name: &str) -> TurnIndex {
        let scenario = self.scenario();
        let turns = scenario.all_turns().zip(scenario.indices());
        let named: Vec<_> = turns
            .filter_map(|(turn, index)| Some((turn.name.as_ref()?, index)))
            .collect();
        match named.iter().find(|(known, _)| *known == name) {
            Some(&(_, turn)) => turn,
            None => {
                let names: Vec<_> = named.iter().map(|(name, _)| *name).collect();
                panic!("{}", report::unknown_name("turn", name, &names));
            }
        }
    }

    /// The gate of this name in the script: `gate(name)`.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn gate(&self, name: &str) -> Gate {
        let names = self.names_of(|action| match action {
            Action::Gate(name) => Some(name),
            _ => None,
        });
        let name = known_name("gate", name, names);
        Gate::new(Arc::clone(&self.0.engine), name)
    }

    /// The driver of this name in the script: `driven(name)`.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn driver(&self, name: &str) -> Driver {
        let names = self.names_of(|action| match action {
            Action::Driven(name) => Some(name),
            _ => None,
        });
        let name = known_name("driver", name, names);
        Driver::new(Arc::clone(&self.0.engine), name)
    }

    fn names_of<'m>(&'m self, name: impl Fn(&'m Action) -> Option<&'m Str>) -> Vec<&'m Str> {
        let actions = self
            .scenario()
            .all_turns()
            .flat_map(|turn| turn.actions.iter());
        actions.filter_map(name).collect()
    }

    /// The most calls that went on at one time.
    pub fn max_in_flight(&self) -> usize {
        self.0.engine.max_in_flight()
    }

    /// From now on every call fails like this. Such calls are entered in the journal, and claim no turn.
    ///
    /// # Panics
    /// If the failure cannot be played, or its message has variables: there is no turn that gives them a value.
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
    pub fn outage(&self, failure: Failure) {
        failure.assert_plays("of an outage");
        self.0.engine.set_outage(Some(failure));
    }

    /// Ends an [`outage`](MockProvider::outage): the script goes on where it was.
    pub fn restore(&self) {
        self.0.engine.set_outage(None);
    }

    /// Goes back to the beginning of the script. The journal stays, and so does what went wrong.
    pub fn rewind(&self) {
        self.0.engine.rewind(false);
    }

    /// Goes back to the beginning of the script with an empty journal, as if there had been no call. What the test has set stays: an
    /// outage goes on, and gates are open or shut as they were.
    pub fn reset(&self) {
        self.0.engine.rewind(true);
    }

    /// What the mock plays.
    pub fn scenario(&self) -> &Scenario {
        &self.0.engine.scenario
    }

    /// The tools that the scenario declares, as a request offers them. That the arguments of one are a type of yours is known with
    /// the feature `schema` only: without it, its schema is that of any object.
    pub fn tool_definitions(&self) -> Vec<ToolDefinition> {
        self.scenario()
            .tools
            .iter()
            .map(|tool| tool.definition())
            .collect()
    }

    /// Whether all went as scripted up to now: every request expected, and every turn used. What this tells, the last
    /// handle does not say again when it is dropped.
    ///
    /// # Errors
    /// A report of what went otherwise.
    pub fn verify(&self) -> Result<(), Report> {
        let report = Report::from_verdicts(&[self.0.engine.verdict()], 0);
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.clone_from(&report);
        report.map_or(Ok(()), Err)
    }

    /// Asserts that after each failure that named a `retry_after`, the next call came no sooner than that: from the end of
    /// the failed call to the start of the next one. Of a mock that several tasks call at once, the next call may be
    /// another task's.
    ///
    /// # Panics
    /// If a call came too early, or if no failure named a `retry_after`, so that there was nothing to wait for.
    #[track_caller]
    pub fn assert_waited_retry_after(&self) {
        let calls = self.calls();
        let mut refused = 0;
        for (call, next) in calls.iter().zip(calls.iter().skip(1)) {
            let wait = call.error().and_then(|error| error.retry_after);
            let (Some(wait), Some(ended_at)) = (wait, call.ended_at()) else {
                continue;
            };
            refused += 1;
            let waited = next.started_at().saturating_sub(ended_at);
            assert!(
                waited >= wait,
                "{}",
                report::came_too_early(self.0.engine.label(), call, next, waited, wait)
            );
        }
        assert!(
            refused > 0,
            "{}",
            report::nothing_to_wait_for(self.0.engine.label())
        );
    }
}

/// The one of `names` that is asked for.
///
/// # Panics
/// If it is not among them.
#[track_caller]
fn known_name(what: &str, name: &str, names: Vec<&Str>) -> Str {
    match names.iter().find(|known| **known == name) {
        Some(known) => (*known).clone(),
        None => panic!("{}", report::unknown_name(what, name, &names)),
    }
}

#[async_trait]
impl Provider for MockProvider {
    async fn chat(&self, request: Request) -> Result<Response, ProviderError> {
        self.answer(request).await
    }

    async fn stream(&self, request: Request) -> Result<BoxEventStream, ProviderError> {
        Ok(Box::pin(self.answer_stream(request).await?))
    }

    fn name(&self) -> &str {
        self.scenario().provider_name()
    }

    fn capabilities(&self) -> Capabilities {
        self.scenario().capabilities
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

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.alone {
            return;
        }
        let told = self.told.get_mut().unwrap_or_else(PoisonError::into_inner);
        let report = Report::from_verdicts(&[self.engine.verdict()], 0);
        match report.filter(|report| told.as_ref() != Some(report)) {
            Some(report) if std::thread::panicking() => {
                if let Some(rest) = report::while_panicking(&report, &panics::last_message()) {
                    eprintln!("{rest}");
                }
            }
            Some(report) => panic!("{report}"),
            None => {}
        }
    }
}
