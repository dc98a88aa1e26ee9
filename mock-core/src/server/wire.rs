//! The wires that clients speak, with one interface: [`Wire`].

use serde_json::Value;

use super::content_type::{EVENT_STREAM, JSON, NDJSON};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::wire::ollama::{self, Endpoint};
use crate::wire::openai::Dialect;
use crate::wire::openai_responses::{self, ResponsesOptions};
use crate::wire::{
    ErrorReply, Refused, WriteError, anthropic, gemini, gemini_interactions, openai,
};

/// The start of each test on the wire, in seconds since 1970, so that answers are the same in every run.
pub(super) const CREATED: u64 = 1_700_000_000;

/// A wire that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Openai,
    Responses,
    Anthropic,
    Gemini(Framing),
    /// The other API of Gemini.
    Interactions,
    Ollama(Endpoint),
}

/// How an answer of Gemini is streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// As server-sent events.
    Events,
    /// As one JSON array.
    Array,
}

/// The options of a request for the format of its answer.
#[derive(Debug)]
pub(super) struct AnswerOptions {
    /// Whether a stream includes its usage.
    include_usage: bool,
    /// The number of answers.
    answers: usize,
    parallel_calls: bool,
    dialect: &'static Dialect,
    /// Further fields of an answer of Responses.
    responses: Option<Box<ResponsesOptions>>,
}

impl AnswerOptions {
    pub(super) fn from_request(wire: Wire, request: &Request, dialect: &'static Dialect) -> Self {
        let is_responses = wire == Wire::Responses;
        AnswerOptions {
            include_usage: openai::includes_usage(request),
            answers: openai::answers(request),
            parallel_calls: false,
            dialect,
            responses: is_responses.then(|| Box::new(ResponsesOptions::from_request(request))),
        }
    }
}

impl AnswerOptions {
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

/// Returns the time on the wire at this time of the test.
pub(super) fn time(elapsed: std::time::Duration) -> u64 {
    CREATED.saturating_add(elapsed.as_secs())
}

impl Wire {
    /// Returns the wire of a profile's provider. For `plain` it is the default, for requests that do not tell.
    pub(super) fn from_profile(profile: Profile) -> Wire {
        match profile {
            Profile::OpenaiResponses => Wire::Responses,
            Profile::Anthropic => Wire::Anthropic,
            Profile::Gemini => Wire::Gemini(Framing::Events),
            Profile::Ollama => Wire::Ollama(Endpoint::Chat),
            Profile::Plain
            | Profile::Openai
            | Profile::Azure
            | Profile::Openrouter
            | Profile::Deepseek
            | Profile::Mistral
            | Profile::Groq
            | Profile::Xai
            | Profile::Llamacpp => Wire::Openai,
        }
    }

    /// Returns the provider that a mock with the profile `mock_profile` imitates on this wire: its own if it speaks this wire.
    pub(super) fn profile(self, mock_profile: Profile) -> Profile {
        match self {
            Wire::Openai | Wire::Responses if mock_profile.is_dialect() => mock_profile,
            Wire::Openai => Profile::Openai,
            Wire::Responses => Profile::OpenaiResponses,
            Wire::Anthropic => Profile::Anthropic,
            Wire::Gemini(_) | Wire::Interactions => Profile::Gemini,
            Wire::Ollama(_) => Profile::Ollama,
        }
    }

    /// Returns the name of the header for the id of a request.
    pub(super) fn request_id_header(self, dialect: &Dialect) -> &'static str {
        match self {
            Wire::Openai | Wire::Responses => dialect.request_id_header,
            Wire::Anthropic => anthropic::REQUEST_ID,
            Wire::Gemini(_) | Wire::Interactions => gemini::REQUEST_ID,
            Wire::Ollama(_) => ollama::REQUEST_ID,
        }
    }

    pub(super) fn request_id(self, seed: u64, number: u64) -> String {
        match self {
            Wire::Openai | Wire::Responses => openai::request_id(seed, number),
            Wire::Anthropic => anthropic::request_id(seed, number),
            Wire::Gemini(_) | Wire::Interactions => gemini::request_id(seed, number),
            Wire::Ollama(_) => ollama::request_id(seed, number),
        }
    }

