//! Drivers: answers whose events the test pushes one by one.

use futures::StreamExt as _;
use futures::future::FutureExt as _;
use mock_core::builder::*;
use mock_core::scenario::{After, Turn};
use mock_core::{
    Allow, Driver, ErrorKind, EventStream, FinishReason, MockProvider, Outcome, ProviderError,
    StreamEvent, Usage, provider_test,
};
use tokio::time::{Instant, sleep, timeout};

use crate::helpers::{ask, say};

async fn stream_of(turn: Turn) -> (MockProvider, EventStream) {
    let llm = MockProvider::script([turn]);
    let events = llm.answer_stream(ask("hello")).await.expect("a stream");
    (llm, events)
}

/// What comes next without waiting, if anything does.
fn now(events: &mut EventStream) -> Option<Result<StreamEvent, ProviderError>> {
    events.next().now_or_never().flatten()
}

fn text(text: &str) -> Option<Result<StreamEvent, ProviderError>> {
    Some(Ok(StreamEvent::Text(text.to_owned())))
}

fn finish(reason: FinishReason, usage: Usage) -> Option<Result<StreamEvent, ProviderError>> {
    let (reason, usage) = (Some(reason), Some(usage));
    Some(Ok(StreamEvent::Finish { reason, usage }))
}

#[provider_test]
async fn events_come_when_they_are_pushed() {
    let (llm, mut events) = stream_of(driven("live")).await;
    let live = llm.driver("live");
    assert_eq!(now(&mut events), None);
    live.text("Hel");
    assert_eq!(now(&mut events), text("Hel"));
    assert_eq!(now(&mut events), None);
    live.text("lo");
    live.finish();
    assert_eq!(now(&mut events), text("lo"));
    assert_eq!(
        now(&mut events),
        finish(FinishReason::Stop, Usage::new(1, 1))
    );
    assert_eq!(events.next().await, None);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));
    assert_eq!(llm.calls()[0].events(), 2);
}

#[provider_test]
async fn events_that_are_pushed_before_a_call_wait_for_one() {
    let llm = MockProvider::script([driven("live")]);
    let live = llm.driver("live");
    live.text("Hello");
    live.text(" to you.");
    live.finish();
    assert_eq!(say(&llm, "hello").await, "Hello to you.");
}

#[provider_test]
async fn a_finish_event_ends_the_answer_whatever_follows_in_the_turn() {
    let (llm, mut events) = stream_of(driven("live").reply("never")).await;
    llm.driver("live").text("Hi.");
    llm.driver("live").finish_with(FinishReason::Length);
    assert_eq!(events.next().await, text("Hi."));
    assert_eq!(
        events.next().await,
        finish(FinishReason::Length, Usage::new(1, 1))
    );
    assert_eq!(events.next().await, None);
}

#[provider_test]
async fn the_turn_says_what_an_answer_costs_that_a_driver_finishes() {
    let turn = driven("live")
        .usage(Usage::new(11, 7))
        .finish(FinishReason::Length);
    let llm = MockProvider::script([turn.times(3)]);
    let live = llm.driver("live");
    live.finish();
    live.finish_with(FinishReason::Stop);
    let own = Usage::new(1, 2);
    let (reason, usage) = (Some(FinishReason::Stop), Some(own));
    live.event(StreamEvent::Finish { reason, usage });
    for (reason, usage) in [
        (FinishReason::Length, Usage::new(11, 7)),
        (FinishReason::Stop, Usage::new(11, 7)),
        (FinishReason::Stop, own),
    ] {
        let answer = llm.answer(ask("hello")).await.expect("an answer");
        assert_eq!(
            (answer.finish_reason, answer.usage),
            (Some(reason), Some(usage))
        );
    }
}

#[provider_test]
async fn a_finish_event_is_played_as_it_is() {
    let turn = driven("live")
        .usage(Usage::new(11, 7))
        .finish(FinishReason::Length);
    let llm = MockProvider::script([turn.times(4)]);
    for (reason, usage) in [
        (None, None),
        (Some(FinishReason::Stop), None),
        (None, Some(Usage::new(1, 2))),
    ] {
        let finish = StreamEvent::Finish { reason, usage };
        llm.driver("live").text("Hi.");
        llm.driver("live").event(finish.clone());
        let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
        assert_eq!(events.next().await, text("Hi."));
        assert_eq!(events.next().await, Some(Ok(finish)));
        assert_eq!(events.next().await, None);
    }
    llm.driver("live").event(StreamEvent::Finish {
        reason: None,
        usage: None,
    });
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!((answer.finish_reason, answer.usage), (None, None));
    for call in &llm.calls() {
        assert_eq!(call.outcome(), Some(&Outcome::Completed));
    }
}

