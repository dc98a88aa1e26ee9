//! S47, S48: mismatches and unused turns in lanes and instances.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{Message, MockProvider, Request, provider_test};

use crate::helpers::{ask, assert_says, report};
use crate::instances_per_conversation::go_on;

#[test]
fn s47_an_instance_stops_alone_after_its_mismatch() {
    let report = report(|test| {
        let turns = [on(user("a")).reply("A"), on(user("b")).reply("B")];
        let llm: MockProvider = test.inject_mock("llm", script(turns).per(Per::Model).into());
        test.drive(pin!(async {
            let say = |model: &str, text: &str| llm.answer(Request::new(model).user(text));
            say("good", "a").await.expect("A");
            say("bad", "a").await.expect("A");
            say("bad", "c").await.expect_err("it fits no turn");
            say("good", "b").await.expect("the other instance goes on");
            let error = say("bad", "b").await.expect_err("it is frozen");
            assert_says(
                &error.message,
                &[
                    "its instance is frozen since call 3",
                    "call 3 of model \"bad\"",
                ],
            );
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 3 of model \"bad\" does not fit turn 2",
            "call 4 of model \"good\" at 0ms: user \"b\" -> turn 2: reply(\"B\")",
            "call 5 of model \"bad\" at 0ms: user \"b\" -> no turn: its instance is frozen since call 3",
        ],
    );
}

#[test]
fn s47_a_lane_stops_alone_after_its_mismatch() {
    let report = report(|test| {
        let scenario = lanes([
            lane(model("a"), [on(user("x")).reply("X")]),
            lane([], [reply("1"), reply("2")]),
        ]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let say = |model: &str, text: &str| llm.answer(Request::new(model).user(text));
            say("b", "x").await.expect("1");
            say("a", "y").await.expect_err("it fits no turn");
            say("a", "x").await.expect_err("it is frozen");
            say("b", "x").await.expect("2");
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 2 does not fit turn 1 of lane 1",
            "no turn: lane 1 is frozen since call 2",
            "turn 2 of lane 2: reply(\"2\")",
        ],
    );
}

#[test]
fn s47_every_instance_that_began_must_be_whole() {
    let report = report(|test| {
        let turns = [reply("1"), reply("2"), reply("3")];
        let scenario = script(turns).per(Per::Conversation);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let mut begun = Vec::new();
            for name in ["a", "b", "c"] {
                begun.push(go_on(&llm, ask(name)).await);
            }
            let b = go_on(&llm, begun[1].clone().user("on")).await;
            go_on(&llm, b.user("on")).await;
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: turn 2 was never used for conversation 1",
            "and 1 turn after it",
            "and turns of 1 other instance",
            "no call came after call 1 of conversation 1",
            "make one more call of conversation 1",
        ],
    );
}

#[provider_test]
async fn s47_an_instance_that_only_rules_have_answered_has_not_begun() {
    let scenario = script([reply("a")]).per(Per::Model);
    let llm = MockProvider::new(scenario.rules([on(user("ping")).reply("pong")]));
    llm.answer(Request::new("a").user("go")).await.expect("a");
    // The script is asked first, and its head fits anything, so this is a rule behind its end.
    llm.answer(Request::new("a").user("ping"))
        .await
        .expect("pong");
    assert_eq!(llm.verify(), Ok(()));
    let of_rules = script([on(user("go")).reply("a")]).per(Per::Model);
    let llm = MockProvider::new(of_rules.rules([on(user("ping")).reply("pong")]));
    llm.answer(Request::new("a").user("go")).await.expect("a");
    llm.answer(Request::new("b").user("ping"))
        .await
        .expect("pong");
}

#[test]
fn s47_a_script_of_which_no_instance_began_is_unused() {
    let report = report(|test| {
        let scenario = script([reply("1")]).per(Per::Model);
        let _: MockProvider = test.inject_mock("llm", scenario.into());
    });
    assert_says(
        &report,
        &["turn 1 was never used", "the mock was never called"],
    );
}

#[test]
fn s48_a_call_that_fits_a_turn_of_another_lane_is_told_so() {
    let report = report(|test| {
        let scenario = lanes([
            lane(system("You plan"), [on(user("plan")).reply("planned")]),
            lane([], [on(user("read")).reply("read")]),
        ]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let request = ask("plan it").system("You planned");
            let _ = llm.answer(ask("plan it")).await;
            let _ = llm.answer(request).await;
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 1 does not fit turn 1 of lane 2",
            "fits turn 1 of lane 1",
            "turn 1 of lane 1: ",
            "the request fits the pattern of lane 2, `_`: correct it, or that of lane 1,",
        ],
    );
}

#[test]
fn s48_a_conversation_that_begins_with_an_answer_is_told_so() {
    let report = report(|test| {
        let turns = [on(user("hi")).reply("1"), on(user("on")).reply("2")];
        let scenario = script(turns).per(Per::Conversation);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            go_on(&llm, ask("hi")).await;
            // The client has cut off the beginning.
            let trimmed = ask("…").with_message(Message::assistant("1")).user("on");
            llm.answer(trimmed).await.expect_err("it is not known");
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 2 of conversation 2 does not fit turn 1",
            "call 2 goes on with no conversation that the mock knows, so it began conversation 2",
            "tell conversations by a key:",
            "`per = header(\"x-session\")`",
        ],
    );
}
