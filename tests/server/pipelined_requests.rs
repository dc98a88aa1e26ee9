//! Several requests in a row on one connection, sent before the answers are read.

use mock_core::{Ending, MockServer, provider_test};
use serde_json::Value;

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
