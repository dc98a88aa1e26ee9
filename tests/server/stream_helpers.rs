//! What the tests of the beginning, the end and the pauses of streams need.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use mock_core::scenario::Scenario;
use mock_core::{MockProvider, MockServer};
use tokio::time::timeout;

use crate::raw_client::{Client, streamed, wires};

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario))
}

/// The path, and a request of each wire.
pub(crate) fn all_wires(text: &str) -> [(&'static str, serde_json::Value); 3] {
    let [openai, anthropic] = wires(text);
    let responses = serde_json::json!({ "model": "gpt-4o", "input": text });
    [openai, anthropic, ("/v1/responses", responses)]
}

/// The head of a streamed answer has come; its body has not.
pub(crate) async fn stream_of(
    server: &MockServer,
    path: &str,
    request: serde_json::Value,
) -> Incoming {
    let mut client = Client::new(server).await;
    let reply = client.send("POST", path, streamed(request).to_string());
    reply.await.expect("a head").into_body()
}

/// What comes of a body up to its end or to so long a silence, and which of them it was.
pub(crate) async fn read_for(mut body: Incoming, longest: Duration) -> (String, &'static str) {
    let mut text = String::new();
    loop {
        match timeout(longest, body.frame()).await {
            Err(_) => return (text, "silence"),
            Ok(None) => return (text, "end"),
            Ok(Some(Err(_))) => return (text, "cut"),
            Ok(Some(Ok(frame))) => {
                let bytes = frame.into_data().expect("no trailers");
                text += std::str::from_utf8(&bytes).expect("it is text");
            }
        }
    }
}

/// How often a text is in another.
pub(crate) fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}
