//! S32: panics in tasks of a test, which tokio catches.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;

use mock_core::builder::*;
use mock_core::{Test, provider_test};
use tests::private::{Clock, Flavor, TestSpec};
use tokio::task::{LocalSet, spawn_blocking, spawn_local, yield_now};

use crate::helpers::{ask, assert_says, llm, outcome_of, say};

/// How a test in this file ends that has this body.
fn outcome_here(body: fn(&mut Test)) -> Result<(), String> {
    outcome_of(TestSpec {
        file: file!(),
        body,
        ..TestSpec::EMPTY
    })
}

/// Lets spawned tasks run.
async fn others_run() {
    for _ in 0..4 {
        yield_now().await;
    }
}

fn fails() {
    let greeting = "Hi.";
    assert_eq!(greeting, "Ho.", "of the task");
}

#[test]
fn s32_a_panic_in_a_task_that_nobody_awaits_fails_the_test() {
    let bodies: [fn(&mut Test); 6] = [
        |test| test.drive(pin!(async { drop(tokio::spawn(async { fails() })) })),
        |test| {
            test.drive(pin!(async {
                let _ = tokio::spawn(async { fails() }).await;
            }));
        },
        |test| {
            test.drive(pin!(async {
                let _ = spawn_blocking(fails).await;
            }));
        },
        |test| {
            test.drive(pin!(async {
                let local = async {
                    spawn_local(async { fails() });
                    others_run().await;
                };
                LocalSet::new().run_until(local).await;
            }));
        },
        |test| {
            test.drive(pin!(async {
                tokio::spawn(async {
                    drop(tokio::spawn(async { fails() }));
                    pending::<()>().await
                });
            }));
        },
        |test| {
            let unused = llm(test, [reply("Hi.")]);
            test.drive(pin!(async {
                let _ = tokio::spawn(async { fails() }).await;
                drop(unused);
            }));
        },
    ];
    for body in bodies {
        let report = outcome_here(body).expect_err("it fails");
        let head = "a task panicked (tests/in_process/task_panics.rs:";
        assert!(report.starts_with(head), "{report}");
        assert_says(
            &report,
            &["of the task", "#[provider_test(task_panics = \"ignore\")]"],
        );
    }
}

#[test]
fn s32_a_panic_on_a_worker_thread_fails_the_test() {
    let failed = outcome_of(TestSpec {
        file: file!(),
        flavor: Flavor::MultiThread(2),
        clock: Clock::Real,
        body: |test| {
            test.drive(pin!(async {
                let _ = tokio::spawn(async { fails() }).await;
            }));
        },
        ..TestSpec::EMPTY
    });
    assert_says(&failed.expect_err("it fails"), &["a task panicked"]);
}

#[provider_test(task_panics = "ignore")]
async fn s32_an_option_turns_this_off() {
    let task = tokio::spawn(async { fails() });
    assert!(task.await.expect_err("it panics").is_panic());
}

#[provider_test]
#[should_panic(expected = "of the body")]
async fn s32_a_test_that_should_panic_does_not_do_so_for_a_task() {
    let _ = tokio::spawn(async { fails() }).await;
    panic!("of the body")
}

#[provider_test]
async fn s32_a_panic_that_the_body_catches_is_not_of_a_task() {
    let caught = catch_unwind(AssertUnwindSafe(fails));
    assert!(caught.is_err());
}

#[test]
fn s32_a_panic_elsewhere_does_not_fail_a_test_and_is_noted_in_one_that_fails() {
    fn elsewhere(test: &mut Test, ending: Result<(), &'static str>, turns: usize) {
        let mock = test.mock(script(vec![reply("Hi."); turns]));
        test.drive(pin!(async move {
            let _ = tokio::spawn(async { fails() }).await;
            drop(mock);
            ending
        }));
    }
    let run = |body| {
        outcome_of(TestSpec {
            file: "src/another.rs",
            body,
            ..TestSpec::EMPTY
        })
    };
    assert_eq!(run(|test| elsewhere(test, Ok(()), 0)), Ok(()));

    let unused = run(|test| elsewhere(test, Ok(()), 1)).expect_err("it fails");
    assert!(unused.starts_with("mock `"), "{unused}");
    assert_says(
        &unused,
        &["also, a task panicked (tests/in_process/task_panics"],
    );

    let error = run(|test| elsewhere(test, Err("of the body"), 0)).expect_err("it fails");
    assert!(error.starts_with("the test returned an error"), "{error}");
    assert_says(&error, &["a task panicked (tests/in_process/task_panics"]);
    assert!(!error.contains("ignore"), "{error}");
}

#[test]
fn s32_the_error_of_the_body_is_not_repeated() {
    let returned = outcome_here(|test| {
        test.drive(pin!(async { tokio::spawn(async { fails() }).await }));
    });
    let returned = returned.expect_err("it fails");
    assert!(!returned.contains("a task panicked"), "{returned}");

    let resumed = outcome_here(|test| {
        test.drive::<()>(pin!(async {
            let error = tokio::spawn(async { fails() }).await.expect_err("a panic");
            resume_unwind(error.into_panic())
        }));
    });
    assert_says(&resumed.expect_err("it fails"), &["of the task"]);
}

#[test]
fn s32_a_panic_in_a_closure_of_a_scenario_is_the_outcome_of_its_call_alone() {
    let bodies: [fn(&mut Test); 2] = [
        |test| {
            let llm = llm(test, [on(when(|_| panic!("of the closure"))).reply("Hi.")]);
            test.drive(pin!(async move {
                let _ = tokio::spawn(async move { say(&llm, "hello").await }).await;
            }));
        },
        |test| {
            let panics = |_: &_| -> mock_core::Response { panic!("of the closure") };
            let llm = llm(test, [respond_with(panics)]);
            test.drive(pin!(async move {
                let _ = tokio::spawn(async move { say(&llm, "hello").await }).await;
            }));
        },
    ];
    for body in bodies {
        let report = outcome_here(body).expect_err("it fails");
        assert_says(&report, &["a closure panicked in call 1", "of the closure"]);
        assert!(!report.contains("a task panicked"), "{report}");
    }
}

#[test]
fn s32_a_mismatch_comes_before_the_panic_that_it_led_to() {
    let report = outcome_here(|test| {
        let llm = llm(test, [on(user("a")).reply("A")]);
        test.drive(pin!(async move {
            let _ = tokio::spawn(async move { llm.answer(ask("b")).await.unwrap() }).await;
        }));
    });
    let report = report.expect_err("it fails");
    assert!(report.starts_with("mock `llm`: call 1"), "{report}");
    assert_says(
        &report,
        &["also, a task panicked with this (tests/in_process"],
    );
}

#[test]
fn s32_a_test_that_does_not_end_says_which_task_panicked() {
    for (timeout, guard) in [(Some(secs(5)), secs(30)), (None, ms(200))] {
        let stuck = outcome_of(TestSpec {
            file: file!(),
            timeout,
            guard,
            body: |test| {
                test.drive(pin!(async {
                    tokio::spawn(async { fails() });
                    pending::<()>().await
                }));
            },
            ..TestSpec::EMPTY
        });
        let stuck = stuck.expect_err("it fails");
        assert!(stuck.starts_with("the test"), "{stuck}");
        assert_says(
            &stuck,
            &["a task panicked (tests/in_process/task_panics.rs:"],
        );
    }
}
