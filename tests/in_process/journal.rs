//! S29: the journal of calls: their order, their outcomes, and a snapshot of a moment.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures::StreamExt as _;
use futures::future::{FutureExt as _, join_all};
use mock_core::builder::*;
use mock_core::{Call, MockProvider, Outcome, ProviderError, Request, provider_test};
use tokio::time::sleep;

use crate::helpers::{ask, assert_says, say};

#[provider_test]
async fn s29_calls_stand_in_the_order_of_their_claims(
    #[mock(reply("slow").ttft(300ms), reply("fast"))] llm: MockProvider,
) {
    let texts = join_all([say(&llm, "one"), say(&llm, "other")]).await;
    assert_eq!(texts, ["slow", "fast"]);

    let calls = llm.calls();
    let asked = calls.iter().map(|call| call.request().clone());
    assert!(asked.eq([ask("one"), ask("other")]));
    let ends: Vec<_> = calls.iter().map(Call::ended_at).collect();
    assert_eq!(ends, [Some(ms(300)), Some(ms(0))]);
}

#[provider_test]
async fn s29_a_snapshot_is_of_its_moment_and_outcomes_come_later(
    #[mock(reply("first").ttft(300ms), reply("second"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut first = llm.answer(ask("one"));
    assert!((&mut first).now_or_never().is_none());
    let snapshot = llm.calls();
    assert_eq!((snapshot.len(), snapshot[0].number()), (1, 1));
    assert_eq!(
        (snapshot[0].outcome(), snapshot[0].ended_at()),
        (None, None)
    );

    first.await?;
    say(&llm, "other").await;

    assert_eq!(snapshot[0].outcome(), Some(&Outcome::Completed));
    assert_eq!(snapshot[0].ended_at(), Some(ms(300)));
    assert_eq!((snapshot.len(), llm.calls().len()), (1, 2));
    assert!(snapshot.get(1).is_none());
    Ok(())
}

#[provider_test]
async fn s29_a_stream_ends_when_its_finish_is_read(
    #[mock(stream(["a", "b"]))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut events = llm.answer_stream(ask("hello")).await?;
    while let Some(event) = events.next().await {
        event?;
        sleep(secs(1)).await;
    }
    // The finish was read after two pauses of a second.
    assert_eq!(llm.calls()[0].ended_at(), Some(secs(2)));
    Ok(())
}

#[provider_test]
async fn s29_a_snapshot_copies_no_call(#[mock(reply("Hi.").forever())] llm: MockProvider) {
    say(&llm, "hello").await;
    let before = llm.calls();
    for _ in 0..1_000 {
        say(&llm, "hello").await;
    }
    assert!(std::ptr::eq(&before[0], &llm.calls()[0]));
}

#[provider_test]
async fn s29_a_failure_is_in_the_journal_with_its_error(
    #[mock(fail(rate_limit { retry_after: 2s }), reply("Hi."))] llm: MockProvider,
) {
    let error = llm.answer(ask("one")).await.expect_err("it is rejected");
    say(&llm, "other").await;

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::Failed(error.clone())));
    assert_eq!(calls[0].error(), Some(&error));
    assert_eq!((calls[0].is_streamed(), calls[1].error()), (false, None));
    let beyond = catch_unwind(AssertUnwindSafe(|| calls[2].number()));
    assert!(beyond.is_err());
}

#[provider_test]
async fn s48_the_journal_has_the_lane_and_the_instance() {
    let scenario = lanes([lane(model("a"), [reply("1")]), lane([], [reply("2")])]);
    let llm = MockProvider::new(scenario.per(any_user_message("I am {name:word}")));
    for (model, name) in [("a", "Ada"), ("b", "Ada"), ("b", "Bob")] {
        let request = Request::new(model).user(format!("I am {name}"));
        llm.answer(request).await.expect("an answer");
    }
    let told: Vec<_> = llm
        .calls()
        .iter()
        .map(|call| (call.lane(), call.instance()))
        .collect();
    assert_eq!(
        told,
        [(Some(0), Some(1)), (Some(1), Some(2)), (Some(1), Some(3))]
    );
    let debug = format!("{:?}", llm.calls()[1]);
    assert_says(&debug, &["lane: Some(1)", "instance: Some(2)"]);
}