#[provider_test]
async fn a_call_of_a_driver_keeps_its_arguments_whatever_its_index() {
    let llm = MockProvider::script([driven("live").call("last", ())]);
    let live = llm.driver("live");
    for index in [7, 1] {
        let id = format!("call_{index}");
        let name = "get_time".into();
        live.event(StreamEvent::ToolCallStart {
            index,
            id,
            name,
            extra: None,
        });
    }
    for (index, arguments) in [(1, "{\"a\""), (7, "{}"), (1, ":1}")] {
        let arguments = arguments.to_owned();
        live.event(StreamEvent::ToolCallDelta { index, arguments });
    }
    live.finish();
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    let calls: Vec<_> = answer
        .tool_calls()
        .map(|call| (&*call.name, &*call.arguments))
        .collect();
    let expected = [
        ("get_time", "{}"),
        ("get_time", "{\"a\":1}"),
        ("last", "{}"),
    ];
    assert_eq!(calls, expected);
}

#[provider_test]
async fn after_a_driver_the_turn_goes_on() {
    let (llm, mut events) = stream_of(driven("live").call("get_time", ())).await;
    llm.driver("live")
        .event(StreamEvent::Reasoning("Hm.".into()));
    llm.driver("live").finish();
    let names: Vec<_> = std::iter::from_fn(|| now(&mut events))
        .map(|event| event.expect("no failure is in it").name())
        .collect();
    assert_eq!(
        names,
        ["reasoning", "tool call", "tool call arguments", "finish"]
    );
}

#[provider_test]
async fn after_a_driver_comes_what_the_macro_says(
    #[mock(driven("live").gate("open").reply("lo"))] llm: MockProvider,
) {
    llm.driver("live").text("Hel");
    llm.driver("live").finish();
    llm.gate("open").open();
    assert_eq!(say(&llm, "hello").await, "Hello");
}

#[provider_test]
async fn a_call_that_a_driver_begins_counts_among_the_calls_of_the_turn() {
    let llm = MockProvider::script([driven("live").call("second", ())]);
    let live = llm.driver("live");
    live.event(StreamEvent::ToolCallStart {
        index: 0,
        id: "mine".into(),
        name: "first".into(),
        extra: None,
    });
    live.event(StreamEvent::ToolCallDelta {
        index: 0,
        arguments: "{}".into(),
    });
    live.finish();
    let answer = llm.answer(ask("hello")).await.expect("an answer");
    let calls: Vec<_> = answer
        .tool_calls()
        .map(|call| (&*call.id, &*call.name))
        .collect();
    assert_eq!(calls, [("mine", "first"), ("call_1_2", "second")]);
    assert_eq!(answer.finish_reason, Some(FinishReason::ToolCalls));
}

#[provider_test]
async fn s08_a_driver_that_fails_ends_the_answer() {
    let (llm, mut events) = stream_of(driven("live").reply("never")).await;
    llm.driver("live").text("Hel");
    llm.driver("live").fail(overloaded().message("too much"));
    assert_eq!(events.next().await, text("Hel"));
    let error = events.next().await.and_then(Result::err).expect("it fails");
    assert_eq!(
        (error.kind, &*error.message),
        (ErrorKind::Overloaded, "too much")
    );
    assert_eq!(error.provider.as_deref(), Some("mock"));
    assert_eq!(events.next().await, None);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Failed(error)));
}

#[provider_test]
async fn s08_the_stream_is_there_before_its_driver_fails() {
    let llm = MockProvider::script([driven("live").times(2)]);
    llm.driver("live").fail(quota());
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let error = events.next().await.and_then(Result::err).expect("it fails");
    assert_eq!(error.kind, ErrorKind::Quota);
    llm.driver("live").fail(quota());
    let error = llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Quota);
}

#[provider_test]
#[should_panic(expected = "the message of a driver has no variables")]
async fn a_driver_fails_without_variables() {
    let llm = MockProvider::script([driven("live").times(0..)]);
    llm.driver("live").fail(generic().message("no {model}"));
}

