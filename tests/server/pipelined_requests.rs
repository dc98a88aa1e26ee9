//! Several requests in a row on one connection, sent before the answers are read.

use mock_core::{Ending, MockServer, provider_test};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::raw_client::{CHAT, MESSAGES, chat, message, ms, post, raw};

#[provider_test]
async fn requests_in_a_row_on_one_connection_are_each_answered(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let mut bytes = String::from_utf8(post(CHAT, &chat("a"))).expect("text");
    bytes = bytes.replace("connection: close\r\n", "");
    bytes.push_str(&String::from_utf8(post(MESSAGES, &message("b"))).expect("text"));
    let answers = raw(&server, bytes.as_bytes()).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2);
    let bodies: Vec<Value> = answers
        .lines()
        .filter_map(|line| serde_json::from_str(line.split("HTTP").next()?).ok())
        .collect();
    assert_eq!(bodies.len(), 2, "{answers}");
}

#[provider_test]
async fn requests_in_a_row_each_end_where_the_answers_go_slowly(
    #[mock(reply("Hi.").times(3))] server: MockServer,
) {
    server.throttle(10, ms(1));
    let request = String::from_utf8(post(CHAT, &chat("a"))).expect("text");
    let kept = request.replace("connection: close\r\n", "");
    let bytes = format!("{kept}{kept}{request}");
    let answers = raw(&server, bytes.as_bytes()).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
    let exchanges = server.exchanges();
    let endings: Vec<_> = exchanges.iter().map(|exchange| exchange.ending()).collect();
    assert_eq!(endings, [Some(Ending::Completed); 3]);
}

#[provider_test]
async fn requests_that_a_client_sends_while_it_waits_are_answered_later(
    #[mock(reply("Hi.").ttft(1s).times(3))] server: MockServer,
) {
    let mut client = tokio::net::TcpStream::connect(server.addr())
        .await
        .expect("it accepts");
    let last = String::from_utf8(post(CHAT, &chat(&"c".repeat(100_000)))).expect("text");
    let next = String::from_utf8(post(CHAT, &chat("b"))).expect("text");
    let kept = next.replace("connection: close\r\n", "");
    client.write_all(kept.as_bytes()).await.expect("it is sent");
    server.wait_for_calls(1).await;
    let rest = format!("{kept}{last}");
    let (mut reads, mut writes) = client.split();
    let mut answers = String::new();
    let (read, sent) = tokio::join!(
        reads.read_to_string(&mut answers),
        writes.write_all(rest.as_bytes())
    );
    sent.and(read).expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
    assert_eq!(
        server.calls()[2]
            .request()
            .user_text()
            .map(|text| text.len()),
        Some(100_000)
    );
}
