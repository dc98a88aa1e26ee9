//! Faults over the wire: a reset, silence, a cut, a stall, a malformed answer, an error within a stream. Each looks different to the client
//! and in the record.

use std::error::Error as _;
use std::io::ErrorKind;

use mock_core::builder::{on, user};
use mock_core::{Ending, MockProvider, MockServer, Outcome, provider_test};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::raw_client::{
    CHAT, Client, MESSAGES, chat, drain, ended, message, ms, post, raw, streamed, wires,
};

#[provider_test]
async fn a_connection_failure_is_a_reset_before_a_byte(
    #[mock(fail(connection).times(3))] server: MockServer,
) {
    for request in [chat("a"), streamed(chat("a"))] {
        let mut client = Client::new(&server).await;
        assert!(client.ask("POST", CHAT, request.to_string()).await.is_err());
        assert_eq!(ended(&server).await, Ending::Reset);
        assert_eq!(
            server.exchanges().last().and_then(|last| last.status()),
            None
        );
    }
    let error = raw(&server, &post(CHAT, &chat("a"))).await.err();
    let error = error.map(|error| error.kind());
    assert_eq!(error, Some(ErrorKind::ConnectionReset), "no mere end");
}

#[provider_test]
async fn a_cut_is_an_end_without_the_last_chunk(
    #[mock(stream(["Hel", "lo"]).cut_after(1).times(2))] server: MockServer,
) {
    for (path, request) in wires("a") {
        let mut client = Client::new(&server).await;
        let request = streamed(request).to_string();
        let reply = client.send("POST", path, request).await.expect("a head");
        let (text, error) = drain(reply.into_body()).await;
        assert!(text.contains("Hel") && !text.contains("\"lo\""), "{text}");
        let error = error.expect("it breaks off");
        let cause = error.source().and_then(|cause| cause.downcast_ref());
        let cause = cause.map(std::io::Error::kind);
        assert_eq!(cause, Some(ErrorKind::UnexpectedEof), "{error:?}");
        assert_eq!(ended(&server).await, Ending::Cut);
    }
}

#[provider_test]
async fn a_stream_may_end_cleanly_without_its_end(
    #[mock(stream(["Hel", "lo"]).end_after(1).times(2))] server: MockServer,
) {
    for (path, request) in wires("a") {
        let mut client = Client::new(&server).await;
        let reply = client.post(path, &streamed(request)).await;
        assert!(reply.text.contains("Hel"));
        assert!(!reply.text.contains("[DONE]") && !reply.text.contains("message_stop"));
        assert_eq!(ended(&server).await, Ending::Truncated);
    }
    assert_eq!(server.calls()[0].outcome(), Some(&Outcome::Truncated));
}

#[provider_test]
async fn a_hanging_turn_accepts_and_stays_silent(#[mock(hang().times(2))] server: MockServer) {
    for request in [chat("a"), streamed(chat("a"))] {
        let mut client = Client::new(&server).await;
        let asked = client.ask("POST", CHAT, request.to_string());
        assert!(timeout(ms(500), asked).await.is_err());
        drop(client);
        assert_eq!(ended(&server).await, Ending::ClientClosed);
        assert_eq!(
            server.exchanges().last().and_then(|last| last.status()),
            None
        );
    }
}

#[provider_test]
async fn a_turn_may_hang_and_then_end_without_a_word(
    #[mock(hang().end_after(5s).times(2))] server: MockServer,
) {
    let start = tokio::time::Instant::now();
    for (path, request) in wires("a") {
        let mut client = Client::new(&server).await;
        let reply = client.post(path, &streamed(request)).await;
        assert_eq!((reply.status, &*reply.text), (200, ""));
        let kind = reply.header("content-type");
        assert!(kind.is_some_and(|kind| kind.starts_with("text/event-stream")));
        assert_eq!(ended(&server).await, Ending::Truncated);
    }
    assert_eq!(start.elapsed(), ms(10_000));
}

#[provider_test]
async fn a_timeout_is_silence_on_the_wire(#[mock(fail(timeout))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let asked = client.ask("POST", CHAT, chat("a").to_string());
    assert!(timeout(ms(500), asked).await.is_err());
    drop(client);
    assert_eq!(ended(&server).await, Ending::ClientClosed);
}

#[provider_test]
async fn a_stall_sends_the_head_and_then_nothing(
    #[mock(stream(["Hel", "lo"]).stall_after(0).times(2), reply("Hi.").stall_after(0))]
    server: MockServer,
) {
    for request in [streamed(chat("a")), streamed(chat("a")), chat("a")] {
        let mut client = Client::new(&server).await;
        let reply = client.send("POST", CHAT, request.to_string()).await;
        let reply = reply.expect("a head");
        assert_eq!(reply.status(), 200);
        assert!(timeout(ms(500), drain(reply.into_body())).await.is_err());
        drop(client);
        assert_eq!(ended(&server).await, Ending::ClientClosed);
        let exchanges = server.exchanges();
        assert_eq!(exchanges.last().and_then(|last| last.status()), Some(200));
    }
}

