//! The headers of answers, as a client sees them: custom ones (S38), and the id of each answer (S41).

use mock_core::builder::{ms, overloaded, reply, respond_with, secs};
use mock_core::{Message, MockProvider, MockServer, Response, provider_test};

use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};

#[provider_test]
async fn headers_go_with_every_answer_on_every_wire() {
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            let given = || [("X-Request-Id", "r1"), ("x-note", "a"), ("x-note", "b")];
            let turns = [
                reply("Hi.").headers(given()),
                reply("Hi.").error_after(0, overloaded()).headers(given()),
                reply("Hi.").end_after(1).headers(given()),
                reply("Hi.").malformed_after(0).headers(given()),
                respond_with(|_| {
                    let mut response = Response::from(Message::assistant("Hi."));
                    response.headers = vec![("x-request-id".into(), "r1".into())];
                    response
                })
                .headers([
                    ("x-request-id", "r0"),
                    ("x-note", "a"),
                    ("x-note", "b"),
                ]),
            ];
            let server = MockServer::new(MockProvider::script(turns));
            for turn in 1..=5 {
                let reply = Client::new(&server).await.post(path, &request).await;
                let values = |name| {
                    let values = reply.headers.get_all(name).iter();
                    let values = values.map(|value| value.to_str().expect("it is text"));
                    values.collect::<Vec<_>>()
                };
                assert_eq!(values("x-request-id"), ["r1"], "{path}, turn {turn}");
                assert_eq!(values("x-note"), ["a", "b"], "{path}, turn {turn}");
            }
            server.verify().expect("all turns were used");
        }
    }
}

#[provider_test]
async fn headers_come_with_the_head_of_an_answer_that_goes_on() {
    let turn = reply("Hi.").ttft(secs(5)).headers([("x-a", "b")]);
    let server = MockServer::new(MockProvider::script([turn.stall_after(ms(1)).times(2)]));
    for request in [chat("a"), streamed(chat("a"))] {
        let mut client = Client::new(&server).await;
        let head = client.send("POST", CHAT, request.to_string()).await;
        let head = head.expect("a head");
        assert_eq!(head.headers()["x-a"], "b");
    }
}

#[provider_test]
async fn each_answer_has_an_id_of_its_own_in_the_header_of_the_wire(
    #[mock(reply("Hi.").times(4))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut ids = Vec::new();
    for (path, request, name) in [
        (CHAT, chat("a"), "x-request-id"),
        (CHAT, streamed(chat("a")), "x-request-id"),
        (CHAT, json!({}), "x-request-id"),
        (MESSAGES, message("a"), "request-id"),
        (MESSAGES, streamed(message("a")), "request-id"),
        (MESSAGES, json!({}), "request-id"),
    ] {
        let reply = client.post(path, &request).await;
        ids.push(reply.header(name).expect("an id").to_owned());
    }
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), 6, "{ids:?}");
}
