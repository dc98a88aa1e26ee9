//! S44, S45, S47: instances of a script or a lane.

use std::pin::pin;

use mock_core::builder::*;
use mock_core::{Call, MockProvider, Request, provider_test};

use crate::helpers::{assert_says, report};
use crate::lanes::{of, say};

#[provider_test]
async fn s44_each_value_gets_an_instance_of_the_script() {
    let turns = [fail(rate_limit()).times(2), reply("at last")];
    let llm = MockProvider::new(script(turns).per(Per::Model));
    for expected in [false, false, true] {
        for model in ["small", "large", "other"] {
            let answer = llm.answer(Request::new(model).user("go")).await;
            assert_eq!(answer.is_ok(), expected);
        }
    }
    let instances: Vec<_> = llm.calls().iter().filter_map(Call::instance).collect();
    assert_eq!(instances, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
}

#[provider_test]
async fn s44_each_lane_has_its_own_instances() {
    let scenario = lanes([
        lane(system("You plan"), [reply("plan of {model}"), reply("p2")]),
        lane([], [reply("{model}"), reply("o2")]),
    ]);
    let llm = MockProvider::new(scenario.per(Per::Model));
    let ask = |agent: &'static str, model: &str| Request::new(model).system(agent).user("go");
    assert_eq!(say(&llm, ask("You plan", "a")).await, "plan of a");
    assert_eq!(say(&llm, ask("", "a")).await, "a");
    assert_eq!(say(&llm, ask("", "b")).await, "b");
    assert_eq!(say(&llm, ask("You plan", "a")).await, "p2");
    assert_eq!(say(&llm, ask("", "b")).await, "o2");
    assert_eq!(say(&llm, ask("", "a")).await, "o2");
}

#[provider_test]
async fn s44_an_instance_is_identified_by_all_captures_of_a_matcher() {
    let per = any_of([
        system("session {name:word} {id:word}"),
        all_of([any_user_message("I am {name:word}"), not(system("nobody"))]),
    ]);
    let llm = MockProvider::new(script([reply("{name} 1"), reply("{name} 2")]).per(per));
    for (agent, expected) in [
        ("session ada 1", "ada 1"),
        ("session ada 2", "ada 1"),
        ("session ada1 2", "ada1 1"),
        ("session ada 1", "ada 2"),
        ("session ada1 2", "ada1 2"),
        ("session ada 2", "ada 2"),
    ] {
        assert_eq!(say(&llm, of(agent, "go")).await, expected);
    }
    assert_eq!(say(&llm, of("", "I am Bob")).await, "Bob 1");
    assert_eq!(say(&llm, of("", "I am Bob")).await, "Bob 2");
}

#[test]
fn s44_a_request_without_a_match_is_asked_of_the_rules_alone() {
    let report = report(|test| {
        let scenario = script([reply("x")])
            .per(system("session {id:word}"))
            .rules([on(user("ping")).reply("pong")])
            .otherwise(reply("what?"));
        let llm: MockProvider = test.inject_mock("llm", scenario.into());
        test.drive(pin!(async {
            assert_eq!(say(&llm, of("", "ping")).await, "pong");
            assert_eq!(say(&llm, of("session 1", "go")).await, "x");
            assert_eq!(say(&llm, of("session 1", "go")).await, "what?");
            let error = llm.answer(of("Session 2", "go")).await;
            let error = error.expect_err("it tells no session");
            assert_says(&error.message, &["does not fit `per`"]);
            assert_eq!(say(&llm, of("session 3", "go")).await, "x");
        }));
    });
    assert_says(
        &report,
        &[
            "mock `llm`: call 4 does not fit `per`",
            "a value for `per = system(\"session {id:word}\")`",
            "differs only in case",
        ],
    );
}

#[provider_test]
async fn s45_an_instance_has_its_own_head_counts_and_captures() {
    let turns = [
        on(user("I am {name:word}")).reply("Hello {name}."),
        on(user("who")).reply("You are {name}.").times(2),
    ];
    let llm = MockProvider::new(script(turns).per(Per::Model));
    let ask = |model: &str, text: &str| Request::new(model).user(text);
    assert_eq!(say(&llm, ask("a", "I am Ada")).await, "Hello Ada.");
    assert_eq!(say(&llm, ask("b", "I am Bob")).await, "Hello Bob.");
    for _ in 0..2 {
        assert_eq!(say(&llm, ask("a", "who?")).await, "You are Ada.");
        assert_eq!(say(&llm, ask("b", "who?")).await, "You are Bob.");
    }
}

#[provider_test]
async fn s45_an_instance_knows_the_captures_of_a_rule() {
    let scenario = script([on(user("who")).reply("You are {name}.")])
        .per(Per::Model)
        .rules([on(user("I am {name:word}")).reply("Hello.")]);
    let llm = MockProvider::new(scenario);
    for (model, name) in [("a", "Ada"), ("b", "Bob")] {
        say(&llm, Request::new(model).user(format!("I am {name}"))).await;
    }
    let answer = say(&llm, Request::new("a").user("who?")).await;
    assert_eq!(answer, "You are Ada.");
    let answer = say(&llm, Request::new("b").user("who?")).await;
    assert_eq!(answer, "You are Bob.");
}

#[provider_test]
async fn s45_each_instance_begins_anew_or_repeats_its_last_turn() {
    let turns = || [reply("1"), reply("2")];
    for (otherwise, expected) in [
        (cycle(), ["1", "2", "1", "2"]),
        (repeat_last(), ["1", "2", "2", "2"]),
    ] {
        let llm = MockProvider::new(script(turns()).per(Per::Model).otherwise(otherwise.clone()));
        for expected in expected {
            for model in ["a", "b"] {
                assert_eq!(say(&llm, Request::new(model).user("go")).await, expected);
            }
        }
        let of_lanes = lanes([lane(model("a"), turns()), lane([], turns())]);
        let llm = MockProvider::new(of_lanes.otherwise(otherwise));
        for expected in expected {
            for model in ["a", "b"] {
                assert_eq!(say(&llm, Request::new(model).user("go")).await, expected);
            }
        }
    }
}

#[provider_test]
async fn s45_the_mock_has_one_count_of_calls_one_chance_and_one_latency() {
    let turns = || [reply("{call}").times(0..)];
    let models = ["a", "b", "a", "c", "b"];
    let plain = MockProvider::new(script(turns()).latency(growing(ms(100), 0.5)));
    let per_model = script(turns()).per(Per::Model);
    let llm = MockProvider::new(per_model.latency(growing(ms(100), 0.5)));
    for model in models {
        let request = || Request::new(model).user("go");
        assert_eq!(say(&llm, request()).await, say(&plain, request()).await);
    }
    let took =
        |llm: &MockProvider| -> Vec<_> { llm.calls().iter().filter_map(Call::duration).collect() };
    assert_eq!(took(&llm), took(&plain));
    assert_eq!(took(&llm)[4], ms(300));
}

#[provider_test]
async fn s45_a_gate_and_an_outage_are_the_mocks() {
    let turns = [reply("a").gate("slow").named("first"), reply("b")];
    let llm = MockProvider::new(script(turns).per(Per::Model));
    let ask = |model: &str| llm.answer(Request::new(model).user("go"));
    let both = [tokio::spawn(ask("a")), tokio::spawn(ask("b"))];
    llm.wait_for_turn("first").await;
    llm.gate("slow").open();
    for answer in both {
        let answer = answer.await.expect("no panic").expect("it is open");
        assert_eq!(answer.text(), "a");
    }
    llm.outage(overloaded());
    for model in ["a", "b", "c"] {
        assert!(ask(model).await.is_err());
    }
    llm.restore();
    for model in ["a", "b"] {
        assert_eq!(ask(model).await.expect("it is over").text(), "b");
    }
    // The outage began no instance.
    assert_eq!(llm.calls()[4].instance(), None);
}

#[provider_test]
async fn s45_all_instances_go_back_to_the_beginning_at_once() {
    let llm = MockProvider::new(script([reply("1"), reply("2").times(0..=1)]).per(Per::Model));
    let ask = |model: &str| Request::new(model).user("go");
    for forgets in [false, true] {
        for model in ["a", "b"] {
            assert_eq!(say(&llm, ask(model)).await, "1");
        }
        assert_eq!(say(&llm, ask("a")).await, "2");
        match forgets {
            true => llm.reset(),
            false => llm.rewind(),
        }
    }
    assert_eq!(say(&llm, ask("b")).await, "1");
    assert_eq!(llm.calls()[0].instance(), Some(1));
}

#[provider_test]
async fn s45_instances_begun_after_a_rewind_have_numbers_of_their_own() {
    let llm = MockProvider::new(script([reply("1")]).per(Per::Model));
    let ask = |model: &str| Request::new(model).user("go");
    say(&llm, ask("a")).await;
    say(&llm, ask("b")).await;
    llm.rewind();
    say(&llm, ask("b")).await;
    let instances: Vec<_> = llm.calls().iter().filter_map(Call::instance).collect();
    assert_eq!(instances, [1, 2, 3]);
}

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
fn s47_a_script_without_an_instance_is_unused() {
    let report = report(|test| {
        let scenario = script([reply("1")]).per(Per::Model);
        let _: MockProvider = test.inject_mock("llm", scenario.into());
    });
    assert_says(
        &report,
        &["turn 1 was never used", "the mock was never called"],
    );
}
