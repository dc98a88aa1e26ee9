//! Google Gemini, whose methods are in the paths: answers, embeddings, and counts of tokens.

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::interactions;
use super::{AnswerOptions, FrameWriter, Wire, WireFormat, bearer, header};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::server::content_type::{EVENT_STREAM, JSON};
use crate::server::route::{OwnEndpoint, Route, RouteRequest, Routed, models, only, parameter};
use crate::server::served_request::{Reply, ServedRequest};
use crate::wire::gemini::embeddings::{self, Form};
use crate::wire::gemini::{self, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::openai::embeddings::Encoding;
use crate::wire::{ErrorReply, Refused, WriteError};

/// The wire where nothing is streamed.
pub(super) const WIRE: Wire = &GENERATE;

const GENERATE: Gemini = Gemini {
    framing: Framing::Events,
    is_streamed: false,
    form: Form::Single,
};
const STREAM_EVENTS: Wire = &Gemini {
    is_streamed: true,
    ..GENERATE
};
const STREAM_ARRAY: Wire = &Gemini {
    framing: Framing::Array,
    is_streamed: true,
    ..GENERATE
};
const BATCH_EMBED: Wire = &Gemini {
    form: Form::Batch,
    ..GENERATE
};

/// The wire, with what the path says of the answer.
#[derive(Debug)]
struct Gemini {
    framing: Framing,
    is_streamed: bool,
    /// The form of embeddings.
    form: Form,
}

/// How an answer is streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// As server-sent events.
    Events,
    /// As one JSON array.
    Array,
}

/// The path prefixes of Gemini's endpoints.
const BASES: [&str; 2] = ["/v1/models/", "/v1beta/models/"];

/// Finds the endpoint of a path of Gemini.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let (method, path) = (request.method, request.path());
    if let Some(routed) = model_method(method, path, request.query()) {
        return Some(routed);
    }
    if let Some(routed) = interactions::route(method, path) {
        return Some(routed);
    }
    let endpoint = path.strip_prefix("/v1beta/")?;
    Some(Routed::new(
        WIRE,
        models(method, endpoint).unwrap_or(Route::Unknown),
    ))
}

/// Finds the method in a path; `None` if the path has no method of a model.
fn model_method<'p>(method: &Method, path: &'p str, query: Option<&str>) -> Option<Routed<'p>> {
    let path = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    let (model, name) = path.rsplit_once(':')?;
    let (wire, route) = match name {
        "generateContent" => (WIRE, Route::Chat),
        "streamGenerateContent" if parameter(query, "alt") == Some("sse") => {
            (STREAM_EVENTS, Route::Chat)
        }
        "streamGenerateContent" => (STREAM_ARRAY, Route::Chat),
        "countTokens" => (WIRE, Route::Own(Box::new(CountTokens))),
        "embedContent" => (WIRE, Route::Embeddings),
        "batchEmbedContents" => (BATCH_EMBED, Route::Embeddings),
        _ => return None,
    };
    if model.is_empty() {
        return None;
    }
    Some(Routed {
        model: Some(percent_decode_str(model).decode_utf8_lossy()),
        ..Routed::new(wire, only(method, &Method::POST, "POST", route))
    })
}

/// Returns the API key of a request.
pub(super) fn key(head: &Parts) -> Option<&str> {
    header(&head.headers, "x-goog-api-key")
        .or_else(|| parameter(head.uri.query(), "key"))
        .or_else(|| bearer(&head.headers))
}

pub(super) fn write_models(models: &[&str], created: u64) -> Value {
    gemini::write_models(models.iter().copied(), created)
}

impl WireFormat for Gemini {
    fn name(&self) -> &'static str {
        "gemini"
    }

    fn profile(&self, _mock_profile: Profile) -> Profile {
        Profile::Gemini
    }

    fn request_id_header(&self, _dialect: &Dialect) -> &'static str {
        gemini::REQUEST_ID
    }

    fn request_id(&self, seed: u64, number: u64) -> String {
        gemini::request_id(seed, number)
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: gemini::response_id,
            call: gemini::call_id,
            signature: None,
        }
    }

    fn key<'h>(&self, head: &'h Parts) -> Option<&'h str> {
        key(head)
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Result<Request, Refused> {
        gemini::read_checked(body, profile, model)
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        _completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        gemini::write_response_bytes(response)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        gemini::write_error(error, request_id, now)
    }

    fn writer(
        &self,
        head: &mut Response,
        created: u64,
        _options: AnswerOptions,
    ) -> Box<dyn FrameWriter> {
        let writer = StreamWriter::new(head, created);
        Box::new(match self.framing {
            Framing::Events => GeminiWriter {
                writer,
                framing: self.framing,
            },
            Framing::Array => GeminiWriter {
                writer: writer.json_array(),
                framing: self.framing,
            },
        })
    }

    fn malformed_frame(&self) -> &'static str {
        match self.framing {
            Framing::Events => "data: {\"candidates\":[{\"content\":{\"par\r\n\r\n",
            Framing::Array => self.malformed_body(),
        }
    }

    fn malformed_body(&self) -> &'static str {
        "{\"candidates\":[{\"content\":{\"par"
    }

    fn read_embeddings(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Result<EmbeddingRequest, Refused> {
        embeddings::read_checked(body, profile, model, self.form)
    }

    fn write_embeddings(
        &self,
        response: &EmbeddingResponse,
        _encoding: Encoding,
    ) -> Result<Vec<u8>, WriteError> {
        embeddings::write_response_bytes(response, self.form)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        write_models(models, created)
    }

    fn models_field(&self) -> &'static str {
        "models"
    }

    fn stream_type(&self) -> &'static str {
        match self.framing {
            Framing::Events => EVENT_STREAM,
            Framing::Array => JSON,
        }
    }

    fn is_streamed(&self) -> bool {
        self.is_streamed
    }

    fn tells_wait_in_body(&self) -> bool {
        true
    }
}

