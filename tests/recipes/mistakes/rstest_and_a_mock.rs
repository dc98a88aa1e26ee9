use mock_core::{MockProvider, provider_test};
use rstest::rstest;

#[rstest]
#[case("a")]
#[case("b")]
#[test_attr(provider_test)]
async fn cases(#[case] _text: &str, #[ignore] #[mock(reply("Hi."))] _llm: MockProvider) {}

#[rstest]
#[test_attr(provider_test)]
async fn alone(#[ignore] #[mock(reply("Hi."))] _llm: MockProvider) {}

#[provider_test]
#[rstest]
#[case("a")]
#[test_attr(provider_test)]
async fn twice(#[case] _text: &str, #[mock(reply("Hi."))] _llm: MockProvider) {}

#[provider_test]
#[rstest]
async fn each(#[mocks(A, B)] _llm: MockProvider) {}
