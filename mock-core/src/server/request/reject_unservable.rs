//! Rejects requests that have no endpoint, or whose body cannot be read.

use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderValue};
use hyper::http::request::Parts;
use serde_json::json;

use crate::chat::error::{ProviderError, RawResponse};
use crate::chat::error_kind::ErrorKind;
use crate::report::{MAX_QUOTED, shorten};
use crate::server::answers::reply::Reply;
use crate::server::endpoints::provider_features::MissingFeature;
use crate::server::endpoints::route_types::RouteRequest;
use crate::server::endpoints::suggest_path;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::anthropic::ANTHROPIC;

impl ServedRequest {
    /// Rejects a body that is longer than the limit, in bytes.
    pub(in crate::server) fn reject_too_long(self, limit: usize) -> Reply {
        let mut error =
            self.bad_request(format!("the body is longer than {limit} bytes: send less"));
        error.status = Some(413);
        if self.wire == ANTHROPIC {
            error.code = Some("request_too_large".into());
        }
        self.reject(error)
    }

    /// Rejects a request with this status.
    pub(in crate::server) fn reject_with(self, status: u16, problem: String) -> Reply {
        let mut error = self.bad_request(problem);
        error.status = Some(status);
        self.reject(error)
    }

    fn bad_request(&self, message: String) -> ProviderError {
        let mut error = ProviderError::at(self.profile(), ErrorKind::BadRequest);
        error.message = message;
        error
    }

    /// Rejects a path of Azure without `api-version`, as Azure does.
    pub(in crate::server) fn reject_without_version(self) -> Reply {
        const MESSAGE: &str = "Resource not found";
        const HELP: &str = "Azure's paths need a version: add `?api-version=2024-10-21`";
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        error.message = format!("{MESSAGE} [mock: {HELP}]");
        error.status = Some(StatusCode::NOT_FOUND.as_u16());
        let body = json!({ "error": { "code": "404", "message": error.message } });
        error.raw = Some(Box::new(RawResponse {
            body: Some(body.to_string().into()),
            ..RawResponse::default()
        }));
        self.reject(error)
    }

    /// Rejects a method that the path does not take.
    pub(in crate::server) fn reject_wrong_method(
        self,
        method: &hyper::Method,
        path: &str,
        allowed: &'static str,
    ) -> Reply {
        let problem = format!(
            "{} takes no {}: send a {}",
            shorten(path, MAX_QUOTED),
            shorten(method.as_str(), MAX_QUOTED),
            allowed.replace(", ", " or a ")
        );
        let mut reply = self.reject_with(405, problem);
        let allowed = HeaderValue::from_static(allowed);
        reply.headers_mut().insert(ALLOW, allowed);
        reply
    }

    /// Rejects a request whose head does not announce a body: what follows it counts as the next request.
    pub(in crate::server) fn without_length(self) -> Reply {
        let problem =
            "the request has no body: send one, with its length in bytes as `content-length`";
        let mut error = self.bad_request(problem.to_owned());
        error.param = Some("body".into());
        self.reject(error)
    }

    /// Rejects a request that begins a WebSocket.
    pub(in crate::server) fn reject_websocket(self, path: &str) -> Reply {
        let problem = format!(
            "{} was requested as a WebSocket, which a mock does not support: let the client use HTTP",
            shorten(path, MAX_QUOTED)
        );
        self.reject_with(400, problem)
    }

    /// Rejects an unknown path, with a hint to the right one.
    pub(in crate::server) fn reject_unknown_path(self, head: &Parts) -> Reply {
        let (method, path) = (&head.method, head.uri.path());
        let meant = suggest_path(RouteRequest::new(head, self.mock_profile()));
        let message = match (path, without_doubled_version(path), meant) {
            ("/chat/completions" | "/responses" | "/embeddings", ..) => {
                format!("there is no {path}: the base URL must end in /v1")
            }
            ("/messages", ..) => "there is no /messages: write /v1/messages".to_owned(),
            ("/interactions", ..) => {
                "there is no /interactions: write /v1beta/interactions".to_owned()
            }
            (_, Some((version, once)), _) => format!(
                "there is no {}: did you mean `{}`? The base URL already ends with `{version}`",
                shorten(path, MAX_QUOTED),
                shorten(&once, MAX_QUOTED)
            ),
            (_, None, Some(meant)) => format!(
                "there is no {path}; did you mean `{meant}`?",
                path = shorten(path, MAX_QUOTED)
            ),
            _ => {
                // A request for a tunnel has no path.
                let connection = format!("{method} {path}");
                let connection = shorten(connection.trim_end(), MAX_QUOTED);
                let mut served = "/v1/chat/completions, /v1/responses and /v1/embeddings of OpenAI, /v1/messages of Anthropic, ".to_owned();
                if cfg!(feature = "gemini") {
                    served += "/v1beta/models/{model}:generateContent, :embedContent and /v1beta/interactions of Gemini, ";
                }
                if cfg!(feature = "ollama") {
                    served +=
                        "/api/chat, /api/generate, /api/embed and /api/embeddings of Ollama, ";
                }
                format!(
                    "there is no {connection}: the mock serves {served}their models, and related endpoints"
                )
            }
        };
        self.reject_unserved(message)
    }

    /// Rejects a path of a provider whose feature is off.
    pub(in crate::server) fn reject_missing_feature(
        self,
        feature: MissingFeature,
        path: &str,
    ) -> Reply {
        self.exchange.set_missing_feature(feature.name());
        self.reject_unserved(feature.describe_path(&shorten(path, MAX_QUOTED)))
    }

    fn reject_unserved(self, message: String) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        error.message = message;
        if self.wire != ANTHROPIC {
            error.code = None;
            error.status = Some(404);
        }
        self.reject(error)
    }
}

/// The version that is twice in a path, and the path with it once.
fn without_doubled_version(path: &str) -> Option<(&'static str, String)> {
    ["/v1beta", "/v1", "/api"].into_iter().find_map(|version| {
        let at = path.find(&format!("{version}{version}/"))?;
        let once = format!("{}{}", &path[..at], &path[at + version.len()..]);
        Some((version, once))
    })
}
