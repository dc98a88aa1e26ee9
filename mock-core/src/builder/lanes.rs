//! Functions for lanes.

use crate::scenario::{Lane, Scenario, SourceLocation, Turn, list_of};

use super::IntoMatchers;

pub use crate::scenario::Per;

/// A scenario with these lanes in place of one script: each request goes to the first lane that it matches.
///
/// ```
/// use mock_core::builder::*;
///
/// let scenario = lanes([
///     lane(system("You plan"), [reply("First, read the code.")]),
///     lane(model("small*"), [fail(overloaded()), reply("It is a parser.")]),
///     lane([], [reply("Who are you?")]),
/// ]);
/// assert!(scenario.check().is_ok());
/// ```
#[track_caller]
pub fn lanes(lanes: impl IntoIterator<Item = Lane>) -> Scenario {
    Scenario::lanes(lanes)
}

/// A lane with these turns, for requests for which all these matchers hold. `lane([], ..)` is for all requests that no earlier lane
/// matches.
///
/// Use matchers of something that stays the same in a conversation: `system`, `any_user_message`, `model`, `has_tool` and `when`.
///
/// ```
/// use mock_core::builder::*;
///
/// let planner = lane(system("You plan"), [reply("First, read the code.")]);
/// assert!(lanes([planner, lane([], [reply("Who are you?")])]).check().is_ok());
/// ```
#[track_caller]
pub fn lane(matchers: impl IntoMatchers, turns: impl IntoIterator<Item = Turn>) -> Lane {
    Lane {
        place: SourceLocation::caller(),
        matchers: matchers.into_matchers().into(),
        turns: list_of(turns),
    }
}

impl Scenario {
    /// A scenario of these lanes, declared where this is called.
    ///
    /// ```
    /// use mock_core::{builder::*, scenario::Scenario};
    ///
    /// let planner = lane(system("You plan"), [reply("First, read the code.")]);
    /// let scenario = Scenario::lanes([planner, lane([], [reply("Who are you?")])]);
    /// assert!(scenario.check().is_ok());
    /// ```
    #[track_caller]
    pub fn lanes(lanes: impl IntoIterator<Item = Lane>) -> Scenario {
        Scenario {
            place: SourceLocation::caller(),
            lanes: list_of(lanes),
            ..Scenario::EMPTY
        }
    }

    /// Gives each value its own instance of the script, or of each lane: [`Per::Conversation`], [`Per::Model`], [`Per::Header`], or a
    /// matcher with captures.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let turns = [reply("Session {id} begins."), reply("Session {id} goes on.")];
    /// let llm = MockProvider::new(script(turns).per(system("session {id:word}")));
    ///
    /// let ask = |session: &str| llm.answer(Request::new("m").system(format!("session {session}")));
    /// assert_eq!(ask("a").await?.text(), "Session a begins.");
    /// assert_eq!(ask("b").await?.text(), "Session b begins.");
    /// assert_eq!(ask("a").await?.text(), "Session a goes on.");
    /// assert_eq!(ask("b").await?.text(), "Session b goes on.");
    /// # Ok(()) }
    /// ```
    pub fn per(mut self, per: impl Into<Per>) -> Self {
        self.per = Some(per.into());
        self
    }
}
