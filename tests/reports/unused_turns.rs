//! Turns that answered fewer calls than their minimum.

use std::pin::pin;

use mock_core::builder::*;
use tokio::time::sleep;

use crate::helpers::{ask, fails, greet, mock, say};

#[test]
fn unused_turn() {
    fails("unused_turn", |test| {
        let turns = [
            on(user("weather in {city}"))
                .call("get_weather", [("city", "{city}"), ("unit", "celsius")]),
            on(tool_result("get_weather"))
                .stream(["It is ", "{get_weather.temp}", " °C in {city}."])
                .every(ms(20)),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("What is the weather in Paris?")).await;
        }));
    });
}

#[test]
fn never_called() {
    fails("never_called", |test| {
        mock(
            test,
            "llm",
            script([reply("Hi."), reply("Bye.")]).named("Greeter"),
        );
        test.drive(pin!(async {}));
    });
}

#[test]
fn not_tried_again() {
    fails("not_tried_again", |test| {
        let turns = [
            fail(rate_limit().retry_after(secs(2))).times(3),
            reply("Hi."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            sleep(secs(2)).await;
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn spawned_task() {
    fails("spawned_task", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async move {
            tokio::spawn(async move {
                sleep(ms(10)).await;
                say(&llm, ask("hello")).await
            });
        }));
    });
}

#[test]
fn latency_by_chance() {
    fails("latency_by_chance", |test| {
        let scenario = script([reply("a").times(2), reply("b")]).latency(ms(80)..ms(120));
        let llm = mock(test, "llm", scenario);
        test.drive(pin!(async {
            say(&llm, ask("one")).await;
            say(&llm, ask("two")).await;
        }));
    });
}

#[test]
fn named_turn_unused() {
    fails("named_turn_unused", |test| {
        let turns = [
            reply("Hi.").named("greeting"),
            reply("Bye.").split(chars(4)).named("farewell"),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn rejected_for_a_capability() {
    fails("rejected_for_a_capability", |test| {
        let capabilities = mock_core::Capabilities::NONE.with_tools();
        let turns = [reply("Hi."), reply("Bye.")];
        let llm = mock(test, "llm", script(turns).capabilities(capabilities));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            // The code under test falls back, and does not ask again.
            let rejected = llm.answer_stream(ask("goodbye")).await;
            assert!(rejected.is_err(), "the mock does not stream");
        }));
    });
}

#[test]
fn over_the_limit() {
    fails("over_the_limit", |test| {
        let latency = growing(ms(100), 0.5).timeout_over(ms(120));
        let llm = mock(
            test,
            "llm",
            script([reply("Hi."), reply("Bye.")]).latency(latency),
        );
        test.drive(pin!(async {
            for asked in ["hello", "goodbye"] {
                say(&llm, ask(asked)).await;
            }
        }));
    });
}

#[test]
fn unused_since_rewind() {
    fails("unused_since_rewind", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            say(&llm, ask("goodbye")).await;
            llm.rewind();
        }));
    });
}

#[test]
fn used_too_seldom_since_rewind() {
    fails("used_too_seldom_since_rewind", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").times(2)]));
        test.drive(pin!(async {
            say(&llm, ask("hello")).await;
            say(&llm, ask("hello")).await;
            llm.rewind();
            say(&llm, ask("hello")).await;
        }));
    });
}

#[test]
fn not_tried_again_after_a_failure() {
    fails("not_tried_again_after_a_failure", |test| {
        let llm = mock(test, "llm", script([fail(overloaded()), reply("Hi.")]));
        test.drive(pin!(greet(&llm)));
    });
}

#[test]
fn never_awaited() {
    fails("never_awaited", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            drop(llm.answer(ask("hello")));
        }));
    });
}

#[test]
fn never_awaited_after_a_call() {
    fails("never_awaited_after_a_call", |test| {
        let turns = [reply("Hi."), reply("Bye.").times(2)];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            greet(&llm).await;
            drop(llm.answer(ask("goodbye")));
            drop(llm.answer_stream(ask("goodbye")));
        }));
    });
}

#[test]
fn stream_dropped_unread() {
    fails("stream_dropped_unread", |test| {
        let turns = [
            call("get_time", ()),
            on(tool_result("get_time")).reply("Noon."),
        ];
        let llm = mock(test, "llm", script(turns));
        test.drive(pin!(async {
            let stream = llm.answer_stream(ask("What time is it?")).await;
            drop(stream.expect("a stream"));
        }));
    });
}

#[test]
fn stream_left_unread() {
    fails("stream_left_unread", |test| {
        let llm = mock(test, "llm", script([reply("Hi."), reply("Bye.")]));
        test.drive(pin!(async {
            let stream = llm.answer_stream(ask("hello")).await;
            std::mem::forget(stream.expect("a stream"));
        }));
    });
}

#[test]
fn never_awaited_by_the_trait() {
    fails("never_awaited_by_the_trait", |test| {
        let llm = mock(test, "llm", script([reply("Hi.")]));
        test.drive(pin!(async {
            drop(mock_core::Provider::chat(&llm, ask("hello")));
        }));
    });
}

#[test]
fn five_mocks() {
    fails("five_mocks", |test| {
        let names = ["first", "second", "third", "fourth", "fifth"];
        let mocks = names.map(|name| mock(test, name, script([reply("a"), reply("b")])));
        test.drive(pin!(async {
            for llm in &mocks {
                say(llm, ask("one")).await;
            }
        }));
    });
}

#[test]
fn turn_for_a_header_in_process() {
    fails("turn_for_a_header_in_process", |test| {
        let scenario = script([on(header("x-session", "*")).reply("Hi.")]);
        let llm = mock(test, "llm", scenario.otherwise(reply("Who are you?")));
        test.drive(pin!(greet(&llm)));
    });
}

#[test]
fn instances_per_header_in_process() {
    fails("instances_per_header_in_process", |test| {
        let scenario = script([reply("Hi.")]).per(Per::Header("x-session".into()));
        let llm = mock(
            test,
            "llm",
            scenario.rules([on(any_user_message("hello")).reply("Ho.")]),
        );
        test.drive(pin!(greet(&llm)));
    });
}

#[test]
fn no_value_for_per() {
    fails("no_value_for_per", |test| {
        let scenario = script([reply("Hi.")]).per(system("session {id:word}"));
        let llm = mock(
            test,
            "llm",
            scenario.rules([on(any_user_message("hello")).reply("Ho.")]),
        );
        test.drive(pin!(greet(&llm)));
    });
}

#[test]
fn unused_after_a_panic_beside_a_task() {
    fails("unused_after_a_panic_beside_a_task", |test| {
        let llm = mock(test, "llm", script([reply("Hi.").times(2)]));
        test.drive(pin!(async {
            tokio::spawn(std::future::pending::<()>());
            assert_eq!(say(&llm, ask("hello")).await, "Hello.");
        }));
    });
}
