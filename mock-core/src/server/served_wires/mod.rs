//! The wires as the server serves them, with one interface: [`ServedWire`]. Each calls the functions of its wire (`crate::wire`), and says what
//! a server has to know besides: where its API key is, the content type of its streams, how a malformed frame looks. They know bytes and
//! neutral types, but neither the server nor its paths.

pub(super) mod anthropic;
#[cfg(feature = "gemini")]
pub(super) mod gemini;
#[cfg(feature = "gemini")]
pub(super) mod gemini_interactions;
#[cfg(feature = "ollama")]
pub(super) mod ollama;
pub(super) mod openai;
pub(super) mod openai_responses;

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::content_type::EVENT_STREAM;
use super::request::api_key::KeyPlace;
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::wire::openai::Dialect;
use crate::wire::openai::embeddings::{self, Encoding};
use crate::wire::openai_responses::ResponsesOptions;
use crate::wire::{ErrorResponse, RejectedRequest, WriteError};

/// A wire that the server serves.
pub(super) type Wire = &'static dyn ServedWire;

/// Returns the values of a header of a request.
pub(super) type Header<'h> = &'h dyn Fn(&str) -> Option<String>;

/// What was read, or the rejection of the provider.
pub(super) type Checked<T> = Result<T, RejectedRequest>;

pub(super) type BoxedWriter = Box<dyn FrameWriter>;

/// The reasoning in the answers that the server has sent.
#[derive(Clone, Copy)]
pub(super) struct SentReasoning<'s> {
    /// Returns the id of the reasoning directly before the item with an id, if the answer is stored.
    pub(super) before_item: &'s dyn Fn(&str) -> Option<String>,
    /// Returns whether the answer with the tool call of an id has reasoning.
    pub(super) before_call: &'s dyn Fn(&str) -> bool,
}

/// The functions and facts that a server needs for a wire and its provider.
pub(super) trait ServedWire: fmt::Debug + Sync {
    /// Returns the name that tells this wire from others.
    fn name(&self) -> &'static str;

    /// Returns the provider whose wire it is.
    fn provider(&self) -> Profile;

    /// Whether other providers speak this wire too, each in its dialect.
    fn has_dialects(&self) -> bool {
        false
    }

    /// Returns the header for the id of a request, and the id.
    fn request_id(&self, dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String);

    /// Returns how ids and signatures are made. On Responses there are signatures only if the request asks for encrypted reasoning.
    fn ids(&self, dialect: &Dialect, encrypted_reasoning: bool) -> Ids;

    /// The places in which the provider looks for the API key of a request, in order.
    fn key_places(&self) -> &'static [KeyPlace];

    /// Reads a request, and rejects it as the provider would. `profile` is that of the mock, or `None` if the server is lenient. `model` is
    /// the model in the path, if there is one.
    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Checked<Request>;

    /// Rejects a request to this model by its headers, as the provider would. `header` returns the values of a header.
    fn check_headers(&self, _header: Header<'_>, _profile: Profile, _model: &str) -> Checked<()> {
        Ok(())
    }

    /// Returns the answer to a request that does not ask the model for one.
    #[cfg(feature = "ollama")]
    fn answer_without_model(&self, _request: &Request, _created: u64) -> Option<Value> {
        None
    }

    /// Rejects a request with a field that the provider does not accept together with its headers, or without a certain one.
    fn check_headers_of_fields(
        &self,
        _header: Header<'_>,
        _profile: Profile,
        _request: &Request,
    ) -> Checked<()> {
        Ok(())
    }

    /// Returns what a request asks of the format of its answer.
    fn answer_options(&self, request: &Request, dialect: &'static Dialect) -> AnswerOptions {
        AnswerOptions::from_request(request, dialect)
    }

    /// Writes an answer that began at `created` and ended at `completed`.
    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        completed: u64,
        options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError>;

