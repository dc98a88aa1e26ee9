//! S1, S2: rules, which answer beside the script, and `otherwise`.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::scenario::{Scenario, TurnIndex};
use mock_core::{Call, ErrorKind, MockProvider, provider_test};

use crate::helpers::{after_tool, ask, assert_says, report, say};

pub(crate) fn mock(scenario: Scenario) -> MockProvider {
    MockProvider::new(scenario)
}

/// Which turn answered each call.
pub(crate) fn answered_by(llm: &MockProvider) -> Vec<Option<TurnIndex>> {
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
fn s01_otherwise_does_not_fit_if_its_text_has_no_value() {
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
