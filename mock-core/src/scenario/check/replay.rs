//! The mistakes in a turn that replays recorded exchanges.

use super::{Checked, reject};
use crate::scenario::{Action, Replay, Turn};

impl Turn {
    /// Checks whether the turn can replay what it is to replay.
    pub(super) fn check_replay(&self) -> Checked {
        match &self.replay {
            Replay::No => Ok(()),
            Replay::Wrong(problem, remedy) => Err((problem.clone(), remedy)),
            Replay::Next(_) | Replay::Rest => reject(&[(
                true,
                "it replays a recording, but it is not in a script with a cassette",
                "move it into `script([..])`, and add `.replaying(cassette)`",
            )]),
            // A recorded answer is played as it was recorded.
            Replay::Of(_) if self.fault.is_none() => Ok(()),
            Replay::Of(exchange) if exchange.binary.is_some() => reject(&[(
                true,
                "its recorded body is not a text, and comes whole",
                "remove the fault",
            )]),
            // A sweep puts a failure in place of the recorded answer.
            Replay::Of(_) if self.has(&|action| matches!(action, Action::Fail(_))) => Ok(()),
            Replay::Of(_) => {
                self.check_end()?;
                self.check_raw_answer()
            }
        }
    }
}