    /// Writes an answer that failed at `error`, after the content of `response`; `None` if the wire tells such an error by its status.
    fn write_failed(
        &self,
        _response: &mut Response,
        _error: &ProviderError,
        _created: u64,
        _options: &AnswerOptions,
    ) -> Option<Result<Vec<u8>, WriteError>> {
        None
    }

    fn write_error(
        &self,
        error: &ProviderError,
        dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse>;

    /// Returns a writer of a streamed answer that began at `created`.
    fn writer(&self, head: &mut Response, created: u64, options: AnswerOptions) -> BoxedWriter;

    /// Returns a frame whose data is the beginning of a JSON document.
    fn malformed_frame(&self) -> &'static str;

    /// Returns the beginning of an answer's JSON.
    fn malformed_body(&self) -> &'static str;

    /// Reads a request for embeddings.
    fn read_embeddings(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<EmbeddingRequest> {
        embeddings::read_checked(body, profile)
    }

    /// Writes the answer to a request for embeddings. OpenAI's requests ask for an encoding.
    fn write_embeddings(
        &self,
        response: &EmbeddingResponse,
        encoding: Encoding,
    ) -> Result<Vec<u8>, WriteError> {
        embeddings::write_response_bytes(response, encoding)
    }

    /// Returns the answer that a request continues.
    fn previous_answer<'r>(&self, _request: &'r Request) -> Option<PreviousAnswer<'r>> {
        None
    }

    /// Replaces the references to items of stored answers by these items. `item` finds one by its id.
    ///
    /// # Errors
    /// If there is no such item.
    fn resolve_references(
        &self,
        _request: &mut Request,
        _item: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<(), ProviderError> {
        Ok(())
    }

    /// Rejects a request that leaves out reasoning which the provider requires back.
    fn check_reasoning(
        &self,
        _request: &Request,
        _dialect: &Dialect,
        _sent: SentReasoning<'_>,
    ) -> Result<(), ProviderError> {
        Ok(())
    }

    /// Whether the provider stores the answer to this request.
    fn stores_answer(&self, _request: &Request) -> bool {
        false
    }

    /// Rejects a request that continues an answer which the provider does not continue, or not so.
    fn check_continuation(
        &self,
        _request: &Request,
        _answer: &AnswerToContinue<'_>,
    ) -> Result<(), ProviderError> {
        Ok(())
    }

    /// Puts a stored conversation, pairs of a request and its answer, before the messages of a request.
    fn join_history(&self, _request: &mut Request, _before: &[(&[u8], &[u8])]) {}

    /// Returns the wire's keep-alive frame, if it has one.
    fn keepalive(&self, _dialect: &Dialect) -> Option<&'static str> {
        None
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value;

    /// The field of a list of models that holds them.
    fn models_field(&self) -> &'static str {
        "data"
    }

    /// Whether the provider opens a stream before it has any content. `docs/wires.md` has the frames and their sources.
    fn opens_streams(&self) -> bool {
        false
    }

    /// Whether a stream has no usage because the request does not ask for it.
    fn leaves_out_usage(&self, _request: &Request, _dialect: &Dialect) -> bool {
        false
    }

    /// The content type of a streamed answer.
    fn stream_type(&self) -> &'static str {
        EVENT_STREAM
    }

    /// Whether the path asks for a stream.
    fn is_streamed(&self) -> bool {
        false
    }

    /// Whether the body of an error says how long to wait. On other wires, only a header does.
    fn tells_wait_in_body(&self) -> bool {
        false
    }
}

impl PartialEq for dyn ServedWire {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl dyn ServedWire {
    /// Returns the provider that a mock with the profile `mock_profile` imitates on this wire: its own if it speaks this wire.
    pub(super) fn profile(&self, mock_profile: Profile) -> Profile {
        match self.has_dialects() && mock_profile.is_dialect() {
            true => mock_profile,
            false => self.provider(),
        }
    }

