//! What a wire reads, written again: [`Wire`].

use mock_core::scenario::Profile;
use mock_core::wire::gemini::embeddings::{self, Form};
use mock_core::wire::openai::Dialect;
use mock_core::wire::openai::embeddings::Encoding;
use mock_core::wire::{anthropic, gemini, gemini_interactions, ollama, openai, openai_responses};
use mock_core::{ProviderError, Request, Response, StreamEvent};
use serde_json::Value;

use crate::helpers::recording::Recording;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wire {
    Openai,
    Responses,
    Anthropic,
    Gemini,
    Interactions,
    Ollama,
}

/// An API for embeddings.
#[derive(Clone, Copy)]
pub(crate) enum EmbeddingsApi {
    Openai,
    Gemini(Form),
}

impl EmbeddingsApi {
    /// What the rules of this profile say of a request.
    pub(crate) fn check(self, request: &Value, profile: Profile) -> Result<(), Lost> {
        let checked = match self {
            EmbeddingsApi::Openai => openai::embeddings::check(request, profile),
            EmbeddingsApi::Gemini(_) => embeddings::check(request, profile),
        };
        checked.map_err(|error| error.to_string())
    }

    pub(crate) fn request(self, body: Value) -> Result<Value, Lost> {
        match self {
            EmbeddingsApi::Openai => {
                let request = openai::embeddings::read_request(body);
                let request = request.map_err(|error| error.to_string())?;
                Ok(openai::embeddings::write_request(&request))
            }
            EmbeddingsApi::Gemini(form) => {
                let request = embeddings::read_request(body).map_err(|error| error.to_string())?;
                embeddings::write_request(&request, form).map_err(|error| error.to_string())
            }
        }
    }

    pub(crate) fn response(self, body: Value) -> Result<Value, Lost> {
        match self {
            EmbeddingsApi::Openai => {
                let response = openai::embeddings::read_response(body);
                let response = response.map_err(|error| error.to_string())?;
                let written = openai::embeddings::write_response(&response, Encoding::Float);
                written.map_err(|error| error.to_string())
            }
            EmbeddingsApi::Gemini(form) => {
                let response = embeddings::read_response(body);
                let response = response.map_err(|error| error.to_string())?;
                embeddings::write_response(&response, form).map_err(|error| error.to_string())
            }
        }
    }
}

/// Why something is not written again.
pub(crate) type Lost = String;

/// Calls a function of a wire's module.
macro_rules! of {
    ($wire:expr, $module:ident => $call:expr) => {
        match $wire {
            Wire::Openai => {
                use openai as $module;
                $call
            }
            Wire::Responses => {
                use openai_responses as $module;
                $call
            }
            Wire::Anthropic => {
                use anthropic as $module;
                $call
            }
            Wire::Gemini => {
                use gemini as $module;
                $call
            }
            Wire::Interactions => {
                use gemini_interactions as $module;
                $call
            }
            Wire::Ollama => {
                use ollama as $module;
                $call
            }
        }
    };
}

/// The end mark of a wire that has one.
macro_rules! end {
    (ollama, $writer:expr) => {
        std::iter::empty::<String>()
    };
    ($module:ident, $writer:expr) => {
        $writer.end()
    };
}

/// The events of a stream, as they are read, and as frames again.
macro_rules! stream {
    ($module:ident, $frames:expr, $created:expr, $start:expr) => {{
        let mut reader = $module::StreamReader::new();
        let mut events = Vec::new();
        for data in $frames {
            events.extend(reader.read(data).map_err(|error| error.message)?);
        }
        if !events
            .iter()
            .any(|event| matches!(event, StreamEvent::Finish { .. }))
        {
            return Err("the stream has no finish event".to_owned());
        }
        let mut writer = $start($module::StreamWriter::new(reader.head(), $created));
        let mut written = Vec::new();
        for event in &events {
            written.extend(writer.write(event).map_err(|error| error.to_string())?);
        }
        written.extend(end!($module, writer));
        Ok(written.concat())
    }};
}

impl Wire {
    /// What the rules of this profile say of a request.
    pub(crate) fn check(self, request: &Value, profile: Profile) -> Result<(), Lost> {
        let checked = of!(self, wire => wire::check(request, profile));
        checked.map_err(|error| error.to_string())
    }

    pub(crate) fn of_recording(recording: &Recording) -> Option<Wire> {
        match &*recording.path {
            path if path.ends_with("/chat/completions") => Some(Wire::Openai),
            path if path.ends_with("/responses") => Some(Wire::Responses),
            path if path.ends_with("/messages") => Some(Wire::Anthropic),
            path if path.ends_with("enerateContent") => Some(Wire::Gemini),
            "/v1beta/interactions" => Some(Wire::Interactions),
            "/api/chat" | "/api/tags" => Some(Wire::Ollama),
            "/v1beta/models" => Some(Wire::Gemini),
            "/v1/models" if recording.provider() == "anthropic" => Some(Wire::Anthropic),
            path if path.ends_with("/v1/models") => Some(Wire::Openai),
            _ => None,
        }
    }

