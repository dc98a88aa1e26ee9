//! OpenAI's Responses.

use serde_json::{Value, json};

use super::super::request::api_key::KeyPlace;
use super::openai::OPENAI;
use super::{
    AnswerOptions, BoxedWriter, Checked, FrameWriter, Header, PreviousAnswer, SentReasoning,
    ServedWire, Wire,
};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::wire::openai::Dialect;
use crate::wire::openai_responses::{self, ResponsesOptions, StreamWriter};
use crate::wire::{ErrorResponse, WriteError};

pub(in crate::server) const RESPONSES: Wire = &Responses;

#[derive(Debug)]
struct Responses;

impl ServedWire for Responses {
    fn name(&self) -> &'static str {
        "openai responses"
    }

    fn provider(&self) -> Profile {
        Profile::OpenaiResponses
    }

    fn has_dialects(&self) -> bool {
        true
    }

    fn request_id(&self, dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        OPENAI.request_id(dialect, seed, number)
    }

    fn ids(&self, _dialect: &Dialect, encrypted_reasoning: bool) -> Ids {
        Ids {
            response: openai_responses::response_id,
            call: openai_responses::call_id,
            signature: encrypted_reasoning
                .then_some(|seed, number, _| openai_responses::signature(seed, number)),
            call_signature: None,
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        OPENAI.key_places()
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<Request> {
        openai_responses::read_checked(body, profile)
    }

    fn check_headers(&self, header: Header<'_>, profile: Profile, model: &str) -> Checked<()> {
        let content_type = header("content-type");
        openai_responses::check_content_type(content_type.as_deref(), profile, model)
    }

    fn answer_options(&self, request: &Request, dialect: &'static Dialect) -> AnswerOptions {
        AnswerOptions {
            responses: Some(Box::new(ResponsesOptions::from_request(request))),
            ..AnswerOptions::from_request(request, dialect)
        }
    }

    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        completed: u64,
        options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        if let Some(responses) = &options.responses {
            responses.fit(response);
        }
        if options.dialect.profile == Profile::Openai {
            let billing = || json!({ "payer": "developer" });
            let metadata = &mut response.metadata;
            metadata.entry("billing").or_insert_with(billing);
        }
        openai_responses::write_response_bytes(response, created, completed)
    }

    fn write_failed(
        &self,
        response: &mut Response,
        error: &ProviderError,
        created: u64,
        options: &AnswerOptions,
    ) -> Option<Result<Vec<u8>, WriteError>> {
        let responses = options.responses.as_deref()?;
        if !openai_responses::fails_the_answer(error) {
            return None;
        }
        responses.fit(response);
        Some(openai_responses::write_failed_bytes(
            response, error, created,
        ))
    }

    fn write_error(
        &self,
        error: &ProviderError,
        dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        match dialect.profile.is_dialect() {
            true => dialect.write_error(error, request_id, now),
            false => openai_responses::write_error(error, request_id, now),
        }
    }

    fn writer(&self, head: &mut Response, created: u64, options: AnswerOptions) -> BoxedWriter {
        if let Some(responses) = &options.responses {
            responses.repeat_request(head);
        }
        let mut writer = StreamWriter::new(head, created);
        if let Some(responses) = options.responses {
            writer = writer
                .encrypted_reasoning(responses.encrypted_reasoning)
                .custom_tools(responses.custom_tools);
        }
        Box::new(writer)
    }

    fn malformed_frame(&self) -> &'static str {
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_num\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"resp_1\",\"object\":\"response\",\"outp"
    }

    fn previous_answer<'r>(&self, request: &'r Request) -> Option<PreviousAnswer<'r>> {
        Some(PreviousAnswer {
            id: request.extra.get("previous_response_id")?.as_str()?,
            not_stored: no_previous,
        })
    }

    fn resolve_references(
        &self,
        request: &mut Request,
        item: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<(), ProviderError> {
        openai_responses::resolve_references(request, item).map_err(|id| no_item(&id))
    }

    fn check_reasoning(
        &self,
        request: &Request,
        _dialect: &Dialect,
        sent: SentReasoning<'_>,
    ) -> Result<(), ProviderError> {
        match openai_responses::missing_reasoning(request, sent.before_item) {
            Some([item, reasoning]) => Err(no_reasoning(&item, &reasoning)),
            None => Ok(()),
        }
    }

    fn stores_answer(&self, request: &Request) -> bool {
        request.extra.get("store") != Some(&Value::Bool(false))
    }

    fn join_history(&self, request: &mut Request, before: &[(&[u8], &[u8])]) {
        openai_responses::join_history(request, before);
    }

    fn keepalive(&self, _dialect: &Dialect) -> Option<&'static str> {
        Some(openai_responses::KEEPALIVE)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        OPENAI.write_models(models, created)
    }

    fn opens_streams(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
    fn open(&mut self) -> Result<Vec<String>, WriteError> {
        self.start()
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn take_answer(&mut self) -> Option<(String, String)> {
        StreamWriter::take_answer(self)
    }

    fn set_time(&mut self, now: u64) {
        StreamWriter::set_time(self, now);
    }

    fn fail(&mut self, error: &ProviderError, _request_id: &str) -> String {
        // An error here has already been reported, when the part was written.
        let frames = StreamWriter::fail(self, error);
        frames.unwrap_or_default().concat()
    }

    fn has_end_mark(&self) -> bool {
        false
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}

pub(in crate::server) fn bad_request(message: &str, param: &str) -> ProviderError {
    let mut error = ProviderError::at(Profile::OpenaiResponses, ErrorKind::BadRequest);
    error.message = message.to_owned();
    error.param = Some(param.into());
    error
}

fn no_previous(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let message = format!(
        "Previous response with id '{id}' not found. [mock: no answer of this server that was stored has this id since the last reset]"
    );
    let mut error = bad_request(&message, "previous_response_id");
    error.code = Some("previous_response_not_found".into());
    error
}

fn no_item(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let message = format!(
        "Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input."
    );
    let mut error = bad_request(&message, "input");
    error.status = Some(404);
    error
}

/// The error of an item that is sent without the reasoning before it.
/// Sources: <https://github.com/0xPlaygrounds/rig/issues/751>, <https://github.com/cline/cline/issues/12242>.
fn no_reasoning(item: &str, reasoning: &str) -> ProviderError {
    let kind = match item.starts_with("msg_") {
        true => "message",
        false => "function_call",
    };
    bad_request(
        &format!(
            "Item '{item}' of type '{kind}' was provided without its required 'reasoning' item: '{reasoning}'. [mock: send back all items of the answer, or leave out their ids]"
        ),
        "input",
    )
}

/// The error of a request that names an answer that is not stored.
pub(in crate::server) fn no_answer(id: &str) -> ProviderError {
    let message = format!("Response with id '{}' not found.", shorten(id, MAX_QUOTED));
    let mut error = bad_request(&message, "response_id");
    error.status = Some(404);
    error
}
