//! S38: custom headers of answers, as a client sees them.

use mock_core::builder::{ms, overloaded, reply, respond_with, secs};
use mock_core::{Message, MockProvider, MockServer, Response, provider_test};

use crate::raw_client::{CHAT, Client, chat, streamed, wires};

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
