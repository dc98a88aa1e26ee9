//! A trait for embeddings: a vector for each text.

use std::time::Duration;

use async_trait::async_trait;
use mock_core::{EmbeddingRequest, provider_test};

use crate::convert::MockLlm;
use crate::types::LlmError;

#[async_trait]
trait Embedder: Send + Sync {
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, LlmError>;
}

// The adapter.
#[async_trait]
impl Embedder for MockLlm {
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, LlmError> {
        let request = EmbeddingRequest::new("text-embedding-3-small");
        let request = request.with_inputs(texts.iter().cloned());
        Ok(self.answer_embedding(request).await?.embeddings)
    }
}

// The shared tests.
fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[provider_test]
async fn an_embedder_gets_a_vector_for_each_text_in_order(
    #[mock(embed([0.6, 0.8]).embed([1.0, 0.0]), embed())] llm: MockLlm,
) {
    let fixed = llm.embed(&texts(&["a", "b"])).await.expect("vectors");
    assert_eq!(fixed, [[0.6, 0.8], [1.0, 0.0]]);

    let computed = llm.embed(&texts(&["a cat", "a cat sat", "stocks"])).await;
    let [cat, sat, stocks] = &computed.expect("vectors")[..] else {
        panic!("there are three");
    };
    let similarity = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    assert!(similarity(cat, sat) > similarity(cat, stocks));
}

#[provider_test]
async fn an_embedder_that_is_limited_says_so(
    #[mock(fail(rate_limit { retry_after: 2s }))] llm: MockLlm,
) {
    let limited = llm.embed(&texts(&["a"])).await;
    let retry_after = Some(Duration::from_secs(2));
    assert_eq!(limited, Err(LlmError::Busy { retry_after }));
}
