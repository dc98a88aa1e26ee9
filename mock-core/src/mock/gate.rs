//! A handle by which a test lets an answer continue: [`Gate`].

use std::fmt;
use std::sync::Arc;

use crate::engine::{DriverMessage, Engine, WaitPoint};
use crate::journal::verdict::{Awaited, Wait};
use crate::scenario::{Action, SourceLocation, Str};

/// A handle to a gate in a mock's script: an answer waits at `gate("name")` until the test opens the gate. A gate starts closed. Get the
/// handle from [`MockProvider::gate`](crate::MockProvider::gate).
///
/// ```
/// # use mock_core::{MockProvider, Request, builder::*};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mock = MockProvider::script([gate("door").reply("Come in.")]);
/// let task = tokio::spawn(mock.answer(Request::new("gpt-4o")));
///
/// mock.gate("door").wait_until_reached().await;
/// assert!(!task.is_finished());
/// mock.gate("door").open();
/// assert_eq!(task.await.unwrap().unwrap().text(), "Come in.");
/// # }
/// ```
#[derive(Clone)]
pub struct Gate {
    engine: Arc<Engine>,
    point: WaitPoint,
}

impl Gate {
    pub(crate) fn new(engine: Arc<Engine>, name: Str) -> Self {
        let point = WaitPoint::Gate(name);
        Gate { engine, point }
    }

    /// Opens the gate. Calls that wait continue, and later calls pass.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([gate("door").reply("Come in.")]);
    /// mock.gate("door").open();
    /// assert_eq!(mock.answer(Request::new("gpt-4o")).await?.text(), "Come in.");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn open(&self) {
        self.engine.gates.open(&self.point);
    }

    /// Shuts the gate again. Later calls wait.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([gate("door").reply("Come in.").times(2)]);
    /// let door = mock.gate("door");
    /// door.open();
    /// mock.answer(Request::new("gpt-4o")).await?;
    ///
    /// door.close();
    /// let second = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    /// door.wait_until_reached().await;
    /// assert!(!second.is_finished());
    /// # door.open();
    /// # second.await.unwrap()?;
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn close(&self) {
        self.engine.gates.close(&self.point);
    }

    /// Lets one call pass: one that waits now, or else the next one.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([gate("door").reply("Come in.").times(2)]);
    /// let door = mock.gate("door");
    /// door.let_one_pass();
    /// mock.answer(Request::new("gpt-4o")).await?;
    ///
    /// let second = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    /// door.wait_until_reached().await; // it was let through once only
    /// # door.open();
    /// # second.await.unwrap()?;
    /// # Ok(()) }
    /// ```
    pub fn let_one_pass(&self) {
        self.engine
            .gates
            .push_message(&self.point, DriverMessage::Done);
    }

    /// Waits until a call waits at the gate.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([reply("One moment, ").gate("door").reply("please.")]);
    /// let answer = tokio::spawn(mock.answer(Request::new("gpt-4o")));
    ///
    /// mock.gate("door").wait_until_reached().await;
    /// assert_eq!(mock.calls().len(), 1);
    /// mock.gate("door").open();
    /// assert_eq!(answer.await.unwrap()?.text(), "One moment, please.");
    /// # Ok(()) }
    /// ```
    #[track_caller]
    #[inline]
    pub fn wait_until_reached(&self) -> impl Future<Output = ()> + Send + use<'_> {
        let wait = Wait {
            awaited: Awaited::CallAt(Action::Gate(self.point.name().clone())),
            place: SourceLocation::caller(),
        };
        let reached = self.engine.gates.reached(&self.point);
        self.engine.waits.until(wait, reached)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate").field(self.point.name()).finish()
    }
}
