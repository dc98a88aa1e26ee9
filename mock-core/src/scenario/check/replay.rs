//! The mistakes in a turn that replays recorded exchanges.

use super::Problem;
use crate::scenario::{Action, Replay, Turn};

impl Turn {
    /// Why the turn cannot replay what it is to replay.
    pub(super) fn problem_of_replay(&self) -> Option<Problem> {
        match &self.replay {
            Replay::No => None,
            Replay::Wrong(problem, remedy) => Some((problem.clone(), remedy)),
            Replay::Next(_) | Replay::Rest => Some((
                "it replays a recording, but it is not in a script with a cassette".to_owned(),
                "move it into `script([..])`, and add `.replaying(cassette)`",
            )),
            // A recorded answer is played as it was recorded.
            Replay::Of(_) if self.fault.is_none() => None,
            Replay::Of(exchange) if exchange.binary.is_some() => Some((
                "its recorded body is not a text, and comes whole".to_owned(),
                "remove the fault",
            )),
            // A sweep lets it fail.
            Replay::Of(_) if self.has(&|action| matches!(action, Action::Fail(_))) => None,
            Replay::Of(_) => self
                .problem_of_end()
                .or_else(|| self.problem_of_raw_answer()),
        }
    }
}
