//! Passes requests on to a real provider, and its answers back, while they are recorded.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as _, Incoming};
use hyper::ext::ReasonPhrase;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use hyper::http::{request, response};
use hyper::{Method, Response as HttpResponse};
use hyper_util::client::legacy::{Error, ResponseFuture};
use tokio::runtime::Handle;
use tokio::sync::oneshot::Receiver;

use super::pass_back_answer::{Forwarded, drain};
use super::provider_client::{
    IncomingBody, ReceivedBody, RequestBody, Upstream, pairs, remove_hop_by_hop,
};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::journal::calls::Outcome;
use crate::lock::lock;
use crate::record::tape::Take;
use crate::server::answers::answer_body::AnswerBody;
use crate::server::answers::reply::Reply;
use crate::server::answers::served_call::ServedCall;
use crate::server::answers::wait_for_call::Closed;
use crate::server::endpoints::route_types::Route;
use crate::server::exchange::Ending;
use crate::server::request::decompress::decode;
use crate::server::served_request::ServedRequest;

/// A provider's answer, as far as its head.
type UpstreamAnswer = Result<HttpResponse<Incoming>, Error>;

/// The first event while the server waits for the provider.
enum UpstreamEvent {
    Answered(UpstreamAnswer),
    /// The call fails without it.
    Failed(ProviderError),
    /// The client did not send the whole request, for this reason.
    Broken(String),
    /// The client has disconnected.
    Gone,
}

impl ServedRequest {
    /// Passes a request on as it comes.
    pub(in crate::server) async fn pass_on(
        self,
        route: &Route<'_>,
        head: &request::Parts,
        body: Incoming,
    ) -> Result<Reply, Closed> {
        let server = Arc::clone(&self.connection.server);
        let Some(upstream) = &server.upstream else {
            return Err(Closed);
        };
        let (incoming, received, ended) = IncomingBody::new(body);
        let body = RequestBody::Incoming(Box::new(incoming));
        let upstream_request =
            match UpstreamRequest::new(upstream, head, body, Arc::clone(&received)) {
                Ok(upstream_request) => upstream_request,
                Err(problem) => return Ok(self.bad_gateway(None, problem)),
            };
        let mut passed_on = PassedOnRequest {
            upstream_request,
            ended: Some(ended),
            call: None,
        };
        let claim = || {
            self.connection.received();
            self.claim_recorded(route, head, &decoded(head, &received))
                .call
        };
        let first = poll_fn(|cx| passed_on.poll(&claim, &self, cx)).await;
        let PassedOnRequest {
            upstream_request,
            call,
            ..
        } = passed_on;
        let call = call.unwrap_or_else(claim);
        self.answer_with(upstream, head, upstream_request, first, call)
            .await
    }

    /// Passes on a request that has come whole, and is not recorded yet.
    pub(in crate::server) async fn pass_on_whole(
        self,
        head: &request::Parts,
        body: Bytes,
        call: ServedCall,
    ) -> Result<Reply, Closed> {
        let server = Arc::clone(&self.connection.server);
        let Some(upstream) = &server.upstream else {
            return Err(Closed);
        };
        let received = ReceivedBody::default();
        lock(&received).extend_from_slice(&body);
        let body = RequestBody::Whole(Some(body));
        let mut upstream_request = match UpstreamRequest::new(upstream, head, body, received) {
            Ok(upstream_request) => upstream_request,
            Err(problem) => return Ok(self.bad_gateway(Some(call), problem)),
        };
        let first = poll_fn(|cx| upstream_request.poll_answer(Some(&self), cx)).await;
        self.answer_with(upstream, head, upstream_request, first, call)
            .await
    }

    /// Answers with what came first.
    async fn answer_with(
        self,
        upstream: &Upstream,
        head: &request::Parts,
        mut upstream_request: UpstreamRequest,
        first: UpstreamEvent,
        call: ServedCall,
    ) -> Result<Reply, Closed> {
        match first {
            UpstreamEvent::Answered(Ok(answer)) => {
                let Some(take) = upstream_request.take_with_request() else {
                    return Err(Closed);
                };
                Ok(self.pass_back(&head.method, answer, take, call).await)
            }
            UpstreamEvent::Answered(Err(error)) => {
                let problem = upstream.unreachable(&error);
                if let Some(take) = upstream_request.take.take() {
                    take.fail(problem.clone());
                }
                Ok(self.bad_gateway(Some(call), problem))
            }
            UpstreamEvent::Failed(error) => {
                upstream_request.discard();
                self.fail(error, &call).await
            }
            UpstreamEvent::Broken(problem) => {
                upstream_request.discard();
                let problem = format!("its body did not come whole: {problem}");
                let server = &self.connection.server;
                server.note_problem(&self.exchange, &problem);
                Err(Closed)
            }
            // The rest of the answer is recorded to its end.
            UpstreamEvent::Gone => Err(Closed),
        }
    }

    /// Passes an answer back as it comes. An error comes whole, so that its call ends as in a replay even if the client leaves the body unread.
    async fn pass_back(
        self,
        method: &Method,
        answer: HttpResponse<Incoming>,
        mut take: Take,
        call: ServedCall,
    ) -> Reply {
        let (mut head, incoming) = answer.into_parts();
        set_head(&mut take, &head);
        self.exchange.set_status(head.status.as_u16());
        remove_hop_by_hop(&mut head.headers);
        let is_empty = incoming.is_end_stream();
        if is_empty && *method != Method::HEAD {
            head.headers.remove(CONTENT_LENGTH);
        }
        let profile = self.profile();
        let mut forwarded = Forwarded::new(incoming, take, call, profile, &head);
        let body = match is_empty {
            true => {
                forwarded.end();
                AnswerBody::whole(&self.connection, Vec::new(), Ending::Completed)
            }
            false => {
                if forwarded.is_error() {
                    forwarded.hold().await;
                }
                AnswerBody::forwarded(&self.connection, forwarded)
            }
        };
        let mut reply = HttpResponse::new(body);
        *reply.status_mut() = head.status;
        *reply.headers_mut() = head.headers;
        let reason = head.extensions.remove::<ReasonPhrase>();
        match reason {
            Some(reason) => drop(reply.extensions_mut().insert(reason)),
            None if head.status.canonical_reason().is_none() => {
                let none = ReasonPhrase::from_static(b"");
                reply.extensions_mut().insert(none);
            }
            None => {}
        }
        reply
    }

