//! Several choices in one answer: the field `n` of a request to OpenAI.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, chat, streamed};

#[provider_test]
async fn so_many_answers_come_as_are_asked_for(#[mock(reply("Hi.").times(2))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let mut request = chat("a");
    request["n"] = json!(3);

    let body = client.post(CHAT, &request).await.json();
    let choices = body["choices"].as_array().expect("a list");
    let told: Vec<_> = choices
        .iter()
        .map(|choice| {
            (
                &choice["index"],
                &choice["message"]["content"],
                &choice["finish_reason"],
            )
        })
        .collect();
    let (hi, stop) = (json!("Hi."), json!("stop"));
    assert_eq!(
        told,
        [
            (&json!(0), &hi, &stop),
            (&json!(1), &hi, &stop),
            (&json!(2), &hi, &stop)
        ]
    );

    let data = client.post(CHAT, &streamed(request)).await.event_data();
    assert_eq!(data.iter().filter(|data| *data == "[DONE]").count(), 1);
    for index in 0..3 {
        let choices = data.iter().filter_map(|data| {
            let chunk: Value = serde_json::from_str(data).ok()?;
            Some(chunk["choices"][0].clone()).filter(|choice| choice["index"] == index)
        });
        let choices: Vec<_> = choices.collect();
        assert_eq!(choices[0]["delta"]["role"], "assistant");
        let text: String = choices
            .iter()
            .filter_map(|choice| choice["delta"]["content"].as_str())
            .collect();
        assert_eq!(text, "Hi.");
        assert_eq!(choices[choices.len() - 1]["finish_reason"], "stop");
    }
    assert_eq!(server.calls().len(), 2);
}
