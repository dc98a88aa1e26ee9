//! The time that an answer tells, `created`: on the clock of the test, when its request had come.

use mock_core::{MockServer, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, Client, chat, ms, post};

#[provider_test]
async fn the_time_of_an_answer_is_when_its_request_came_on_the_clock_of_the_test(
    #[mock(reply("Hi.").times(2).ttft(30s))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut created = Vec::new();
    for _ in 0..2 {
        let reply = client.post(CHAT, &chat("a")).await;
        assert_eq!(reply.header("date"), None, "it would be of the real clock");
        created.push(reply.json()["created"].as_u64().expect("a time"));
        tokio::time::sleep(ms(60_500)).await;
    }
    // When the requests came, not when they were answered.
    assert_eq!(created, [1_700_000_000, 1_700_000_090]);
}

#[provider_test]
async fn an_answer_is_of_the_time_at_which_its_request_was_whole(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let request = post(CHAT, &chat("a"));
    let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
    let (most, rest) = request.split_at(request.len() - 5);
    stream.write_all(most).await.expect("it is open");
    tokio::time::sleep(ms(20_000)).await;
    stream.write_all(rest).await.expect("it is open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("a text");
    assert_eq!(server.calls()[0].started_at(), ms(20_000));
    assert!(answer.contains("\"created\":1700000020,"), "{answer}");
}
