//! The paused clock and the server: how time passes for clients of a mock on the same runtime, on other threads, and outside of tests.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::thread;

use futures::future::join_all;
use mock_core::builder::reply;
use mock_core::{MockProvider, MockServer, TestClock, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, ms, post, streamed};

#[provider_test]
async fn a_reply_after_half_a_minute_takes_exactly_that(
    #[mock(reply("Hi.").ttft(30s).times(450))] server: MockServer,
    clock: TestClock,
) {
    for round in 0..15 {
        let asked = (0..30).map(|_| async {
            let mut client = Client::new(&server).await;
            let start = Instant::now();
            let reply = client.post(CHAT, &chat("a")).await;
            assert_eq!((reply.status, start.elapsed()), (200, ms(30_000)));
        });
        join_all(asked).await;
        assert_eq!(clock.elapsed(), ms(30_000) * (round + 1));
    }
}

#[provider_test]
async fn a_client_gives_up_at_its_own_time_out_and_not_before(
    #[mock(
        reply("Late.").ttft(30s).times(100),
        stream(["a", "b"]).ttft(9s).every(2s).times(100)
    )]
    server: MockServer,
) {
    for _ in 0..100 {
        let mut client = Client::new(&server).await;
        let start = Instant::now();
        let reply = timeout(ms(10_000), client.post(CHAT, &chat("a"))).await;
        assert!(reply.is_err());
        assert_eq!(start.elapsed(), ms(10_000));
    }
    // The first delta comes in time, and the second does not.
    for _ in 0..100 {
        let mut client = Client::new(&server).await;
        let start = Instant::now();
        let reply = timeout(ms(10_000), client.post(CHAT, &streamed(chat("a")))).await;
        assert!(reply.is_err());
        assert_eq!(start.elapsed(), ms(10_000));
    }
}

#[provider_test]
async fn a_client_that_backs_off_is_answered_when_it_comes_again(
    #[mock(fail(rate_limit { retry_after: 2s }).times(40), reply("Hi.").times(20))]
    server: MockServer,
    clock: TestClock,
) {
    // With twenty clients at once, the first forty requests are rejected: two of each.
    let asked = (0..20).map(|_| async {
        let mut client = Client::new(&server).await;
        loop {
            let reply = client.post(CHAT, &chat("a")).await;
            let Some(wait) = reply.header("retry-after") else {
                return reply.status;
            };
            sleep(ms(1_000) * wait.parse().expect("seconds")).await;
        }
    });
    assert_eq!(join_all(asked).await, [200; 20]);
    assert_eq!(clock.elapsed(), ms(4_000));
}

/// A request that is not the last on its connection, as a head and a body.
fn kept(text: &str) -> (String, String) {
    let body = chat(text).to_string();
    let head = format!(
        "POST {CHAT} HTTP/1.1\r\nhost: mock\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    (head, body)
}

/// Reads an answer that ends with the fingerprint, as whole answers of OpenAI do.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"fp_44709d6fcb\"}") {
        let read = stream.read_buf(&mut answer).await;
        assert_ne!(read.expect("it is open"), 0);
    }
    String::from_utf8(answer).expect("it is text")
}

#[provider_test]
async fn a_request_whose_end_the_kernel_keeps_back_takes_no_time(
    #[mock(reply("Hi.").times(40))] server: MockServer,
    clock: TestClock,
) {
    let asked = (0..4).map(|_| async {
        let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
        // The body is sent only when the head has been acknowledged, which takes the kernel some time.
        stream.set_nodelay(false).expect("it is open");
        let (head, body) = kept("a");
        for _ in 0..10 {
            stream.write_all(head.as_bytes()).await.expect("it is open");
            stream.write_all(body.as_bytes()).await.expect("it is open");
            let answer = timeout(ms(10_000), read_answer(&mut stream)).await;
            assert!(answer.expect("it comes in time").contains("200 OK"));
        }
    });
    join_all(asked).await;
    assert_eq!(clock.elapsed(), ms(0));
}

#[provider_test]
async fn much_takes_no_time_on_its_way_here_and_back(
    #[mock(reply("{user}").times(8))] server: MockServer,
    clock: TestClock,
) {
    let text = "much ".repeat(100_000);
    let asked = (0..8).map(|_| async {
        let mut client = Client::new(&server).await;
        let reply = timeout(ms(10_000), client.post(CHAT, &chat(&text))).await;
        assert!(reply.expect("it comes in time").text.contains(&text));
    });
    join_all(asked).await;
    assert_eq!(clock.elapsed(), ms(0));
}

