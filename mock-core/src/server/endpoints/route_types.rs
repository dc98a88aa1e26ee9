//! The endpoint that a request asks for: [`Route`]. The method, the path and the headers determine it.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::provider_features::MissingFeature;
use crate::chat::error::ProviderError;
use crate::scenario::Profile;
use crate::server::request::path_and_query::{decoded, parameter};
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::Wire;

/// The endpoint of a request.
#[derive(Debug)]
pub(in crate::server) enum Route<'p> {
    /// An answer of the model.
    Chat,
    /// Embeddings.
    Embeddings,
    /// The list of models.
    Models,
    /// This model.
    Model(Cow<'p, str>),
    /// An endpoint that only this provider has, and that does not ask the model.
    Own(Box<dyn OwnEndpoint + 'p>),
    /// An endpoint that only has another method: this one.
    Only(&'static str),
    /// An unknown path.
    Unknown,
    /// A path of Azure without `api-version`.
    WithoutVersion,
    /// A path of a provider whose feature is off. With all features there is none.
    #[cfg_attr(all(feature = "gemini", feature = "ollama"), allow(dead_code))]
    Missing(MissingFeature),
}

/// An endpoint that only one provider has, and that does not ask the model.
pub(in crate::server) trait OwnEndpoint: fmt::Debug + Send + Sync {
    /// Whether the body of the request is read.
    fn reads_body(&self) -> bool {
        false
    }

    /// Answers the request.
    ///
    /// # Errors
    /// The error with which the provider rejects it.
    fn answer(&self, served: &ServedRequest, query: Option<&str>, body: Bytes) -> OwnResult;
}

/// The answer of an endpoint that does not ask the model.
pub(in crate::server) enum OwnAnswer {
    Json(Value),
    #[cfg(feature = "ollama")]
    Text(&'static str),
}

/// The answer of an endpoint, or why it has none.
pub(in crate::server) type OwnResult = Result<OwnAnswer, ProviderError>;

impl Route<'_> {
    /// Whether the model answers.
    pub(in crate::server) fn asks_model(&self) -> bool {
        matches!(self, Route::Chat | Route::Embeddings)
    }

    /// Whether the body of the request is read.
    pub(in crate::server) fn reads_body(&self) -> bool {
        match self {
            Route::Own(endpoint) => endpoint.reads_body(),
            _ => self.asks_model(),
        }
    }
}

/// The destination of a request.
pub(in crate::server) struct Routed<'p> {
    pub(in crate::server) wire: Wire,
    pub(in crate::server) route: Route<'p>,
    /// The model that the path names.
    pub(in crate::server) model: Option<Cow<'p, str>>,
    /// The deployment that a path of Azure names.
    pub(in crate::server) deployment: Option<Cow<'p, str>>,
}

impl<'p> Routed<'p> {
    pub(super) fn new(wire: Wire, route: Route<'p>) -> Self {
        Routed {
            wire,
            route,
            model: None,
            deployment: None,
        }
    }
}

/// The parts of a request that decide its route.
#[derive(Clone, Copy)]
pub(in crate::server) struct RouteRequest<'p> {
    pub(in crate::server) method: &'p Method,
    pub(in crate::server) uri: &'p Uri,
    pub(in crate::server) headers: &'p HeaderMap,
    /// The provider that the mock imitates.
    pub(in crate::server) mock_profile: Profile,
}

impl<'p> RouteRequest<'p> {
    pub(in crate::server) fn new(head: &'p Parts, mock_profile: Profile) -> Self {
        RouteRequest {
            method: &head.method,
            uri: &head.uri,
            headers: &head.headers,
            mock_profile,
        }
    }

    pub(super) fn path(&self) -> &'p str {
        self.uri.path()
    }

    pub(super) fn query(&self) -> Option<&'p str> {
        self.uri.query()
    }

    /// Whether the request has an API key where Google's clients put it.
    pub(super) fn has_google_key(&self) -> bool {
        self.headers.contains_key("x-goog-api-key") || parameter(self.query(), "key").is_some()
    }
}

/// The endpoint of `models`, or of one model.
pub(super) fn models<'p>(method: &Method, endpoint: &'p str) -> Option<Route<'p>> {
    let route = match endpoint.strip_prefix("models")? {
        "" => Route::Models,
        rest => {
            let model = rest.strip_prefix('/').filter(|model| !model.is_empty())?;
            // Some clients escape the `/` in the name of a model as `%2F`.
            Route::Model(decoded(model))
        }
    };
    Some(get(method, route))
}

/// The endpoint that only has `POST`.
pub(super) fn post<'p>(method: &Method, route: Route<'p>) -> Route<'p> {
    match *method {
        Method::POST => route,
        _ => Route::Only("POST"),
    }
}

/// The endpoint that only has `GET`.
pub(super) fn get<'p>(method: &Method, route: Route<'p>) -> Route<'p> {
    match *method {
        Method::GET => route,
        _ => Route::Only("GET"),
    }
}
