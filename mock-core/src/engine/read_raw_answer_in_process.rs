//! Reads a raw answer in process, as a client of the provider reads it.

use super::Engine;
use super::closure_response::{AnswerWithVectors, chat_only};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::report;
use crate::scenario::TurnIndex;

impl Engine {
    /// Reads a raw answer in process, one with embeddings or one without; `None` if no reader knows the profile.
    pub(super) fn read_raw(
        &self,
        index: TurnIndex,
        body: &str,
        is_embedding: bool,
    ) -> Option<Result<AnswerWithVectors, ProviderError>> {
        let (turn, profile) = (self.scenario.turn(index), self.scenario.profile_of(index));
        let (status, headers) = (turn.status.unwrap_or(200), &turn.headers);
        let reader = self.raw_answers?;
        let answer = match is_embedding {
            true => match reader.embeddings(profile, status, headers, body)? {
                Ok(answer) => Ok(answer.into_response()),
                Err(error) => Err(error),
            },
            false => match reader.whole(profile, status, headers, body)? {
                Ok(answer) => Ok(chat_only(answer.verbatim())),
                Err(error) => Err(error),
            },
        };
        Some(answer.map_err(|error| self.with_recording(index, error)))
    }

    /// Adds to the error of an answer that cannot be read where it is recorded, if it is.
    pub(super) fn with_recording(
        &self,
        index: TurnIndex,
        mut error: ProviderError,
    ) -> ProviderError {
        if error.kind == ErrorKind::InvalidResponse && self.scenario.turn(index).is_replayed() {
            let recorded = report::recorded_answer(&self.scenario, index);
            error.message = format!("{} [mock: {recorded}]", error.message);
        }
        error
    }
}
