//! The real provider behind a server that records: [`Upstream`].

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::Request as HttpRequest;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::request::Parts;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::TokioExecutor;
use mock_cassette::Interaction;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::oneshot;

use super::base_url::BaseUrl;
use crate::lock::lock;
use crate::record::tape::{Take, Tape};
use crate::scenario::recorded::compared_request::query_parameters;

/// A real provider whose answers are recorded.
pub(crate) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, RequestBody>,
    base_url: BaseUrl,
    tape: Arc<Tape>,
    /// Whether a request is passed on only if it is not recorded yet, and so only once it is whole.
    pub(in crate::server) asks_first: bool,
}

impl Upstream {
    /// # Errors
    /// If it speaks TLS, and the system has no certificates to check it by.
    pub(crate) fn new(base_url: BaseUrl, tape: Arc<Tape>, asks_first: bool) -> io::Result<Self> {
        let builder = HttpsConnectorBuilder::new();
        // Name the provider of the cryptography: the default depends on the features of other crates.
        let provider = ring::default_provider();
        let connector = match base_url.is_https() {
            true => builder.with_provider_and_native_roots(provider)?,
            // Without HTTPS, do not read the certificates of the system, which takes a while.
            false => {
                let config = ClientConfig::builder_with_provider(provider.into())
                    .with_safe_default_protocol_versions()
                    .map_err(io::Error::other)?;
                let config = config.with_root_certificates(RootCertStore::empty());
                builder.with_tls_config(config.with_no_client_auth())
            }
        };
        let connector = connector.https_or_http().enable_http1().build();
        Ok(Upstream {
            client: Client::builder(TokioExecutor::new()).build(connector),
            base_url,
            tape,
            asks_first,
        })
    }

    /// Begins to record a request.
    pub(super) fn begin(&self, head: &Parts) -> Take {
        let mut interaction = Interaction::new(head.method.as_str(), head.uri.path());
        interaction.query = query_parameters(head.uri.query().unwrap_or_default());
        interaction.request_headers = pairs(&head.headers);
        self.tape.begin(interaction)
    }

    /// Passes a request on.
    ///
    /// # Errors
    /// If its path cannot be joined to the base URL.
    pub(super) fn send(
        &self,
        head: &Parts,
        body: RequestBody,
    ) -> Result<ResponseFuture, hyper::http::Error> {
        let mut request = HttpRequest::new(body);
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = self.base_url.join(&head.uri)?;
        let headers = request.headers_mut();
        headers.clone_from(&head.headers);
        remove_hop_by_hop(headers);
        headers.remove(HOST);
        // A compressed answer can be neither read in the file nor searched for secrets.
        if headers.contains_key(ACCEPT_ENCODING) {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        Ok(self.client.request(request))
    }

    /// The message if the provider does not answer.
    pub(super) fn unreachable(&self, error: &(dyn Error + 'static)) -> String {
        format!("{} does not answer: {}", self.base_url, causes(error))
    }
}

/// The headers of a message, names in lower case.
pub(super) fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let pairs = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    pairs.collect()
}

/// Removes the headers that are of one connection (RFC 9110, 7.6.1).
pub(super) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<_> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    let known = [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
    named.into_iter().chain(known).for_each(|name| {
        headers.remove(name);
    });
    for &name in &[
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
    ] {
        headers.remove(name);
    }
}

/// An error with its causes.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !text.contains(&message) {
            text += ": ";
            text += &message;
        }
        cause = error.source();
    }
    text
}

/// The body of a request that is passed on.
pub(super) enum RequestBody {
    Whole(Option<Bytes>),
    /// As it comes from the client. The part that has arrived is kept.
    Incoming(Box<IncomingBody>),
}

/// The bytes of a request's body that have come so far.
pub(super) type ReceivedBody = Arc<Mutex<Vec<u8>>>;

/// The body of a request that is passed on as it comes.
pub(super) struct IncomingBody {
    body: Incoming,
    received: ReceivedBody,
    /// Tells that it has come whole, or why not.
    end: Option<oneshot::Sender<Result<(), String>>>,
}

impl IncomingBody {
    /// Returns the body, what has come of it, and how it ends.
    pub(super) fn new(
        body: Incoming,
    ) -> (Self, ReceivedBody, oneshot::Receiver<Result<(), String>>) {
        let received = ReceivedBody::default();
        let (end, ended) = oneshot::channel();
        let mut incoming = IncomingBody {
            body,
            received: Arc::clone(&received),
            end: Some(end),
        };
        // hyper does not poll an empty body, so it ends here.
        if incoming.body.is_end_stream() {
            incoming.finish(Ok(()));
        }
        (incoming, received, ended)
    }

    fn finish(&mut self, how: Result<(), String>) {
        if let Some(end) = self.end.take() {
            // This fails if the client has disconnected, so that nobody waits for the end.
            let _ = end.send(how);
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let incoming = match &mut *self {
            RequestBody::Whole(body) => {
                let body = body.take().filter(|body| !body.is_empty());
                return Poll::Ready(body.map(|body| Ok(Frame::data(body))));
            }
            RequestBody::Incoming(incoming) => incoming,
        };
        let polled = Pin::new(&mut incoming.body).poll_frame(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    let mut received = lock(&incoming.received);
                    received.extend_from_slice(data);
                }
                if incoming.body.is_end_stream() {
                    incoming.finish(Ok(()));
                }
            }
            Poll::Ready(Some(Err(error))) => incoming.finish(Err(causes(error))),
            Poll::Ready(None) => incoming.finish(Ok(())),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match self {
            RequestBody::Whole(body) => body.as_ref().is_none_or(Bytes::is_empty),
            RequestBody::Incoming(incoming) => incoming.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            RequestBody::Whole(body) => {
                SizeHint::with_exact(body.as_ref().map_or(0, Bytes::len) as u64)
            }
            RequestBody::Incoming(incoming) => incoming.body.size_hint(),
        }
    }
}
