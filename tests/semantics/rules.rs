//! What answers beside the script: S1 and S2 of rules, and of what is otherwise.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::scenario::{Scenario, TurnIndex};
use mock_core::{Call, ErrorKind, MockProvider, provider_test};

use crate::{after_tool, ask, assert_says, report, say};

fn mock(scenario: Scenario) -> MockProvider {
    MockProvider::new(scenario)
}

/// Which turn answered each call.
fn answered_by(llm: &MockProvider) -> Vec<Option<TurnIndex>> {
    llm.calls().iter().map(Call::answered_by).collect()
}

#[provider_test]
async fn s01_a_rule_answers_where_the_head_does_not() {
    let llm = mock(
        script([on(user("a")).reply("A"), on(user("b")).reply("B")])
            .rules([on(user("ping")).reply("pong")]),
    );
    for (asked, answer) in [("ping", "pong"), ("a", "A"), ("ping", "pong"), ("b", "B")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
    assert_eq!(say(&llm, "ping, at the end").await, "pong");
    use TurnIndex::{Rule, Script};
    let expected = [Rule(0), Script(0), Rule(0), Script(1), Rule(0)];
    assert_eq!(answered_by(&llm), expected.map(Some));
    assert_eq!(llm.calls()[0].turn(), None);
}

#[provider_test]
async fn s01_the_script_comes_before_the_rules_and_these_before_the_rest() {
    let llm = mock(
        script([on(user("a")).reply("script")])
            .rules([on(user("a")).reply("rule")])
            .otherwise(reply("otherwise")),
    );
    for (asked, answer) in [("a", "script"), ("a", "rule"), ("b", "otherwise")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
    assert_eq!(llm.calls()[2].answered_by(), Some(TurnIndex::Otherwise));
}

#[provider_test]
async fn s01_the_first_rule_that_fits_answers() {
    let llm = mock(script([]).rules([on(user("a")).reply("first"), on(user("b")).reply("second")]));
    assert_eq!(say(&llm, "a and b").await, "first");
    assert_eq!(say(&llm, "b").await, "second");
}

#[provider_test]
async fn s02_a_rule_answers_as_often_as_it_is_asked_and_need_not_be() {
    let llm = mock(script([]).rules([on(user("a")).reply("A"), on(user("b")).reply("B")]));
    assert_eq!(llm.verify(), Ok(()));
    for _ in 0..100 {
        assert_eq!(say(&llm, "a").await, "A");
    }
    assert_eq!(llm.verify(), Ok(()));
}

#[provider_test]
async fn s06_what_a_rule_captures_is_known_to_the_script() {
    let llm = mock(
        script([on(user("where")).reply("In {city}.")])
            .rules([on(user("go to {city}")).reply("{city} it is.")]),
    );
    assert_eq!(say(&llm, "go to Oslo").await, "Oslo it is.");
    assert_eq!(say(&llm, "go to Rome").await, "Rome it is.");
    assert_eq!(say(&llm, "where are we?").await, "In Rome.");
}

#[test]
fn s01_a_rule_whose_text_has_no_value_says_so() {
    let report = report(|test| {
        let rules = [
            on(user("other {city}")).reply("no"),
            on(user("where")).reply("In {city}."),
        ];
        let llm: MockProvider = test.inject_mock("llm", script([]).rules(rules).into());
        test.drive(pin!(async {
            let error = llm.answer(ask("where?")).await.expect_err("no city yet");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(
        &report,
        &["call 1 does not fit rule 2", "`{city}` has no value"],
    );
    assert!(!report.contains("rule 1"), "{report}");
}

#[test]
fn s01_what_is_otherwise_does_not_fit_either_where_its_text_has_no_value() {
    let report = report(|test| {
        let scenario = script([]).otherwise(reply("{get_weather.temp} °C"));
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let warm = after_tool(ask("warm?"), "call_1", "get_weather", r#"{"temp": 18}"#);
            let answer = llm.answer(warm).await.expect("there is a result");
            assert_eq!(answer.text(), "18 °C");
            llm.answer(ask("warm?")).await.expect_err("there is none");
        }));
    });
    assert_says(
        &report,
        &[
            "call 2 does not fit `otherwise`",
            "no result of `get_weather`",
        ],
    );
}

#[test]
fn s01_a_request_that_no_rule_fits_freezes_the_rules_too() {
    let report = report(|test| {
        let scenario = script([]).rules([on(user("a")).reply("A")]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            for asked in ["b", "a"] {
                let error = llm.answer(ask(asked)).await.expect_err("it is over");
                assert_says(&error.message, &["call 1 fits none of 1 rule"]);
            }
        }));
    });
    assert_says(&report, &["call 1 fits none of 1 rule"]);
}

#[provider_test]
async fn repeat_last_goes_on_with_the_last_turn() {
    let llm = mock(script([reply("first"), reply("{call}").times(2)]).otherwise(repeat_last()));
    for answer in ["first", "2", "3", "4", "5"] {
        assert_eq!(say(&llm, "go on").await, answer);
    }
}

#[test]
fn repeat_last_needs_the_last_turn_as_often_as_it_says() {
    let report = report(|test| {
        let scenario = script([reply("a").times(2)]).otherwise(repeat_last());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "1").await;
        }));
    });
    assert_says(&report, &["turn 1 was used 1 of 2 times"]);
}

