//! S9: how long calls took.

use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{EmbeddingRequest, MockProvider, ProviderError, provider_test};
use tokio::time::sleep;

use crate::helpers::ask;

async fn read(llm: &MockProvider, text: &str) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask(text)).await?;
    events.try_collect::<Vec<_>>().await?;
    Ok(())
}

#[provider_test]
async fn s09_gaps_are_between_events_and_their_median_is_between_the_middle_ones(
    #[mock(stream(["a", "b"]).pause(70ms).stream(["c"]).pause(10ms).stream(["d", "e"]).every(20ms))]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    read(&llm, "hello").await?;
    let timings = llm.timings();
    let call = &timings.calls()[0];
    assert_eq!(call.gaps(), [ms(20), ms(90), ms(30), ms(20)]);
    assert_eq!(call.median_gap(), Some(ms(25)));
    assert_eq!(
        (call.max_gap(), timings.max_gap()),
        (Some(ms(90)), Some(ms(90)))
    );
    assert_eq!(call.total(), Some(ms(160)));
    Ok(())
}

#[provider_test]
async fn s09_an_answer_that_is_not_streamed_has_its_first_event_at_its_end(
    #[mock(latency = 5ms, script = [reply("a b c").ttft(10ms).every(20ms)])] llm: MockProvider,
) -> Result<(), ProviderError> {
    llm.answer(ask("hello")).await?;
    let timings = llm.timings();
    let call = &timings.calls()[0];
    assert_eq!(
        (call.first_event(), call.total()),
        (Some(ms(55)), Some(ms(55)))
    );
    assert_eq!((call.gaps(), call.median_gap()), (&[][..], None));
    Ok(())
}

#[provider_test]
async fn s09_all_calls_together_take_from_the_first_start_to_the_last_end(
    #[mock(
        reply("a").ttft(100ms).usage(1, 30),
        stream(["b"]).ttft(300ms).usage(1, 20),
        reply("c").ttft(50ms).usage(1, 10),
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    sleep(ms(40)).await;
    let (first, second) = tokio::join!(llm.answer(ask("1")), read(&llm, "2"));
    let _ = (first?, second?);
    sleep(ms(150)).await;
    llm.answer(ask("3")).await?;

    let timings = llm.timings();
    assert_eq!(timings.total(), ms(500));
    assert_eq!(timings.median_first_event(), Some(ms(100)));
    assert_eq!(timings.max_first_event(), Some(ms(300)));
    assert_eq!(
        (timings.output_tokens(), timings.tokens_per_second()),
        (Some(60), Some(120.0))
    );
    assert_eq!((timings.max_in_flight(), timings.retries()), (2, 0));
    Ok(())
}

#[provider_test]
async fn s09_as_many_calls_are_in_flight_as_the_mock_counts(
    #[mock(reply("a").ttft(10ms).times(12))] llm: MockProvider,
) {
    for tasks in [1, 4, 2, 5] {
        let calls = (0..tasks).map(|_| llm.answer(ask("hello")));
        futures::future::join_all(calls).await;
    }
    assert_eq!(llm.timings().max_in_flight(), 5);
    assert_eq!(llm.max_in_flight(), 5);
}

#[provider_test]
async fn s09_a_retry_repeats_the_request_of_the_failed_call_before_it(
    #[mock(
        fail(overloaded).times(2),
        reply("a"),
        fail(overloaded),
        reply("b").times(2),
    )]
    llm: MockProvider,
) {
    for text in ["same", "same", "same", "same", "another", "another"] {
        let _ = llm.answer(ask(text)).await;
    }
    let timings = llm.timings();
    let retries: Vec<_> = timings.calls().iter().map(|call| call.retries()).collect();
    assert_eq!(retries, [None, Some(1), Some(2), None, None, None]);
    assert_eq!(timings.retries(), 2);
}

#[provider_test]
async fn s09_an_answer_that_did_not_come_has_no_time_and_no_tokens(
    #[mock(
        stream(["a", "b", "c"]).every(20ms),
        hang().error_after(30s, timeout),
        stream(["a", "b"]).every(20ms).end_after(2),
    )]
    llm: MockProvider,
) {
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let _ = (events.next().await, events.next().await);
    drop(events);
    let _ = llm.answer(ask("again")).await;
    let _ = read(&llm, "once more").await;
    let timings = llm.timings();
    let [dropped, failed, truncated] = timings.calls() else {
        panic!("{timings}");
    };
    assert_eq!(
        (dropped.gaps(), dropped.total()),
        (&[ms(20)][..], Some(ms(20)))
    );
    assert_eq!(
        (failed.first_event(), failed.total()),
        (None, Some(secs(30)))
    );
    assert_eq!(truncated.first_event(), Some(Duration::ZERO));
    assert_eq!(timings.output_tokens(), None);
    assert_eq!(
        timings.to_string(),
        "\
call  start   first  median gap  max gap  total   tokens  tokens/s
1     0ms     0ms    20ms        20ms     20ms    -       -         dropped
2     20ms    -      -           -        30s     -       -         timeout
3     30.02s  0ms    20ms        20ms     20ms    -       -         ended without its finish
all   0ms     0ms    20ms        20ms     30.04s  -       -         0 retries, 1 in flight
"
    );
}

#[provider_test]
async fn s09_the_lanes_of_a_mock_are_timed_alone_or_together(
    #[mock(lanes = match request {
        model("small") => [reply("a").ttft(10ms)],
        _ => [reply("b").ttft(70ms)],
    })]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let (small, large) = (
        mock_core::Request::new("small"),
        mock_core::Request::new("large"),
    );
    let (first, second) = tokio::join!(llm.answer(large), llm.answer(small));
    let _ = (first?, second?);
    assert_eq!(llm.timings().max_in_flight(), 2);
    let slow = llm.calls().to("_").timings();
    assert_eq!((slow.total(), slow.max_in_flight()), (ms(70), 1));
    Ok(())
}

#[provider_test]
async fn s09_embeddings_have_times_too(
    #[mock(pause(30ms).embed())] llm: MockProvider,
) -> Result<(), ProviderError> {
    let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
    llm.answer_embedding(request).await?;
    let timings = llm.timings();
    let call = &timings.calls()[0];
    assert_eq!((call.first_event(), call.gaps().len()), (Some(ms(30)), 0));
    Ok(())
}

#[provider_test]
async fn s09_a_call_in_flight_has_no_end(#[mock(stream(["a"]).hang())] llm: MockProvider) {
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let _ = events.next().await;
    let timings = llm.timings();
    assert_eq!(
        (timings.calls()[0].total(), timings.total()),
        (None, Duration::ZERO)
    );
    assert!(timings.to_string().contains("in flight\n"), "{timings}");
    drop(events);
    let none = MockProvider::script([reply("a").times(0..)]).timings();
    assert_eq!(
        (none.total(), none.calls().len(), none.max_in_flight()),
        (Duration::ZERO, 0, 0)
    );
    assert!(
        none.to_string().ends_with("0 retries, 0 in flight\n"),
        "{none}"
    );
}
