//! Errors that a closure or a driver answers with, over the wire.

use mock_core::builder::{driven, overloaded, respond_with};
use mock_core::{
    ErrorKind, MockProvider, MockServer, ProviderError, RawReply, Request, Response, mock_provider,
    provider_test,
};
use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};

#[provider_test]
async fn what_a_driver_says_itself_is_not_translated(#[mock(driven("live"))] server: MockServer) {
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

mock_provider!(
    Broke = openai("gpt-4o"),
    script = [respond_with(|_| Err(ProviderError::new(ErrorKind::Quota)))],
);

#[provider_test]
async fn an_error_of_a_closure_has_the_code_of_its_kind() {
    let server = MockServer::new(Broke::new().handle());
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.json()["error"]["code"], "insufficient_quota");
}

#[tokio::test]
async fn an_error_of_a_closure_that_cannot_be_sent_fails_the_test() {
    let errors: [fn(&mut ProviderError); 4] = [
        |error| error.status = Some(100),
        |error| error.status = Some(0),
        |error| with_header(error, ("content-length", "3")),
        |error| with_header(error, ("x-ok", "a\nb")),
    ];
    for change in errors {
        let turn = respond_with(move |_| -> Result<Response, ProviderError> {
            let mut error = ProviderError::new(ErrorKind::ServerError);
            change(&mut error);
            Err(error)
        });
        let server = MockServer::new(MockProvider::script([turn]));
        let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains("cannot be sent"), "{}", reply.text);
        let report = server.verify().expect_err("it cannot be sent");
        assert!(report.to_string().contains("cannot be sent"), "{report}");
    }
}

fn with_header(error: &mut ProviderError, (name, value): (&'static str, &'static str)) {
    let mut raw = RawReply::default();
    raw.headers.push((name.into(), value.into()));
    raw.body = Some("body".into());
    error.raw = Some(Box::new(raw));
}

#[provider_test]
async fn an_error_of_a_closure_without_a_status_is_a_500() {
    let turn = respond_with(|_: &Request| {
        let mut error = ProviderError::new(ErrorKind::BadRequest);
        error.status = None;
        Err::<Response, _>(error)
    });
    let server = MockServer::new(MockProvider::script([turn.times(2)]));
    for (path, request) in wires("a") {
        let reply = Client::new(&server).await.post(path, &request).await;
        let of = reply.json()["error"]["type"].take();
        assert_eq!((reply.status, of), (500, json!("invalid_request_error")));
    }
}
