//! The calls of one lane of a mock, by a text of its pattern.

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

use crate::journal::calls::Calls;
use crate::report;

impl Calls {
    /// Returns the calls of one lane: the lane with this text in its pattern, as reports write it. `"_"` is the lane for all other requests.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::lanes([
    ///     lane(system("You plan"), [reply("First, read the code.")]),
    ///     lane([], [reply("It is a parser.")]),
    /// ]);
    /// llm.answer(Request::new("gpt-4o").system("You plan.").user("Go on")).await?;
    /// llm.answer(Request::new("gpt-4o").user("What is it?")).await?;
    ///
    /// assert_eq!(llm.calls().to("You plan").len(), 1);
    /// assert_eq!(llm.calls().to("_")[0].number(), 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If there is not exactly one such lane. Without any call there are no lanes to look at, and the result is empty.
    #[track_caller]
    #[must_use]
    #[inline]
    pub fn to(&self, lane: &str) -> Calls {
        let Some(first) = self.first() else {
            return self.clone();
        };
        let patterns = report::lane_patterns(first);
        let is_named = |pattern: &str| match lane {
            "_" => pattern == "_",
            _ => pattern.contains(lane),
        };
        let mut named = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if is_named(pattern) {
                named.push(index);
            }
        }
        match named[..] {
            [index] => self.pick(|call| call.lane() == Some(index)),
            _ => panic!("{}", report::unknown_lane(lane, &patterns)),
        }
    }
}
