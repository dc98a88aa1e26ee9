//! S33 over the wire: a client that asks in a loop.

use mock_core::{MockServer, ProblemKind, provider_test};

use crate::raw_client::{CHAT, Client, chat};

#[provider_test]
async fn s33_a_request_over_the_limit_is_rejected_and_is_not_a_call(
    #[mock(otherwise = reply("Go on."), max_calls = 2)] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for _ in 0..2 {
        assert_eq!(client.post(CHAT, &chat("hello")).await.status, 200);
    }
    // These requests are not calls.
    for (path, status) in [("/v1/models", 200), ("/v1/modelz", 404)] {
        assert_eq!(client.get(path).await.status, status, "{path}");
    }
    for path in [CHAT, "/v1/embeddings"] {
        let rejected = client.post(path, &chat("hello")).await;
        assert_eq!(rejected.status, 400);
        let text = rejected.text;
        assert!(
            text.contains("more than 2 calls, 2 of them answered by `otherwise`"),
            "{text}"
        );
    }
    assert_eq!(server.calls().len(), 2);
    assert_eq!(server.exchanges()[4].call(), None);
    let problem = server.exchanges()[4].problem().map(str::to_owned);
    assert!(problem.is_some_and(|problem| problem.contains("a loop?")));

    let report = server.verify().expect_err("there are too many calls");
    assert_eq!(report.problems()[0].kind(), ProblemKind::TooManyCalls);
    server.reset();
}