    /// Returns how ids and signatures are made. On Responses there are signatures only if the request asks for encrypted reasoning.
    pub(super) fn ids(self, dialect: &Dialect, encrypted_reasoning: bool) -> Ids {
        match self {
            Wire::Responses => Ids {
                response: openai_responses::response_id,
                call: openai_responses::call_id,
                signature: encrypted_reasoning.then_some(openai_responses::signature),
            },
            Wire::Openai => Ids {
                response: dialect.response_id,
                call: dialect.call_id,
                signature: None,
            },
            Wire::Anthropic => Ids {
                response: anthropic::response_id,
                call: anthropic::call_id,
                signature: Some(anthropic::signature),
            },
            Wire::Interactions => Ids {
                response: gemini_interactions::response_id,
                call: gemini_interactions::call_id,
                signature: Some(gemini_interactions::signature),
            },
            Wire::Gemini(_) => Ids {
                response: gemini::response_id,
                call: gemini::call_id,
                signature: None,
            },
            Wire::Ollama(_) => Ids {
                response: ollama::response_id,
                call: ollama::call_id,
                signature: None,
            },
        }
    }

    /// Reads a request, and rejects it as the provider would. `profile` is that of the mock, or `None` if the server is lenient. `model` is
    /// the model in the path, if there is one.
    pub(super) fn read_request(
        self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Result<Request, Refused> {
        match self {
            Wire::Openai => openai::read_checked(body, profile),
            Wire::Responses => openai_responses::read_checked(body, profile),
            Wire::Anthropic => anthropic::read_checked(body, profile),
            Wire::Gemini(_) => gemini::read_checked(body, profile, model),
            Wire::Interactions => gemini_interactions::read_checked(body, profile),
            Wire::Ollama(Endpoint::Chat) => ollama::read_checked(body, profile),
            Wire::Ollama(Endpoint::Generate) => ollama::generate::read_checked(body, profile),
        }
    }

    /// Writes an answer that began at `created` and ended at `completed`.
    pub(super) fn write_response(
        self,
        response: &mut Response,
        created: u64,
        completed: u64,
        options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        if let Some(responses) = &options.responses {
            responses.fit(response);
        }
        match self {
            Wire::Responses => openai_responses::write_response_bytes(response, created, completed),
            Wire::Openai => {
                let (answers, dialect) = (options.answers, options.dialect);
                openai::write_response_bytes(response, created, answers, dialect)
            }
            Wire::Anthropic => anthropic::write_response_bytes(response),
            Wire::Gemini(_) => gemini::write_response_bytes(response),
            Wire::Interactions => {
                gemini_interactions::write_response_bytes(response, created, completed)
            }
            Wire::Ollama(endpoint) => ollama::write_response_bytes(endpoint, response, completed),
        }
    }

    /// Writes an answer that failed at `error`, after the content of `response`; `None` if the wire tells such an error by its status.
    pub(super) fn write_failed(
        self,
        response: &mut Response,
        error: &ProviderError,
        created: u64,
        options: &AnswerOptions,
    ) -> Option<Result<Vec<u8>, WriteError>> {
        let responses = options
            .responses
            .as_deref()
            .filter(|_| self == Wire::Responses)?;
        if !openai_responses::fails_the_answer(error) {
            return None;
        }
        responses.fit(response);
        Some(openai_responses::write_failed_bytes(
            response, error, created,
        ))
    }

    pub(super) fn write_error(
        self,
        error: &ProviderError,
        dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        match self {
            Wire::Openai => dialect.write_error(error, request_id, now),
            Wire::Responses if dialect.profile.is_dialect() => {
                dialect.write_error(error, request_id, now)
            }
            Wire::Responses => openai_responses::write_error(error, request_id, now),
            Wire::Anthropic => anthropic::write_error(error, request_id, now),
            Wire::Gemini(_) => gemini::write_error(error, request_id, now),
            Wire::Interactions => gemini_interactions::write_error(error, request_id, now),
            Wire::Ollama(_) => ollama::write_error(error, request_id, now),
        }
    }

    /// Returns a frame whose data is the beginning of a JSON document.
    pub(super) fn malformed_frame(self) -> &'static str {
        match self {
            Wire::Openai => {
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choi\n\n"
            }
            Wire::Responses => {
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_num\n\n"
            }
            Wire::Anthropic => {
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"
            }
            Wire::Gemini(Framing::Events) => "data: {\"candidates\":[{\"content\":{\"par\r\n\r\n",
            Wire::Gemini(Framing::Array) => self.malformed_body(),
            Wire::Interactions => {
                "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":0,\"del\n\n"
            }
            Wire::Ollama(Endpoint::Chat) => "{\"model\":\"m\",\"message\":{\"role\":\"assis\n",
            Wire::Ollama(Endpoint::Generate) => "{\"model\":\"m\",\"respo\n",
        }
    }

