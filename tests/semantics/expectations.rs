//! S70 to S72: expectations beside the script.

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use mock_core::builder::*;
use mock_core::scenario::{Expectation, Scenario, Turn};
use mock_core::{MockProvider, ProblemKind, Request, ToolDefinition, Usage};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::helpers::{after_tool, ask};

/// A mock that was asked for the weather, searched, fetched, and was rejected once.
async fn asked(expected: impl IntoIterator<Item = Expectation>) -> MockProvider {
    let turns = [
        reply("One.").usage(Usage::new(10, 2)),
        fail(rate_limit().retry_after(secs(2))),
        reply("Two.").usage(Usage::new(20, 3)),
    ];
    let scenario = script(turns).latency(ms(500)).expect(expected);
    let llm = MockProvider::new(scenario);
    let tool = ToolDefinition::new("search");
    let first = ask("weather in Paris").system("Be terse.").with_tool(tool);
    llm.answer(first.clone()).await.expect("an answer");
    let second = after_tool(
        first,
        "1",
        "search",
        r#"{"pages": [1, 2], "at": {"x": 1, "y": 2}}"#,
    );
    let third = after_tool(second, "2", "fetch", "a page");
    let error = llm.answer(third.clone()).await.expect_err("a failure");
    sleep(error.retry_after.expect("a time to wait")).await;
    llm.answer(third).await.expect("an answer");
    llm
}

/// Expectations that these calls meet, and those that they do not, with what the report says of them.
fn table() -> Vec<(Expectation, Option<&'static str>)> {
    let met = None;
    vec![
        (expect::calls(3), met),
        (expect::calls(2..=4), met),
        (expect::calls(3..), met),
        (expect::calls(..=3), met),
        (expect::calls(4..), Some("there were 3 calls")),
        (expect::sent(system("terse")), met),
        (expect::sent(user("weather in {city}")), met),
        (expect::sent(tool_result("fetch")), met),
        (
            expect::sent(when(|request| request.messages.len() == 6)),
            met,
        ),
        (expect::sent(system("Terse")), Some("in call 3, ")),
        (
            expect::sent(has_tool("fetch")),
            Some("in call 3, it does not offer `fetch`"),
        ),
        (expect::never_sent(said("password")), met),
        (
            expect::never_sent(tool_result("fetch")),
            Some("call 2 sent it"),
        ),
        (expect::never_sent(when(|_| panic!("no"))), met),
        (expect::offered("search"), met),
        (
            expect::offered("fetch"),
            Some("no call offers it: call 3 offers only `search`"),
        ),
        (expect::result("fetch", "a page"), met),
        (expect::result("search", json!({"pages": [1, 2.0]})), met),
        (expect::result("search", json!({"at": {"y": 2}})), met),
        (
            expect::result("search", json!({"pages": [1]})),
            Some("the last result of `search` is"),
        ),
        (
            expect::result("fetch", json!({"page": 1})),
            Some("the last result of `fetch` is \"a page\""),
        ),
        (
            expect::result("other", json!(1)),
            Some("no request has a result of `other`"),
        ),
        (expect::order("search", "fetch"), met),
        (
            expect::order("fetch", "search"),
            Some("in call 2, the result of `search` comes before that of `fetch`"),
        ),
        (
            expect::order("search", "other"),
            Some("no request has a result of `other`"),
        ),
        (expect::within(ms(3_500)), met),
        (expect::within(ms(3_499)), Some("the calls took 3.5s")),
        (expect::tokens(35), met),
        (expect::tokens(..=4_000), met),
        (expect::tokens(..=34), Some("the answers have 35 tokens")),
        (expect::waited_retry_after(), met),
        (expect::every_call_answered(), met),
        (expect::nothing_after_cancel(), met),
    ]
}

