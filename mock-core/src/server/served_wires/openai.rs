//! OpenAI: Chat Completions and embeddings.

use serde_json::Value;

use super::super::request::api_key::KeyPlace;
use super::{
    AnswerOptions, BoxedWriter, Checked, FrameWriter, Header, SentReasoning, ServedWire, Wire,
};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Message, Part};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::openai::{self, Dialect, StreamWriter};
use crate::wire::{ErrorResponse, WriteError};

pub(in crate::server) const OPENAI: Wire = &Openai;

#[derive(Debug)]
struct Openai;

impl ServedWire for Openai {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn provider(&self) -> Profile {
        Profile::Openai
    }

    fn has_dialects(&self) -> bool {
        true
    }

    fn request_id(&self, dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        (dialect.request_id_header, openai::request_id(seed, number))
    }

    fn ids(&self, dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: dialect.response_id,
            call: dialect.call_id,
            signature: None,
            call_signature: None,
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        // The second header is where Azure looks.
        &[KeyPlace::Bearer, KeyPlace::Header("api-key")]
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<Request> {
        openai::read_checked(body, profile)
    }

    fn check_headers(&self, header: Header<'_>, profile: Profile, model: &str) -> Checked<()> {
        let content_type = header("content-type");
        openai::check_content_type(content_type.as_deref(), profile, model)
    }

    /// DeepSeek requires the reasoning before a tool call back while it thinks.
    /// Sources: <https://api-docs.deepseek.com/guides/thinking_mode#tool-calls>, <https://github.com/Kuberwastaken/claurst/issues/121>.
    fn check_reasoning(
        &self,
        request: &Request,
        dialect: &Dialect,
        sent: SentReasoning<'_>,
    ) -> Result<(), ProviderError> {
        let is_deepseek = dialect.profile == Profile::Deepseek
            || dialect.profile == Profile::Openai && request.model.starts_with("deepseek-");
        let thinking = request.extra.get("thinking");
        if !is_deepseek || thinking.is_some_and(|thinking| thinking["type"] == "disabled") {
            return Ok(());
        }
        let lacks_reasoning = |message: &Message| {
            let is_reasoning = |part: &Part| matches!(part, Part::Reasoning(_));
            let has_one =
                message.parts.any(&is_reasoning) || message.extra.contains_key("reasoning_content");
            !has_one
                && message
                    .tool_calls()
                    .any(|call| (sent.before_call)(&call.id))
        };
        match request.messages.any(&lacks_reasoning) {
            true => Err(no_reasoning()),
            false => Ok(()),
        }
    }

    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        _completed: u64,
        options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        let (answers, dialect) = (options.answers, options.dialect);
        add_service_tier(response, options);
        openai::write_response_bytes(response, created, answers, dialect)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        dialect.write_error(error, request_id, now)
    }

    fn writer(&self, head: &mut Response, created: u64, options: AnswerOptions) -> BoxedWriter {
        add_service_tier(head, &options);
        let writer = StreamWriter::new(head, created)
            .include_usage(options.include_usage)
            .answers(options.answers)
            .parallel_calls(options.parallel_calls)
            .dialect(options.dialect);
        Box::new(writer)
    }

    fn leaves_out_usage(&self, request: &Request, dialect: &Dialect) -> bool {
        !dialect.profile.is_dialect() && !openai::includes_usage(request)
    }

    fn malformed_frame(&self) -> &'static str {
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choi\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"choi"
    }

    fn keepalive(&self, dialect: &Dialect) -> Option<&'static str> {
        Some(dialect.keepalive)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        openai::write_models(models.iter().copied(), created)
    }
}

impl FrameWriter for StreamWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn fail(&mut self, error: &ProviderError, _request_id: &str) -> String {
        self.dialect.write_stream_error(error)
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}

/// Adds the tier that serves the request, if the answer says no other. Only OpenAI says it.
fn add_service_tier(response: &mut Response, options: &AnswerOptions) {
    if let Some(tier) = options.service_tier
        && options.dialect.profile == Profile::Openai
    {
        let known = response.metadata.entry("service_tier");
        known.or_insert_with(|| tier.into());
    }
}

fn no_reasoning() -> ProviderError {
    let mut error = ProviderError::at(Profile::Deepseek, ErrorKind::BadRequest);
    error.message = "The `reasoning_content` in the thinking mode must be passed back to the API. [mock: send it back in the message with the tool call]".to_owned();
    error
}
