//! `test_log`: it wraps the attribute.

use mock_core::{MockProvider, Request, provider_test};
use tracing::info;

#[test_log::test(provider_test)]
async fn logs(#[mock(reply("Hi."))] llm: MockProvider) {
    info!("a line that a failed test prints");
    llm.answer(Request::new("gpt-4o").user("hello"))
        .await
        .expect("an answer");
}

#[test_log::test(provider_test(timeout = 5s))]
#[case::one(1)]
#[case::two(2)]
async fn cases_log(#[case] number: u32, #[mock(reply("Hi."))] llm: MockProvider) {
    info!(number);
    llm.answer(Request::new("gpt-4o").user("hello"))
        .await
        .expect("an answer");
}