    pub(crate) fn models(self, body: Value) -> Result<Value, Lost> {
        let models =
            of!(self, wire => wire::read_models(body)).map_err(|error| error.to_string())?;
        Ok(of!(self, wire => wire::write_models(models, 0)))
    }

    pub(crate) fn request(self, body: Value) -> Result<Value, Lost> {
        let request = of!(self, wire => wire::read_request(body));
        let request = request.map_err(|error| error.to_string())?;
        of!(self, wire => wire::write_request(&request)).map_err(|error| error.to_string())
    }

    /// A request as a caller in process makes it. The paths of Gemini name the model, and whether the answer is streamed.
    pub(crate) fn read_request(self, body: Value, path: &str) -> Result<Request, Lost> {
        let request = of!(self, wire => wire::read_request(body));
        let mut request = request.map_err(|error| error.to_string())?;
        if let (Wire::Gemini, Some((model, _))) = (
            self,
            path.rsplit('/').next().and_then(|of| of.split_once(':')),
        ) {
            request.model = model.to_owned();
        }
        Ok(request)
    }

    /// What the reader reads in a recorded answer. `data` is that of its frames, if it is a stream.
    pub(crate) fn read_answer(
        self,
        recording: &Recording,
        data: Option<Vec<String>>,
    ) -> Result<Response, ProviderError> {
        if recording.status >= 400 {
            let (status, headers) = (recording.status, recording.headers());
            return Err(of!(self, wire => wire::read_error(status, headers, &recording.body)));
        }
        let Some(data) = data else {
            let body = serde_json::from_str(&recording.body).unwrap_or_default();
            let response = of!(self, wire => wire::read_response(body));
            return Ok(response.expect("it is an answer"));
        };
        of!(self, wire => {
            let mut reader = wire::StreamReader::new();
            let mut events = Vec::new();
            for data in &data {
                events.extend(reader.read(data)?);
            }
            let mut response = reader.head().clone();
            events.into_iter().for_each(|event| response.push(event));
            Ok(response)
        })
    }

    pub(crate) fn response(self, body: Value, provider: &str) -> Result<Value, Lost> {
        let time = time_of(&body);
        let response: Response =
            of!(self, wire => wire::read_response(body)).map_err(|error| error.to_string())?;
        let written = match self {
            Wire::Openai => dialect(provider).write_response(&response, time),
            Wire::Responses => openai_responses::write_response(&response, time),
            Wire::Anthropic => anthropic::write_response(&response, time),
            Wire::Gemini => gemini::write_response(&response, time),
            Wire::Interactions => gemini_interactions::write_response(&response, time),
            Wire::Ollama => ollama::write_response(&response, time),
        };
        written.map_err(|error| error.to_string())
    }

    /// The frames of a stream, from the data of the recorded ones.
    pub(crate) fn stream(self, frames: &[String], provider: &str) -> Result<String, Lost> {
        let first = frames
            .iter()
            .find_map(|data| serde_json::from_str::<Value>(data).ok());
        let created = first.map_or(0, |first| time_of(&first));
        match self {
            Wire::Openai => {
                let of_provider = |writer: openai::StreamWriter| {
                    writer.include_usage(true).dialect(dialect(provider))
                };
                stream!(openai, frames, created, of_provider)
            }
            Wire::Responses => stream!(openai_responses, frames, created, |writer| writer),
            Wire::Anthropic => stream!(anthropic, frames, created, |writer| writer),
            Wire::Gemini => stream!(gemini, frames, created, |writer| writer),
            Wire::Interactions => stream!(gemini_interactions, frames, created, |writer| writer),
            Wire::Ollama => stream!(ollama, frames, created, |writer| writer),
        }
    }

    pub(crate) fn error(self, recording: &Recording) -> Result<Value, Lost> {
        let (status, headers) = (recording.status, recording.headers());
        let error = of!(self, wire => wire::read_error(status, headers, &recording.body));
        let body: Option<Value> = serde_json::from_str(&recording.body).ok();
        let id = body
            .as_ref()
            .and_then(|body| body["request_id"].as_str())
            .unwrap_or_default();
        let reply =
            of!(self, wire => wire::write_error(&error, id, 0)).ok_or("it has no status")?;
        match reply.status == recording.status {
            true => Ok(reply.body),
            false => Err(format!("the status is {}", reply.status)),
        }
    }
}

/// How a provider differs from OpenAI.
fn dialect(provider: &str) -> &'static Dialect {
    Dialect::from_profile(match provider {
        "azure" => Profile::Azure,
        "deepseek" => Profile::Deepseek,
        "groq" => Profile::Groq,
        "llamacpp" => Profile::Llamacpp,
        "mistral" => Profile::Mistral,
        "openrouter" => Profile::Openrouter,
        "xai" => Profile::Xai,
        _ => Profile::Openai,
    })
}

/// The time of an answer or a frame, which who writes it says.
fn time_of(body: &Value) -> u64 {
    let times = [
        &body["created"],
        &body["created_at"],
        &body["response"]["created_at"],
    ];
    times
        .into_iter()
        .find_map(Value::as_u64)
        .unwrap_or_default()
}
