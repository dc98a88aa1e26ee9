//! Which wire a client speaks: [`Wire`], the same functions for each.

use std::fmt;

use serde_json::Value;

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::wire::{ErrorReply, Refused, WriteError, anthropic, openai};

/// The time of the first answer of a test, in seconds since 1970: answers are the same in every run.
pub(super) const CREATED: u64 = 1_700_000_000;

/// A wire that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Openai,
    Anthropic,
}

/// The profile of a mock is one whose wire the server does not speak.
#[derive(Debug)]
pub(super) struct UnservedProfile {
    profile: &'static str,
}

impl fmt::Display for UnservedProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profile = self.profile;
        write!(
            f,
            "a mock with the profile `{profile}` cannot be served: the server speaks OpenAI Chat Completions and Anthropic Messages. Use the profile `plain`, `openai` or `anthropic`, or the mock in process"
        )
    }
}

impl std::error::Error for UnservedProfile {}

/// Whether a mock of this profile can be served.
///
/// # Errors
/// If it cannot.
pub(super) fn check_served(profile: Profile) -> Result<(), UnservedProfile> {
    match Wire::of_profile(profile) {
        Some(_) => Ok(()),
        None => Err(UnservedProfile {
            profile: profile.word(),
        }),
    }
}

/// What a request says about how its answer is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerOptions {
    /// Whether a stream tells its usage.
    include_usage: bool,
    /// How many answers there are.
    answers: usize,
}

impl AnswerOptions {
    pub(super) fn from_request(request: &Request) -> Self {
        AnswerOptions {
            include_usage: openai::includes_usage(request),
            answers: openai::answers(request),
        }
    }
}

/// The time on the wire, so many seconds after the beginning of the test.
pub(super) fn time(elapsed: std::time::Duration) -> u64 {
    CREATED.saturating_add(elapsed.as_secs())
}

impl Wire {
    /// The wire of a profile's provider; none if the server does not speak it. Of `plain` it is the one that is spoken where a request does not
    /// tell.
    pub(super) fn of_profile(profile: Profile) -> Option<Wire> {
        match profile {
            Profile::Plain | Profile::Openai => Some(Wire::Openai),
            Profile::Anthropic => Some(Wire::Anthropic),
            Profile::OpenaiResponses | Profile::Gemini | Profile::Ollama => None,
        }
    }

    pub(super) fn profile(self) -> Profile {
        match self {
            Wire::Openai => Profile::Openai,
            Wire::Anthropic => Profile::Anthropic,
        }
    }

    /// The header that holds the id of a request.
    pub(super) fn request_id_header(self) -> &'static str {
        match self {
            Wire::Openai => openai::REQUEST_ID,
            Wire::Anthropic => anthropic::REQUEST_ID,
        }
    }

    pub(super) fn request_id(self, seed: u64, number: u64) -> String {
        match self {
            Wire::Openai => openai::request_id(seed, number),
            Wire::Anthropic => anthropic::request_id(seed, number),
        }
    }

    pub(super) fn ids(self) -> Ids {
        match self {
            Wire::Openai => Ids {
                response: openai::response_id,
                call: openai::call_id,
                signature: None,
            },
            Wire::Anthropic => Ids {
                response: anthropic::response_id,
                call: anthropic::call_id,
                signature: Some(anthropic::signature),
            },
        }
    }

    /// Reads a request, and refuses it as the provider would. `profile` is the mock's; none if the server is lenient.
    pub(super) fn read_request(
        self,
        body: &[u8],
        profile: Option<Profile>,
    ) -> Result<Request, Refused> {
        match self {
            Wire::Openai => openai::read_checked(body, profile),
            Wire::Anthropic => anthropic::read_checked(body, profile),
        }
    }

    pub(super) fn write_response(
        self,
        response: &Response,
        created: u64,
        options: AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        match self {
            Wire::Openai => openai::write_response_bytes(response, created, options.answers),
            Wire::Anthropic => anthropic::write_response_bytes(response),
        }
    }

    pub(super) fn write_error(
        self,
        error: &ProviderError,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        match self {
            Wire::Openai => openai::write_error(error, request_id, now),
            Wire::Anthropic => anthropic::write_error(error, request_id, now),
        }
    }

    pub(super) fn write_stream_error(self, error: &ProviderError) -> String {
        match self {
            Wire::Openai => openai::write_stream_error(error),
            Wire::Anthropic => anthropic::write_stream_error(error),
        }
    }

    /// A frame whose data are the beginning of a JSON document, and no more.
    pub(super) fn malformed_frame(self) -> &'static str {
        match self {
            Wire::Openai => {
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choi\n\n"
            }
            Wire::Anthropic => {
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"
            }
        }
    }

    /// The frame that the wire sends while an answer says nothing, if it has one.
    pub(super) fn keepalive(self) -> Option<&'static str> {
        match self {
            Wire::Openai => Some(openai::KEEPALIVE),
            Wire::Anthropic => Some(anthropic::KEEPALIVE),
        }
    }

    /// The beginning of the JSON of an answer, and no more.
    pub(super) fn malformed_body(self) -> &'static str {
        match self {
            Wire::Openai => "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"choi",
            Wire::Anthropic => "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assis",
        }
    }

    pub(super) fn write_models<'a>(
        self,
        models: impl IntoIterator<Item = &'a str>,
        created: u64,
    ) -> Value {
        match self {
            Wire::Openai => openai::write_models(models, created),
            Wire::Anthropic => anthropic::write_models(models, created),
        }
    }

    /// An error of a mock of the provider `from`, in the words of this wire's provider, but for what is said by hand.
    pub(super) fn translate(self, mut error: ProviderError, from: Profile) -> ProviderError {
        let (kind, to) = (error.kind, self.profile());
        let raw = error.raw.as_deref();
        let says_status = raw.is_some_and(|raw| raw.says_status);
        let says_message = raw.is_some_and(|raw| raw.says_message);
        if error.status == kind.status_at(from) && !says_status {
            error.status = kind.status_at(to);
        }
        // A closure's error may have none.
        if error.code.is_none() || error.code.as_deref() == kind.code_at(from) {
            error.code = kind.code_at(to).map(Into::into);
        }
        if error.message == kind.message_at(from) && !says_message {
            error.message = kind.message_at(to).to_owned();
        }
        error
    }
}

/// Writes the frames of a streamed answer.
pub(super) enum Writer {
    Openai(openai::StreamWriter),
    Anthropic(Box<anthropic::StreamWriter>),
}

impl Writer {
    pub(super) fn new(wire: Wire, head: &Response, created: u64, options: AnswerOptions) -> Self {
        match wire {
            Wire::Openai => {
                let writer = openai::StreamWriter::new(head, created);
                let writer = writer.include_usage(options.include_usage);
                Writer::Openai(writer.answers(options.answers))
            }
            Wire::Anthropic => {
                Writer::Anthropic(Box::new(anthropic::StreamWriter::new(head, created)))
            }
        }
    }

    pub(super) fn wire(&self) -> Wire {
        match self {
            Writer::Openai(_) => Wire::Openai,
            Writer::Anthropic(_) => Wire::Anthropic,
        }
    }

    pub(super) fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        match self {
            Writer::Openai(writer) => writer.write(event),
            Writer::Anthropic(writer) => writer.write(event),
        }
    }
    /// The frames of the end mark.
    pub(super) fn end(&mut self) -> Vec<String> {
        match self {
            Writer::Openai(writer) => writer.end(),
            Writer::Anthropic(writer) => writer.end(),
        }
    }
}
