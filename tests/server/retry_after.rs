//! How long an error asks the client to wait: the headers `retry-after` and `retry-after-ms`, or the field of the body, on each wire.

use mock_core::builder::{expect, fail, rate_limit, reply, script, secs};
use mock_core::provider_test;
use mock_core::{MockProvider, MockServer};
use serde_json::json;

use crate::official_sdks::{GENERATE, generate};
use crate::raw_client::{CHAT, Client, MESSAGES, RESPONSES, chat, message, ms, streamed};

#[provider_test]
async fn a_client_that_waits_until_a_limit_is_reset_has_waited_long_enough(
    #[mock(fail(rate_limit { retry_after: 2s }), reply("Hi."))] server: MockServer,
) {
    tokio::time::sleep(ms(1_900)).await;
    let mut client = Client::new(&server).await;
    let limited = client.post(MESSAGES, &message("a")).await;
    // 3.9 s after the beginning.
    let reset = limited.header("anthropic-ratelimit-requests-reset");
    assert_eq!(reset, Some("2023-11-14T22:13:24Z"));
    tokio::time::sleep(ms(2_100)).await;
    assert_eq!(client.post(MESSAGES, &message("a")).await.status, 200);
    server.assert_waited_retry_after();
}

#[tokio::test]
async fn only_a_retry_after_that_was_sent_is_waited_for() {
    const GEMINI: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
    let gemini = json!({"contents": [{"role": "user", "parts": [{"text": "a"}]}]});
    let responses = |stream: bool| json!({"model": "gpt-4o", "input": "a", "stream": stream});
    let requests = [
        (CHAT, chat("a")),
        (CHAT, streamed(chat("a"))),
        (MESSAGES, message("a")),
        (MESSAGES, streamed(message("a"))),
        (RESPONSES, responses(false)),
        (RESPONSES, responses(true)),
        (GEMINI, gemini),
    ];
    let mut seen = Vec::new();
    for (path, request) in requests {
        for after in [0, 1] {
            let rejected = rate_limit().retry_after(secs(2));
            let turns = [reply("a b").error_after(after, rejected), reply("c")];
            let scenario = script(turns).expect([expect::waited_retry_after()]);
            let server = MockServer::new(MockProvider::new(scenario));
            let mut client = Client::new(&server).await;
            let answer = client.post(path, &request).await;
            let is_told =
                answer.header("retry-after").is_some() || answer.text.contains("retryDelay");
            seen.push(is_told);
            Client::new(&server).await.post(path, &request).await;
            let report = server.verify().expect_err("it came at once").to_string();
            let part = match is_told {
                true => "was rejected with a retry-after of 2s",
                false => "no call was rejected with a retry-after",
            };
            assert!(report.contains(part), "{path} {after}: {report}");
        }
    }
    assert!(seen.contains(&true) && seen.contains(&false), "{seen:?}");
}

#[provider_test]
async fn a_wait_is_in_milliseconds_and_never_zero_seconds() {
    // The SDKs of OpenAI and Anthropic prefer the milliseconds, and take `retry-after: 0` for none.
    for (path, request) in [(CHAT, chat("hi")), (MESSAGES, message("hi"))] {
        let server = MockServer::new(MockProvider::script([fail(
            rate_limit().retry_after(ms(250)),
        )]));
        let reply = Client::new(&server).await.post(path, &request).await;
        let waits = ["retry-after", "retry-after-ms"].map(|name| reply.header(name));
        assert_eq!(
            (reply.status, waits),
            (429, [Some("1"), Some("250")]),
            "{path}"
        );
    }
    // Google's SDK reads the delay in the body.
    let server = MockServer::new(MockProvider::script([fail(
        rate_limit().retry_after(ms(250)),
    )]));
    let reply = Client::new(&server).await.post(GENERATE, &generate()).await;
    assert_eq!(reply.header("retry-after"), None);
    let details = &reply.json()["error"]["details"];
    let delays = details.as_array().expect("a list").iter();
    assert!(
        delays.clone().any(|detail| detail["retryDelay"] == "0.25s"),
        "{details}"
    );
}
