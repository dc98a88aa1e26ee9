//! Cases that cannot be tests.

use mock_core::{MockProvider, mock_provider, provider_test};

mock_provider!(Fast, reply("Hi."));
mock_provider!(Slow, reply("Hi.").ttft(60s));

#[provider_test]
#[case("Paris", 18)]
#[case::paris("Paris", 18)]
#[case::paris("Paris", 19)]
#[case::rome("Rome")]
#[case::oslo("Oslo", 9, 10)]
async fn names_and_numbers(#[case] city: &str, #[case] temp: i32) {
    assert!(temp < 30, "{city}");
}

#[provider_test]
#[case::paris("Paris", "18")]
#[case::rome(Rome, 25)]
async fn types(#[case] city: &str, #[case] temp: i32) {
    assert!(temp < 30, "{city}");
}

#[provider_test]
async fn no_cases(#[case] city: &str) {
    drop(city);
}

#[provider_test]
#[case::nothing]
async fn no_values() {}

#[provider_test]
async fn empty(#[values()] count: u32, #[mocks()] llm: MockProvider) {
    drop((count, llm));
}

#[provider_test]
async fn two_sources(#[values(1, 2)] #[mock(Fast)] llm: MockProvider, #[values(1, 1)] twice: u32) {
    drop((llm, twice));
}

#[provider_test]
async fn not_mocks(#[mocks(reply("Hi."))] two: MockProvider) {
    drop(two);
}

#[provider_test]
async fn from_itself(#[mocks(Fast, Slow)] llm: &Fast) {
    let _ = llm;
}

#[provider_test]
async fn no_such_mock(#[mocks(Fast, Quick)] llm: MockProvider) {
    drop(llm);
}
