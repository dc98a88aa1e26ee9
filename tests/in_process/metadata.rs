//! The metadata of a mock, which comes with each answer.

use mock_core::MockProvider;
use mock_core::builder::*;

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
