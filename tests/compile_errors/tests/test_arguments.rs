//! Arguments of a test that cannot be made.

use mock_core::{MockProvider, mock_provider, provider_test};

mock_provider!(Weather, reply("Hi."));

struct Mine(MockProvider);

struct Llm(MockProvider);

impl From<MockProvider> for Llm {
    fn from(mock: MockProvider) -> Self {
        Llm(mock)
    }
}

#[provider_test]
async fn no_from(#[mock(Weather)] llm: Mine) {
    drop(llm);
}

#[provider_test]
async fn no_from_either(#[mock(reply("Hi."))] llm: &Mine) {
    let _ = llm;
}

#[provider_test]
async fn not_declared(llm: Llm) {
    drop(llm);
}

#[provider_test]
async fn no_such_mock(#[mock(Mine)] llm: Llm) {
    drop(llm);
}

#[provider_test]
async fn nothing_named(#[mock] llm: Llm, #[mock(Weather)] #[mock(reply("x"))] twice: Llm) {
    drop((llm, twice));
}

#[provider_test]
async fn named(#[mock(Weather = openai("gpt-4o"), reply("{nmae}"))] llm: Llm) {
    drop(llm);
}

#[provider_test]
async fn opaque(#[mock(reply("Hi."))] llm: impl Clone) {
    drop(llm);
}

#[provider_test]
async fn lifetimes<'a>(#[mock(reply("Hi."))] llm: &'a MockProvider) {
    let _ = llm;
}

#[provider_test]
async fn misspelt(#[mok(reply("Hi."))] llm: Llm) {
    drop(llm);
}

#[provider_test]
async fn from_itself(#[mock(Weather)] weather: Weather, #[mock(Llm)] llm: &Llm) {
    drop((weather, llm));
}
