//! S37: requests for endpoints that no provider has, such as `/health`: rules that name the path answer them.

use mock_core::builder::{
    any_of, header, ms, not, on, path, reply, script, server_error, user, when,
};
use mock_core::{Ending, Message, MockProvider, MockServer, Request, Response, provider_test};
use serde_json::json;

use crate::header_and_path_matchers::serve;
use crate::raw_client::{CHAT, Client, chat, drain};

#[provider_test]
async fn s37_requests_of_no_wire_are_answered_by_the_rules_that_name_their_path() {
    let rules = [
        on(path("/health")).reply("ok"),
        on(path("GET /v1/files/{id}/content")).reply("This is {id}."),
        on(path("GET /v1/files/{id}")).json([("id", "{id}"), ("kind", "\"file\"")]),
        on(path("POST /oauth/token")).fail(server_error().status(503)),
        on(path("GET /v1/models")).json([("data", "mine")]),
        on([path("GET /secret"), header("x-key", "k")]).reply("told"),
        reply("any other"),
    ];
    let server = serve(rules);
    let get = async |path: &str| Client::new(&server).await.get(path).await;

    let health = get("/health?now=1").await;
    assert_eq!((health.status, &*health.text), (200, "ok"));
    let kind = health.header("content-type");
    assert_eq!(kind, Some("text/plain; charset=utf-8"));
    let posted = Client::new(&server)
        .await
        .post("/health", &json!([1]))
        .await;
    assert_eq!((posted.status, &*posted.text), (200, "ok"));

    assert_eq!(get("/v1/files/f.1/content").await.text, "This is f.1.");
    let file = get("/v1/files/f.1").await;
    assert_eq!(file.header("content-type"), Some("application/json"));
    assert_eq!(file.json(), json!({ "id": "f.1", "kind": "\"file\"" }));

    let token = Client::new(&server)
        .await
        .post("/oauth/token", &json!({}))
        .await;
    assert_eq!(token.status, 503);
    assert!(token.json()["error"]["message"].is_string());
    assert_eq!(get("/v1/models").await.json(), json!({ "data": "mine" }));

    server.wait_for_exchanges(6).await;
    let calls = server.calls();
    assert_eq!(calls.len(), 6);
    for (call, exchange) in calls.iter().zip(server.exchanges()) {
        assert_eq!(*call.request(), Request::default());
        assert_eq!(exchange.call(), Some(call.number()));
        assert_eq!(
            (exchange.problem(), exchange.ending()),
            (None, Some(Ending::Completed))
        );
    }

    // No rule names these, or not all of it holds: they become no calls.
    for path in ["/v1/rerank", "/secret", "/v1/files"] {
        let reply = get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        let last = server.exchanges().pop().expect("it came");
        assert_eq!((last.call(), last.problem().is_some()), (None, true));
    }
    let mut client = Client::new(&server).await.header("x-key", "k");
    assert_eq!(client.get("/secret").await.text, "told");
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert!(reply.text.contains("any other"));
}

#[provider_test]
async fn s37_only_a_rule_that_always_requires_a_path_answers_other_endpoints() {
    let rules = [
        on(not(path("/v1/messages"))).reply("not"),
        on(any_of([path("/a"), header("x-a", "*")])).reply("either"),
        on(any_of([path("/b"), path("/c")])).reply("both"),
        on(when(|_| true)).reply("when"),
    ];
    let server = serve(rules);
    for (path, status) in [("/a", 404), ("/b", 200), ("/c", 200), ("/d", 404)] {
        let reply = Client::new(&server)
            .await
            .header("x-a", "1")
            .get(path)
            .await;
        assert_eq!(reply.status, status, "{path}");
    }
}

#[provider_test]
async fn s37_the_script_is_not_asked_about_requests_of_no_wire() {
    let scenario = script([reply("one"), reply("two")]).rules([on(path("/health")).reply("ok")]);
    let server = MockServer::new(MockProvider::new(scenario));
    let mut client = Client::new(&server).await;
    for expected in ["one", "two"] {
        assert_eq!(client.get("/health").await.text, "ok");
        let reply = client.post(CHAT, &chat("a")).await;
        assert!(reply.text.contains(expected), "{}", reply.text);
    }
    assert_eq!(server.calls().len(), 4);
}

#[provider_test]
async fn s37_answers_of_other_endpoints_take_time_and_break_off() {
    let rules = [
        on(path("/late")).reply("late").ttft(ms(300)),
        on(path("/cut")).reply("one two").cut_after(1),
        on(path("/stall")).reply("one two").stall_after(1),
        on(path("/hang")).hang(),
        on(path("/closure")).respond_with(|request| {
            assert_eq!(*request, Request::default());
            Response::from(Message::assistant("closure"))
        }),
    ];
    let server = serve(rules);
    let begun = tokio::time::Instant::now();
    assert_eq!(Client::new(&server).await.get("/late").await.text, "late");
    assert_eq!(begun.elapsed(), ms(300));
    assert_eq!(
        Client::new(&server).await.get("/closure").await.text,
        "closure"
    );

    let mut client = Client::new(&server).await;
    let cut = client.send("GET", "/cut", "").await.expect("a head");
    assert!(drain(cut.into_body()).await.1.is_some());
    let mut client = Client::new(&server).await;
    let stalled = client.send("GET", "/stall", "").await.expect("a head");
    let waited = tokio::time::timeout(ms(50), drain(stalled.into_body())).await;
    assert!(waited.is_err());
    let mut client = Client::new(&server).await;
    let hung = tokio::time::timeout(ms(50), client.get("/hang")).await;
    assert!(hung.is_err());
}

#[provider_test]
async fn s37_an_answer_that_is_not_a_text_has_no_place_on_another_path() {
    let server = serve([on(path("/health")).call("get_time", ())]);
    let reply = Client::new(&server).await.get("/health").await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.text.contains("no place for tool call"),
        "{}",
        reply.text
    );
    assert!(server.verify().is_err());
    server.reset();
}

#[test]
fn s37_a_rule_for_a_path_is_reached_after_a_turn_that_answers_everything() {
    let health = || on(path("/health")).reply("ok");
    let endless = script([reply("Hi.").forever()]).rules([health()]);
    assert_eq!(endless.check(), Ok(()));
    let behind = script([]).rules([reply("Hi."), health()]);
    assert_eq!(behind.check(), Ok(()));
    let twice = script([]).rules([health(), health()]);
    assert!(twice.check().is_err());
    let of_wire = script([reply("Hi.").forever()]).rules([health(), on(user("a")).reply("b")]);
    assert!(of_wire.check().is_err());
}
