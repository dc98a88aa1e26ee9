//! The code of `docs/server.md`.

use mock_core::{MockServer, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A client of Chat Completions. It returns the text of a stream, or an error if the stream does not arrive whole.
pub(crate) async fn chat(base_url: &str, prompt: &str) -> Result<String, &'static str> {
    let host = base_url.trim_start_matches("http://");
    let (host, path) = host.split_once('/').expect("a path");
    let message = serde_json::json!({ "role": "user", "content": prompt });
    let body = serde_json::json!({ "model": "gpt-4o", "stream": true, "messages": [message] });
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "POST /{path}/chat/completions HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(host).await.expect("the server listens");
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    stream.write_all(body.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    match stream.read_to_string(&mut answer).await {
        Ok(_) if answer.ends_with("\r\n0\r\n\r\n") => Ok(text(&answer)),
        _ => Err("the answer was cut off"),
    }
}

fn text(stream: &str) -> String {
    let frames = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    let frames = frames.filter_map(|frame| frame.parse::<serde_json::Value>().ok());
    let texts = frames.map(|frame| {
        let text = frame["choices"][0]["delta"]["content"].as_str();
        text.unwrap_or_default().to_owned()
    });
    texts.collect()
}

#[provider_test]
async fn the_client_notices_a_lost_connection(
    #[mock(
        stream(["It is ", "18 °C."]).cut_after(1),
        reply("It is 18 °C."),
    )]
    server: MockServer,
) {
    // `http://127.0.0.1:PORT/v1`: the base URL for any client of OpenAI.
    let url = server.openai_url();

    let error = chat(&url, "What is the weather?").await.unwrap_err();
    assert_eq!(error, "the answer was cut off");

    let answer = chat(&url, "What is the weather?").await.unwrap();
    assert_eq!(answer, "It is 18 °C.");
}
