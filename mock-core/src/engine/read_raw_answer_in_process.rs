//! Reads a raw answer in process, as a client of the provider reads it.

use super::Engine;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::response::Response;
use crate::report;
use crate::scenario::TurnIndex;

impl Engine {
    /// Reads a raw answer in process; `None` if no reader knows the profile.
    pub(super) fn read_raw(
        &self,
        index: TurnIndex,
        body: &str,
    ) -> Option<Result<Response, ProviderError>> {
        let (turn, profile) = (self.scenario.turn(index), self.scenario.profile_of(index));
        let status = turn.status.unwrap_or(200);
        let answer = self
            .raw_answers?
            .whole(profile, status, &turn.headers, body)?;
        Some(match answer {
            Ok(answer) => Ok(answer.verbatim()),
            Err(error) => Err(self.with_recording(index, error)),
        })
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

    /// The same for a request for embeddings. The vectors are added to `vectors`.
    pub(super) fn read_raw_embeddings(
        &self,
        index: TurnIndex,
        body: &str,
        vectors: &mut Vec<Vec<f32>>,
    ) -> Option<Result<Response, ProviderError>> {
        let (turn, profile) = (self.scenario.turn(index), self.scenario.profile_of(index));
        let status = turn.status.unwrap_or(200);
        let reader = self.raw_answers?;
        let answer = reader.embeddings(profile, status, &turn.headers, body)?;
        Some(match answer {
            Ok(answer) => Ok(answer.into_response(vectors)),
            Err(error) => Err(self.with_recording(index, error)),
        })
    }
}
