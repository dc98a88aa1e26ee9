//! S70 to S72: expectations beside the script.

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::scenario::Expectation;
use mock_core::{MockProvider, ProblemKind, Request, TestJournal, ToolDefinition, Usage};
use serde_json::json;
use tokio::time::sleep;

use crate::helpers::{after_tool, ask, assert_says, outcome, say};

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
        (expect::never_sent(any_user_message("password")), met),
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
        (
            expect::nothing_after_cancel(),
            Some("no call was dropped before its end"),
        ),
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
            one().expect([expect::calls(0..)]),
            "any number is in the range `0..`",
        ),
        (
            one().expect([expect::tokens(0..)]),
            "any number is in the range `0..`",
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
    let lazy = mock_core::Allow::NONE.with_unused_turns();
    assert!(one().allow(lazy).expect([expect::calls(0)]).check().is_ok());
    assert!(
        script([reply("Hi.").times(0..)])
            .expect([expect::calls(0)])
            .check()
            .is_ok()
    );
}

#[test]
fn closures_that_the_verdict_asks_may_use_the_test_and_make_mocks() {
    let outcome = outcome(false, |test| {
        let journal = test.inject::<TestJournal>("journal");
        let asks = when(move |_| {
            let made = MockProvider::script([reply("Hi.").times(0..)]);
            made.answer(Request::new("gpt-4o")).now_or_never();
            journal.calls().iter().any(|(_, calls)| calls.is_empty())
        });
        let scenario = script([reply("Hi.")]).expect([expect::never_sent(asks)]);
        let llm = test.inject_mock::<MockProvider>("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "hello").await;
        }));
    });
    assert_eq!(outcome, Ok(()));
}

#[tokio::test]
async fn s71_an_answer_without_a_usage_has_no_known_tokens() {
    let expected = || [expect::tokens(..=10)];
    for turns in [
        vec![reply("Hi.").usage(None)],
        vec![reply("Hi."), reply("Hi.").usage(None)],
    ] {
        let count = turns.len();
        let llm = MockProvider::new(script(turns).expect(expected()));
        for _ in 0..count {
            llm.answer(ask("hello")).await.expect("an answer");
        }
        let told = llm.verify().expect_err("it is not known").to_string();
        let problem = format!("the answer to call {count} has no usage, so its tokens are unknown");
        assert!(told.contains(&problem), "{told}");
    }
    // A failure has no tokens.
    let llm = MockProvider::new(script([fail(overloaded())]).expect(expected()));
    llm.answer(ask("hello")).await.expect_err("it fails");
    llm.verify().expect("no tokens are few enough");
}

#[tokio::test]
async fn s71_in_process_an_expectation_of_headers_or_a_path_is_not_met() {
    let secret = || header("x-secret", "*");
    for expected in [
        expect::never_sent(secret()),
        expect::never_sent(path("/v1/files")),
        expect::never_sent(any_of([secret(), any_user_message("bye")])),
        expect::never_sent(all_of([secret(), any_user_message("hello")])),
        expect::never_sent(not(secret())),
        expect::sent(secret()),
        expect::sent(not(secret())),
    ] {
        let llm = MockProvider::new(script([reply("Hi.")]).expect([expected.clone()]));
        llm.answer(ask("hello")).await.expect("an answer");
        let report = llm.verify().expect_err("there are no headers");
        assert_says(
            report.headline(),
            &["call 1 has no headers and no path: in process there are none"],
        );

        // The scenario of these calls does not need headers, so a server would not have kept them.
        let plain = MockProvider::script([reply("Hi.")]);
        plain.answer(ask("hello")).await.expect("an answer");
        let calls = plain.calls();
        let panic = catch_unwind(AssertUnwindSafe(|| calls.assert(expected)));
        let panic = panic.expect_err("there are no headers");
        let text = panic.downcast_ref::<String>().expect("a text");
        assert_says(text, &["the headers and the path of call 1 are not known"]);
    }

    // If another matcher decides the result, the unknown head does not matter.
    for (expected, is_met) in [
        (
            expect::sent(any_of([secret(), any_user_message("hello")])),
            true,
        ),
        (
            expect::never_sent(any_of([secret(), any_user_message("hello")])),
            false,
        ),
        (
            expect::never_sent(all_of([secret(), any_user_message("bye")])),
            true,
        ),
        (
            expect::never_sent(all_of([any_user_message("bye"), secret()])),
            true,
        ),
        (
            expect::sent(all_of([secret(), any_user_message("bye")])),
            false,
        ),
        (
            expect::sent(any_of([not(secret()), any_user_message("hello")])),
            true,
        ),
        (
            expect::sent(not(any_of([secret(), any_user_message("hello")]))),
            false,
        ),
        (
            expect::sent(not(all_of([secret(), any_user_message("bye")]))),
            true,
        ),
    ] {
        let llm = MockProvider::new(script([reply("Hi.")]).expect([expected.clone()]));
        llm.answer(ask("hello")).await.expect("an answer");
        let report = llm.verify().err().map(|report| report.to_string());
        assert_eq!(report.is_none(), is_met, "{expected:?}");
        let blames =
            report.is_some_and(|report| report.contains("call 1 has no headers and no path"));
        assert!(!blames, "{expected:?}");
    }
}

#[tokio::test]
async fn s71_a_result_of_another_shape_is_neither_sent_nor_not_sent() {
    let refund = || tool("refund").returns(object([("ok", boolean())]));
    for expected in [
        expect::never_sent(tool_result("refund")),
        expect::never_sent(not(tool_result("refund"))),
        expect::sent(tool_result("refund")),
    ] {
        let scenario = script([reply("Hi.")]).tools([refund()]).expect([expected]);
        let llm = MockProvider::new(scenario);
        let request = after_tool(ask("hello"), "1", "refund", r#"{"ok": "yes"}"#);
        llm.answer(request).await.expect("an answer");
        let report = llm.verify().expect_err("the result has another shape");
        assert_says(
            report.headline(),
            &["the result of `refund` in call 1 is not what the tool returns"],
        );
    }

    // If another matcher decides the result, the undeclared shape does not matter.
    let decided = expect::never_sent(all_of([tool_result("refund"), any_user_message("bye")]));
    let llm = MockProvider::new(script([reply("Hi.")]).tools([refund()]).expect([decided]));
    let request = after_tool(ask("hello"), "1", "refund", r#"{"ok": "yes"}"#);
    llm.answer(request).await.expect("an answer");
    assert_eq!(llm.verify(), Ok(()));
}
