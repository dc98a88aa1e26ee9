//! The code of `docs/scenarios.md` about embeddings.

use mock_core::{EmbeddingRequest, MockProvider, ProviderError, mock_provider, provider_test};

mock_provider!(
    Shelf,
    rules = match request {
        model("text-embedding-*") => embed(),
        _ => reply("Ask me about the weather."),
    },
);

/// Code under test: the text that is nearest to the question.
async fn nearest(
    llm: &MockProvider,
    question: &str,
    texts: &[&str],
) -> Result<usize, ProviderError> {
    let request = EmbeddingRequest::new("text-embedding-3-small").with_input(question);
    let vectors = llm
        .answer_embedding(request.with_inputs(texts.iter().copied()))
        .await?
        .embeddings;
    let similarity =
        |text: &[f32]| -> f32 { vectors[0].iter().zip(text).map(|(a, b)| a * b).sum() };
    let nearest = (1..vectors.len())
        .max_by(|&a, &b| f32::total_cmp(&similarity(&vectors[a]), &similarity(&vectors[b])));
    Ok(nearest.map_or(0, |index| index - 1))
}

#[provider_test]
async fn the_nearest_text_shares_words_with_the_question(shelf: Shelf) {
    let texts = ["a recipe for bread", "fine weather in Paris"];

    let found = nearest(&shelf, "Paris weather today", &texts).await;

    assert_eq!(found.unwrap(), 1);
    assert_eq!(shelf.calls().len(), 1);
}
