//! Drivers over the wire: what the test pushes is sent as it is.

use mock_core::builder::{driven, overloaded};
use mock_core::{MockProvider, MockServer, StreamEvent, provider_test};
use serde_json::Value;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};
use crate::respond_with::{at, both};

#[provider_test]
async fn a_reason_that_a_driver_sets_is_not_translated(#[mock(driven("live"))] server: MockServer) {
    let failure = overloaded().status(503);
    server
        .driver("live")
        .fail(failure.message("the provider is overloaded"));
    let mut client = Client::new(&server).await;
    let reply = client.post(MESSAGES, &message("a")).await;
    assert_eq!(reply.status, 503);
    assert_eq!(
        reply.json()["error"]["message"],
        "the provider is overloaded"
    );
}

#[tokio::test]
async fn custom_headers_of_a_driver_have_no_place_within_a_stream() {
    let server = MockServer::new(MockProvider::script([driven("live")]));
    server.driver("live").fail(overloaded().header("x-a", "b"));
    let request = streamed(chat("a"));
    let reply = Client::new(&server).await.post(CHAT, &request).await;
    assert!(reply.text.contains("leave them out"), "{}", reply.text);
    let report = server.verify().expect_err("it has no place");
    assert!(report.to_string().contains("leave them out"), "{report}");
}

#[provider_test]
async fn a_drivers_finish_is_sent_as_it_is() {
    let server = MockServer::new(MockProvider::script([driven("live").times(4)]));
    for (path, request) in wires("a") {
        for _ in 0..2 {
            server.driver("live").text("Hi.");
            server.driver("live").event(StreamEvent::Finish {
                reason: None,
                usage: None,
            });
        }
        let (whole, events) = both(&server, path, request).await;
        let (reason, stream) = match path {
            CHAT => (
                &whole["choices"][0]["finish_reason"],
                "/choices/0/finish_reason",
            ),
            _ => (&whole["stop_reason"], "/delta/stop_reason"),
        };
        assert_eq!(reason, &Value::Null);
        assert_eq!(at(&events, stream), [&Value::Null; 0]);
        assert!(
            whole
                .get("usage")
                .is_none_or(|usage| usage["output_tokens"] == 0),
            "{whole}"
        );
    }
}
