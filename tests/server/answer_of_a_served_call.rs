//! S73: the answer of a served call, as the test reads it from the call.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::Client;

const MESSAGES: &str = "/v1/messages";

#[provider_test]
async fn s73_a_served_call_returns_the_answer_that_the_client_got(
    #[mock(
        reasoning("Hm.").call(get_time { at: "{user}" }),
        fail(overloaded),
        stream(["It is ", "noon."]),
    )]
    server: MockServer,
) {
    let body = |stream: bool| json!({"model": "m", "max_tokens": 9, "stream": stream, "messages": [{"role": "user", "content": "now"}]});
    let post = async |stream| {
        Client::new(&server)
            .await
            .post(MESSAGES, &body(stream))
            .await
    };
    let reply = post(false).await.json();
    assert_eq!(post(false).await.status, 529);
    let streamed = post(true).await;
    assert_eq!(streamed.status, 200);

    let calls = server.calls();
    let answer = calls[0].response().expect("an answer");
    let call = calls[0].tool_call("get_time").expect("a call");
    assert_eq!(reply["id"], answer.id);
    assert_eq!(reply["content"][1]["id"], call.id);
    assert_eq!(
        reply["content"][1]["input"],
        call.json::<serde_json::Value>().expect("JSON")
    );
    assert_eq!(calls[1].response(), None);
    let answer = calls[2].response().expect("an answer");
    assert_eq!(answer.text(), "It is noon.");
    assert!(streamed.text.contains(&answer.id), "{}", streamed.text);
}
