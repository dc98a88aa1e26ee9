//! When the bytes of a stream are sent: each delta at its time, after a pause, or slowly, with `throttle`.

use http_body_util::BodyExt as _;
use mock_core::{MockServer, provider_test};
use tokio::time::Instant;

use crate::raw_client::{CHAT, Client, chat, drain, ms, pieces, post, raw, streamed, wires};

#[provider_test]
async fn bytes_come_slowly_and_frames_split_anywhere(
    #[mock(stream(["Hé", "llo"]).times(4))] server: MockServer,
) {
    let start = tokio::time::Instant::now();
    server.throttle(1, ms(1));
    for (path, request) in wires("a") {
        let mut client = Client::new(&server).await;
        let reply = client
            .send("POST", path, streamed(request).to_string())
            .await;
        let pieces = pieces(reply.expect("a head").into_body()).await;
        let split = |piece: &bytes::Bytes| std::str::from_utf8(piece).is_err();
        assert!(pieces.iter().any(split), "no piece ends within a character");
        let text = String::from_utf8(pieces.concat()).expect("the whole is text");
        assert!(text.contains("\"Hé\"") && text.contains("\"llo\""));
        assert!(start.elapsed() >= ms(text.len() as u64));
    }
    let start = tokio::time::Instant::now();
    server.throttle(10_000, ms(1));
    let answer = raw(&server, &post(CHAT, &chat("a")))
        .await
        .expect("an answer");
    assert!(answer.contains("Hé"));
    assert_eq!(
        start.elapsed(),
        ms(0),
        "there is no pause after the last piece"
    );
    server.unthrottle();
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!((reply.status, start.elapsed()), (200, ms(0)));
}

#[provider_test]
async fn each_delta_is_sent_when_it_is_due(
    #[mock(latency = 80ms, script = [stream(["a", "b", "c"]).ttft(300ms).every(20ms)])]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let start = tokio::time::Instant::now();
    let reply = client
        .send("POST", CHAT, streamed(chat("a")).to_string())
        .await;
    assert_eq!(start.elapsed(), ms(80));
    let mut body = reply.expect("a head").into_body();
    for due in [380, 400, 420] {
        let frame = body
            .frame()
            .await
            .expect("a delta")
            .expect("it does not break off");
        assert!(frame.is_data());
        assert_eq!(start.elapsed(), ms(due));
    }
}

#[provider_test]
async fn each_delta_is_sent_before_the_one_before_it_is_acknowledged(
    #[mock(reply("a ".repeat(50)).every(20ms).times(3))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for _ in 0..3 {
        let start = tokio::time::Instant::now();
        let request = streamed(chat("a")).to_string();
        let reply = client.send("POST", CHAT, request).await;
        let mut body = reply.expect("a head").into_body();
        for number in 0..50 {
            let frame = body.frame().await.expect("a delta");
            assert!(frame.is_ok());
            assert_eq!(start.elapsed(), ms(20) * number);
        }
        assert!(drain(body).await.1.is_none());
    }
}

#[provider_test]
async fn a_pause_within_an_answer_is_silence_on_the_wire(
    #[mock(reply("One moment, ").split(whole).pause(2s).reply("please."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let start = Instant::now();
    let reply = client.post(CHAT, &streamed(chat("a"))).await;
    assert_eq!(reply.status, 200);
    assert_eq!(start.elapsed(), ms(2_000));
    for piece in ["One moment, ", "please."] {
        assert!(reply.text.contains(piece), "{}", reply.text);
    }
}
