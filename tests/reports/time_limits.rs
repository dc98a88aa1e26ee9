//! Reports of tests that do not end.

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use tokio::time::sleep;

use crate::helpers::{ask, fails, greet, mock, say};

#[test]
fn wall_guard() {
    fails("wall_guard", |test| {
        let turns = [
            reply("Hi."),
            stream(["It ", "is ", "18 °C."]).stall_after(2),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            let mut events = llm.answer_stream(ask("weather?")).await.expect("a stream");
            while events.next().await.is_some() {}
        }));
    });
}

#[test]
fn wall_guard_without_a_call() {
    fails("wall_guard_without_a_call", |test| {
        mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            while secs(1) > Duration::ZERO {
                std::thread::park();
            }
        }));
    });
}

#[test]
fn time_out() {
    fails("time_out", |test| {
        let llm = mock(
            test,
            "llm",
            script([stream(["It ", "is"]).ttft(secs(2)).every(secs(4))]),
        );
        test.drive(pin!(async {
            say(&llm, ask("weather?")).await;
        }));
    });
}

/// The code under test retries without a limit.
#[test]
fn time_out_in_a_loop() {
    fails("time_out_in_a_loop", |test| {
        let turn = fail(rate_limit()).times(0..);
        let llm = mock(test, "llm", script([turn]));
        test.drive(pin!(async {
            while say(&llm, ask("hello")).await == "Sorry." {
                sleep(ms(100)).await;
            }
        }));
    });
}

/// The thread never gets back to the runtime.
#[test]
fn wall_guard_in_a_loop() {
    fails("wall_guard_in_a_loop", |test| {
        let turn = fail(rate_limit()).times(0..=100);
        let llm = mock(test, "llm", script([turn]).otherwise(reply("Hi.")));
        test.drive(pin!(async {
            while say(&llm, ask("hello")).await == "Sorry." {}
            while secs(1) > Duration::ZERO {
                std::thread::park();
            }
        }));
    });
}

#[test]
fn wall_guard_at_a_gate() {
    fails("wall_guard_at_a_gate", |test| {
        let turns = [
            reply("Hi."),
            gate("start")
                .reply("It is ")
                .gate("weather")
                .reply("18 °C."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            llm.gate("start").open();
            let mut events = llm.answer_stream(ask("weather?")).await.expect("a stream");
            while events.next().await.is_some() {}
        }));
    });
}

#[test]
fn wall_guard_without_a_driver() {
    fails("wall_guard_without_a_driver", |test| {
        let llm = mock(test, "llm", script([on(user("hello")).driven("live")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn wall_guard_for_a_call() {
    fails("wall_guard_for_a_call", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.wait_for_calls(2).await;
        }));
    });
}

#[test]
fn wall_guard_for_a_call_after_a_mismatch() {
    fails("wall_guard_for_a_call_after_a_mismatch", |test| {
        let llm = mock(test, "llm", script([on(user("goodbye")).reply("Bye.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            greet(&llm).await;
            llm.wait_for_calls(3).await;
        }));
    });
}

#[test]
fn wall_guard_at_a_gate_after_the_mismatch_of_another_mock() {
    fails(
        "wall_guard_at_a_gate_after_the_mismatch_of_another_mock",
        |test| {
            let llm = mock(test, "llm", script([gate("ready").reply("Hi.")]));
            let judge = mock(test, "judge", script([on(user("goodbye")).reply("Bye.")]));
            test.drive(pin!(async {
                greet(&judge).await;
                greet(&llm).await;
            }));
        },
    );
}

#[test]
fn wall_guard_for_a_turn() {
    fails("wall_guard_for_a_turn", |test| {
        let turns = [reply("Hi."), reply("Bye.").named("farewell")];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.wait_for_turn("farewell").await;
        }));
    });
}

#[test]
fn wall_guard_for_a_gate() {
    fails("wall_guard_for_a_gate", |test| {
        let turns = [
            gate("start").reply("Hi."),
            reply("It is ").gate("ready").reply("18 °C."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            let _call = tokio::spawn(llm.answer(ask("hello")));
            llm.gate("ready").wait_until_reached().await;
        }));
    });
}

#[test]
fn wall_guard_for_a_driver() {
    fails("wall_guard_for_a_driver", |test| {
        let llm = mock(test, "llm", script([driven("live")]));
        test.drive(pin!(async {
            llm.driver("live").text("Hi.");
            llm.driver("live").wait_until_read().await;
        }));
    });
}

#[test]
fn wall_guard_without_a_mock() {
    fails("wall_guard_without_a_mock", |test| {
        mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(std::future::pending::<()>()));
    });
}

#[test]
fn wall_guard_without_a_mock_after_a_mismatch() {
    fails("wall_guard_without_a_mock_after_a_mismatch", |test| {
        let llm = mock(test, "llm", script([on(user("goodbye")).reply("Bye.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            std::future::pending::<()>().await;
        }));
    });
}

#[test]
fn wall_guard_on_a_blocked_thread() {
    fails("wall_guard_on_a_blocked_thread", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").ttft(secs(1))]));
        test.drive(pin!(async {
            let _call = tokio::spawn(llm.answer(ask("hello")));
            llm.wait_for_calls(1).await;
            while secs(1) > Duration::ZERO {
                std::thread::park();
            }
        }));
    });
}

#[test]
fn time_out_for_a_call() {
    fails("time_out_for_a_call", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            greet(&llm).await;
            llm.wait_for_calls(2).await;
        }));
    });
}

/// The code under test calls tools without a limit.
#[test]
fn too_many_calls() {
    fails("too_many_calls", |test| {
        let looks = on(tool_result("look")).call("look", serde_json::json!({}));
        let scenario = script([call("look", serde_json::json!({})), looks.times(1..)]);
        let llm = mock(test, "llm", scenario.max_calls(40));
        test.drive(pin!(async {
            let mut request = ask("weather?");
            while let Ok(response) = llm.answer(request.clone()).await {
                let ids: Vec<_> = response
                    .message
                    .tool_calls()
                    .map(|it| it.id.clone())
                    .collect();
                request.messages.push(response.message);
                let results = ids
                    .into_iter()
                    .map(|id| mock_core::Message::tool(id, "sunny"));
                request.messages.extend(results);
            }
        }));
    });
}
