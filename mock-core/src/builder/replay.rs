//! Turns that answer with recorded responses.

use std::ops::RangeFull;

use super::actions::turn;
use crate::scenario::{Replay, Turn};
use crate::sealed::Sealed;

/// How many recorded exchanges a turn replays: a number, or `..` for all that are left.
pub trait IntoReplay: Sealed {
    #[doc(hidden)]
    fn into_replay(self) -> Replay;
}

impl IntoReplay for u32 {
    fn into_replay(self) -> Replay {
        Replay::Next(self)
    }
}

impl IntoReplay for RangeFull {
    fn into_replay(self) -> Replay {
        Replay::Rest
    }
}

/// Begins turns that answer with the next recorded responses: one for each exchange, in the order of the recording. Each is for a request
/// that is equal to the recorded one. `..` stands for all exchanges that are left. The script needs a cassette:
/// [`Scenario::replaying`](crate::scenario::Scenario::replaying).
///
/// A turn with a fault, such as [`cut_after`](Turn::cut_after), does not use up its exchange. A fault, [`times`](Turn::times),
/// [`named`](Turn::named), a gate or a pause needs the number 1.
///
/// ```
/// use mock_core::builder::*;
/// use mock_core::cassette::Cassette;
///
/// let cassette = Cassette::parse(
///     "when: {path: /1}\nthen: {status: 204}\n---\nwhen: {path: /2}\nthen: {status: 204}",
/// )?;
/// let turns = [replay(1), fail(rate_limit()), replay(..)];
/// assert!(script(turns).replaying(cassette.clone()).check().is_ok());
///
/// let error = script([replay(3)]).replaying(cassette).check().unwrap_err();
/// assert!(error.to_string().contains("it replays 3 exchanges, and the cassette has 2"));
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
#[track_caller]
pub fn replay(exchanges: impl IntoReplay) -> Turn {
    turn().replay(exchanges)
}

impl Turn {
    /// Answers with the next recorded responses. See [`replay`].
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let turn = gate("ready").replay(1);
    /// let error = script([turn]).check().unwrap_err();
    /// assert!(error.to_string().contains("add `.replaying(cassette)`"));
    /// ```
    pub fn replay(mut self, exchanges: impl IntoReplay) -> Self {
        self.replay = exchanges.into_replay();
        self
    }
}