#[provider_test]
async fn a_client_may_stop_in_mid_request_for_a_time_of_its_own(
    #[mock(reply("Hi."))] server: MockServer,
    clock: TestClock,
) {
    let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
    let (head, body) = kept("a");
    stream.write_all(head.as_bytes()).await.expect("it is open");
    sleep(ms(5_000)).await;
    stream.write_all(body.as_bytes()).await.expect("it is open");
    assert!(read_answer(&mut stream).await.contains("200 OK"));
    assert_eq!(clock.elapsed(), ms(5_000));
}

/// Only the first pause takes half a second of real time.
#[provider_test(guard = 8s)]
async fn a_client_may_stop_many_times_in_mid_request_and_in_mid_answer(
    #[mock(reply("x".repeat(4_000_000)))] server: MockServer,
    clock: TestClock,
) {
    let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
    let (head, body) = kept("a");
    let request = head + &body;
    for piece in request.as_bytes().chunks(8) {
        stream.write_all(piece).await.expect("it is open");
        sleep(ms(1_000)).await;
    }
    let mut room = vec![0; 100_000];
    let mut read = 0;
    while read < 4_000_000 {
        sleep(ms(1_000)).await;
        read += stream.read(&mut room).await.expect("it is open");
    }
    assert!(clock.elapsed() > ms(40_000));
}

/// What a client that blocks its thread is answered.
fn blocking(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = std::net::TcpStream::connect(address).expect("it listens");
    stream.write_all(request).expect("it is open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is text");
    answer
}

#[provider_test(guard = 3s)]
#[should_panic(expected = "400 Bad Request")]
async fn a_client_that_holds_the_clock_gets_an_error_that_says_so(
    #[mock(reply("Late.").ttft(30s))] server: MockServer,
) {
    let (address, request) = (server.addr(), post(CHAT, &chat("a")));
    let asked = tokio::task::spawn_blocking(move || blocking(address, &request));
    let answer = asked.await.expect("it does not panic");
    assert!(
        answer.contains("paused and cannot advance") && answer.contains("invalid_request_error")
    );
    assert!(server.verify().is_err());
    panic!("{answer}");
}

#[provider_test(guard = 3s)]
#[should_panic(expected = "paused and cannot advance")]
async fn so_is_one_that_hears_a_stream(#[mock(stream(["a", "b"]).every(30s))] server: MockServer) {
    let (address, request) = (server.addr(), post(MESSAGES, &streamed(message("a"))));
    let asked = tokio::task::spawn_blocking(move || blocking(address, &request));
    let answer = asked.await.expect("it does not panic");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("event: error"));
    panic!("{answer}");
}

#[provider_test]
async fn to_a_client_on_a_thread_that_tokio_does_not_know_the_answer_takes_no_time(
    #[mock(reply("Hi.").ttft(30s))] server: MockServer,
    clock: TestClock,
) {
    let (address, request) = (server.addr(), post(CHAT, &chat("a")));
    let (tell, told) = tokio::sync::oneshot::channel();
    thread::spawn(move || tell.send(blocking(address, &request)));
    assert!(told.await.expect("it does not panic").contains("200 OK"));
    assert_eq!(clock.elapsed(), ms(30_000));
}

#[provider_test(clock = "real")]
async fn on_the_real_clock_a_client_may_block_a_thread(
    #[mock(reply("Hi.").ttft(20ms))] server: MockServer,
    clock: TestClock,
) {
    let (address, request) = (server.addr(), post(CHAT, &chat("a")));
    let asked = tokio::task::spawn_blocking(move || blocking(address, &request));
    let answer = asked.await.expect("it does not panic");
    assert!(answer.contains("200 OK") && clock.elapsed() >= ms(20));
}

#[provider_test(flavor = "multi_thread", clock = "real")]
async fn on_several_threads_too(
    #[mock(reply("Hi.").ttft(20ms))] server: MockServer,
    clock: TestClock,
) {
    let answer = blocking(server.addr(), &post(CHAT, &chat("a")));
    assert!(answer.contains("200 OK") && clock.elapsed() >= ms(20));
}

#[test]
fn outside_of_any_runtime_the_clock_is_real() {
    let server = MockServer::new(MockProvider::script([reply("Hi.").ttft(ms(20))]));
    let start = std::time::Instant::now();
    let answer = blocking(server.addr(), &post(CHAT, &chat("a")));
    assert!(answer.contains("200 OK") && start.elapsed() >= ms(20));
}
