//! The metadata of a mock, which comes with each answer.

use mock_core::builder::*;
use mock_core::{Message, MockProvider, Response};

use crate::helpers::ask;

#[mock_core::provider_test]
async fn metadata_comes_with_each_answer_streamed_too() {
    let metadata = serde_json::json!({"region": "eu", "tries": 2});
    let scenario = script([reply("Hi.").times(2)]).metadata(metadata.clone());
    let llm = MockProvider::new(scenario);
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(serde_json::Value::Object(answer.metadata), metadata);
    let (answer, _) = crate::helpers::streamed(&llm, "hello").await;
    assert_eq!(serde_json::Value::Object(answer.metadata), metadata);
}

#[mock_core::provider_test]
async fn a_model_in_the_metadata_is_the_model_of_the_answer() {
    let dated = |name: &str| serde_json::json!({"model": name, "region": "eu"});
    let from_closure = |model: &str, metadata: &str| {
        let mut response = Response::from(Message::assistant("Hi."));
        response.model = model.to_owned();
        if !metadata.is_empty() {
            response = response.with_metadata("model", metadata);
        }
        respond_with(move |_| response.clone())
    };
    let table = [
        (reply("Hi."), "of-the-mock"),
        (from_closure("", ""), "of-the-mock"),
        (from_closure("", "of-the-metadata"), "of-the-metadata"),
        (from_closure("of-the-response", ""), "of-the-response"),
    ];
    for (turn, expected) in table {
        let scenario = script([turn.times(2)]).metadata(dated("of-the-mock"));
        let llm = MockProvider::new(scenario);
        let answer = llm.answer(ask("hello")).await.expect("an answer");
        let (streamed, _) = crate::helpers::streamed(&llm, "hello").await;
        for response in [answer, streamed] {
            assert_eq!(response.model, expected);
            assert_eq!(response.metadata.len(), 1, "{response:?}");
        }
    }
}
