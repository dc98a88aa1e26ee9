//! A remedy that a report offers makes the test pass where it is written.

use futures::FutureExt as _;

use crate::MockProvider;
use crate::builder::*;
use crate::chat::request::Request;
use crate::scenario::{Allow, Scenario};

/// Makes these calls, and returns the report; empty if there is none.
fn report(scenario: Scenario, asked: &[&str]) -> String {
    let mock = MockProvider::new(scenario);
    for asked in asked {
        let answer = mock.answer(Request::new("m").user(*asked)).now_or_never();
        let _ = answer.expect("it takes no time");
    }
    let report = mock.verify().err();
    report.map_or(String::new(), |report| report.to_string())
}

#[track_caller]
fn assert_remedies(wrong: Scenario, asked: &[&str], remedies: Vec<(&str, Scenario)>) {
    let told = report(wrong, asked);
    let help = told.split_once("  help:").expect("there is help").1;
    for (remedy, right) in remedies {
        assert!(help.contains(remedy), "no {remedy} in:\n{told}");
        assert_eq!(report(right, asked), "", "{remedy}");
    }
}

fn unused_turns_allowed() -> Allow {
    let mut allow = Allow::NOTHING;
    allow.unused_turns = true;
    allow
}

#[test]
fn a_mock_that_is_rightly_never_called() {
    let turn = || reply("Hi.");
    assert_remedies(
        script([turn()]),
        &[],
        vec![
            ("`#[mock()]`", script([])),
            ("`.times(0..=1)`", script([turn().times(0..=1)])),
            (
                "`allow = [unused_turns]`",
                script([turn()]).allow(unused_turns_allowed()),
            ),
        ],
    );
}

#[test]
fn a_turn_that_is_used_once_of_three_times() {
    let turn = || reply("Hi.");
    assert_remedies(
        script([turn().times(3)]),
        &["hello"],
        vec![
            ("`.times(1)`", script([turn().times(1)])),
            ("`.times(1..=3)`", script([turn().times(1..=3)])),
        ],
    );
    assert_remedies(
        script([turn().times(3..)]),
        &["hello"],
        vec![
            ("`.times(1)`", script([turn().times(1)])),
            ("`.times(1..)`", script([turn().times(1..)])),
        ],
    );
}

#[test]
fn a_call_after_the_last_turn_that_it_fits() {
    let turn = || on(user("hello")).reply("Hi.");
    assert_remedies(
        script([turn().times(2)]),
        &["hello", "hello", "hello"],
        vec![
            ("`.times(3)`", script([turn().times(3)])),
            ("`.forever()`", script([turn().forever()])),
            (
                "`otherwise = repeat_last`",
                script([turn().times(2)]).otherwise(repeat_last()),
            ),
            (
                "`otherwise = reply(\"..\")`",
                script([turn().times(2)]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn a_call_after_the_last_turn_that_it_does_not_fit() {
    let turn = || on(user("hello")).reply("Hi.");
    assert_remedies(
        script([turn()]),
        &["hello", "weather"],
        vec![
            (
                "add a turn for it",
                script([turn(), on(user("weather")).reply("..")]),
            ),
            (
                "`user(\"weather\") => reply(\"..\")`",
                script([turn()]).rules([on(user("weather")).reply("..")]),
            ),
            (
                "`otherwise = reply(\"..\")`",
                script([turn()]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn a_call_without_a_script_or_a_rule() {
    assert_remedies(
        script([]),
        &["hello"],
        vec![
            ("`script = [reply(\"..\")]`", script([reply("..")])),
            (
                "`otherwise = reply(\"..\")`",
                script([]).otherwise(reply("..")),
            ),
        ],
    );
    let rule = || on(user("weather")).reply("Fine.");
    assert_remedies(
        script([]).rules([rule()]),
        &["hello"],
        vec![
            (
                "`user(\"hello\") => reply(\"..\")`",
                script([]).rules([rule(), on(user("hello")).reply("..")]),
            ),
            (
                "`otherwise = reply(\"..\")`",
                script([]).rules([rule()]).otherwise(reply("..")),
            ),
        ],
    );
}

#[test]
fn calls_in_another_order_than_the_turns() {
    let turn = |word: &'static str| on(user(word)).reply(word);
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["two", "one"],
        vec![
            ("swap turns 1 and 2", script([turn("two"), turn("one")])),
            ("`rules`", script([]).rules([turn("one"), turn("two")])),
        ],
    );
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["two"],
        vec![(
            "let turn 1 be left out: `.times(0..=1)`",
            script([turn("one").times(0..=1), turn("two")]),
        )],
    );
}

#[test]
fn a_call_that_fits_a_turn_before_once_more() {
    let turn = |word: &'static str| on(user(word)).reply(word);
    assert_remedies(
        script([turn("one"), turn("two")]),
        &["one", "one", "two"],
        vec![
            ("`.times(2)`", script([turn("one").times(2), turn("two")])),
            ("`.forever()`", script([turn("one").forever(), turn("two")])),
            ("`rules`", script([]).rules([turn("one"), turn("two")])),
        ],
    );
}
