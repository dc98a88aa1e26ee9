//! The faults of a connection, each another one to the client and in the record.

use std::error::Error as _;
use std::io::ErrorKind;

use mock_core::{Ending, MockServer, Outcome, provider_test};
use tokio::time::timeout;

use crate::client::{CHAT, Client, chat, drain, ended, ms, streamed, wires};

#[provider_test]
async fn a_connection_failure_is_a_reset_before_a_byte(
    #[mock(fail(connection).times(2))] server: MockServer,
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
