//! Anthropic: Messages.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::request::api_key::KeyPlace;
use super::{
    AnswerOptions, AnswerToContinue, BoxedWriter, Checked, Continuation, FrameWriter, Header,
    PreviousAnswer, ServedWire, Wire,
};
use crate::chat::error::{ProviderError, RawResponse};
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::wire::anthropic::{self, StreamWriter, Thread};
use crate::wire::openai::Dialect;
use crate::wire::{ErrorResponse, WriteError};

pub(in crate::server) const ANTHROPIC: Wire = &Anthropic;

#[derive(Debug)]
struct Anthropic;

impl ServedWire for Anthropic {
    fn name(&self) -> &'static str {
        "anthropic"
    }

    fn provider(&self) -> Profile {
        Profile::Anthropic
    }

    fn request_id(&self, _dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        (anthropic::REQUEST_ID, anthropic::request_id(seed, number))
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: anthropic::response_id,
            call: anthropic::call_id,
            signature: Some(anthropic::signature),
            call_signature: None,
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        &[KeyPlace::AnthropicKey, KeyPlace::AnthropicToken]
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<Request> {
        anthropic::read_checked(body, profile)
    }

    fn check_headers(&self, header: Header<'_>, profile: Profile, model: &str) -> Checked<()> {
        let version = header("anthropic-version");
        anthropic::check_version_header(version.as_deref(), profile, model)
    }

    fn check_headers_of_fields(
        &self,
        header: Header<'_>,
        profile: Profile,
        request: &Request,
    ) -> Checked<()> {
        let version = header("anthropic-version");
        anthropic::check_version_of_fields(version.as_deref(), profile, request)?;
        let beta = header("anthropic-beta");
        anthropic::check_beta_header(beta.as_deref(), profile, request)
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        _completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        anthropic::write_response_bytes(response)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        anthropic::write_error(error, request_id, now)
    }

    fn writer(&self, head: &mut Response, created: u64, options: AnswerOptions) -> BoxedWriter {
        let writer = StreamWriter::new(head, created).completed();
        match options.is_stored {
            true => Box::new(ThreadWriter {
                writer,
                answer: head.clone(),
            }),
            false => Box::new(writer),
        }
    }

    fn answer_options(&self, request: &Request, dialect: &'static Dialect) -> AnswerOptions {
        AnswerOptions {
            is_stored: self.stores_answer(request),
            ..AnswerOptions::from_request(request, dialect)
        }
    }

    fn previous_answer<'r>(&self, request: &'r Request) -> Option<PreviousAnswer<'r>> {
        match anthropic::message_thread(request)? {
            Thread::Create => None,
            Thread::Continue(id) => Some(PreviousAnswer {
                id,
                not_stored: no_thread,
            }),
        }
    }

    fn stores_answer(&self, request: &Request) -> bool {
        anthropic::message_thread(request).is_some()
    }

    fn check_continuation(
        &self,
        request: &Request,
        answer: &AnswerToContinue<'_>,
    ) -> Result<(), ProviderError> {
        if answer.age >= THREAD_LIFETIME {
            return Err(expired_thread(answer.id));
        }
        match answer.continuation {
            Continuation::None => {}
            Continuation::InFlight => return Err(continued_in_flight()),
            Continuation::Stored => return Err(already_continued()),
        }
        match anthropic::changed_field(request, answer.request) {
            None => Ok(()),
            Some(field) => Err(changed(field)),
        }
    }

    fn join_history(&self, request: &mut Request, before: &[(&[u8], &[u8])]) {
        anthropic::join_history(request, before);
    }

    fn malformed_frame(&self) -> &'static str {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assis"
    }

    fn keepalive(&self, _dialect: &Dialect) -> Option<&'static str> {
        Some(anthropic::KEEPALIVE)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        anthropic::write_models(models.iter().copied(), created)
    }
}

impl FrameWriter for StreamWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn fail(&mut self, error: &ProviderError, request_id: &str) -> String {
        anthropic::write_error_of_stream(error, request_id)
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}

/// Writes a streamed answer that a message thread holds.
struct ThreadWriter {
    writer: StreamWriter,
    /// The answer so far.
    answer: Response,
}

impl FrameWriter for ThreadWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        self.answer.push(event.clone());
        self.writer.write(event)
    }

    fn take_answer(&mut self) -> Option<(String, String)> {
        let body = anthropic::write_response_bytes(&self.answer).ok()?;
        Some((self.answer.id.clone(), String::from_utf8(body).ok()?))
    }

    fn fail(&mut self, error: &ProviderError, request_id: &str) -> String {
        anthropic::write_error_of_stream(error, request_id)
    }

    fn end(&mut self) -> Vec<String> {
        self.writer.end()
    }
}

/// How long a thread is held after its last answer: <https://platform.claude.com/docs/en/build-with-claude/message-threads>.
const THREAD_LIFETIME: Duration = Duration::from_secs(5 * 60);

fn no_thread(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let help = format!("no answer of a thread has the id `{id}` since the last reset");
    thread_error(ErrorKind::NotFound, "thread_not_found", NOT_FOUND, &help)
}

fn expired_thread(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let help = format!("the thread of `{id}` has expired: its last answer is 5 minutes old");
    thread_error(ErrorKind::NotFound, "thread_not_found", NOT_FOUND, &help)
}

const NOT_FOUND: &str = "No usable Thread state was found for `previous_message_id`. Replay the full conversation with `thread: {\"type\": \"create\"}` to start a new Thread.";

fn continued_in_flight() -> ProviderError {
    thread_error(
        ErrorKind::BadRequest,
        "thread_continue_in_flight",
        "Another request is still continuing from the same `previous_message_id`.",
        "wait for its answer, and continue from that",
    )
}

fn already_continued() -> ProviderError {
    thread_error(
        ErrorKind::BadRequest,
        "thread_already_continued",
        "The response that `previous_message_id` names has already been continued, and each response can be continued only once.",
        "continue from the thread's last answer",
    )
}

fn changed(field: &str) -> ProviderError {
    thread_error(
        ErrorKind::BadRequest,
        "thread_fingerprint_mismatch",
        &format!(
            "A field that must stay the same across a Thread's turns differs from the value stored with the Thread. Differing field(s): {field}"
        ),
        &format!(
            "send the same `{field}` as before, or the whole conversation with `thread: {{\"type\": \"create\"}}`"
        ),
    )
}

/// The error of a request that cannot continue a thread, with the code by which a client knows why.
fn thread_error(kind: ErrorKind, code: &str, message: &str, help: &str) -> ProviderError {
    let mut error = ProviderError::at(Profile::Anthropic, kind);
    error.message = format!("{message} [mock: {help}]");
    let body = json!({ "type": "error", "error": {
        "type": kind.anthropic(), "message": error.message, "details": { "error_code": code },
    } });
    error.raw = Some(Box::new(RawResponse {
        body: Some(body.to_string().into()),
        ..RawResponse::default()
    }));
    error
}
