//! `pause`: a wait within an answer.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, Message, MockProvider, Request, Response, provider_test};
use tokio::time::Instant;

use crate::helpers::{ask, at, events_with_times, say};

#[provider_test]
async fn s09_a_pause_delays_all_that_follows_it_in_the_answer(
    #[mock(reply("One moment, ").split(whole).ttft(300ms).every(20ms).pause(2s).reply("please.").pause(1s))]
    llm: MockProvider,
) {
    let told = events_with_times(&llm, ms(0)).await;
    let expected = [("One moment, ", 300), ("please.", 2_320), ("", 3_320)];
    assert_eq!(told, at(expected));
}

#[provider_test]
async fn s09_a_pause_continues_the_text_of_an_answer_that_is_not_streamed(
    #[mock(pause(1s).reply("One ").pause(2s).reply("two."))] llm: MockProvider,
) {
    let start = Instant::now();
    let response = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(response.message.parts.len(), 1);
    assert_eq!(response.text(), "One two.");
    assert_eq!(start.elapsed(), ms(3_000));
}

#[provider_test]
async fn s10_a_fault_at_a_fixed_time_comes_within_a_pause(
    #[mock(
        reply("a").pause(2s).reply("b").error_after(500ms, overloaded),
        reply("a").pause(2s).reply("b").error_after(1, overloaded),
        reply("a").pause(2s).reply("b").error_after(2, overloaded)
    )]
    llm: MockProvider,
) {
    for (texts, due) in [(1, 500), (1, 0), (2, 2_000)] {
        let start = Instant::now();
        let stream = llm.answer_stream(ask("hello")).await.expect("a stream");
        let events: Vec<_> = stream.collect().await;
        assert_eq!(events.len(), texts + 1);
        let error = events[texts].as_ref().expect_err("it breaks off");
        assert_eq!(error.kind, ErrorKind::Overloaded);
        assert_eq!(start.elapsed(), ms(due));
    }
}

#[test]
fn a_pause_alone_is_not_an_answer() {
    let problem = |turn| script([turn]).check().expect_err("a problem").to_string();
    assert!(problem(pause(secs(2))).contains("it answers with nothing"));
    let llm = MockProvider::script([reply("a").pause(secs(2)).reply("b")]);
    let report = llm.verify().expect_err("a turn is left").to_string();
    assert!(
        report.contains(r#"reply("a").pause(2s).reply("b")"#),
        "{report}"
    );
}

#[provider_test]
async fn s08_a_failure_after_a_pause_is_the_err_of_the_await() {
    let rejected =
        |_: &Request| Err::<Response, _>(mock_core::ProviderError::new(ErrorKind::Overloaded));
    for turn in [
        pause(secs(60)).fail(overloaded()),
        pause(secs(20))
            .gate("door")
            .pause(secs(40))
            .fail(overloaded()),
        pause(secs(60)).respond_with(rejected),
    ] {
        let llm = MockProvider::script([turn.times(2)]);
        if llm.scenario().turns[0].actions.len() == 4 {
            llm.gate("door").open();
        }
        for streamed in [true, false] {
            let start = Instant::now();
            let error = match streamed {
                true => llm.answer_stream(ask("hello")).await.err(),
                false => llm.answer(ask("hello")).await.err(),
            };
            let kind = error.map(|error| error.kind);
            assert_eq!(
                (kind, start.elapsed()),
                (Some(ErrorKind::Overloaded), secs(60))
            );
        }
    }
}

#[provider_test]
async fn s09_a_pause_delays_the_answer_of_a_closure() {
    let answer = |_: &Request| Response::from(Message::assistant("Hi."));
    let llm = MockProvider::script([pause(secs(5)).respond_with(answer).pause(secs(1))]);
    let start = Instant::now();
    assert_eq!(say(&llm, "hello").await, "Hi.");
    assert_eq!(start.elapsed(), secs(6));
}
