//! S43, S47, S48: lanes: several scripts in one mock.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::scenario::{Lane, Scenario, TurnIndex};
use mock_core::{Call, ErrorKind, MockProvider, Request, provider_test};

use crate::helpers::{ask, assert_says, panic_of, report};

/// A request of the agent with these instructions.
pub(crate) fn of(agent: &str, text: &str) -> Request {
    Request::new("gpt-4o").system(agent).user(text)
}

pub(crate) async fn say(llm: &MockProvider, request: Request) -> String {
    let response = llm.answer(request).await.expect("a turn replies");
    response.text().into_owned()
}

pub(crate) fn planner() -> Lane {
    let turns = [reply("p1"), reply("p2"), reply("p3")];
    lane(system("You plan"), turns)
}

pub(crate) fn others() -> Lane {
    lane([], [reply("o1"), reply("o2")])
}

#[provider_test]
async fn s43_the_order_within_a_lane_is_kept_and_that_between_lanes_is_free() {
    for order in ["pppoo", "ooppp", "popop", "opppo", "ppoop"] {
        let llm = MockProvider::lanes([planner(), others()]);
        let mut asked = (0, 0);
        for agent in order.chars() {
            let (instructions, expected) = match agent {
                'p' => {
                    asked.0 += 1;
                    ("You plan.", format!("p{}", asked.0))
                }
                _ => {
                    asked.1 += 1;
                    ("You read.", format!("o{}", asked.1))
                }
            };
            assert_eq!(say(&llm, of(instructions, "go")).await, expected);
        }
    }
}

#[provider_test]
async fn s43_a_request_is_asked_of_the_first_lane_that_fits() {
    let llm = MockProvider::lanes([
        lane(
            all_of([system("You plan"), model("big*")]),
            [reply("big planner")],
        ),
        lane(system("You plan"), [reply("planner")]),
        lane(
            any_of([any_user_message("help"), has_tool("look")]),
            [reply("helper")],
        ),
        lane(
            when(|request| request.temperature.is_some()),
            [reply("warm")],
        ),
        lane([], [reply("any")]),
    ]);
    let plan = |model: &str| Request::new(model).system("You plan").user("help");
    assert_eq!(say(&llm, plan("small")).await, "planner");
    assert_eq!(
        say(&llm, of("You read", "a").with_temperature(0.5)).await,
        "warm"
    );
    assert_eq!(say(&llm, of("You read", "a")).await, "any");
    assert_eq!(say(&llm, plan("big-2")).await, "big planner");
    assert_eq!(say(&llm, of("You read", "help me")).await, "helper");
    let lanes: Vec<_> = llm.calls().iter().map(Call::lane).collect();
    assert_eq!(lanes, [Some(1), Some(3), Some(4), Some(0), Some(2)]);
    assert_eq!(llm.calls()[0].turn(), Some(0));
    let turn = TurnIndex::Lane { lane: 1, turn: 0 };
    assert_eq!(llm.calls()[0].answered_by(), Some(turn));
    assert_eq!(turn.to_string(), "turn 1 of lane 2");
}

#[provider_test]
async fn s43_after_the_turns_of_a_lane_come_the_rules_and_then_otherwise() {
    let scenario = lanes([
        lane(system("You plan"), [on(user("plan")).reply("planned")]),
        lane(system("You read"), [on(user("read")).reply("read")]),
    ]);
    let llm = MockProvider::new(
        scenario
            .rules([on(user("ping")).reply("pong")])
            .otherwise(reply("what?")),
    );
    for (request, expected) in [
        (of("You plan", "ping"), "pong"),
        (of("You plan", "read"), "what?"),
        (of("You plan", "plan"), "planned"),
        (of("You plan", "plan"), "what?"),
        (of("Nobody", "ping"), "pong"),
        (of("Nobody", "plan"), "what?"),
        (of("You read", "read"), "read"),
    ] {
        assert_eq!(say(&llm, request).await, expected);
    }
    let lanes: Vec<_> = llm.calls().iter().map(Call::lane).collect();
    let expected = [Some(0), Some(0), Some(0), Some(0), None, None, Some(1)];
    assert_eq!(lanes, expected);
}

#[provider_test]
async fn s43_the_turns_of_a_lane_know_the_captures_of_its_pattern() {
    let llm = MockProvider::lanes([
        lane(
            system("You are {name:word}"),
            [
                reply("I am {name}."),
                on(user("{x:word}")).reply("{name}: {x}"),
            ],
        ),
        lane([], [reply("Nobody.")]),
    ]);
    assert_eq!(say(&llm, of("You are Ada", "who?")).await, "I am Ada.");
    assert_eq!(say(&llm, of("x", "who?")).await, "Nobody.");
    assert_eq!(say(&llm, of("You are Bob", "hm")).await, "Bob: hm");
}

