use mock_core::provider_test;
use test_case::test_case;

#[provider_test]
#[test_case("a")]
async fn below(_text: &str) {}
