//! The differences between OpenAI and the other providers that speak Chat Completions: [`Dialect`].

mod adapt;
mod azure_content_filter;
mod error_body;
mod rejection;
mod table;
#[cfg(all(test, feature = "wire"))]
mod tests;

pub(in crate::wire) use rejection::complete_rejection;
use serde_json::{Map, Value};

use crate::chat::finish_and_usage::Usage;
use crate::scenario::Profile;
use crate::search::Search;

/// The differences of one provider's Chat Completions from OpenAI's: a row of the table in `docs/wires.md`.
///
/// Readers need no dialect, because they read all of these forms.
///
/// ```
/// use mock_core::wire::openai::{Dialect, StreamWriter};
/// use mock_core::{Response, StreamEvent, scenario::Profile};
///
/// let dialect = Dialect::from_profile(Profile::Openrouter);
/// let mut writer = StreamWriter::new(&Response::new("gen-1", "openai/o4-mini"), 0).dialect(dialect);
/// let frames = writer.write(&StreamEvent::Reasoning("Hm.".into()))?;
/// assert!(frames[0].contains(r#""reasoning":"Hm.""#));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug)]
pub struct Dialect {
    /// The profile of the provider.
    pub(crate) profile: Profile,
    /// The place of the text of reasoning.
    pub(crate) reasoning: ReasoningPlace,
    /// The frames of a stream that contain the role.
    pub(crate) role: RoleFrames,
    /// The frame of a stream that contains the usage.
    pub(crate) usage: UsageFrame,
    /// Whether a stream has its tool calls whole, with the finish reason.
    pub(crate) whole_calls: bool,
    /// Whether the tokens of reasoning are not included in `completion_tokens`.
    pub(crate) reasoning_apart: bool,
    /// Whether a stream has a usage although the request does not ask for one.
    pub(crate) usage_unasked: bool,
    /// The fields of a whole answer that are `null` if they have no value.
    pub(crate) nulls: Nulls,
    /// The same of the chunks of a stream.
    pub(crate) chunk_nulls: Nulls,
    /// The form of an error's body.
    pub(crate) error: ErrorForm,
    /// The name of the header that holds the id of a request.
    pub(crate) request_id_header: &'static str,
    /// The `system_fingerprint` of answers.
    pub(crate) fingerprint: Option<&'static str>,
    /// Whether a choice has a `native_finish_reason` in addition to the finish reason.
    pub(crate) native_finish_reason: bool,
    /// The frame that keeps the connection alive while the answer has no content.
    pub(crate) keepalive: &'static str,
    /// How the id of an answer looks.
    pub(crate) response_id: fn(seed: u64, number: u64) -> String,
    /// How the id of a tool call looks.
    pub(crate) call_id: fn(seed: u64, number: u64) -> String,
    /// Further fields of a whole answer.
    answer_fields: fn() -> Map<String, Value>,
    /// Further fields of each chunk of a stream.
    chunk_fields: fn() -> Map<String, Value>,
    /// Further fields of the message of a whole answer.
    message_fields: fn(&Value) -> Map<String, Value>,
    /// Further fields of a delta. `ends` says whether it comes with the finish reason.
    delta_fields: fn(delta: &Value, ends: bool) -> Map<String, Value>,
    /// Whether the calls of a whole answer have an `index`.
    call_index: bool,
    /// Further fields of the usage.
    usage_fields: fn(Usage) -> Map<String, Value>,
    /// The details of the usage that are left out while they only have zeros.
    rare_details: &'static [&'static str],
    /// Further fields of each choice. `has_text` says whether the choice has a text.
    choice_fields: fn(has_text: bool) -> Map<String, Value>,
    /// The first frame of a stream, if it has no choice.
    prologue: fn() -> Option<Map<String, Value>>,
}

/// The place of the text of reasoning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReasoningPlace {
    /// In this field of the message.
    Field(&'static str),
    /// In a part of the content, of the type `thinking`.
    ThinkingPart,
}

/// The frames of a stream that contain the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleFrames {
    /// In a first frame without anything else; with the first call, if the answer begins with one.
    First,
    /// In a first frame without anything else, whatever comes after it.
    Alone,
    /// In each delta.
    Each,
    /// In the first delta that has content.
    WithContent,
}

/// The frame of a stream that contains the usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UsageFrame {
    /// In a frame without a choice, after the finish reason.
    Own,
    /// Beside the finish reason.
    Finish,
    /// In a frame that repeats the finish reason.
    Repeated,
    /// Beside the finish reason, in `x_groq` too, and again in a frame without a choice. A request that does not ask gets it in `x_groq` alone.
    Groq,
}

/// The fields that are `null` if they have no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nulls {
    /// `refusal` of a message and of the first delta.
    pub(crate) refusal: bool,
    /// `content` of a message with tool calls.
    pub(crate) content: bool,
    /// `logprobs` of a choice.
    pub(crate) logprobs: bool,
    /// `usage` of the chunks before the one that has it.
    pub(crate) usage: bool,
    /// `finish_reason` of the chunks before the one that has it.
    pub(crate) finish_reason: bool,
}

/// The form of an error's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorForm {
    /// `{"error": {"message", "type", "param", "code"}}`.
    Openai,
    /// The same without the fields that would be `null`.
    Short,
    /// The same as OpenAI's, where the code is the type.
    TypeTwice,
    /// `{"error": {"code", "message"}}` of a key, a rate limit or a deployment that does not exist, where the code is a text; else OpenAI's.
    Azure,
    /// `{"error": {"message", "code"}}`, where the code is the status.
    Status,
    /// `{"error": {"message", "type", "code"}}`, where the code is the status.
    StatusAndType,
    /// `{"object": "error", "message", "type", "param", "code"}`; `{"detail": "message"}` of a key that is not accepted.
    Flat,
    /// `{"code", "error": "message"}`.
    Text,
}

impl Dialect {
    /// Returns the dialect of a profile's provider. It is OpenAI's for `plain`, and for providers that speak another wire.
    pub fn from_profile(profile: Profile) -> &'static Dialect {
        let known = table::ALL.find(&|known| known.profile == profile);
        known.copied().unwrap_or(&table::OPENAI)
    }

    /// Whether this is OpenAI itself, so that nothing has to be moved or removed.
    pub(in crate::wire::openai) fn is_openai(&self) -> bool {
        self.profile == Profile::Openai
    }
}
