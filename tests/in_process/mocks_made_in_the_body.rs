//! S20: mocks that the body of a test makes, or one of its tasks, are verified with the test.

use std::mem::forget;
use std::pin::pin;

use mock_core::builder::*;
use mock_core::{MockProvider, Test, mock_provider};
use tokio::task::spawn_blocking;

use crate::each_argument_is_its_own_mock::Greeter;
use crate::helpers::{assert_says, report, verdict};

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
