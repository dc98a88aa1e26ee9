use mock_core::{MockProvider, provider_test};

struct Suite;

impl Suite {
    #[provider_test]
    async fn answers(&self, #[mock(reply("Hi."))] _llm: MockProvider) {}
}

fn main() {
    let _ = Suite;
}
