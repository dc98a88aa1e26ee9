//! The journal as data: [`Calls`] are `Serialize`. Keys, tokens and passwords are redacted.

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use crate::hide_secrets::{hidden_request, hide, hide_in_message};
use crate::journal::calls::{Call, Calls, Outcome};

/// An outcome as data, without secrets.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeData {
    Completed,
    Truncated,
    Failed {
        kind: String,
        status: Option<u16>,
        message: String,
    },
    Cancelled,
    DroppedAfter(usize),
    Panicked(String),
}

impl From<&Outcome> for OutcomeData {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Completed => OutcomeData::Completed,
            Outcome::Truncated => OutcomeData::Truncated,
            Outcome::Failed(error) => OutcomeData::Failed {
                kind: error.kind.to_string(),
                status: error.status,
                message: hide(&error.message).into_owned(),
            },
            Outcome::Cancelled => OutcomeData::Cancelled,
            Outcome::DroppedAfter(events) => OutcomeData::DroppedAfter(*events),
            Outcome::Panicked(message) => OutcomeData::Panicked(hide(message).into_owned()),
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
        let mut answer = self.response();
        if let Some(answer) = &mut answer {
            hide_in_message(&mut answer.message);
        }
        let answered_by = self.answered_by().map(|turn| turn.to_string());
        let mut call = serializer.serialize_struct("Call", 12)?;
        call.serialize_field("number", &self.number())?;
        call.serialize_field("request", &hidden_request(self.request()))?;
        call.serialize_field("streamed", &self.is_streamed())?;
        call.serialize_field("embeddings", &self.is_embedding())?;
        call.serialize_field("answered_by", &answered_by)?;
        call.serialize_field("lane", &self.lane())?;
        call.serialize_field("instance", &self.instance())?;
        call.serialize_field("started_at", &self.started_at())?;
        call.serialize_field("ended_at", &self.ended_at())?;
        call.serialize_field("events", &self.events())?;
        call.serialize_field("outcome", &self.outcome().map(OutcomeData::from))?;
        call.serialize_field("answer", &answer)?;
        call.end()
    }
}

/// With the feature `serde`: a list of the calls.
impl Serialize for Calls {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}
