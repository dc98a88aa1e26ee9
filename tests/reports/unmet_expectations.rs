//! Expectations beside the script that are not met.

use std::pin::pin;

use mock_core::builder::*;

use crate::helpers::{ask, fails, mock, say};

#[test]
fn unmet_expectation() {
    fails("unmet_expectation", |test| {
        let expected = [expect::calls(1..=2), expect::sent(system("terse"))];
        let llm = mock(
            test,
            "llm",
            script([reply("Hi.").times(0..)]).expect(expected),
        );
        test.drive(pin!(async {
            say(&llm, ask("hello").system("Be Terse.")).await;
            say(&llm, ask("and now?").system("Be Terse.")).await;
        }));
    });
}

#[test]
fn several_unmet_expectations_and_an_unused_turn() {
    fails("several_unmet_expectations_and_an_unused_turn", |test| {
        let expected = [
            expect::calls(7..),
            expect::offered("search"),
            expect::result("search", "3 pages"),
            expect::order("search", "fetch"),
            expect::within(ms(10)),
            expect::tokens(..=4),
            expect::never_sent(any_user_message("hello")),
        ];
        let turns = [reply("Hi. How are you?"), reply("Bye.")];
        let scenario = script(turns).latency(ms(20)).expect(expected);
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            say(&llm, ask("hello, hello, hello")).await;
        }));
    });
}
