//! The answer to a call that fails, and to a call without an answer, on each wire.

use mock_core::builder::{on, overloaded, quota, user};
use mock_core::{Ending, MockProvider, MockServer};
use mock_core::{TestClock, provider_test};
use serde_json::json;

use crate::raw_client::{
    CHAT, Client, MESSAGES, chat, ended, message, ms, post, raw, streamed, wires,
};

#[provider_test]
async fn an_error_comes_in_the_words_of_the_wire(
    #[mock(fail(rate_limit { retry_after: 2s }), fail(overloaded), fail(overloaded))]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;

    let limited = client.post(CHAT, &streamed(chat("a"))).await;
    assert_eq!(
        (limited.status, limited.header("retry-after-ms")),
        (429, Some("2000"))
    );
    assert_eq!(limited.header("content-type"), Some("application/json"));
    assert_eq!(limited.json()["error"]["code"], "rate_limit_exceeded");
    assert!(limited.header("x-request-id").is_some());

    let overloaded = client.post(MESSAGES, &message("a")).await;
    assert_eq!(overloaded.status, 529);
    assert_eq!(
        overloaded.json()["error"],
        json!({ "type": "overloaded_error", "message": "Overloaded" })
    );
    let id = overloaded.json()["request_id"].clone();
    assert_eq!(overloaded.header("request-id"), id.as_str());

    assert_eq!(client.post(CHAT, &chat("a")).await.status, 503);
}

#[provider_test]
async fn a_status_without_a_name_has_none_on_the_wire(
    #[mock(fail(overloaded))] server: MockServer,
) {
    let request = post(MESSAGES, &message("a"));
    let answer = raw(&server, &request).await.expect("it is open");
    assert!(answer.starts_with("HTTP/1.1 529 \r\n"), "{answer}");
}

#[provider_test]
async fn any_status_headers_and_body_can_be_sent(
    #[mock(
        fail(server_error {
            status: 502,
            headers: [("Content-Type", "text/html"), ("set-cookie", "a"), ("set-cookie", "b")],
            body: "<h1>{Bad}</h1>",
        }).times(2),
        fail(rate_limit { retry_after: 2s, headers: [("retry-after", "soon"), ("x-note", "ü")] }),
        fail(timeout { status: 200, body: "" }),
    )]
    server: MockServer,
) {
    for (path, request) in wires("a") {
        let reply = Client::new(&server).await.post(path, &request).await;
        assert_eq!((reply.status, &*reply.text), (502, "<h1>{Bad}</h1>"));
        assert_eq!(reply.headers.get_all("content-type").iter().count(), 1);
        assert_eq!(reply.header("content-type"), Some("text/html"));
        let cookies = reply.headers.get_all("set-cookie").iter();
        assert_eq!(cookies.collect::<Vec<_>>(), ["a", "b"]);
    }

    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(reply.header("retry-after"), Some("soon"));
    assert_eq!(reply.header("retry-after-ms"), Some("2000"));
    assert_eq!(reply.headers["x-note"], "ü".as_bytes());
    assert_eq!(reply.json()["error"]["code"], "rate_limit_exceeded");

    let streamed = streamed(chat("a"));
    let reply = Client::new(&server).await.post(CHAT, &streamed).await;
    assert_eq!((reply.status, &*reply.text), (200, ""));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(ended(&server).await, Ending::Completed);
}

#[provider_test]
async fn a_pause_delays_the_status_of_a_failure(
    #[mock(pause(60s).fail(server_error { status: 504 }).times(4))] server: MockServer,
    clock: TestClock,
) {
    let mut failures = 0;
    for (path, request) in wires("a") {
        for request in [request.clone(), streamed(request)] {
            let reply = Client::new(&server).await.post(path, &request).await;
            failures += 1;
            assert_eq!(reply.status, 504);
            assert_eq!(clock.elapsed(), ms(60_000) * failures);
        }
    }
}

#[provider_test]
async fn a_code_is_where_the_wire_has_it(
    #[mock(
        fail(generic { code: "session_expired" }).times(2),
        // The kind's own code, and yet set by the scenario.
        fail(server_error { code: "server_error" }),
        reply("a b").error_after(1, overloaded { code: "busy" }).times(2),
    )]
    server: MockServer,
) {
    let expired = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(expired.json()["error"]["code"], "session_expired");
    let expired = Client::new(&server)
        .await
        .post(MESSAGES, &message("a"))
        .await;
    assert_eq!(expired.json()["error"]["type"], "session_expired");
    let own = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(own.json()["error"]["code"], "server_error");
    for ((path, request), field) in wires("a").into_iter().zip(["code", "type"]) {
        let busy = Client::new(&server)
            .await
            .post(path, &streamed(request))
            .await;
        assert!(
            busy.text.contains(&format!("\"{field}\":\"busy\"")),
            "{}",
            busy.text
        );
    }
}

#[provider_test]
async fn a_mismatch_is_a_400_that_says_what_was_expected() {
    let mock = MockProvider::script([on(user("weather")).reply("Sunny.")]);
    let server = MockServer::new(mock);
    let mut client = Client::new(&server).await;
    for (path, request) in crate::raw_client::wires("news") {
        let reply = client.post(path, &request).await;
        let message = reply.json()["error"]["message"].clone();
        assert_eq!(reply.status, 400);
        assert!(
            message
                .as_str()
                .is_some_and(|text| text.contains("weather")),
            "{message}"
        );
    }
    let report = server.verify().expect_err("it is a mismatch").to_string();
    assert!(report.contains("weather"));
    server.reset();
    let _ = server
        .answer(mock_core::Request::new("m").user("weather"))
        .await;
}

#[provider_test]
async fn a_code_that_a_scenario_sets_is_not_translated(
    #[mock(
        fail(overloaded { status: 503 }),
        fail(quota { status: 429, message: "You exceeded your current quota." }),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let reply = client.post(MESSAGES, &message("a")).await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.json()["error"]["type"], "overloaded_error");
    let reply = client.post(MESSAGES, &message("a")).await;
    assert_eq!(reply.status, 429);

    server.outage(overloaded().status(503));
    assert_eq!(client.post(MESSAGES, &message("a")).await.status, 503);
    server.outage(quota());
    assert_eq!(client.post(MESSAGES, &message("a")).await.status, 402);
}
