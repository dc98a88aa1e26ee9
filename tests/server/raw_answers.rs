//! S38, S39: raw answers, as a client sees them.

use http_body_util::BodyExt as _;
use mock_core::builder::{frames, on, overloaded, path, raw, script, secs};
use mock_core::scenario::{After, Flush};
use mock_core::{Call, Ending, MockProvider, MockServer, Outcome, TestClock, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, chat, drain, ended, pieces, streamed, wires};

#[provider_test]
async fn a_raw_body_is_sent_as_it_is() {
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            let server = MockServer::new(MockProvider::script([
                raw("{Hi}").status(201).headers([("x-a", "b")]),
                raw("<h1>Hi.</h1>")
                    .status(500)
                    .headers([("content-type", "text/html")]),
                raw("").status(204),
                raw("late").ttft(secs(3)),
            ]));
            let post = async || Client::new(&server).await.post(path, &request).await;
            let created = post().await;
            assert_eq!((created.status, &*created.text), (201, "{Hi}"));
            assert_eq!(created.header("content-type"), Some("application/json"));
            assert_eq!(created.header("x-a"), Some("b"));
            assert_eq!(created.header("content-length"), Some("4"));
            let failed = post().await;
            assert_eq!((failed.status, &*failed.text), (500, "<h1>Hi.</h1>"));
            assert_eq!(failed.header("content-type"), Some("text/html"));
            let none = post().await;
            assert_eq!((none.status, &*none.text), (204, ""));
            assert_eq!(post().await.text, "late");
            // Not a failure: it is what the turn answers.
            server.wait_for_exchanges(4).await;
            let outcomes = server.calls();
            let mut outcomes = outcomes.iter().map(Call::outcome);
            assert!(outcomes.all(|outcome| outcome == Some(&Outcome::Completed)));
            let endings = server.exchanges();
            let mut endings = endings.iter().map(|exchange| exchange.ending());
            assert!(endings.all(|ending| ending == Some(Ending::Completed)));
        }
    }
}

#[provider_test]
async fn a_raw_body_is_cut_and_stalls() {
    let server = MockServer::new(MockProvider::script([
        raw("half").cut_after(1),
        raw("half").stall_after(1),
    ]));
    let mut client = Client::new(&server).await;
    let cut = client.send("POST", CHAT, chat("a").to_string()).await;
    let (text, error) = drain(cut.expect("a head").into_body()).await;
    assert_eq!((&*text, error.is_some()), ("half", true));
    assert_eq!(ended(&server).await, Ending::Cut);
    let mut client = Client::new(&server).await;
    let stalled = client.send("POST", CHAT, chat("a").to_string()).await;
    let mut body = stalled.expect("a head").into_body();
    assert!(body.frame().await.is_some());
    assert!(tokio::time::timeout(secs(50), body.frame()).await.is_err());
}

const CALL: &str = "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

#[provider_test]
async fn frames_are_sent_as_they_are_each_when_it_is_due(clock: TestClock) {
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            let begun = clock.elapsed();
            let turn = frames([CALL, "no event at all", DONE]).every(secs(20));
            let server = MockServer::new(MockProvider::script([turn.status(202)]));
            let mut client = Client::new(&server).await;
            let sent = client.send("POST", path, request.to_string()).await;
            let sent = sent.expect("a head");
            assert_eq!(sent.status(), 202);
            let content_type = &sent.headers()["content-type"];
            assert!(
                content_type
                    .to_str()
                    .expect("text")
                    .starts_with("text/event-stream")
            );
            assert_eq!(clock.elapsed(), begun);
            assert_eq!(
                pieces(sent.into_body()).await,
                [CALL, "no event at all", DONE]
            );
            assert_eq!(clock.elapsed() - begun, secs(40));
            server.wait_for_exchanges(1).await;
            assert_eq!(server.exchanges()[0].ending(), Some(Ending::Completed));
            assert_eq!(server.calls()[0].outcome(), Some(&Outcome::Completed));
        }
    }
}

