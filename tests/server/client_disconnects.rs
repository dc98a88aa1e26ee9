//! A client that drops its connection while it waits, or while it reads a stream.

use http_body_util::BodyExt as _;
use mock_core::{Ending, MockServer, Outcome, provider_test};
use tokio::io::AsyncWriteExt as _;

use crate::raw_client::{CHAT, Client, chat, ended, post, streamed};

#[provider_test]
async fn a_client_that_sends_more_before_it_goes_away_is_noticed(
    #[mock(script = [hang().times(2), fail(timeout), reply("Hello").stall_after(1)])]
    server: MockServer,
) {
    let more = String::from_utf8(post(CHAT, &chat("b"))).expect("text");
    for (number, more) in (1..).zip(["\r\n", &more, "\r\n", &more.repeat(3)]) {
        let mut client = tokio::net::TcpStream::connect(server.addr())
            .await
            .expect("it accepts");
        let whole = post(CHAT, &streamed(chat("a")));
        client.write_all(&whole).await.expect("it is sent");
        server.wait_for_calls(number).await;
        client.write_all(more.as_bytes()).await.expect("it is sent");
        tokio::task::yield_now().await;
        drop(client);
        assert_eq!(ended(&server).await, Ending::ClientClosed);
    }
}

#[provider_test]
async fn a_client_that_goes_away_is_recorded(
    #[mock(stream(["a", "b", "c"]).every(1s))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client
        .send("POST", CHAT, streamed(chat("a")).to_string())
        .await;
    let mut body = reply.expect("a head").into_body();
    body.frame()
        .await
        .expect("a delta")
        .expect("it does not break off");
    drop((body, client));
    assert_eq!(ended(&server).await, Ending::ClientClosed);
    assert_eq!(server.calls()[0].outcome(), Some(&Outcome::DroppedAfter(1)));
}
