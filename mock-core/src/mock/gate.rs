//! What a test holds in its hand to let an answer go on: [`Gate`] and [`Driver`].

use std::fmt;
use std::sync::Arc;

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish::FinishReason;
use crate::engine::{DriverMessage, Engine};
use crate::journal::verdict::{Awaited, Wait};
use crate::scenario::{Failure, Place, Str};

/// A gate of a mock's script: an answer with `gate("name")` in it waits there. Made by
/// [`MockProvider::gate`](crate::MockProvider::gate); it is shut until it is opened.
///
/// ```
/// # use mock_core::{MockProvider, Request, builder::*};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mock = MockProvider::script([gate("door").reply("Come in.")]);
/// let task = tokio::spawn(mock.answer(Request::new("gpt-4o")));
///
/// mock.gate("door").reached().await;
/// assert!(!task.is_finished());
/// mock.gate("door").open();
/// assert_eq!(task.await.unwrap().unwrap().text(), "Come in.");
/// # }
/// ```
#[derive(Clone)]
pub struct Gate {
    engine: Arc<Engine>,
    name: Str,
}

impl Gate {
    pub(crate) fn new(engine: Arc<Engine>, name: Str) -> Self {
        Gate { engine, name }
    }

    /// Opens it: whoever waits goes on, and whoever comes passes.
    pub fn open(&self) {
        self.engine.gates.open(&self.name);
    }

    /// Shuts it again: whoever comes from now on waits.
    pub fn shut(&self) {
        self.engine.gates.shut(&self.name);
    }

    /// Lets one call pass, one that waits or the next that comes.
    pub fn let_one_pass(&self) {
        self.engine.gates.let_pass(&self.name);
    }

    /// Waits until a call waits at the gate.
    #[track_caller]
    pub fn reached(&self) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::Gate(self.name.clone()),
            place: Place::caller(),
        };
        let reached = self.engine.gates.reached(&self.name);
        self.engine.waits.until(wait, reached)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate").field(&self.name).finish()
    }
}

/// Says, event by event, what an answer with `driven("name")` in it says. Made by
/// [`MockProvider::driver`](crate::MockProvider::driver).
///
/// What is said waits until a call comes that wants it; of several calls, each event goes to the first that asks.
///
/// ```
/// # use mock_core::{MockProvider, Request, StreamEvent, builder::*};
/// use futures::StreamExt as _;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let mock = MockProvider::script([driven("live")]);
/// let mut stream = mock.answer_stream(Request::new("gpt-4o")).await?;
/// let live = mock.driver("live");
///
/// live.text("Hel");
/// assert_eq!(stream.next().await, Some(Ok(StreamEvent::Text("Hel".into()))));
/// live.text("lo");
/// live.finish();
/// assert_eq!(stream.count().await, 2); // the other text, and the finish
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Driver {
    engine: Arc<Engine>,
    name: Str,
}

impl Driver {
    pub(crate) fn new(engine: Arc<Engine>, name: Str) -> Self {
        Driver { engine, name }
    }

    /// Says a piece of text.
    pub fn text(&self, text: impl Into<String>) {
        self.event(StreamEvent::Text(text.into()));
    }

    /// Says any event, as it is. A finish event ends the answer: a finish reason or a usage that is `None` is absent from it.
    pub fn event(&self, event: StreamEvent) {
        self.say(DriverMessage::Event(event));
    }

    /// Fails, in the midst of the answer.
    ///
    /// # Panics
    /// If the failure cannot be played, or its message has variables: there is no request yet that gives them a value.
    #[track_caller]
    pub fn fail(&self, failure: Failure) {
        failure.assert_plays("of a driver");
        let error: ProviderError = failure.error(&self.engine.scenario, |_| "".into());
        self.say(DriverMessage::Error(error));
    }

    /// Has said all: the turn goes on with its next action, or ends.
    pub fn finish(&self) {
        self.say(DriverMessage::Done);
    }

    /// Has said all, and the answer ends for this reason. The usage is that of the turn or of the mock, or an estimate.
    pub fn finish_with(&self, reason: FinishReason) {
        self.say(DriverMessage::Finish(reason));
    }

    /// Waits until a call has taken all that was said: it waits for more, or has been told that there is no more.
    #[track_caller]
    pub fn taken(&self) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::Driver(self.name.clone()),
            place: Place::caller(),
        };
        let taken = self.engine.gates.taken(&self.name);
        self.engine.waits.until(wait, taken)
    }

    fn say(&self, said: DriverMessage) {
        self.engine.gates.say(&self.name, said);
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Driver").field(&self.name).finish()
    }
}