#[provider_test]
async fn frames_break_off_as_any_stream(clock: TestClock) {
    let all = || [CALL, CALL, DONE];
    let server = MockServer::new(MockProvider::script([
        frames(all()).cut_after(1),
        frames(all()).end_after(2),
        frames(all()).malformed_after(1),
        frames(all()).error_after(1, overloaded()),
        frames(all()).stall_after(After::All),
    ]));
    for (expected, ending) in [
        (1, Ending::Cut),
        (2, Ending::Truncated),
        (1, Ending::Malformed),
        (1, Ending::Completed),
    ] {
        let mut client = Client::new(&server).await;
        let sent = client
            .send("POST", CHAT, streamed(chat("a")).to_string())
            .await;
        let (text, error) = drain(sent.expect("a head").into_body()).await;
        assert_eq!(text.matches(CALL).count(), expected);
        assert_eq!(error.is_some(), ending == Ending::Cut);
        assert_eq!(ended(&server).await, ending);
    }
    let mut client = Client::new(&server).await;
    let sent = client
        .send("POST", CHAT, streamed(chat("a")).to_string())
        .await;
    let mut body = sent.expect("a head").into_body();
    let frame = body.frame().await.expect("a frame").expect("no error");
    assert_eq!(frame.into_data().expect("data"), all().concat());
    assert!(tokio::time::timeout(secs(100), body.frame()).await.is_err());
    assert_eq!(clock.elapsed(), secs(100));
}

#[provider_test]
async fn frames_are_kept_alive_and_written_one_by_one() {
    let server = MockServer::new(MockProvider::script([
        frames([CALL, DONE]).every(secs(20)).keepalive(secs(8)),
        frames([CALL, DONE]).flush(Flush::Each),
    ]));
    let request = streamed(chat("a")).to_string();
    let mut client = Client::new(&server).await;
    let sent = client
        .send("POST", CHAT, request.clone())
        .await
        .expect("a head");
    let text = drain(sent.into_body()).await.0;
    assert_eq!(
        text.lines().filter(|line| line.starts_with(':')).count(),
        2,
        "{text}"
    );
    let mut client = Client::new(&server).await;
    let sent = client.send("POST", CHAT, request).await.expect("a head");
    assert_eq!(pieces(sent.into_body()).await, [CALL, DONE]);
}

#[provider_test]
async fn a_rule_that_names_its_path_answers_raw() {
    let rules = [
        on(path("POST /v1/rerank")).raw("{\"results\":[]}"),
        on(path("/v1/events"))
            .frames(["data: 1\n\n", "data: 2\n\n"])
            .every(secs(1)),
    ];
    let server = MockServer::new(MockProvider::new(script([]).rules(rules)));
    let reply = Client::new(&server)
        .await
        .post("/v1/rerank", &json!({}))
        .await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({ "results": [] }))
    );
    let mut client = Client::new(&server).await;
    let sent = client.send("GET", "/v1/events", "").await.expect("a head");
    assert_eq!(
        pieces(sent.into_body()).await,
        ["data: 1\n\n", "data: 2\n\n"]
    );
}

#[provider_test]
async fn frames_are_paced_as_the_macro_says(
    #[mock(frames([CALL, DONE]).every(20s).headers([("x-a", "b")]))] server: MockServer,
    clock: TestClock,
) {
    let mut client = Client::new(&server).await;
    let sent = client
        .send("POST", CHAT, streamed(chat("a")).to_string())
        .await;
    let sent = sent.expect("a head");
    assert_eq!(sent.headers()["x-a"], "b");
    assert_eq!(pieces(sent.into_body()).await, [CALL, DONE]);
    assert_eq!(clock.elapsed(), secs(20));
}

#[provider_test]
async fn an_empty_frame_sends_nothing_and_the_next_one_follows() {
    for flush in [Flush::Together, Flush::Each, Flush::Bytes] {
        let turn = frames(["data: a\n\n", "", "data: b\n\n", ""]).flush(flush);
        let server = MockServer::new(MockProvider::script([turn]));
        let request = streamed(chat("a"));
        let mut client = Client::new(&server).await;
        let reply = client.post(CHAT, &request);
        let reply = tokio::time::timeout(secs(60), reply).await;
        assert_eq!(reply.expect("it ends").text, "data: a\n\ndata: b\n\n");
    }
}
