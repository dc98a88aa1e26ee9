//! What the tests of recorded exchanges need. Their cassettes are texts here; those of `guide/code_of_cassettes.rs` and `cassette_in_a_macro.rs` are
//! files.

use mock_core::MockServer;
use mock_core::cassette::Interaction;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the server sends to a request: the head in lower case, and the body.
pub(crate) async fn ask(
    server: &MockServer,
    line: &str,
    body: impl AsRef<[u8]>,
) -> (String, Vec<u8>) {
    let body = body.as_ref();
    let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
    let head = format!(
        "{line} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).await.expect("it is open");
    client.write_all(body).await.expect("it is open");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("there is a head");
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    (head, answer[end + 4..].to_vec())
}

pub(crate) fn interaction(
    method: &str,
    path: &str,
    request: &str,
    status: u16,
    body: &str,
) -> Interaction {
    let mut interaction = Interaction::new(method, path);
    interaction.request_body = request.into();
    interaction.status = status;
    interaction.body = body.into();
    interaction
}

pub(crate) const CHAT: &str = "/v1/chat/completions";

pub(crate) fn question(text: &str) -> Value {
    json!({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]})
}

pub(crate) fn answer(text: &str) -> String {
    json!({
        "id": "chatcmpl-1",
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    })
    .to_string()
}

pub(crate) fn chat(request: &str, response: &str) -> Interaction {
    let question = question(request).to_string();
    interaction("POST", CHAT, &question, 200, &answer(response))
}
