//! How a test ends: S15, S16, S19, S20, S25.

use std::future::pending;
use std::mem::forget;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::park;

use examples::MockLlm;
use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::{
    ErrorKind, MockProvider, Outcome, ProviderError, Test, mock_provider, provider_test,
};
use tests::private::TestSpec;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::{ask, assert_says, llm, outcome, outcome_of, panic_of, report, say, verdict};

mock_provider!(Greeter, script = [reply("Hi.")]);

mock_provider!(
    Optional,
    script = [reply("first").times(0..=1), reply("second").times(0..=1)]
);

#[provider_test]
async fn s15_a_task_that_still_runs_is_let_finish(#[mock(reply("Hi."))] llm: MockLlm) {
    tokio::spawn(async move {
        for _ in 0..10 {
            yield_now().await;
        }
        say(&llm, "hello").await
    });
}

#[test]
fn s15_no_time_goes_by_while_tasks_finish() {
    let report = report(|test| {
        let llm = llm(test, [reply("Hi.")]);
        test.drive(pin!(async move {
            tokio::spawn(async move {
                sleep(ms(1)).await;
                say(&llm, "hello").await
            });
        }));
    });
    assert_says(&report, &["turn 1 was never used", "never called"]);
}

#[test]
fn s15_a_task_without_end_does_not_keep_the_test() {
    let passed = outcome(false, |test| {
        test.drive(pin!(async {
            tokio::spawn(async {
                loop {
                    yield_now().await;
                }
            });
        }));
    });
    assert_eq!(passed, Ok(()));
}

#[test]
fn s15_a_call_that_still_goes_on_is_in_the_report() {
    let report = report(|test| {
        let llm = llm(test, [reply("slow").ttft(secs(1)), reply("second")]);
        test.drive(pin!(async move {
            tokio::spawn(async move { say(&llm, "hello").await });
        }));
    });
    assert_says(&report, &["turn 2 was never used", "still going on"]);
}

#[test]
fn s15_the_report_counts_the_tasks_that_still_run() {
    let report = report(|test| {
        llm(test, [reply("unused")]);
        test.drive(pin!(async {
            tokio::spawn(pending::<()>());
            tokio::spawn(pending::<()>());
            tokio::spawn(async {});
        }));
    });
    assert_says(&report, &["turn 1 was never used", "2 tasks"]);
}

#[test]
fn s15_a_call_after_the_test_is_told_that_the_test_has_ended() {
    static LATE: Mutex<Option<MockProvider>> = Mutex::new(None);
    let passed = outcome(false, |test| {
        let llm = llm(test, [reply("Hi.").forever()]);
        test.drive(pin!(async {
            say(&llm, "hello").await;
        }));
        *LATE.lock().expect("nobody panics") = Some(llm);
    });
    assert_eq!(passed, Ok(()));
    let llm = LATE.lock().expect("nobody panics").take();
    let llm = llm.expect("the test left it");

    let answer = llm.answer(ask("too late")).now_or_never();
    let error = answer.expect("it is refused at once");
    let error = error.expect_err("the test is over");
    assert_eq!(error.kind, ErrorKind::Unscripted);
    let ended = "the test `semantics::a_test` has ended; await the task that still calls the mock";
    assert_says(&error.message, &[ended]);
    let stream = llm.answer_stream(ask("too late")).now_or_never();
    let error = stream.expect("it is refused at once");
    assert_says(&error.expect_err("the test is over").message, &[ended]);
    assert_eq!(llm.calls()[1].turn(), None);
}

/// Two tests use a mock in a `static`.
#[test]
fn s17_a_call_to_a_mock_of_another_test_that_has_ended_fails_the_test() {
    static SHARED: Mutex<Option<MockProvider>> = Mutex::new(None);
    let first = outcome(false, |test| {
        *SHARED.lock().expect("nobody panics") = Some(llm(test, [reply("Hi.").forever()]));
        test.drive(pin!(async {}));
    });
    // The mock was not used: its turn may be used any number of times, but once at least.
    assert!(first.is_err());
    let second = outcome_of(TestSpec {
        name: "semantics::another_test",
        body: |test| {
            let llm = SHARED.lock().expect("nobody panics").take();
            let llm = llm.expect("the first test left it");
            test.drive(pin!(async move {
                let _ = llm.answer(ask("hello")).await;
            }));
        },
        ..TestSpec::EMPTY
    });
    let whose = "mock `llm` belongs to the test `semantics::a_test`, which has ended: ";
    let report = second.expect_err("it fails, though it swallows the error");
    assert!(report.starts_with(whose), "{report}");
    assert_says(&report, &["make a mock in each test"]);
}

