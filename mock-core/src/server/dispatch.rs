//! Answers a request: finds out what it asks for, reads its body, and lets its endpoint answer.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
use hyper::http::request::Parts;
use hyper::{Request as HttpRequest, StatusCode};

use super::answers::reply::Reply;
use super::answers::wait_for_call::Closed;
use super::connection::Connection;
use super::endpoints::route;
use super::endpoints::route_types::{OwnAnswer, Route, RouteRequest, Routed};
use super::request::add_missing_field::with_default;
use super::request::decompress::{check_transfer_coding, decode};
use super::request::head_for_matchers::request_head;
use super::request::receive_body::Received;
use super::served_request::ServedRequest;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::request_head::RequestHead;
use crate::search::Search;

/// Answers a request that arrived on a connection.
///
/// # Errors
/// If the connection must be closed instead.
pub(super) async fn answer(
    connection: Arc<Connection>,
    request: HttpRequest<Incoming>,
) -> Result<Reply, Closed> {
    let (head, body) = request.into_parts();
    let exchange = connection.begin(&head);
    let mock_profile = connection.server.engine.scenario.profile;
    let Routed {
        wire,
        route,
        model,
        deployment,
    } = route(RouteRequest::new(&head, mock_profile));
    let request = ServedRequest {
        connection,
        exchange,
        wire,
        model: model.map(Cow::into_owned),
    };
    let transfer_coding = check_transfer_coding(&head.headers);
    #[cfg(feature = "record")]
    if transfer_coding.is_ok()
        && let Some(upstream) = &request.connection.server.upstream
        && !upstream.asks_first
    {
        return request.pass_on(&route, &head, body).await;
    }
    let body = match request.receive(body).await {
        Received::Whole(body) => body,
        Received::TooLong(limit) => return Ok(request.reject_too_long(limit)),
        Received::Malformed(problem) => return Ok(request.reject_with(400, problem)),
        Received::Broken(problem) => {
            let server = &request.connection.server;
            server.note_problem(&request.exchange, &problem);
            return Err(Closed);
        }
    };
    if let Err(problem) = transfer_coding {
        return Ok(request.reject_with(problem.status(), problem.to_string()));
    }
    let server = &request.connection.server;
    if server.keeps_bodies() {
        request.exchange.set_body(&body);
    }
    if let Some(problem) = server.required_key.problem(&head, wire.key_places()) {
        // `note_problem` may create the report, which reads this.
        request.exchange.set_lacks_key();
        server.note_problem(&request.exchange, &problem);
        let error = ProviderError::at(request.profile(), ErrorKind::Auth);
        return Ok(request.error(error));
    }
    if route.asks_model()
        && let Some(error) = server.engine.over_limit()
    {
        return Ok(request.reject(*error));
    }
    #[cfg(feature = "cassette")]
    if server.engine.scenario.is_recorded() {
        return request.replay(&route, &head, body).await;
    }
    request.serve(route, deployment, &head, body).await
}

/// Whether the head of a request says that it has a body, even an empty one.
fn announces_body(head: &Parts) -> bool {
    let announces = [CONTENT_LENGTH, TRANSFER_ENCODING, CONTENT_ENCODING];
    announces.any(&|name| head.headers.contains_key(name))
}

/// Whether a request begins a WebSocket.
fn is_websocket(head: &Parts) -> bool {
    let upgrade = head.headers.get(UPGRADE);
    upgrade.is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

impl ServedRequest {
    /// Serves a request that has arrived: with a turn, or as its endpoint does that has no turns.
    async fn serve(
        self,
        route: Route<'_>,
        deployment: Option<Cow<'_, str>>,
        head: &Parts,
        body: Bytes,
    ) -> Result<Reply, Closed> {
        let server = &self.connection.server;
        let asks_model = route.asks_model();
        let request_head = server
            .asks_for_heads
            .then(|| request_head(head, asks_model));
        if let Some(own) = request_head.as_ref().filter(|_| !asks_model)
            && server.engine.answers_path(own)
        {
            return self.answer_own_endpoint(own.clone()).await;
        }
        if route.reads_body() && body.is_empty() && !announces_body(head) {
            return Ok(self.without_length());
        }
        let body = match route.reads_body() {
            true => match decode(&head.headers, body, server.longest_body()) {
                Ok(body) => body,
                Err(problem) => return Ok(self.reject_with(problem.status(), problem.to_string())),
            },
            false => body,
        };
        let body = match deployment {
            Some(model) => with_default(body, "model", &(*model).into()),
            None => body,
        };
        self.answer_at_endpoint(route, head, body, request_head)
            .await
    }

    /// Answers as the endpoint of the request does.
    async fn answer_at_endpoint(
        self,
        route: Route<'_>,
        head: &Parts,
        body: Bytes,
        request_head: Option<Box<RequestHead>>,
    ) -> Result<Reply, Closed> {
        let (method, path) = (&head.method, head.uri.path());
        Ok(match route {
            Route::Chat => return self.answer_chat(&body, request_head).await,
            Route::Embeddings => return self.answer_embeddings(&body, request_head).await,
            Route::Own(endpoint) => match endpoint.answer(&self, head.uri.query(), body) {
                Ok(OwnAnswer::Json(answer)) => self.json(StatusCode::OK, &answer),
                #[cfg(feature = "ollama")]
                Ok(OwnAnswer::Text(text)) => self.text(text),
                Err(error) => self.reject(error),
            },
            Route::Models => self.list_models(),
            Route::Model(model) => self.describe_model(&model),
            Route::Only(_) | Route::Unknown if is_websocket(head) => self.reject_websocket(path),
            Route::Only(allowed) => self.reject_wrong_method(method, path, allowed),
            Route::WithoutVersion => self.reject_without_version(),
            Route::Unknown => self.reject_unknown_path(head),
            Route::Missing(feature) => self.reject_missing_feature(feature, path),
        })
    }
}