#[provider_test]
async fn s12_a_call_that_is_dropped_takes_nothing_more() {
    let llm = MockProvider::script([driven("live").times(2)]);
    assert!(timeout(secs(1), llm.answer(ask("hello"))).await.is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
    assert!(
        timeout(secs(1), llm.driver("live").wait_until_read())
            .await
            .is_err()
    );
    llm.driver("live").text("for the second");
    llm.driver("live").finish();
    assert_eq!(say(&llm, "hello").await, "for the second");
}

#[provider_test]
async fn taken_waits_until_a_call_has_all_and_waits() {
    let (llm, mut events) = stream_of(driven("live")).await;
    let live = llm.driver("live");
    live.text("a");
    live.text("b");
    assert!(live.wait_until_read().now_or_never().is_none());
    let reader = tokio::spawn(async move {
        let mut read = 0;
        while events.next().await.is_some() {
            read += 1;
            sleep(secs(1)).await;
        }
        read
    });
    let start = Instant::now();
    live.wait_until_read().await;
    assert_eq!(start.elapsed(), secs(2));
    live.finish();
    assert!(live.wait_until_read().now_or_never().is_none());
    live.wait_until_read().await;
    assert_eq!(reader.await.expect("it ends"), 3);
}

#[provider_test]
async fn taken_holds_also_when_a_later_call_has_asked_in_vain() {
    let llm = MockProvider::script([driven("live").times(2)]);
    let live = llm.driver("live");
    live.text("all");
    live.finish();
    assert_eq!(say(&llm, "hello").await, "all");
    assert!(timeout(secs(1), llm.answer(ask("hello"))).await.is_err());
    assert!(live.wait_until_read().now_or_never().is_some());
}

#[provider_test]
async fn taken_holds_after_each_kind_of_end() {
    for end in 0..3 {
        // The last text is for no call.
        let allow = Allow::NONE.with_unused_turns();
        let llm = MockProvider::new(script([driven("live")]).allow(allow));
        let live = llm.driver("live");
        live.text("a");
        match end {
            0 => live.finish(),
            1 => live.finish_with(FinishReason::Stop),
            _ => live.fail(generic()),
        }
        let _ = llm.answer(ask("hello")).await;
        assert_eq!(live.wait_until_read().now_or_never(), Some(()), "{end}");
        live.text("b");
        assert_eq!(live.wait_until_read().now_or_never(), None, "{end}");
    }
}

#[provider_test]
async fn s09_events_that_are_pushed_at_once_keep_the_pace_of_the_turn() {
    let turn = driven("live").reply("c d").ttft(ms(10)).every(ms(20));
    let llm = MockProvider::script([turn]);
    let live = llm.driver("live");
    live.text("a");
    live.text("b");
    live.finish();
    let start = Instant::now();
    let events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let times: Vec<_> = events.map(|_| start.elapsed()).collect().await;
    assert_eq!(times, [10, 30, 50, 70, 70].map(ms));
}

#[provider_test]
async fn s09_an_event_that_is_pushed_late_comes_at_once_and_later_ones_keep_their_distance() {
    let (llm, events) = stream_of(driven("live").reply("c").every(ms(20))).await;
    let start = Instant::now();
    tokio::spawn({
        let live = llm.driver("live");
        async move {
            for text in ["a", "b"] {
                sleep(ms(100)).await;
                live.text(text);
            }
            sleep(ms(100)).await;
            live.finish();
        }
    });
    let times: Vec<_> = events.map(|_| start.elapsed()).collect().await;
    assert_eq!(times, [100, 200, 320, 320].map(ms));
}

#[provider_test]
async fn s10_the_deltas_of_a_driver_count_for_a_fault() {
    let (llm, mut events) = stream_of(driven("live").cut_after(2)).await;
    for text in ["a", "b", "c"] {
        llm.driver("live").text(text);
    }
    assert_eq!(events.next().await, text("a"));
    assert_eq!(events.next().await, text("b"));
    let error = events
        .next()
        .await
        .and_then(Result::err)
        .expect("it is cut");
    assert_eq!(error.kind, ErrorKind::Connection);
}

#[provider_test]
async fn s10_a_fault_comes_in_place_of_the_finish_that_a_driver_says() {
    let (llm, mut events) = stream_of(driven("live").cut_after(After::All)).await;
    llm.driver("live").text("a");
    llm.driver("live").finish_with(FinishReason::Stop);
    assert_eq!(events.next().await, text("a"));
    let error = events
        .next()
        .await
        .and_then(Result::err)
        .expect("it is cut");
    assert_eq!(error.kind, ErrorKind::Connection);
    assert_eq!(events.next().await, None);
}

#[provider_test]
async fn s10_the_time_of_a_fault_runs_on_while_a_driver_says_nothing() {
    let (llm, mut events) = stream_of(driven("live").cut_after(ms(1_500)).times(1)).await;
    let start = Instant::now();
    tokio::spawn({
        let live = llm.driver("live");
        async move {
            for text in ["a", "b", "c"] {
                sleep(secs(1)).await;
                live.text(text);
            }
        }
    });
    assert_eq!(events.next().await, text("a"));
    let error = events
        .next()
        .await
        .and_then(Result::err)
        .expect("it is cut");
    assert_eq!(
        (error.kind, start.elapsed()),
        (ErrorKind::Connection, ms(1_500))
    );
}

#[provider_test]
async fn s10_an_event_after_the_time_of_a_fault_is_too_late() {
    let (llm, mut events) = stream_of(driven("live").cut_after(ms(1_500))).await;
    sleep(secs(1)).await;
    llm.driver("live").text("in time");
    sleep(secs(1)).await;
    llm.driver("live").text("too late");
    assert_eq!(events.next().await, text("in time"));
    let error = events.next().await.and_then(Result::err);
    assert_eq!(error.expect("it is cut").kind, ErrorKind::Connection);
    assert_eq!(events.next().await, None);
}

#[provider_test]
#[should_panic(expected = "has no driver, so none called `live`")]
async fn a_driver_that_is_not_in_the_script_is_an_error() {
    MockProvider::script([reply("Hi.").times(0..)]).driver("live");
}

#[tokio::test]
async fn s9_events_that_no_call_asks_for_fail_the_test() {
    for is_allowed in [false, true] {
        let optional = driven("live").times(0..=1);
        let mut scenario = script([reply("Hi."), optional]);
        if is_allowed {
            scenario = scenario.allow(Allow::NONE.with_unused_turns());
        }
        let llm = MockProvider::new(scenario);
        let live = llm.driver("live");
        live.text("a");
        live.finish();
        let answer = llm.answer(ask("x")).await;
        assert_eq!(answer.expect("an answer").text(), "Hi.");
        match (llm.verify(), is_allowed) {
            (report, true) => assert_eq!(report, Ok(())),
            (report, false) => {
                let report = report.expect_err("no call asks").to_string();
                let says = "the driver `live` pushed 2 events, and no call took them";
                assert!(report.contains(says), "{report}");
                assert!(report.contains("make the call"), "{report}");
            }
        }
    }
}

/// The code under test may stop reading.
#[tokio::test]
async fn s9_events_that_a_dropped_call_leaves_do_not_fail_the_test() {
    let llm = MockProvider::script([driven("live")]);
    llm.driver("live").text("a");
    let mut events = llm.answer_stream(ask("x")).await.expect("a stream");
    assert_eq!(events.next().await, text("a"));
    drop(events);
    llm.driver("live").text("b");
    assert_eq!(llm.verify(), Ok(()));

    let scenario = script([]).otherwise(driven("live"));
    let llm = MockProvider::new(scenario);
    llm.driver("live").text("a");
    llm.driver("live").text("b");
    let mut events = llm.answer_stream(ask("x")).await.expect("a stream");
    assert_eq!(events.next().await, text("a"));
    drop(events);
    llm.reset();
    assert_eq!(llm.verify(), Ok(()));
}

/// A call may break off before it asks for the first event.
#[tokio::test(start_paused = true)]
async fn s9_events_that_a_broken_call_leaves_do_not_fail_the_test() {
    let turn = reply("Hi there.").driven("live").cut_after(1);
    let llm = MockProvider::script([turn]);
    llm.driver("live").text("a");
    llm.answer(ask("x")).await.expect_err("it is cut");
    assert_eq!(llm.verify(), Ok(()));
}

#[tokio::test]
async fn s10_an_event_that_is_pushed_after_the_end_and_not_taken_fails_the_test() {
    type Push = fn(&Driver);
    let cases: [(Push, Push, Option<&str>); 6] = [
        (|_| {}, |_| {}, None),
        (
            |_| {},
            |live| {
                live.text("never sent");
                live.fail(overloaded());
            },
            Some("pushed 2 events after its end, and no call took them"),
        ),
        (
            |live| live.text("never sent"),
            |_| {},
            Some("the text \"never sent\""),
        ),
        (Driver::finish, |_| {}, Some("pushed:   an end")),
        (
            |live| live.fail(overloaded()),
            |_| {},
            Some("the failure overloaded"),
        ),
        (
            |_| {},
            |live| live.event(StreamEvent::Reasoning("x".into())),
            Some("pushed 1 event after its end, and no call took it"),
        ),
    ];
    for (before, after, problem) in cases {
        let llm = MockProvider::script([driven("live")]);
        let live = llm.driver("live");
        live.text("a");
        live.finish();
        before(&live);
        let answer = llm.answer(ask("x")).await;
        assert_eq!(answer.expect("an answer").text(), "a");
        after(&live);
        match (llm.verify(), problem) {
            (report, None) => assert_eq!(report, Ok(())),
            (report, Some(problem)) => {
                let report = report.expect_err(problem).to_string();
                assert!(report.contains(problem), "{report}");
            }
        }
    }
    // Another call takes it.
    let llm = MockProvider::script([driven("live").times(2)]);
    for _ in 0..2 {
        llm.driver("live").finish();
    }
    for _ in 0..2 {
        let answer = llm.answer(ask("x")).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
    assert_eq!(llm.verify(), Ok(()));
}
