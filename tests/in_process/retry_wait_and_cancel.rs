//! S21, S71: retries that come too early, and calls that come after a dropped one: the expectations `waited_retry_after`,
//! `nothing_after_cancel` and `every_call_answered`, and the same as assertions.

use std::time::Duration;

use mock_core::builder::*;
use mock_core::scenario::{Expectation, Scenario, Turn};
use mock_core::{MockProvider, Request, provider_test};
use tokio::time::{sleep, timeout};

use crate::helpers::ask;

#[tokio::test(start_paused = true)]
async fn s71_a_call_that_is_dropped_or_in_flight_is_not_answered() {
    let mock = |expected: [Expectation; 2]| {
        MockProvider::new(
            script([hang(), reply("Hi.")])
                .latency(ms(10))
                .expect(expected),
        )
    };
    let answers = mock([expect::every_call_answered(), expect::within(secs(60))]);
    let cancels = mock([expect::nothing_after_cancel(), expect::within(secs(60))]);
    let problems = |llm: &MockProvider| llm.verify().err().map(|report| report.to_string());
    for llm in [&answers, &cancels] {
        assert!(timeout(secs(1), llm.answer(ask("one"))).await.is_err());
    }
    let dropped = problems(&answers).expect("it was dropped");
    assert!(
        dropped.contains("call 1 was dropped before its end"),
        "{dropped}"
    );
    let dropped = problems(&cancels).expect("a turn is left");
    assert!(!dropped.contains("nothing_after_cancel"), "{dropped}");

    for llm in [answers, cancels] {
        let mut second = Box::pin(llm.answer(ask("two")));
        assert!(timeout(Duration::ZERO, &mut second).await.is_err());
        let in_flight = problems(&llm).expect("one is in flight");
        assert!(in_flight.contains("call 2 has not ended"), "{in_flight}");
        second.await.expect("an answer");
        // Read the problems here: one expectation is no longer met, and dropping the last handle would panic.
        assert!(problems(&llm).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn s71_a_call_after_a_dropped_one_is_reported_and_so_is_a_missing_drop() {
    let expected = || [expect::nothing_after_cancel()];
    let problem = |llm: &MockProvider| llm.verify().expect_err("it is not met").to_string();

    let llm = MockProvider::new(script([hang(), reply("Hi.")]).expect(expected()));
    assert!(timeout(secs(1), llm.answer(ask("one"))).await.is_err());
    llm.answer(ask("two")).await.expect("an answer");
    let told = problem(&llm);
    assert!(
        told.contains("call 2 came after call 1 was dropped"),
        "{told}"
    );

    // The handle of a task is dropped, and the task goes on.
    let turns = [reply("Hi.").ttft(secs(20)), reply("Hi.").times(0..)];
    let llm = MockProvider::new(script(turns).expect(expected()));
    let handle = llm.clone();
    let task = tokio::spawn(async move {
        for text in ["one", "two"] {
            handle.answer(ask(text)).await.expect("an answer");
        }
    });
    assert!(timeout(secs(5), task).await.is_err());
    sleep(secs(100)).await;
    let told = problem(&llm);
    assert!(
        told.contains("no call was dropped before its end"),
        "{told}"
    );
}

#[tokio::test(start_paused = true)]
async fn s71_calls_that_began_before_one_was_dropped_may_go_on() {
    let turns = [hang(), reply("Hi.")];
    let llm = MockProvider::new(
        script(turns)
            .latency(ms(10))
            .expect([expect::nothing_after_cancel()]),
    );
    let (first, second) = (llm.answer(ask("one")), llm.answer(ask("two")));
    let (first, second) = tokio::join!(timeout(ms(5), first), second);
    assert!(first.is_err() && second.is_ok());
    assert!(llm.verify().is_ok());
}

#[tokio::test(start_paused = true)]
async fn s71_a_retry_that_comes_too_early_is_reported_with_its_times() {
    let turns = [
        fail(rate_limit().retry_after(secs(2))),
        reply("Hi.").times(0..),
    ];
    let llm = MockProvider::new(script(turns).expect([expect::waited_retry_after()]));
    let report = llm.verify().expect_err("nothing happened");
    assert!(report.to_string().contains("never used"), "{report}");
    let _ = llm.answer(ask("one")).await;
    sleep(ms(300)).await;
    let _ = llm.answer(ask("one")).await;
    let report = llm.verify().expect_err("it came too early");
    let problem = "call 2 came 300ms after call 1 was rejected with a retry-after of 2s";
    assert!(report.headline().contains(problem), "{report}");
    assert_eq!(report.problems()[0].call(), Some(2));
}

/// Two callers at once: the first is rejected, or drops its call, and the second goes on meanwhile.
async fn two_callers(scenario: Scenario, first: Request, second: Request) -> MockProvider {
    let llm = MockProvider::new(scenario.latency(ms(100)));
    let slow = async {
        match timeout(secs(1), llm.answer(first.clone())).await {
            Ok(Err(error)) => sleep(error.retry_after.expect("a time to wait")).await,
            Ok(Ok(_)) => panic!("it is rejected, or nothing comes"),
            Err(_) => return,
        }
        llm.answer(first).await.expect("an answer");
    };
    let other = async {
        for _ in 0..3 {
            llm.answer(second.clone()).await.expect("an answer");
            sleep(ms(700)).await;
        }
    };
    tokio::join!(slow, other);
    llm
}

#[tokio::test(start_paused = true)]
async fn s71_the_calls_of_another_lane_or_instance_do_not_count() {
    type Goes = fn(Turn) -> Turn;
    let wrong: [(Goes, Expectation); 2] = [
        (
            |turn| turn.fail(rate_limit().retry_after(secs(2))),
            expect::waited_retry_after(),
        ),
        (Turn::hang, expect::nothing_after_cancel()),
    ];
    for (goes_wrong, expected) in wrong {
        let answers = || reply("Hi.").times(0..);
        let of_lanes = lanes([
            lane(model("one"), [goes_wrong(on(user("hi"))), answers()]),
            lane(model("two"), [answers()]),
        ]);
        let turns = [goes_wrong(on(model("one"))).times(0..=1), answers()];
        let per_model = script(turns.clone()).per(Per::Model);
        for (scenario, holds) in [(of_lanes, true), (per_model, true), (script(turns), false)] {
            let scenario = scenario.expect([expected.clone()]);
            let (one, two) = (
                Request::new("one").user("hi"),
                Request::new("two").user("hi"),
            );
            let llm = two_callers(scenario, one, two).await;
            let verified = llm.verify();
            assert_eq!(verified.is_ok(), holds, "{expected:?}: {verified:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s71_a_call_that_began_before_the_rate_limit_is_not_too_early() {
    let turns = [
        fail(rate_limit().retry_after(secs(2))),
        reply("Hi.").times(0..),
    ];
    let scenario = script(turns).latency(ms(10));
    let llm = MockProvider::new(scenario.expect([expect::waited_retry_after()]));
    let (rejected, answered) = tokio::join!(llm.answer(ask("one")), llm.answer(ask("two")));
    assert!(rejected.is_err() && answered.is_ok());
    sleep(secs(2)).await;
    llm.answer(ask("one")).await.expect("an answer");
    llm.assert_waited_retry_after();
    assert!(llm.verify().is_ok());
}

#[provider_test]
#[should_panic(expected = "came 500ms after call 1")]
async fn s21_a_retry_before_its_time_is_seen(
    #[mock(fail(overloaded { retry_after: 2s }), reply("Hi."))] llm: MockProvider,
) {
    let _ = llm.answer(ask("hello")).await;
    tokio::time::sleep(ms(500)).await;
    let _ = llm.answer(ask("hello")).await;
    llm.assert_waited_retry_after();
}
