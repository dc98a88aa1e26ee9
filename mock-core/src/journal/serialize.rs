//! The journal as data: [`Calls`] are `Serialize`. Keys, tokens and passwords are redacted.

use std::time::Duration;

use serde::Serialize;
use serde::ser::Serializer;

use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::hide_secrets;
use crate::journal::calls::{Call, Calls, Outcome};

#[derive(Serialize)]
struct CallData {
    number: usize,
    request: Request,
    streamed: bool,
    embeddings: bool,
    answered_by: Option<String>,
    lane: Option<usize>,
    instance: Option<usize>,
    started_at: Duration,
    ended_at: Option<Duration>,
    events: usize,
    outcome: Option<OutcomeData>,
    answer: Option<Response>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeData {
    Completed,
    Truncated,
    Failed(ErrorData),
    Cancelled,
    DroppedAfter(usize),
    Panicked(String),
}

#[derive(Serialize)]
struct ErrorData {
    kind: String,
    status: Option<u16>,
    message: String,
}

impl From<&ProviderError> for ErrorData {
    fn from(error: &ProviderError) -> Self {
        ErrorData {
            kind: error.kind.to_string(),
            status: error.status,
            message: hide_secrets::hide(&error.message).into_owned(),
        }
    }
}

impl From<&Outcome> for OutcomeData {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Completed => OutcomeData::Completed,
            Outcome::Truncated => OutcomeData::Truncated,
            Outcome::Failed(error) => OutcomeData::Failed(error.into()),
            Outcome::Cancelled => OutcomeData::Cancelled,
            Outcome::DroppedAfter(events) => OutcomeData::DroppedAfter(*events),
            Outcome::Panicked(message) => {
                OutcomeData::Panicked(hide_secrets::hide(message).into_owned())
            }
        }
    }
}

/// With the feature `serde`: the request, what answered it, the times, the outcome and the answer. Secrets are redacted, as in `Debug`.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let llm = MockProvider::script([reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o").user("hello")).await?;
///
/// let calls = serde_json::to_value(llm.calls())?;
/// assert_eq!(calls[0]["request"]["model"], "gpt-4o");
/// assert_eq!((&calls[0]["answered_by"], &calls[0]["outcome"]), (&"turn 1".into(), &"completed".into()));
/// # Ok(()) }
/// ```
impl Serialize for Call {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = self.answer();
        if let Some(answer) = &mut answer {
            hide_secrets::hide_in_message(&mut answer.message);
        }
        let data = CallData {
            number: self.number(),
            request: hide_secrets::hidden_request(self.request()),
            streamed: self.is_streamed(),
            embeddings: self.embedding().is_some(),
            answered_by: self.answered_by().map(|turn| turn.to_string()),
            lane: self.lane(),
            instance: self.instance(),
            started_at: self.started_at(),
            ended_at: self.ended_at(),
            events: self.events(),
            outcome: self.outcome().map(OutcomeData::from),
            answer,
        };
        data.serialize(serializer)
    }
}

/// With the feature `serde`: a list of the calls.
impl Serialize for Calls {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}
