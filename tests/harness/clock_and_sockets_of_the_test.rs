//! S13: the paused clock and sockets with both ends in the test: they take no time, also where the kernel delivers bytes late, as it does on
//! a busy machine.

use std::time::Duration;

use mock_core::{MockServer, TestClock, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::time::{sleep, timeout};

use crate::clock_and_foreign_io::{ask, secs};

/// The kernel keeps a second message until the first one is acknowledged. Once the two ends have talked, it takes its time for that.
#[provider_test]
async fn s13_the_clock_does_not_jump_while_bytes_are_on_their_way(clock: TestClock) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let mut one = TcpStream::connect(address).await.expect("it listens");
    let (mut other, _) = listener.accept().await.expect("it comes");
    one.set_nodelay(false).expect("it is open");
    let patience = Duration::from_secs(60);
    for _ in 0..5 {
        for messages in [1, 2] {
            for _ in 0..messages {
                one.write_all(b"?").await.expect("it is open");
            }
            for _ in 0..messages {
                let come = timeout(patience, other.read_u8()).await;
                come.expect("the clock stands still").expect("it is open");
            }
            other.write_all(b"!").await.expect("it is open");
            let come = timeout(patience, one.read_u8()).await;
            come.expect("the clock stands still").expect("it is open");
        }
    }
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

// If one of these counted as foreign, the test would wait for it until its guard.
#[provider_test(foreign = wait, guard = 5s)]
async fn connections_within_the_test_take_no_time(clock: TestClock) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                while stream.read_u8().await.is_ok() {
                    sleep(secs(60)).await;
                    stream.write_all(b"!").await.expect("it is open");
                }
            });
        }
    });
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let (mut one, mut other) = UnixStream::pair().expect("a pair");
    for round in 1..=20 {
        ask(&mut stream).await;
        sleep(secs(60)).await;
        one.write_all(b"!").await.expect("it is open");
        other.read_u8().await.expect("it is open");
        assert_eq!(clock.elapsed(), secs(120) * round);
    }
}

#[provider_test(foreign = wait, guard = 5s)]
async fn the_connections_of_a_mock_take_no_time(
    #[mock(reply("Hi.").ttft(30s).times(20))] server: MockServer,
    clock: TestClock,
) {
    for round in 1..=20 {
        let body = r#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "a"}]}"#;
        let request = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is open");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("it is text");
        assert!(answer.contains("200 OK"), "{answer}");
        assert_eq!(clock.elapsed(), secs(30) * round);
    }
}