    /// Returns the wire's keep-alive frame, if it has one.
    pub(super) fn keepalive(self, dialect: &Dialect) -> Option<&'static str> {
        match self {
            Wire::Openai => Some(dialect.keepalive),
            Wire::Responses => Some(openai_responses::KEEPALIVE),
            Wire::Anthropic => Some(anthropic::KEEPALIVE),
            Wire::Gemini(_) | Wire::Interactions | Wire::Ollama(_) => None,
        }
    }

    /// Returns the beginning of an answer's JSON.
    pub(super) fn malformed_body(self) -> &'static str {
        match self {
            Wire::Openai => "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"choi",
            Wire::Responses => "{\"id\":\"resp_1\",\"object\":\"response\",\"outp",
            Wire::Anthropic => "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assis",
            Wire::Gemini(_) => "{\"candidates\":[{\"content\":{\"par",
            Wire::Interactions => "{\"id\":\"v1_1\",\"object\":\"interaction\",\"ste",
            Wire::Ollama(Endpoint::Chat) => "{\"model\":\"m\",\"message\":{\"role\":\"assis",
            Wire::Ollama(Endpoint::Generate) => "{\"model\":\"m\",\"respo",
        }
    }

    pub(super) fn write_models<'a>(
        self,
        models: impl IntoIterator<Item = &'a str>,
        created: u64,
    ) -> Value {
        match self {
            Wire::Openai | Wire::Responses => openai::write_models(models, created),
            Wire::Anthropic => anthropic::write_models(models, created),
            Wire::Gemini(_) | Wire::Interactions => gemini::write_models(models, created),
            Wire::Ollama(_) => ollama::write_models(models, created),
        }
    }

    /// The field of a list of models that holds them.
    pub(super) fn models_field(self) -> &'static str {
        match self {
            Wire::Openai | Wire::Responses | Wire::Anthropic => "data",
            Wire::Gemini(_) | Wire::Interactions | Wire::Ollama(_) => "models",
        }
    }

    /// Whether the provider opens a stream before it has any content. `docs/wires.md` has the frames and their sources.
    pub(super) fn opens_streams(self) -> bool {
        matches!(self, Wire::Responses | Wire::Interactions)
    }

    /// The content type of a streamed answer.
    pub(super) fn stream_type(self) -> &'static str {
        match self {
            Wire::Gemini(Framing::Array) => JSON,
            Wire::Ollama(_) => NDJSON,
            Wire::Openai
            | Wire::Responses
            | Wire::Anthropic
            | Wire::Gemini(Framing::Events)
            | Wire::Interactions => EVENT_STREAM,
        }
    }

    /// Whether a request asks for a stream that does not say.
    pub(super) fn streams_by_default(self) -> bool {
        matches!(self, Wire::Ollama(_))
    }

    /// Whether the body of an error says how long to wait. On other wires, only a header does.
    pub(super) fn tells_wait_in_body(self) -> bool {
        matches!(self, Wire::Gemini(_))
    }

    /// Translates an error of a mock with the profile `from` into that of this wire's provider, except for the fields that the scenario
    /// sets.
    pub(super) fn translate(self, mut error: ProviderError, from: Profile) -> ProviderError {
        let (kind, to) = (error.kind, self.profile(from));
        let raw = error.raw.as_deref();
        let sets_status = raw.is_some_and(|raw| raw.sets_status);
        let sets_message = raw.is_some_and(|raw| raw.sets_message);
        let sets_code = raw.is_some_and(|raw| raw.sets_code);
        if error.status == kind.status_at(from) && !sets_status {
            error.status = kind.status_at(to);
        }
        // A closure's error may have none.
        if !sets_code && (error.code.is_none() || error.code.as_deref() == kind.code_at(from)) {
            error.code = kind.code_at(to).map(Into::into);
        }
        if error.message == kind.message_at(from) && !sets_message {
            error.message = kind.message_at(to).to_owned();
        }
        error
    }
}

/// Writes the frames of a streamed answer.
pub(super) enum Writer {
    Openai(openai::StreamWriter, &'static Dialect),
    Responses(Box<openai_responses::StreamWriter>),
    Anthropic(Box<anthropic::StreamWriter>),
    Gemini(Box<gemini::StreamWriter>, Framing),
    Interactions(Box<gemini_interactions::StreamWriter>),
    Ollama(Box<ollama::StreamWriter>),
}

impl Writer {
    pub(super) fn new(
        wire: Wire,
        head: &mut Response,
        created: u64,
        options: AnswerOptions,
    ) -> Self {
        match wire {
            Wire::Responses => {
                if let Some(responses) = &options.responses {
                    responses.repeat_request(head);
                }
                let mut writer = openai_responses::StreamWriter::new(head, created);
                if let Some(responses) = options.responses {
                    writer = writer.encrypted_reasoning(responses.encrypted_reasoning);
                    writer = writer.custom_tools(responses.custom_tools);
                }
                Writer::Responses(Box::new(writer))
            }
            Wire::Openai => {
                let writer = openai::StreamWriter::new(head, created);
                let writer = writer.include_usage(options.include_usage);
                let writer = writer.answers(options.answers);
                let writer = writer.parallel_calls(options.parallel_calls);
                Writer::Openai(writer.dialect(options.dialect), options.dialect)
            }
            Wire::Anthropic => {
                Writer::Anthropic(Box::new(anthropic::StreamWriter::new(head, created)))
            }
            Wire::Gemini(framing) => {
                let writer = gemini::StreamWriter::new(head, created);
                let writer = match framing {
                    Framing::Events => writer,
                    Framing::Array => writer.json_array(),
                };
                Writer::Gemini(Box::new(writer), framing)
            }
            Wire::Interactions => Writer::Interactions(Box::new(
                gemini_interactions::StreamWriter::new(head, created),
            )),
            Wire::Ollama(endpoint) => {
                let writer = ollama::StreamWriter::new(head, created);
                Writer::Ollama(Box::new(match endpoint {
                    Endpoint::Chat => writer,
                    Endpoint::Generate => writer.generate(),
                }))
            }
        }
    }

