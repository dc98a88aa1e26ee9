use mock_core::{MockProvider, provider_test};

#[test_log::test]
#[provider_test]
async fn above(#[mock(reply("Hi."))] _llm: MockProvider) {}

#[provider_test]
#[test_log::test]
async fn below(#[mock(reply("Hi."))] _llm: MockProvider) {}