struct GeminiWriter {
    writer: StreamWriter,
    framing: Framing,
}

impl FrameWriter for GeminiWriter {
    fn wire(&self) -> Wire {
        match self.framing {
            Framing::Events => STREAM_EVENTS,
            Framing::Array => STREAM_ARRAY,
        }
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        self.writer.write(event)
    }

    fn fail(&mut self, error: &ProviderError) -> String {
        self.writer.fail(error)
    }

    fn has_end_mark(&self) -> bool {
        self.framing == Framing::Array
    }

    fn end(&mut self) -> Vec<String> {
        self.writer.end()
    }
}

/// The number of tokens of a request: `:countTokens`.
#[derive(Debug)]
struct CountTokens;

impl OwnEndpoint for CountTokens {
    fn reads_body(&self) -> bool {
        true
    }

    fn answer(&self, served: ServedRequest, _query: Option<&str>, body: Bytes) -> Reply {
        let model = served.model.as_deref();
        if let Some(error) = model.and_then(|model| served.unknown_model(model)) {
            return served.refuse(error);
        }
        match gemini::read_counted(&body) {
            Ok(request) => {
                let count = gemini::write_token_count(request.estimated_tokens());
                served.json(StatusCode::OK, &count)
            }
            Err(refused) => served.refuse(*refused.error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::route::tests::{of_mock, routed};

    /// Returns the wire and the route that are expected.
    fn to(route: &str) -> (Wire, String) {
        (WIRE, route.to_owned())
    }

    #[test]
    fn a_path_names_the_model_and_the_method() {
        let post = |path: &str| {
            let (wire, route, model) = of_mock(&Method::POST, path, "accept", Profile::Plain);
            (wire == WIRE).then_some((route, model))
        };
        let asked = |route: &str, model: &str| Some((route.to_owned(), Some(model.to_owned())));
        for base in BASES {
            let path = format!("{base}gemini-2.5-flash:generateContent");
            assert_eq!(post(&path), asked("Chat", "gemini-2.5-flash"));
            let path = format!("{base}a%3Ab:countTokens");
            assert_eq!(post(&path), asked("Own(CountTokens)", "a:b"));
            let path = format!("{base}m:batchEmbedContents");
            assert_eq!(post(&path), asked("Embeddings", "m"));
        }
        for other in [
            "/v1/models/a",
            "/v1/models/a:free",
            "/v1/models/:generateContent",
            "/v2/models/a:generateContent",
        ] {
            assert_eq!(post(other), None, "{other}");
        }
    }

    #[test]
    fn a_stream_is_an_array_unless_the_query_asks_for_events() {
        let stream_type = |query: &str| {
            let path = format!("/v1beta/models/m:streamGenerateContent{query}");
            let (wire, _) = routed(&Method::POST, &path, "accept");
            assert!(wire.is_streamed());
            wire.stream_type()
        };
        assert_eq!(stream_type(""), JSON);
        assert_eq!(stream_type("?key=k&alt=json"), JSON);
        assert_eq!(stream_type("?alt=sse&key=k"), EVENT_STREAM);
    }

    #[test]
    fn gemini_has_a_version_of_its_own() {
        let get = |path| routed(&Method::GET, path, "authorization");
        assert_eq!(get("/v1beta/models"), to("Models"));
        let model = to("Model(\"gemini-2.5-flash\")");
        assert_eq!(get("/v1beta/models/gemini-2.5-flash"), model);
        assert_eq!(get("/v1beta/files"), to("Unknown"));
        let method = "/v1beta/models/m:generateContent";
        assert_eq!(get(method), to("Only(\"POST\")"));
        let asked = routed(&Method::POST, method, "x-api-key");
        assert_eq!(asked, to("Chat"));
    }

    #[test]
    fn a_key_of_google_asks_for_the_models_of_gemini() {
        let get = |path, header| routed(&Method::GET, path, header);
        assert_eq!(get("/v1/models", "x-goog-api-key"), to("Models"));
        let one = get("/v1/models/a%2Fb", "x-goog-api-key");
        assert_eq!(one, to("Model(\"a/b\")"));
        assert_eq!(get("/v1/models?key=k", "accept"), to("Models"));
        let (wire, ..) = of_mock(&Method::GET, "/v1/models", "accept", Profile::Gemini);
        assert_eq!(wire, WIRE);
    }
}
