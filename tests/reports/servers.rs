//! Reports of mocks that run as a server.

use std::pin::pin;
use std::time::Duration;

use mock_core::builder::*;

use crate::helpers::{fails, mock};

/// Sends this to the server as a client of OpenAI would, on a connection of its own, and reads what comes.
async fn send(server: &mock_core::MockServer, path: &str, body: &str) {
    let head =
        format!("POST {path} HTTP/1.1\r\nconnection: close\r\nauthorization: Bearer sk-secret\r\n");
    let request = format!(
        "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut client = send_raw(server, request.as_bytes()).await;
    let read = tokio::io::AsyncReadExt::read_to_end(&mut client, &mut Vec::new()).await;
    read.expect("an answer");
}

async fn send_raw(server: &mock_core::MockServer, bytes: &[u8]) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt as _;
    let mut client = tokio::net::TcpStream::connect(server.addr())
        .await
        .expect("it accepts");
    client.write_all(bytes).await.expect("it is sent");
    client
}

#[test]
fn only_request_rejected() {
    fails("only_request_rejected", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(async {
            let body = r#"{"model": "claude", "messages": [{"role": "user", "content": "hello"}]}"#;
            send(&server, "/v1/messages", body).await;
        }));
    });
}

#[test]
fn only_request_rejected_beside_a_task() {
    fails("only_request_rejected_beside_a_task", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(async {
            tokio::spawn(std::future::pending::<()>());
            let body = r#"{"model": "claude", "messages": [{"role": "user", "content": "hello"}]}"#;
            send(&server, "/v1/messages", body).await;
        }));
    });
}

#[test]
fn requests_that_became_no_call() {
    fails("requests_that_became_no_call", |test| {
        let turns = [reply("Hi."), reply("Bye.")];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async {
            let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
            send(&server, "/v1/engines/chat?key=sk-secret", body).await;
            send(&server, "/v1/chat/completions", body).await;
            send(&server, "/v1/chat/completions", "{\"model\": ").await;
            let half = "POST /v1/messages HTTP/1.1\r\ncontent-length: 100\r\n\r\n{\"model\"";
            drop(send_raw(&server, half.as_bytes()).await);
            drop(send_raw(&server, b"\x16\x03\x01\x02\r\n\r\n").await);
            server.require_key("another");
            for _ in 0..3 {
                send(&server, "/v1/chat/completions", body).await;
            }
        }));
    });
}

#[test]
fn rejected_before_a_mismatch() {
    fails("rejected_before_a_mismatch", |test| {
        let turns = [on(user("hello")).reply("Hi.")];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async {
            let path = "/v1/chat/completions";
            for _ in 0..12 {
                send(&server, path, r#"{"model": "m", "messages": []}"#).await;
            }
            let body = r#"{"model": "m", "messages": [{"role": "user", "content": "hallo"}]}"#;
            send(&server, path, body).await;
            for _ in 0..4 {
                send(&server, path, r#"{"model": "m", "messages": []}"#).await;
            }
        }));
    });
}

#[test]
fn wall_guard_for_exchanges() {
    fails("wall_guard_for_exchanges", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(server.wait_for_exchanges(2)));
    });
}

/// A client that blocks the thread it is called on; it waits so long for an answer.
fn ask_blocking(server: &mock_core::MockServer, patience: Option<Duration>) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(server.addr()).expect("it listens");
    stream.set_read_timeout(patience).expect("a time");
    let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}"#;
    let head = "POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\n";
    let request = format!(
        "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it is open");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn wall_guard_for_a_client_on_the_thread_of_the_test() {
    fails(
        "wall_guard_for_a_client_on_the_thread_of_the_test",
        |test| {
            let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
            test.drive(pin!(async {
                ask_blocking(&server, None);
            }));
        },
    );
}

#[test]
fn client_on_the_thread_of_the_test_gives_up() {
    fails("client_on_the_thread_of_the_test_gives_up", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        test.drive(pin!(async move {
            assert_eq!(ask_blocking(&server, Some(ms(10))), "");
        }));
    });
}

#[test]
fn client_that_holds_the_clock() {
    fails("client_that_holds_the_clock", |test| {
        let turns = [reply("Hi.").ttft(secs(1))];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn wall_guard_at_a_time_out_on_the_wire() {
    fails("wall_guard_at_a_time_out_on_the_wire", |test| {
        let turns = [fail(timeout())];
        let server = mock_core::MockServer::new(mock(test, "server", script(turns)));
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn wall_guard_in_an_outage_on_the_wire() {
    fails("wall_guard_in_an_outage_on_the_wire", |test| {
        let server = mock_core::MockServer::new(mock(test, "server", script([reply("Hi.")])));
        server.outage(timeout());
        test.drive(pin!(async move {
            let asked = tokio::task::spawn_blocking(move || ask_blocking(&server, None));
            asked.await.expect("it does not panic");
        }));
    });
}

#[test]
fn usage_that_nobody_asked_for() {
    fails("usage_that_nobody_asked_for", |test| {
        let turn = stream(["It is ", "24 °C in ", "Rome, and ", "18 °C in ", "Paris."]);
        let turn = turn.usage(mock_core::Usage::new(11, 7)).times(2);
        let scenario = script([turn]).profile(mock_core::scenario::Profile::Openai);
        let server = mock_core::MockServer::new(mock(test, "server", scenario));
        test.drive(pin!(async {
            let hello = r#""model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}], "stream": true"#;
            for options in ["", r#", "stream_options": {"include_usage": true}"#] {
                let body = format!("{{{hello}{options}}}");
                send(&server, "/v1/chat/completions", &body).await;
            }
            assert_eq!(server.calls().len(), 0);
        }));
    });
}