#[tokio::test(start_paused = true)]
async fn s70_an_expectation_that_is_not_met_fails_the_mock_with_a_line_of_its_own() {
    for (expectation, problem) in table() {
        let what = format!("{expectation:?}");
        let llm = asked([expectation]).await;
        match (llm.verify(), problem) {
            (Ok(()), None) => {}
            (Ok(()), Some(problem)) => panic!("{problem}: it passes"),
            (Err(report), None) => panic!("{what}: {report}"),
            (Err(report), Some(problem)) => {
                assert!(report.headline().contains(problem), "{problem}: {report}");
                let [of_mock] = report.problems() else {
                    panic!("{report}");
                };
                assert_eq!(of_mock.kind(), ProblemKind::UnmetExpectation);
                assert_eq!(of_mock.file(), Some(file!()));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s70_the_same_expectations_are_assertions() {
    let llm = asked([]).await;
    for (expectation, problem) in table() {
        let what = format!("{expectation:?}");
        let asserted = catch_unwind(AssertUnwindSafe(|| llm.calls().assert(expectation)));
        match (asserted, problem) {
            (Ok(()), problem) => assert_eq!(problem, None, "{what}"),
            (Err(panic), problem) => {
                let text = panic.downcast_ref::<String>().expect("a text");
                let problem = problem.unwrap_or_else(|| panic!("{what}: {text}"));
                assert!(text.contains(problem), "{problem}: {text}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn s70_each_of_several_has_its_line_and_none_if_a_call_failed() {
    let expected = || {
        [
            expect::calls(7),
            expect::tokens(..=1),
            expect::offered("fetch"),
        ]
    };
    let llm = asked(expected()).await;
    let report = llm.verify().expect_err("three are not met");
    assert_eq!(report.problems().len(), 3);
    let text = report.to_string();
    for line in [
        "`calls(7)` was not met",
        "\n  unmet:    tokens(..=1): the answers have 35 tokens",
        "\n  unmet:    offered(fetch): no call offers it",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }

    let llm = MockProvider::new(script([on(user("a")).reply("b")]).expect(expected()));
    assert!(llm.answer(ask("c")).await.is_err());
    let report = llm.verify().expect_err("a mismatch");
    assert_eq!(report.problems().len(), 1);
    assert!(!report.to_string().contains("calls(7)"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn s71_a_call_that_is_dropped_or_in_flight_is_not_answered() {
    let all = || {
        [
            expect::every_call_answered(),
            expect::nothing_after_cancel(),
            expect::within(secs(60)),
        ]
    };
    let llm = MockProvider::new(script([hang(), reply("Hi.")]).latency(ms(10)).expect(all()));
    assert!(timeout(secs(1), llm.answer(ask("one"))).await.is_err());
    let problems = |llm: &MockProvider| llm.verify().err().map(|report| report.to_string());
    let dropped = problems(&llm).expect("it was dropped");
    assert!(
        dropped.contains("call 1 was dropped before its end"),
        "{dropped}"
    );
    assert!(!dropped.contains("nothing_after_cancel"), "{dropped}");

    let mut second = Box::pin(llm.answer(ask("two")));
    assert!(timeout(Duration::ZERO, &mut second).await.is_err());
    let in_flight = problems(&llm).expect("one is in flight");
    assert!(
        in_flight.contains("call 2 came after call 1 was dropped"),
        "{in_flight}"
    );
    assert!(in_flight.contains("call 2 has not ended"), "{in_flight}");
    second.await.expect("an answer");
    // Two of them are not met any more, and the last handle would say so.
    assert!(problems(&llm).is_some());
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
async fn s71_a_retry_that_comes_too_early_is_told_with_its_times() {
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

#[test]
fn s70_an_expectation_that_can_never_hold_is_rejected() {
    let one = || script([reply("Hi.")]);
    let weather = || one().tools([tool("get_weather")]);
    for (scenario, problem) in [
        (
            one().expect([expect::calls(0)]),
            "at most 0 calls are expected, and the script requires 1",
        ),
        (
            script([reply("Hi.").times(3)]).expect([expect::calls(..=2)]),
            "the script requires 3",
        ),
        (
            one().expect([expect::calls(RangeInclusive::new(4, 2))]),
            "the range `4..=2` is empty",
        ),
        (
            one().expect([expect::tokens(RangeInclusive::new(4, 2))]),
            "the range `4..=2` is empty",
        ),
        (
            one().expect([expect::within(Duration::ZERO)]),
            "it takes no time",
        ),
        (
            weather().expect([expect::offered("weather")]),
            "it names the tool `weather`, which is not declared",
        ),
        (
            weather().expect([expect::result("weather", 1)]),
            "it names the tool `weather`, which is not declared",
        ),
        (
            weather().expect([expect::order("get_weather", "w")]),
            "it names the tool `w`, which is not declared",
        ),
        (
            one().expect([expect::order("a", "a")]),
            "`a` cannot come before itself",
        ),
        (
            one().expect([expect::order("a", "b"), expect::order("b", "a")]),
            "it contradicts the one in line",
        ),
        (
            one().expect([
                expect::order("b", "c"),
                expect::order("a", "b"),
                expect::order("c", "a"),
            ]),
            "by the orders before it, `a` comes before `c`",
        ),
        (
            one().expect([expect::sent(user("a")), expect::never_sent(user("a"))]),
            "it contradicts the one in line",
        ),
        (
            one().expect([expect::calls(1..=2), expect::calls(3..)]),
            "it contradicts the one in line",
        ),
        (
            one().expect([expect::waited_retry_after()]),
            "no turn fails, so there is nothing to wait for",
        ),
    ] {
        let error = scenario.check().expect_err(problem).to_string();
        assert!(error.contains(problem), "{problem}: {error}");
        assert!(error.contains("cannot be met"), "{error}");
    }
    let lazy = mock_core::Allow::NOTHING.with_unused_turns();
    assert!(one().allow(lazy).expect([expect::calls(0)]).check().is_ok());
    assert!(
        script([reply("Hi.").times(0..)])
            .expect([expect::calls(0)])
            .check()
            .is_ok()
    );
}

#[tokio::test]
async fn s72_prompts_are_compared_over_the_wire_only() {
    let llm = MockProvider::new(script([reply("Hi.")]).expect([expect::prompt_prefix_stable()]));
    let error = llm
        .answer(ask("hello"))
        .await
        .expect_err("it is in process");
    assert_eq!(error.kind, mock_core::ErrorKind::Unsupported);
    let report = llm.verify().expect_err("it is unsupported");
    assert!(report.to_string().contains("serve the mock"), "{report}");
}