#[test]
fn s43_a_lane_that_was_never_asked_is_reported() {
    let report = report(|test| {
        let llm: MockProvider = test.inject_mock("llm", lanes([planner(), others()]).into());
        test.drive(pin!(async {
            say(&llm, of("You read", "go")).await;
            say(&llm, of("You read", "go")).await;
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: turn 1 of lane 1 was never used",
            "and 2 turns after it",
            "no call fits lane 1: system(\"You plan\")",
            "make a call that fits lane 1",
        ],
    );
}

#[test]
fn s43_a_request_that_fits_no_lane_is_a_mismatch_that_reports_the_lanes() {
    let report = report(|test| {
        let scenario = lanes([planner(), lane(model("small*"), [reply("x")])]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let error = llm.answer(of("You read", "go")).await;
            let error = error.expect_err("it fits no lane");
            assert_eq!(error.kind, ErrorKind::Unscripted);
            // The lanes go on.
            assert_eq!(say(&llm, of("You plan", "go")).await, "p1");
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 1 fits no lane",
            "lane 1: system(\"You plan\")",
            "lane 2: model(\"small*\")",
            "but it asks for the model \"gpt-4o\"",
            "`_ => [reply(\"..\")]`",
        ],
    );
}

#[test]
fn s43_a_closure_of_a_lane_that_panics_is_the_outcome_of_the_call() {
    let report = report(|test| {
        let scenario = lanes([lane(when(|_| panic!("no lane")), [reply("x")])]);
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            let task = tokio::spawn(llm.answer(of("", "go")));
            assert!(task.await.expect_err("it panics").is_panic());
        }));
    });
    assert_says(&report, &["a closure panicked in call 1", "no lane"]);
}

/// Lanes and keys that cannot be played, and what is said of them.
fn wrong() -> Vec<(Scenario, &'static str)> {
    let any = || lane([], [reply("x")]);
    vec![
        (
            Scenario {
                turns: vec![reply("x")].into(),
                ..lanes([any()])
            },
            "there are lanes and a script; move the turns of the script into a lane",
        ),
        (lanes([lane([], [])]), "lane 1 at"),
        (lanes([lane([], [])]), "it has no turns"),
        (
            lanes([lane(user("x"), [reply("x")])]),
            "its `user(..)` holds for some requests of a conversation only; write `any_user_message(..)`",
        ),
        (
            lanes([lane(not(tool_result("x")), [reply("x")])]),
            "its `tool_result(..)` holds for some requests",
        ),
        (lanes([any(), lane(model("a"), [reply("x")])]), "lane 2 at"),
        (
            lanes([any(), lane(model("a"), [reply("x")])]),
            "it is never asked, because lane 1 fits all of its requests",
        ),
        (
            lanes([
                lane(model("a"), [reply("x")]),
                lane([system("b"), model("a")], [reply("x")]),
            ]),
            "it is never asked, because lane 1",
        ),
        (
            lanes([lane([], [reply("x").forever(), reply("y")])]),
            "turn 2 of lane 1 at",
        ),
        (lanes([lane(any_of([]), [reply("x")])]), "a matcher of none"),
        (
            script([reply("x")]).per(system("session")),
            "its matcher captures nothing to tell an instance by; capture a text",
        ),
        (script([reply("x")]).per(has_tool("x")), "captures nothing"),
        (
            script([reply("x")]).per(not(system("{id}"))),
            "captures nothing",
        ),
        (
            script([reply("x")]).per(any_of([system("{id}"), any_user_message("x")])),
            "captures nothing",
        ),
        (script([reply("x")]).per(user("I am {name}")), "`per` at"),
    ]
}

#[test]
fn s43_lanes_that_cannot_be_played_are_rejected() {
    for (scenario, expected) in wrong() {
        let error = scenario.check().expect_err(expected).to_string();
        assert_says(&error, &[expected]);
        let panic = panic_of(|| drop(MockProvider::new(scenario)));
        assert_eq!(panic, Some(error));
    }
}

#[tokio::test]
async fn the_calls_of_a_lane_are_found_by_its_pattern() {
    let llm = MockProvider::lanes([
        lane(system("You plan"), [reply("a").times(2)]),
        lane(model("small*"), [reply("b")]),
        lane([], [reply("c")]),
    ]);
    for request in [
        ask("1").system("You plan."),
        Request::new("small-1").user("2"),
        ask("3").system("You plan."),
        ask("4"),
    ] {
        llm.answer(request).await.expect("an answer");
    }
    let calls = llm.calls();
    let numbers = |lane: &str| {
        calls
            .to(lane)
            .iter()
            .map(|call| call.number())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (numbers("plan"), numbers("small"), numbers("_")),
        (vec![1, 3], vec![2], vec![4])
    );
    assert_eq!(calls.to("plan").last().map(|call| call.number()), Some(3));
    calls.to("plan").assert(expect::calls(2));
    for unknown in ["s", "nobody"] {
        let text = panic_of(|| drop(calls.to(unknown))).expect("it is not one lane");
        assert!(
            text.contains("the lanes are `system(\"You plan\")`, `model(\"small*\")`, `_`"),
            "{text}"
        );
    }
    let text = panic_of(|| drop(calls.to("plan").to("_").to("x")));
    assert_eq!(text, None, "no call is left, so no lane is known");
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
fn s48_a_call_that_fits_a_turn_of_another_lane_is_reported() {
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
            "fits:     turn 1 of lane 1 at",
            "turn 1 of lane 1: ",
            "the request fits the pattern of lane 2, `_`: correct it, or that of lane 1,",
        ],
    );
}
