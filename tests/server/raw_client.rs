//! A client of one connection that sends and receives raw bytes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use eventsource_stream::{Event, Eventsource as _};
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use mock_core::{Exchange, MockServer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The header that Anthropic requires. A [`Client`] sends it, as the SDKs do.
const VERSION: &str = "anthropic-version";

/// A connection.
pub(crate) struct Client {
    address: SocketAddr,
    sender: http1::SendRequest<Full<Bytes>>,
    headers: Vec<(&'static str, &'static str)>,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn event_names(&self) -> Vec<String> {
        events(&self.text)
            .into_iter()
            .map(|event| event.event)
            .collect()
    }

    pub(crate) fn event_data(&self) -> Vec<String> {
        events(&self.text)
            .into_iter()
            .map(|event| event.data)
            .collect()
    }
}

/// The server-sent events in a text.
pub(crate) fn events(text: &str) -> Vec<Event> {
    let bytes = futures::stream::iter([Ok::<_, std::convert::Infallible>(text.to_owned())]);
    let events = bytes.eventsource().try_collect().now_or_never();
    let events: Result<_, _> = events.expect("all of it is there");
    events.unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl Client {
    pub(crate) async fn new(server: &MockServer) -> Client {
        Client::to(server.addr()).await.expect("the server accepts")
    }

    pub(crate) async fn to(address: SocketAddr) -> std::io::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .expect("nothing is sent yet");
        tokio::spawn(connection);
        Ok(Client {
            address,
            sender,
            headers: Vec::new(),
        })
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Client {
        self.headers.push((name, value));
        self
    }

    /// Sends a request, and waits for the head of the answer.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> hyper::Result<Response<Incoming>> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("content-type", "application/json");
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let has_version = self.headers.iter().any(|(name, _)| *name == VERSION);
        if path.starts_with(MESSAGES) && !has_version {
            request = request.header(VERSION, "2023-06-01");
        }
        let request = request.body(Full::new(body.into())).expect("it is valid");
        self.sender.ready().await?;
        self.sender.send_request(request).await
    }

    /// Sends a request, and waits for the whole answer.
    pub(crate) async fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> hyper::Result<Reply> {
        let (head, body) = self.send(method, path, body).await?.into_parts();
        Ok(Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            text: text(&body.collect().await?.to_bytes()),
        })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, "").await.expect("an answer")
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Reply {
        let reply = self.ask("POST", path, body.to_string()).await;
        reply.expect("an answer")
    }
}

/// What comes of a body, and whether it broke off.
pub(crate) async fn drain(mut body: Incoming) -> (String, Option<hyper::Error>) {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Err(error) => return (text(&bytes), Some(error)),
        }
    }
    (text(&bytes), None)
}

/// What comes of the answer to a request until nothing more comes for a second, and whether it broke off.
pub(crate) async fn until_silent(server: &MockServer, path: &str, body: &Value) -> (String, bool) {
    let mut client = Client::new(server).await;
    let reply = client.send("POST", path, body.to_string()).await;
    let mut body = reply.expect("a head").into_body();
    let mut bytes = Vec::new();
    let mut broken = false;
    while let Ok(Some(frame)) = tokio::time::timeout(ms(1_000), body.frame()).await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Err(_) => {
                broken = true;
                break;
            }
        }
    }
    (text(&bytes), broken)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("all that the server sends is text")
}

/// Sends these bytes, and reads all that comes until the connection ends.
pub(crate) async fn raw(server: &MockServer, bytes: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(bytes).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(text(&answer))
}

/// Whether the server still answers.
pub(crate) async fn goes_on(server: &MockServer) -> bool {
    let reply = Client::new(server).await.post(CHAT, &chat("a")).await;
    reply.status == 200
}

/// A connection on which all but the last byte of a request has come, and its exchange.
pub(crate) async fn half_sent(server: &MockServer) -> (TcpStream, Arc<Exchange>) {
    let whole = post(CHAT, &chat("a"));
    let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
    let half = &whole[..whole.len() - 1];
    stream.write_all(half).await.expect("it is sent");
    while server.exchanges().is_empty() {
        tokio::task::yield_now().await;
    }
    (stream, server.exchanges().remove(0))
}

/// The bytes of a request, the last on its connection.
pub(crate) fn post(path: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub(crate) const CHAT: &str = "/v1/chat/completions";
pub(crate) const MESSAGES: &str = "/v1/messages";
pub(crate) const RESPONSES: &str = "/v1/responses";

/// A request as OpenAI's clients send it.
pub(crate) fn chat(text: &str) -> Value {
    json!({ "model": "gpt-4o", "messages": [{ "role": "user", "content": text }] })
}

/// A request as Anthropic's clients send it.
pub(crate) fn message(text: &str) -> Value {
    json!({ "model": "claude", "max_tokens": 100, "messages": [{ "role": "user", "content": text }] })
}

/// The same request without this field.
pub(crate) fn without(mut request: Value, field: &str) -> Value {
    request.as_object_mut().expect("an object").remove(field);
    request
}

/// The same request, to be answered with a stream.
pub(crate) fn streamed(mut request: Value) -> Value {
    request["stream"] = true.into();
    request
}

/// The path, and a request of each wire, for what is the same on both.
pub(crate) fn wires(text: &str) -> [(&'static str, Value); 2] {
    [(CHAT, chat(text)), (MESSAGES, message(text))]
}

/// So many milliseconds.
pub(crate) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Waits until the last exchange has ended.
pub(crate) async fn ended(server: &MockServer) -> mock_core::Ending {
    loop {
        if let Some(ending) = server.exchanges().last().and_then(|last| last.ending()) {
            return ending;
        }
        tokio::task::yield_now().await;
    }
}

/// All that a stream of bytes brings until it ends, a piece for each time it brings any.
pub(crate) async fn pieces(body: Incoming) -> Vec<Bytes> {
    body.into_data_stream()
        .map(|piece| piece.expect("it does not break off"))
        .collect()
        .await
}