#[test]
fn s16_a_panic_of_a_closure_unwinds_into_the_caller_and_poisons_nothing() {
    static CALM: AtomicBool = AtomicBool::new(false);
    let report = report(|test| {
        let panics_once = when(|_| CALM.swap(true, Ordering::Relaxed) || panic!("boom"));
        let llm = llm(test, [on(panics_once).reply("Hi.")]);
        test.drive(pin!(async {
            let answer = AssertUnwindSafe(llm.answer(ask("hello"))).catch_unwind();
            let panic = answer.await.expect_err("the closure panics");
            assert_eq!(panic.downcast_ref::<&str>(), Some(&"boom"));

            assert_eq!(
                llm.calls()[0].outcome(),
                Some(&Outcome::Panicked("boom".into()))
            );
            assert_eq!(llm.calls()[0].turn(), None);
            assert_eq!(say(&llm, "hello").await, "Hi.");
            assert_eq!(llm.calls()[1].turn(), Some(0));
        }));
    });
    assert_says(&report, &["closure", "panicked in call 1", "boom"]);
}

#[test]
fn s16_a_panic_of_a_closure_fails_the_test_even_where_nobody_joins_the_task() {
    let report = report(|test| {
        let llm = llm(
            test,
            [on(when(|_| panic!("boom"))).stream(["Hi."]).times(0..=1)],
        );
        test.drive(pin!(async {
            let task = tokio::spawn(llm.answer_stream(ask("hello")));
            drop(task);
        }));
    });
    assert_says(&report, &["closure", "panicked in call 1", "boom"]);
}

#[provider_test]
#[should_panic(expected = "of the body")]
async fn s19_a_test_that_should_panic_may_leave_turns_over(llm: Greeter) {
    assert!(llm.calls().is_empty());
    panic!("of the body")
}

#[test]
fn s19_a_test_that_should_panic_does_not_do_so_for_its_mocks() {
    let unused = outcome(true, |test| {
        llm(test, [reply("unused")]);
        test.drive(pin!(async {}));
    });
    assert_eq!(unused, Ok(()));

    let mismatch = outcome(true, |test| {
        let llm = llm(test, [on(user("a")).reply("A")]);
        test.drive(pin!(async {
            let _ = llm.answer(ask("b")).await;
        }));
    });
    assert_eq!(mismatch, Ok(()));
}

#[test]
fn s19_an_error_is_not_the_panic_that_should_be() {
    let returned = outcome(true, |test| {
        test.drive(pin!(async { Err::<(), _>("of the body") }));
    });
    assert_eq!(returned, Ok(()));
}

#[test]
fn s19_a_time_out_is_not_the_panic_that_should_be() {
    let timed_out = outcome_of(TestSpec {
        should_panic: true,
        timeout: Some(secs(5)),
        body: |test| test.drive(pin!(pending::<()>())),
        ..TestSpec::EMPTY
    });
    assert_eq!(timed_out, Ok(()));
}

#[test]
fn s19_a_blocked_thread_is_not_the_panic_that_should_be() {
    let blocked = outcome_of(TestSpec {
        should_panic: true,
        guard: ms(50),
        body: |_| {
            loop {
                park();
            }
        },
        ..TestSpec::EMPTY
    });
    assert_eq!(blocked, Ok(()));
}

#[test]
fn s20_a_mock_made_in_the_body_is_verified_with_the_test() {
    let bodies: [fn(&mut Test); 3] = [
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(mock_provider!(reply("unused")));
            }));
        },
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(MockProvider::script([reply("unused")]));
            }));
        },
        |test: &mut Test| {
            test.drive(pin!(async {
                forget(Greeter::new());
            }));
        },
    ];
    for body in bodies {
        assert_says(&report(body), &["turn 1 was never used"]);
    }
}

#[test]
fn s20_a_mock_made_in_the_body_waits_for_the_end_of_the_test() {
    let report = verdict(|test| {
        test.drive::<()>(pin!(async {
            drop(mock_provider!(reply("unused")));
            panic!("the body went on")
        }));
    });
    assert_eq!(report, "the body went on");
}

