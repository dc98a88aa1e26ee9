//! `rstest`: `#[provider_test]` above `#[rstest]`.

use std::sync::Arc;

use mock_core::{MockProvider, Request, TestClock, mock_provider, provider_test};
use rstest::{fixture, rstest};

mock_provider!(Greeter, script = [reply("Hi.").ttft(60s)]);

async fn ask(llm: &MockProvider, text: &str) -> String {
    let answer = llm.answer(Request::new("gpt-4o").user(text)).await;
    answer.expect("an answer").text().into_owned()
}

#[fixture]
fn city() -> String {
    "Paris".to_owned()
}

/// Each case has a mock of its own: a script that is used up by the first would fail the second.
#[provider_test]
#[rstest]
#[case("a")]
#[case::second("b")]
#[should_panic(expected = "as it should")]
#[case::third("panic")]
async fn cases_and_a_mock(#[case] text: &str, #[mock(reply("Hi."))] llm: MockProvider) {
    assert_eq!(ask(&llm, text).await, "Hi.");
    assert!(text != "panic", "as it should");
}

#[provider_test(timeout = 5m)]
#[rstest]
async fn fixtures_values_and_each_form_of_a_mock(
    city: String,
    #[values(1, 2)] number: u32,
    #[mock(Greeter)] declared: &MockProvider,
    #[mock(on(user("{city}")).reply("{city}"))] mut shared: Arc<MockProvider>,
    #[mock(reply("x"))] exclusive: &mut MockProvider,
    #[ignore] clock: TestClock,
) -> Result<(), String> {
    assert_eq!(ask(declared, &city).await, "Hi.");
    assert_eq!(clock.elapsed().as_secs(), 60);
    assert_eq!(ask(&shared, &city).await, "Paris");
    assert_eq!(ask(exclusive, &city).await, "x");
    shared = Arc::new(exclusive.clone());
    assert_eq!(shared.calls().len(), 1);
    (number < 3).then_some(()).ok_or_else(|| number.to_string())
}

/// Without a mock in place, `#[test_attr(provider_test)]` does as well.
#[rstest]
#[case("a")]
#[case("b")]
#[test_attr(provider_test)]
async fn cases_and_a_declared_mock(#[case] text: &str, #[ignore] llm: Greeter) {
    assert_eq!(ask(&llm, text).await, "Hi.");
}
