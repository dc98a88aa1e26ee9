use mock_core::{MockProvider, provider_test};
use serial_test::serial;

#[serial]
#[provider_test]
async fn above(#[mock(reply("Hi."))] _llm: MockProvider) {}