    /// Translates an error of a mock with the profile `from` into that of this wire's provider, except for the fields that the scenario
    /// sets.
    pub(super) fn translate(&self, mut error: ProviderError, from: Profile) -> ProviderError {
        let (kind, to) = (error.kind, self.profile(from));
        let raw = error.raw.as_deref();
        let sets_status = raw.is_some_and(|raw| raw.sets_status);
        let sets_message = raw.is_some_and(|raw| raw.sets_message);
        let sets_code = raw.is_some_and(|raw| raw.sets_code);
        if error.status == kind.status_at(from) && !sets_status {
            error.status = kind.status_at(to);
        }
        // The error of a closure may have no code.
        if !sets_code && (error.code.is_none() || error.code.as_deref() == kind.code_at(from)) {
            error.code = kind.code_at(to).map(Into::into);
        }
        if error.message == kind.message_at(from) && !sets_message {
            error.message = kind.message_at(to).to_owned();
        }
        error
    }
}

/// The answer that a request continues.
pub(super) struct PreviousAnswer<'r> {
    pub(super) id: &'r str,
    /// The error if no answer with this id is stored.
    pub(super) not_stored: fn(&str) -> ProviderError,
}

/// A stored answer that a request asks to continue.
pub(super) struct AnswerToContinue<'s> {
    pub(super) id: &'s str,
    /// The body of its own request.
    pub(super) request: &'s [u8],
    pub(super) age: Duration,
    pub(super) continuation: Continuation,
}

/// Whether an answer is continued.
#[derive(Debug, Default, Clone, Copy)]
pub(super) enum Continuation {
    #[default]
    None,
    /// A request continues it, and its answer is not complete yet.
    InFlight,
    /// The answer to a request that continues it was stored.
    Stored,
}

/// Writes the frames of a streamed answer.
pub(super) trait FrameWriter: Send {
    /// Returns the frames with which the provider opens a stream, before it has any content; none on the wires that begin with the
    /// content ([`ServedWire::opens_streams`]).
    fn open(&mut self) -> Result<Vec<String>, WriteError> {
        Ok(Vec::new())
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError>;

    /// Returns the id of the answer and the whole answer, if the wire sends it at the end.
    fn take_answer(&mut self) -> Option<(String, String)> {
        None
    }

    /// Sets the current time on the wire, for wires that send it.
    fn set_time(&mut self, _now: u64) {}

    /// Returns the frames of an error that ends the stream. Some providers send the id of the request with it.
    fn fail(&mut self, error: &ProviderError, request_id: &str) -> String;

    /// Returns whether the wire has an end mark apart from the finish.
    fn has_end_mark(&self) -> bool {
        true
    }

    /// Returns the frames of the end mark.
    fn end(&mut self) -> Vec<String>;
}

/// The options of a request for the format of its answer.
pub(super) struct AnswerOptions {
    /// Whether a stream includes its usage.
    include_usage: bool,
    /// The number of answers.
    answers: usize,
    parallel_calls: bool,
    dialect: &'static Dialect,
    /// The tier that serves a request of OpenAI's, if it is not the default.
    service_tier: Option<&'static str>,
    /// Further fields of an answer of Responses.
    responses: Option<Box<ResponsesOptions>>,
    /// Whether a stream of Anthropic is stored.
    is_stored: bool,
}

impl AnswerOptions {
    pub(super) fn from_request(request: &Request, dialect: &'static Dialect) -> Self {
        AnswerOptions {
            include_usage: crate::wire::openai::includes_usage(request),
            answers: crate::wire::openai::answers(request),
            parallel_calls: false,
            dialect,
            service_tier: crate::wire::openai::service_tier(request),
            responses: None,
            is_stored: false,
        }
    }

    /// Whether the answer has several tool calls.
    pub(super) fn parallel_calls(mut self, parallel_calls: bool) -> Self {
        self.parallel_calls = parallel_calls;
        self
    }

    /// Returns whether the answer includes encrypted reasoning, which some wires do only on request.
    pub(super) fn encrypted_reasoning(&self) -> bool {
        let responses = self.responses.as_ref();
        responses.is_some_and(|responses| responses.encrypted_reasoning)
    }
}