#[provider_test]
async fn a_stall_that_an_answer_is_too_short_for_fails_the_test() {
    let turn = on(user("say {text}"))
        .reply("{text}")
        .stall_after(9)
        .times(0..);
    let server = MockServer::new(MockProvider::script([turn]));
    let mut client = Client::new(&server).await;
    let reply = client.send("POST", CHAT, chat("say Hi").to_string()).await;
    let (text, error) = drain(reply.expect("a head").into_body()).await;
    assert!(text.is_empty() && error.is_some(), "{text}");
    assert_eq!(ended(&server).await, Ending::Cut);
    let report = server.verify().expect_err("it fails").to_string();
    assert!(report.contains("1 delta, not 9"), "{report}");
    server.reset();
}

#[provider_test]
async fn a_cut_before_the_first_delta_comes_after_the_head(
    #[mock(reply("Hi.").cut_after(0).times(3))] server: MockServer,
) {
    for request in [streamed(chat("a")), chat("a")] {
        let mut client = Client::new(&server).await;
        let reply = client.send("POST", CHAT, request.to_string()).await;
        let (_, error) = drain(reply.expect("a head").into_body()).await;
        assert!(error.is_some());
        assert_eq!(ended(&server).await, Ending::Cut);
    }
    let bytes = raw(&server, &post(CHAT, &streamed(chat("a")))).await;
    let bytes = bytes.expect("an end, and no reset");
    assert!(bytes.contains("transfer-encoding: chunked"), "{bytes}");
    assert!(
        bytes.ends_with("\r\n\r\n") && !bytes.ends_with("0\r\n\r\n"),
        "{bytes}"
    );
}

#[provider_test]
async fn a_whole_answer_that_is_cut_breaks_off_in_its_middle(
    #[mock(reply("Hi.").cut_after(1))] server: MockServer,
) {
    let bytes = raw(&server, &post(CHAT, &chat("a"))).await;
    let bytes = bytes.expect("an end, and no reset");
    assert!(
        bytes.contains("{\"id\":") && !bytes.contains('}'),
        "{bytes}"
    );
    assert_eq!(ended(&server).await, Ending::Cut);
}

#[provider_test]
async fn a_response_that_cannot_be_read_is_malformed_json_with_200(
    #[mock(fail(invalid_response).times(4))] server: MockServer,
) {
    for (path, request) in wires("a") {
        for request in [streamed(request.clone()), request] {
            let reply = Client::new(&server).await.post(path, &request).await;
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (200, Some("application/json"))
            );
            assert!(serde_json::from_str::<Value>(&reply.text).is_err());
            assert_eq!(ended(&server).await, Ending::Malformed);
        }
    }
}

#[provider_test]
async fn a_malformed_frame_comes_where_the_turn_says(
    #[mock(stream(["Hel", "lo"]).malformed_after(1).times(2))] server: MockServer,
) {
    for (path, request) in wires("a") {
        let reply = Client::new(&server)
            .await
            .post(path, &streamed(request))
            .await;
        let data = reply.event_data();
        let (last, before) = data.split_last().expect("there are events");
        assert!(serde_json::from_str::<Value>(last).is_err(), "{last}");
        assert!(
            before
                .iter()
                .all(|data| serde_json::from_str::<Value>(data).is_ok())
        );
        assert!(before.iter().any(|data| data.contains("Hel")));
        assert_eq!(ended(&server).await, Ending::Malformed);
    }
}

#[provider_test]
async fn a_stream_that_is_malformed_before_its_first_delta_is_a_stream(
    #[mock(stream(["Hel", "lo"]).malformed_after(0).times(2))] server: MockServer,
) {
    for (path, request) in wires("a") {
        let mut client = Client::new(&server).await;
        let reply = client.post(path, &streamed(request)).await;
        let kind = reply.header("content-type");
        assert_eq!(kind, Some("text/event-stream; charset=utf-8"));
        let data = reply.event_data();
        assert!(
            data.iter()
                .all(|data| serde_json::from_str::<Value>(data).is_err()),
            "{data:?}"
        );
        assert_eq!(data.len(), 1);
        assert_eq!(ended(&server).await, Ending::Malformed);
    }
}

#[provider_test]
async fn an_error_within_a_stream_is_the_wires_own(
    #[mock(stream(["Hel", "lo"]).error_after(1, overloaded).times(2))] server: MockServer,
) {
    let reply = Client::new(&server)
        .await
        .post(CHAT, &streamed(chat("a")))
        .await;
    let last: Value = reply
        .event_data()
        .last()
        .and_then(|data| serde_json::from_str(data).ok())
        .expect("JSON");
    assert_eq!(
        (reply.status, &last["error"]["type"]),
        (200, &json!("service_unavailable_error"))
    );

    let reply = Client::new(&server)
        .await
        .post(MESSAGES, &streamed(message("a")))
        .await;
    assert_eq!(
        reply.event_names().last().map(String::as_str),
        Some("error")
    );
    let id = reply.header("request-id").expect("it is sent");
    let data = json!({
        "type": "error",
        "error": { "details": null, "type": "overloaded_error", "message": "Overloaded" },
        "request_id": id,
    });
    let frame = format!("event: error\ndata: {data}\n\n");
    assert!(reply.text.ends_with(&frame), "{}", reply.text);
    assert_eq!(ended(&server).await, Ending::Completed);
}
