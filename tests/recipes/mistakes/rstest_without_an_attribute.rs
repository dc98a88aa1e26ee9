use mock_core::{MockProvider, provider_test};
use rstest::rstest;

#[rstest]
#[case("a")]
#[provider_test]
async fn above(#[case] _text: &str, #[mock(reply("Hi."))] _llm: MockProvider) {}