    pub(super) fn wire(&self) -> Wire {
        match self {
            Writer::Openai(..) => Wire::Openai,
            Writer::Responses(_) => Wire::Responses,
            Writer::Anthropic(_) => Wire::Anthropic,
            Writer::Gemini(_, framing) => Wire::Gemini(*framing),
            Writer::Interactions(_) => Wire::Interactions,
            Writer::Ollama(writer) => Wire::Ollama(writer.endpoint()),
        }
    }

    /// Returns the frames with which the provider opens a stream, before it has any content; none on the wires that begin with the
    /// content ([`Wire::opens_streams`]).
    pub(super) fn open(&mut self) -> Result<Vec<String>, WriteError> {
        match self {
            Writer::Responses(writer) => writer.start(),
            Writer::Interactions(writer) => Ok(writer.start()),
            Writer::Openai(..) | Writer::Anthropic(_) | Writer::Gemini(..) | Writer::Ollama(_) => {
                Ok(Vec::new())
            }
        }
    }

    pub(super) fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        match self {
            Writer::Openai(writer, _) => writer.write(event),
            Writer::Responses(writer) => writer.write(event),
            Writer::Anthropic(writer) => writer.write(event),
            Writer::Gemini(writer, _) => writer.write(event),
            Writer::Interactions(writer) => writer.write(event),
            Writer::Ollama(writer) => writer.write(event),
        }
    }

    /// Returns the id of the answer and the whole answer, if the wire sends it at the end.
    pub(super) fn take_answer(&mut self) -> Option<(String, String)> {
        match self {
            Writer::Responses(writer) => writer.take_answer(),
            Writer::Interactions(writer) => writer.take_answer(),
            Writer::Openai(..) | Writer::Anthropic(_) | Writer::Gemini(..) | Writer::Ollama(_) => {
                None
            }
        }
    }

    /// Sets the current time on the wire, for wires that send it.
    pub(super) fn set_time(&mut self, now: u64) {
        match self {
            Writer::Responses(writer) => writer.set_time(now),
            Writer::Interactions(writer) => writer.set_time(now),
            Writer::Ollama(writer) => writer.set_time(now),
            Writer::Openai(..) | Writer::Anthropic(_) | Writer::Gemini(..) => {}
        }
    }

    /// Returns the frames of an error that ends the stream.
    pub(super) fn fail(&mut self, error: &ProviderError) -> String {
        match self {
            Writer::Openai(_, dialect) => dialect.write_stream_error(error),
            // A part that the wire cannot write has been reported before.
            Writer::Responses(writer) => writer.fail(error).unwrap_or_default().concat(),
            Writer::Anthropic(_) => anthropic::write_stream_error(error),
            Writer::Gemini(writer, _) => writer.fail(error),
            Writer::Interactions(writer) => writer.fail(error),
            Writer::Ollama(_) => ollama::write_stream_error(error),
        }
    }

    /// Returns whether the wire has an end mark apart from the finish.
    pub(super) fn has_end_mark(&self) -> bool {
        !matches!(
            self,
            Writer::Responses(_) | Writer::Ollama(_) | Writer::Gemini(_, Framing::Events)
        )
    }

    /// Returns the frames of the end mark.
    pub(super) fn end(&mut self) -> Vec<String> {
        match self {
            Writer::Openai(writer, _) => writer.end(),
            Writer::Responses(writer) => writer.end(),
            Writer::Anthropic(writer) => writer.end(),
            Writer::Gemini(writer, _) => writer.end(),
            Writer::Interactions(writer) => writer.end(),
            Writer::Ollama(_) => Vec::new(),
        }
    }
}
