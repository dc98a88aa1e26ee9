//! A proxy in the environment that may have taken the requests for a mock is named.

use mock_core::{MockProvider, provider_test};

use crate::helpers::*;

#[provider_test]
#[ignore = "run by the test below, with variables set"]
async fn nobody_reaches(#[mock(reply("Hi."))] _server: mock_core::MockServer) {}

#[provider_test]
#[ignore = "run by the test below, with variables set"]
async fn nobody_asks(#[mock(reply("Hi."))] _llm: MockProvider) {}

#[test]
fn a_proxy_that_may_have_taken_the_requests_is_named() {
    for (name, no_proxy, is_told) in [
        ("nobody_reaches", "", true),
        ("nobody_reaches", "example.com", true),
        ("nobody_reaches", "127.0.0.1", false),
        ("nobody_asks", "", false),
    ] {
        let variables = [
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("NO_PROXY", no_proxy),
            ("no_proxy", no_proxy),
        ];
        let (passed, printed) = run_alone(&format!("proxies::{name}"), &variables);
        assert!(!passed, "{printed}");
        let told = printed.contains("environment variable `HTTP_PROXY` is set");
        assert_eq!(told, is_told, "{name}, {no_proxy}: {printed}");
    }
}
