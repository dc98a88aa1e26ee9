//! Answers that a wire cannot express: the client gets an error, and the test fails.

use mock_core::builder::reasoning;
use mock_core::{MockProvider, MockServer, Request, provider_test};

use crate::raw_client::{CHAT, Client, chat, streamed};

#[provider_test]
async fn an_answer_without_a_place_on_the_wire_fails_the_test() {
    let turn = || reasoning("Hm.").signature("seal").reply("Hi.");
    let server = MockServer::new(MockProvider::script([turn(), turn()]));

    let whole = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(whole.status, 400);
    let message = whole.json()["error"]["message"].take();
    let message = message.as_str().expect("a text");
    assert!(
        message.contains("OpenAI Chat Completions has no place for"),
        "{message}"
    );

    let mut client = Client::new(&server).await;
    let stream = client.post(CHAT, &streamed(chat("a"))).await;
    let last = stream.event_data().pop().expect("there are events");
    assert!(last.contains("has no place for"), "{last}");

    let report = server.verify().expect_err("it fails").to_string();
    assert!(report.contains("has no place for"), "{report}");
    server.reset();
    let request = || Request::new("m").user("a");
    for _ in 0..2 {
        assert!(server.answer(request()).await.is_ok());
    }
}