#[test]
fn repeat_last_is_a_mismatch_where_the_matchers_of_the_last_turn_fail() {
    let report = report(|test| {
        let turns = [reply("first"), on(user("more")).reply("last")];
        let scenario = script(turns).otherwise(repeat_last());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            for (asked, answer) in [("hi", "first"), ("more", "last"), ("more", "last")] {
                assert_eq!(say(&llm, asked).await, answer);
            }
            let error = llm.answer(ask("enough")).await.expect_err("no more");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["call 4 does not fit turn 2"]);
}

#[provider_test]
async fn repeat_last_leaves_to_the_rules_what_the_last_turn_does_not_take() {
    let llm = mock(
        script([on(user("more")).reply("last")])
            .rules([on(user("ping")).reply("pong")])
            .otherwise(repeat_last()),
    );
    for (asked, answer) in [("more", "last"), ("ping", "pong"), ("more", "last")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
}

#[provider_test]
async fn cycle_begins_the_script_anew() {
    let llm = mock(script([reply("a"), reply("b").times(2)]).otherwise(cycle()));
    for answer in ["a", "b", "b", "a", "b", "b", "a"] {
        assert_eq!(say(&llm, "go on").await, answer);
    }
    assert_eq!(llm.verify(), Ok(()), "a round that is begun need not end");
}

#[provider_test]
async fn cycle_passes_over_an_optional_turn_at_the_end() {
    let llm = mock(
        script([
            on(user("a")).reply("A"),
            on(user("b")).reply("B").times(0..=1),
        ])
        .otherwise(cycle()),
    );
    for (asked, answer) in [("a", "A"), ("a", "A"), ("b", "B"), ("a", "A"), ("a", "A")] {
        assert_eq!(say(&llm, asked).await, answer);
    }
}

#[provider_test]
async fn cycle_takes_an_optional_turn_again_in_the_next_round() {
    let llm = mock(script([on(user("a")).reply("A").times(0..=1)]).otherwise(cycle()));
    for _ in 0..3 {
        assert_eq!(say(&llm, "a").await, "A");
    }
}

#[test]
fn cycle_needs_the_first_round_to_be_whole() {
    let report = report(|test| {
        let scenario = script([reply("a"), reply("b")]).otherwise(cycle());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "1").await;
        }));
    });
    assert_says(&report, &["turn 2 was never used"]);
}

#[test]
fn cycle_asks_each_turn_once_and_then_gives_up() {
    let report = report(|test| {
        let optional = |word: &'static str| on(user(word)).reply(word).times(0..=1);
        let scenario = script([optional("a"), optional("b")]).otherwise(cycle());
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            say(&llm, "a").await;
            llm.answer(ask("c")).await.expect_err("nothing is for it");
        }));
    });
    assert_says(&report, &["call 2 does not fit turn 1"]);
    assert_eq!(report.matches("tried:").count(), 1, "{report}");
}

#[test]
fn a_script_that_allows_unused_turns_may_leave_them() {
    let scenario = script([reply("a"), reply("b")]);
    let strict = mock(scenario.clone());
    assert!(strict.verify().is_err());
    let lax = mock(scenario.allow(mock_core::Allow::NOTHING.with_unused_turns()));
    assert_eq!(lax.verify(), Ok(()));
}

#[provider_test]
async fn s22_a_script_that_allows_it_calls_tools_that_are_not_offered() {
    let scenario = script([call("get_time", ())]).tools([tool("get_time")]);
    let llm = mock(scenario.allow(mock_core::Allow::NOTHING.with_unoffered_tools()));
    let answer = llm.answer(ask("time?")).await.expect("it is allowed");
    assert_eq!(answer.tool_calls().count(), 1);
}
