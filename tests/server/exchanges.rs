//! The exchanges that the server keeps: head, body, status, and how each ended.

use std::time::Duration;

use mock_core::builder::{on, path, reply, script};
use mock_core::{Ending, MockProvider, MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, drain, ended, half_sent, ms, wires};

#[provider_test]
async fn each_exchange_is_recorded(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server)
        .await
        .header("authorization", "Bearer sk-secret")
        .header("x-note", "ü");

    client.post(CHAT, &chat("a")).await;
    tokio::time::sleep(ms(1_500)).await;
    client.post("/v1/rerank", &json!({})).await;

    assert_eq!(ended(&server).await, Ending::Completed);
    let exchanges = server.exchanges();
    let [first, second] = &exchanges[..] else {
        panic!("{exchanges:?}");
    };
    assert_eq!((first.number(), first.started_at()), (1, ms(0)));
    assert_eq!((second.number(), second.started_at()), (2, ms(1_500)));
    assert_eq!((first.method(), first.path()), ("POST", CHAT));
    assert_eq!(
        (first.call(), first.status(), first.problem()),
        (Some(1), Some(200), None)
    );
    assert_eq!(first.header("Authorization"), Some("Bearer [redacted]"));
    assert_eq!(first.header("x-note"), Some("ü"));
    assert_eq!(first.ending(), Some(Ending::Completed));
    assert_eq!((second.call(), second.status()), (None, Some(404)));
    assert!(
        second
            .problem()
            .is_some_and(|problem| problem.contains("/v1/rerank"))
    );
    assert!(!format!("{exchanges:?}").contains("sk-secret"));
}

#[provider_test]
async fn bodies_are_kept_as_they_came_where_the_server_keeps_them() {
    let rules = [on(path("/other")).raw("{}"), reply("Hi.")];
    let server = MockServer::new(MockProvider::new(script([]).rules(rules)));
    let spaced = r#"{"model":  "gpt-4o","messages":[{"role":"user","content":"\u0061"}]}"#;
    let post = async |path: &str, body: &str| {
        let mut client = Client::new(&server).await;
        let reply = client.send("POST", path, body.to_owned()).await;
        drain(reply.expect("a head").into_body()).await;
        let exchange = server.exchanges().pop().expect("it came");
        exchange.body().map(<[u8]>::to_vec)
    };
    assert_eq!(post(CHAT, spaced).await, None);
    server.keep_bodies();
    // With or without a call, and also where nothing can be read.
    for (path, body) in [
        (CHAT, spaced),
        (CHAT, "{\"model\": "),
        ("/other", "a\r\nb"),
        ("/unknown", "x"),
        (MESSAGES, ""),
    ] {
        assert_eq!(post(path, body).await, Some(body.as_bytes().to_vec()));
    }
    server.keep_no_bodies();
    assert_eq!(post("/unknown", "x").await, None);
    let debug = format!("{:?}", server.exchanges());
    assert!(!debug.contains("u0061"), "{debug}");
}

#[provider_test]
async fn requests_with_the_same_headers_are_distinguished_by_their_lengths(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for text in ["a", "abc"] {
        client.post(CHAT, &chat(text)).await;
    }
    let lengths: Vec<_> = server
        .exchanges()
        .iter()
        .map(|exchange| exchange.header("Content-Length").map(str::to_owned))
        .collect();
    let length = |text| Some(chat(text).to_string().len().to_string());
    assert_eq!(lengths, [length("a"), length("abc")]);
}

#[provider_test]
async fn a_reset_forgets_the_exchanges_with_their_calls(
    #[mock(reply("Hi.").times(3))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for _ in 0..2 {
        client.post(CHAT, &chat("a")).await;
    }
    server.reset();
    assert!(server.exchanges().is_empty());

    for number in 1..=3 {
        client.post(CHAT, &chat("a")).await;
        let exchanges = server.exchanges();
        assert_eq!(exchanges.len(), number);
        assert_eq!(exchanges[number - 1].call(), Some(number));
        assert_eq!(exchanges[number - 1].number(), number);
    }
}

#[provider_test]
async fn a_reset_forgets_a_request_that_is_still_on_its_way(
    #[mock(reply("Hi.").times(0..))] server: MockServer,
) {
    let (stream, late) = half_sent(&server).await;
    server.reset();
    drop(stream);
    while late.ending().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(server.exchanges().is_empty());
    let told = format!("{:?}", server.verify());
    assert!(!told.contains("became no call"), "{told}");
}

#[provider_test]
async fn an_answer_that_ends_early_is_truncated_on_both_wires(
    #[mock(reply("One two three.").end_after(1).times(2))] server: MockServer,
) {
    for (number, (path, request)) in wires("a").into_iter().enumerate() {
        Client::new(&server).await.post(path, &request).await;
        server.wait_for_exchanges(number + 1).await;
        let ending = server.exchanges()[number].ending();
        assert_eq!(ending, Some(Ending::Truncated));
    }
}

#[provider_test]
async fn one_may_wait_for_an_exchange_to_end(#[mock(hang())] server: MockServer) {
    let client = tokio::spawn(async move {
        let mut client = Client::to(server.addr()).await.expect("it accepts");
        let request = chat("a");
        let answer = client.post(CHAT, &request);
        let answer = tokio::time::timeout(Duration::from_secs(3), answer).await;
        assert!(answer.is_err());
        server
    });
    let server = client.await.expect("it does not panic");
    server.wait_for_exchanges(1).await;
    assert_eq!(server.exchanges()[0].ending(), Some(Ending::ClientClosed));
}