#[test]
fn s20_a_mock_made_in_a_task_of_the_test_is_verified_with_it() {
    let report = report(|test| {
        test.drive(pin!(async {
            let task = tokio::spawn(async { drop(mock_provider!(reply("unused"))) });
            task.await.expect("nothing is verified yet");
        }));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s20_a_mock_made_on_a_blocking_thread_of_the_test_is_verified_with_it() {
    let report = report(|test| {
        test.drive(pin!(async {
            let task = spawn_blocking(|| drop(mock_provider!(reply("unused"))));
            let _ = task.await;
        }));
    });
    assert_says(&report, &["turn 1 was never used"]);
}

#[test]
fn s20_outside_a_test_the_last_handle_verifies_when_it_is_dropped() {
    let mock = MockProvider::script([reply("unused")]);
    let handle = mock.handle();
    assert_eq!(panic_of(|| drop(mock)), None);
    let report = panic_of(|| drop(handle)).expect("a turn is left over");
    assert_says(&report, &["turn 1 was never used"]);

    let greeter = Greeter::new();
    let report = panic_of(|| drop(greeter)).expect("a turn is left over");
    assert_says(&report, &["`Greeter`", "turn 1 was never used"]);
}

#[tokio::test]
async fn s20_outside_a_test_a_mismatch_is_found_when_the_last_handle_is_dropped() {
    let mock = mock_provider!(on(user("a")).reply("A"));
    let _ = mock.answer(ask("b")).await;
    let report = panic_of(|| drop(mock)).expect("the call does not fit");
    assert_says(&report, &["call 1 does not fit turn 1"]);
}

#[tokio::test]
async fn s20_outside_a_test_a_mock_that_went_as_scripted_is_dropped_in_silence() {
    let mock = mock_provider!(reply("Hi."));
    assert_eq!(say(&mock, "hello").await, "Hi.");
    assert_eq!(panic_of(|| drop(mock)), None);
}

#[test]
fn s20_outside_a_test_a_panic_is_not_replaced_by_the_report() {
    let panic = panic_of(|| {
        let _unused = MockProvider::script([reply("unused")]);
        panic!("of the body")
    });
    assert_eq!(panic.as_deref(), Some("of the body"));
}

#[provider_test]
async fn s20_verify_works_at_any_time(#[mock(reply("Hi."))] llm: MockProvider) {
    let report = llm.verify().expect_err("the turn is still to come");
    assert_says(&report.to_string(), &["`llm`", "turn 1 was never used"]);
    say(&llm, "hello").await;
    assert!(llm.verify().is_ok());
}

#[test]
fn s20_what_verify_told_the_last_handle_does_not_say_again() {
    let mock = MockProvider::script([reply("unused")]);
    let report = mock.verify().expect_err("a turn is left over");
    assert_says(&report.to_string(), &["turn 1 was never used"]);
    assert_eq!(panic_of(|| drop(mock)), None);
}

#[test]
fn s20_what_goes_wrong_after_verify_the_last_handle_says() {
    let mock = MockProvider::script([on(user("hello")).reply("Hi.")]);
    mock.verify().expect_err("a turn is left over");
    let _ = mock.answer(ask("goodbye")).now_or_never();
    let on_drop = panic_of(|| drop(mock));
    assert_says(
        &on_drop.unwrap_or_default(),
        &["call 1 does not fit turn 1"],
    );
}

#[provider_test]
async fn s25_each_argument_is_an_instance_of_its_own(
    one: Greeter,
    #[mock(Greeter)] other: MockLlm,
) {
    assert_eq!(say(&one, "hello").await, "Hi.");
    assert!(other.calls().is_empty());
    assert_eq!(say(&other, "hello").await, "Hi.");
}

#[provider_test]
async fn s25_a_reference_is_an_instance_like_any_other(
    declared: &Greeter,
    #[mock(reply("Hello."))] anonymous: &MockLlm,
) {
    assert_eq!(say(declared, "hello").await, "Hi.");
    assert_eq!(say(anonymous, "hello").await, "Hello.");
}

#[provider_test]
async fn s25_an_arc_is_an_instance_like_any_other(
    declared: Arc<Greeter>,
    #[mock(reply("Hello."))] anonymous: Arc<MockProvider>,
    both: &Arc<Greeter>,
) {
    assert_eq!(say(&declared, "hello").await, "Hi.");
    assert_eq!(say(&anonymous, "hello").await, "Hello.");
    assert_eq!(say(both, "hello").await, "Hi.");
}

#[test]
fn s25_an_arc_is_verified_with_the_test() {
    let report = report(|test| {
        let llm = test.inject::<Arc<Greeter>>("llm");
        test.drive(pin!(async { drop(llm) }));
    });
    assert_says(&report, &["`llm: Greeter`", "turn 1 was never used"]);
}

#[provider_test]
async fn s25_a_clone_shares_script_and_journal(llm: Optional) {
    let clone = llm.clone();
    assert_eq!(say(&llm, "hello").await, "first");
    assert_eq!(say(&clone, "hello").await, "second");
    assert_eq!((llm.calls().len(), clone.calls().len()), (2, 2));
}

#[provider_test]
async fn s25_new_is_another_instance(llm: Optional) -> Result<(), ProviderError> {
    let new = Optional::new();
    assert_eq!(say(&llm, "hello").await, "first");
    assert_eq!(say(&new, "hello").await, "first");
    assert_eq!((llm.calls().len(), new.calls().len()), (1, 1));
    Ok(())
}
