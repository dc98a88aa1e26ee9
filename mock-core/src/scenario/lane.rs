//! Lanes: several scripts in one mock.

use std::borrow::Cow;

use super::{Expected, List, Matcher, Scenario, SourceLocation, Str, Turn};
use crate::search::Search;

/// One of several scripts. It gets the requests for which its matchers hold and that no earlier lane gets.
///
/// ```
/// use mock_core::builder::*;
/// use mock_core::{MockProvider, Request};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let mock = MockProvider::lanes([
///     lane(system("You plan"), [reply("First, read the code."), reply("Done.")]),
///     lane([], [reply("It is a parser.")]),
/// ]);
///
/// let planner = mock.answer(Request::new("m").system("You plan.").user("Go on")).await?;
/// let reader = mock.answer(Request::new("m").system("You read.").user("What is it?")).await?;
/// assert_eq!((&*planner.text(), &*reader.text()), ("First, read the code.", "It is a parser."));
/// assert_eq!(mock.calls()[1].lane(), Some(1));
/// # let _ = mock.answer(Request::new("m").system("You plan.").user("Go on")).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Lane {
    /// Where it is declared.
    #[doc(hidden)]
    pub place: SourceLocation,
    /// The matchers, which must all hold. Without any, the lane matches every request.
    #[doc(hidden)]
    pub matchers: List<Matcher>,
    /// Its turns, in order.
    #[doc(hidden)]
    pub turns: List<Turn>,
}

impl Lane {
    /// A lane for every request, without turns.
    #[doc(hidden)]
    pub const EMPTY: Lane = Lane {
        place: SourceLocation::UNKNOWN,
        matchers: Cow::Borrowed(&[]),
        turns: Cow::Borrowed(&[]),
    };
}

impl Lane {
    /// Whether the pattern of the lane requires a path.
    pub(crate) fn names_paths(&self) -> bool {
        self.matchers.any(&Matcher::names_paths)
    }
}

impl Scenario {
    /// Whether a matcher, an expectation or `per` needs the head of the HTTP request.
    pub(crate) fn asks_for_heads(&self) -> bool {
        self.is_recorded()
            || matches!(self.per, Some(Per::Header(_)))
            || self.all_matchers().any(&|matcher| matcher.asks_for_head())
            || self.expect.any(&|expectation| match &expectation.kind {
                Expected::Sent(matcher) | Expected::NeverSent(matcher) => matcher.asks_for_head(),
                _ => false,
            })
    }
}

/// The value that gets its own instance of the script, or of each lane.
///
/// ```
/// use mock_core::builder::*;
/// use mock_core::{MockProvider, Request};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let turns = [fail(rate_limit()), reply("Hi.")];
/// let mock = MockProvider::new(script(turns).per(Per::Model));
///
/// let ask = |model| mock.answer(Request::new(model));
/// assert!(ask("small").await.is_err());
/// assert!(ask("large").await.is_err());
/// assert!(ask("small").await.is_ok());
/// assert!(ask("large").await.is_ok());
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Per {
    /// The conversation, recognized by its messages.
    Conversation,
    /// The name of the model.
    Model,
    /// The value of the header of this name. A request without it is a mismatch, and so is every request in process.
    Header(Str),
    /// The captures of this matcher. A request for which it does not hold is a mismatch.
    Matcher(Matcher),
}

impl From<Matcher> for Per {
    fn from(matcher: Matcher) -> Self {
        Per::Matcher(matcher)
    }
}
