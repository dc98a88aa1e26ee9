//! What is compared: each server as its documentation starts it.

use std::net::SocketAddr;

use httpmock::Method::POST;
use httpmock::server::HttpMockServerBuilder;
use httpmock::{Then, When};
use mock_core::builder::reply;
use mock_core::{MockProvider, MockServer};
use tokio::sync::oneshot;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::client;
use crate::hyper_server::HyperServer;

const PATH: &str = "/v1/chat/completions";
const JSON: &str = "application/json";
const TEXT: &str = "It is fine, and it is the same each time.";

/// The servers, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads each request, and answers; nothing else.
    Hyper,
    Ours,
    Wiremock,
    /// Keeps all requests where it serves many, as the others do: by itself it keeps the last hundred.
    Httpmock,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Hyper, Kind::Ours, Kind::Wiremock, Kind::Httpmock];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Hyper => "hyper",
            Kind::Ours => "MockServer",
            Kind::Wiremock => "wiremock",
            Kind::Httpmock => "httpmock",
        }
    }
}

/// A server that answers all requests to [`PATH`] with the same text, and records them.
pub(crate) enum Server {
    Hyper(HyperServer),
    Ours(MockServer),
    Wiremock(wiremock::MockServer),
    /// With the number of its mock.
    Httpmock(httpmock::MockServer, usize),
}

impl Server {
    /// On a thread of its own.
    pub(crate) fn new(kind: Kind, answer: &[u8]) -> Self {
        match kind {
            Kind::Hyper => Server::Hyper(HyperServer::new(vec![answer.to_vec()], JSON)),
            Kind::Ours => Server::Ours(MockServer::new(script())),
            Kind::Wiremock => client::runtime().block_on(Server::here(kind, answer)),
            Kind::Httpmock => {
                let server = httpmock::MockServer::connect(&keeping_all().to_string());
                let mock = server.mock(|when, then| answers(when, then, answer)).id();
                Server::Httpmock(server, mock)
            }
        }
    }

    /// As in a test that has a runtime: of this runtime where the server knows how, or else on a thread of its own.
    pub(crate) async fn here(kind: Kind, answer: &[u8]) -> Self {
        match kind {
            Kind::Hyper => Server::Hyper(HyperServer::here(vec![answer.to_vec()], JSON)),
            Kind::Ours => Server::Ours(MockServer::new(script())),
            Kind::Wiremock => {
                let server = wiremock::MockServer::start().await;
                let answer = ResponseTemplate::new(200).set_body_raw(answer, JSON);
                let mock = Mock::given(method("POST")).and(path(PATH));
                mock.respond_with(answer).mount(&server).await;
                Server::Wiremock(server)
            }
            Kind::Httpmock => {
                let server = httpmock::MockServer::start_async().await;
                let mock = server.mock_async(|when, then| answers(when, then, answer));
                let mock = mock.await.id();
                Server::Httpmock(server, mock)
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Server::Hyper(server) => server.address(),
            Server::Ours(server) => server.addr(),
            Server::Wiremock(server) => *server.address(),
            Server::Httpmock(server, _) => *server.address(),
        }
    }

    /// How many requests it knows of.
    pub(crate) fn recorded(&self) -> Option<usize> {
        match self {
            Server::Hyper(_) => None,
            Server::Ours(server) => Some(server.calls().len()),
            Server::Wiremock(server) => {
                let requests = client::runtime().block_on(server.received_requests());
                Some(requests.expect("recording is on").len())
            }
            Server::Httpmock(server, mock) => Some(httpmock::Mock::new(*mock, server).calls()),
        }
    }
}

/// The body of what `MockServer` answers; the others answer the same.
pub(crate) fn answer(request: &[u8]) -> Vec<u8> {
    client::once(MockServer::new(script()).addr(), request)
}

fn script() -> MockProvider {
    // Some servers are only started, and get no request.
    MockProvider::script([reply(TEXT).times(0..)])
}

/// The address of an httpmock server that keeps all requests, on a thread of its own.
fn keeping_all() -> SocketAddr {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(|| {
        let server = HttpMockServerBuilder::new()
            .history_limit(usize::MAX)
            .build();
        let server = server.expect("its settings are right");
        let served = server.start_with_signals(Some(tell), std::future::pending());
        client::runtime().block_on(served).expect("it has a port");
    });
    told.blocking_recv().expect("it has a port")
}

fn answers(when: When, then: Then, answer: &[u8]) {
    when.method(POST).path(PATH);
    then.status(200).header("content-type", JSON).body(answer);
}
