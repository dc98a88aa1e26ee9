//! `test_case`: `#[provider_test]` below the cases, and the mock made in the body.

use mock_core::{Request, mock_provider, provider_test};
use test_case::test_case;

#[test_case("a", 1 ; "one")]
#[test_case("b", 2)]
#[test_case("panic", 1 => panics "as it should")]
#[provider_test]
async fn cases(text: &str, times: u32) {
    let llm = mock_provider!(reply("Hi.").times(times));
    for _ in 0..times {
        let request = Request::new("gpt-4o").user(text);
        let answer = llm.answer(request).await.expect("an answer");
        assert_eq!(answer.text(), "Hi.");
    }
    assert!(text != "panic", "as it should");
}