    /// Answers that the provider does not answer.
    fn bad_gateway(self, call: Option<ServedCall>, problem: String) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::ServerError);
        error.message = problem;
        error.status = Some(502);
        if let Some(mut call) = call {
            call.end_elsewhere(None, Outcome::Failed(error.clone()));
        }
        self.error(error)
    }
}

/// A provider that is asked for a client.
struct PassedOnRequest {
    upstream_request: UpstreamRequest,
    /// How the body of the request ends.
    ended: Option<Receiver<Result<(), String>>>,
    /// The call, once the whole request has come.
    call: Option<ServedCall>,
}

impl PassedOnRequest {
    fn poll(
        &mut self,
        claim: &dyn Fn() -> ServedCall,
        request: &ServedRequest,
        cx: &mut Context<'_>,
    ) -> Poll<UpstreamEvent> {
        if let Some(ended) = &mut self.ended
            && let Poll::Ready(how) = Pin::new(ended).poll(cx)
        {
            self.ended = None;
            match how {
                Ok(Ok(())) => {
                    let call = self.call.insert(claim());
                    if let Some(error) = call.failure() {
                        return Poll::Ready(UpstreamEvent::Failed(error.clone()));
                    }
                }
                Ok(Err(problem)) => return Poll::Ready(UpstreamEvent::Broken(problem)),
                // The body was dropped before its end: the provider answers, or fails, without reading all of it.
                Err(_) => {}
            }
        }
        // Until the request is complete, all bytes of the client belong to it. So only then can a disconnect be noticed.
        let whole = self.call.is_some().then_some(request);
        self.upstream_request.poll_answer(whole, cx)
    }
}

/// A request to the provider that is not answered yet. If the client goes, the answer is recorded all the same.
struct UpstreamRequest {
    take: Option<Take>,
    sending: Option<ResponseFuture>,
    /// The headers of the request.
    headers: HeaderMap,
    received: ReceivedBody,
}

impl UpstreamRequest {
    fn new(
        upstream: &Upstream,
        head: &request::Parts,
        body: RequestBody,
        received: ReceivedBody,
    ) -> Result<Self, String> {
        let take = upstream.begin(head).permit()?;
        match upstream.send(head, body) {
            Ok(sending) => Ok(UpstreamRequest {
                take: Some(take),
                sending: Some(sending),
                headers: head.headers.clone(),
                received,
            }),
            Err(error) => {
                let problem = upstream.unreachable(&error);
                take.fail(problem.clone());
                Err(problem)
            }
        }
    }

    /// Ready with the answer, or if the client of a request that has come whole goes.
    fn poll_answer(
        &mut self,
        whole: Option<&ServedRequest>,
        cx: &mut Context<'_>,
    ) -> Poll<UpstreamEvent> {
        if let Some(sending) = &mut self.sending
            && let Poll::Ready(answered) = Pin::new(sending).poll(cx)
        {
            self.sending = None;
            return Poll::Ready(UpstreamEvent::Answered(answered));
        }
        match whole.is_some_and(|request| request.connection.poll_gone(cx).is_ready()) {
            true => Poll::Ready(UpstreamEvent::Gone),
            false => Poll::Pending,
        }
    }

    /// The recording, with the body of the request.
    fn take_with_request(&mut self) -> Option<Take> {
        let mut take = self.take.take()?;
        let is_encoded = self.headers.contains_key(CONTENT_ENCODING);
        let received = lock(&self.received).clone();
        if !is_encoded || received.is_empty() {
            take.set_request_body(received);
            return Some(take);
        }
        match decode(&self.headers, received.into(), usize::MAX) {
            Ok(body) => take.set_decoded_request_body(body.into()),
            // An encoded body could be neither redacted nor compared in a replay.
            Err(problem) => take.spoil(format!("the request cannot be recorded: {problem}")),
        }
        Some(take)
    }

    fn discard(&mut self) {
        self.sending = None;
        if let Some(take) = self.take.take() {
            take.discard();
        }
    }
}

impl Drop for UpstreamRequest {
    fn drop(&mut self) {
        let Some(sending) = self.sending.take() else {
            return;
        };
        let Some(mut recording) = self.take_with_request() else {
            return;
        };
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            match sending.await {
                Ok(answer) => {
                    let (head, body) = answer.into_parts();
                    set_head(&mut recording, &head);
                    drain(recording, body).await;
                }
                Err(error) => recording.fail(super::provider_client::causes(&error)),
            }
        });
    }
}

fn set_head(take: &mut Take, head: &response::Parts) {
    // If the length is known, the frames only show how the network divided the body. So they are not recorded.
    let keeps_frames = !head.headers.contains_key(CONTENT_LENGTH);
    take.set_head(head.status.as_u16(), pairs(&head.headers), keeps_frames);
}

/// The body of a request as far as it has come. One that cannot be decoded is as it came.
fn decoded(head: &request::Parts, received: &ReceivedBody) -> Bytes {
    let received = Bytes::copy_from_slice(&lock(received));
    decode(&head.headers, received.clone(), usize::MAX).unwrap_or(received)
}
