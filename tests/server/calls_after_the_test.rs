//! S15: requests and connections that continue after the end of the test.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use mock_core::builder::{reply, script, secs};
use mock_core::{Ending, MockServer, Outcome, provider_test};
use tests::private::{Test, TestSpec, run};

use crate::raw_client::{CHAT, Client, chat, wires};

/// Runs a test, which passes, to its end.
fn run_to_its_end(body: fn(&mut Test)) {
    run(Box::leak(Box::new(TestSpec {
        name: "a_test",
        body,
        ..TestSpec::EMPTY
    })));
}

/// Takes the server that a test has left.
fn left(server: &Mutex<Option<MockServer>>) -> MockServer {
    let server = server.lock().expect("nobody panics").take();
    server.expect("the test left it")
}

#[provider_test]
async fn a_request_after_the_test_gets_an_error_that_says_so() {
    static LATE: Mutex<Option<MockServer>> = Mutex::new(None);
    run_to_its_end(|test| {
        let mock = test.mock(script([reply("Hi.").times(0..)]));
        // On a thread of its own, so that it goes on when the test's runtime does not.
        let server = thread::spawn(move || MockServer::new(mock)).join();
        *LATE.lock().expect("nobody panics") = server.ok();
    });
    let server = left(&LATE);

    for (path, request) in wires("too late") {
        let reply = Client::new(&server).await.post(path, &request).await;
        let message = reply.json()["error"]["message"].take();
        assert_eq!(reply.status, 400);
        assert!(
            message
                .as_str()
                .is_some_and(|text| text.contains("has ended; await the task")),
            "{message}"
        );
    }
    assert!(server.calls().iter().all(|call| call.turn().is_none()));
    assert_eq!(server.exchanges()[0].status(), Some(400));
    assert_eq!(server.verify(), Ok(()));
}

#[provider_test]
async fn a_server_that_outlives_the_runtime_of_its_test_refuses_connections() {
    static LATE: Mutex<Option<MockServer>> = Mutex::new(None);
    run_to_its_end(|test| {
        let mock = test.mock(script([reply("Hi.").times(0..)]));
        *LATE.lock().expect("nobody panics") = Some(MockServer::new(mock));
    });
    let server = left(&LATE);

    let refused = Client::to(server.addr()).await.err();

    assert_eq!(
        refused.map(|error| error.kind()),
        Some(ErrorKind::ConnectionRefused)
    );
}

#[test]
fn a_client_that_still_runs_when_the_body_ends_is_answered_before_the_verdict() {
    static LATE: Mutex<Option<MockServer>> = Mutex::new(None);
    run_to_its_end(|test| {
        let server = MockServer::new(test.mock(script([reply("Hi.")])));
        *LATE.lock().expect("nobody panics") = Some(server.clone());
        test.drive(pin!(async move {
            tokio::spawn(async move {
                Client::new(&server).await.post(CHAT, &chat("a")).await;
            });
        }));
    });
    let server = left(&LATE);
    assert_eq!(server.calls()[0].outcome(), Some(&Outcome::Completed));
    assert_eq!(server.exchanges()[0].status(), Some(200));
}

/// A task that waits for an answer of a server that only the body of the test holds, for longer than the test takes.
async fn a_task_waits(server: &MockServer) {
    let mut client = Client::new(server).await;
    // The client panics if the answer breaks off.
    tokio::spawn(async move { client.post(CHAT, &chat("a")).await });
    server.wait_for_calls(1).await;
}

fn slow(test: &mut Test) -> MockServer {
    test.inject_mock("server", script([reply("Hi.").ttft(secs(60))]).into())
}

/// How a test in this file with this body ends: with a panic, as the `Err`, or without.
fn outcome(timeout: Option<Duration>, body: fn(&mut Test)) -> Result<(), String> {
    let spec = TestSpec {
        name: "server::a_test",
        file: file!(),
        timeout,
        body,
        ..TestSpec::EMPTY
    };
    let panic = catch_unwind(AssertUnwindSafe(|| run(Box::leak(Box::new(spec))))).err();
    panic.map_or(Ok(()), |panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Err(text.unwrap_or_else(|| *panic.downcast::<String>().expect("a message")))
    })
}

#[test]
fn a_task_that_still_waits_when_the_body_ends_does_not_lose_its_connection() {
    let returned = outcome(None, |test| {
        let server = slow(test);
        test.drive(pin!(async move { a_task_waits(&server).await }));
    });
    let failed = outcome(None, |test| {
        let server = slow(test);
        test.drive(pin!(async move {
            a_task_waits(&server).await;
            Err::<(), _>("no")
        }));
    });
    let panicked = outcome(None, |test| {
        let server = slow(test);
        test.drive(pin!(async move {
            a_task_waits(&server).await;
            assert!(server.calls().is_empty(), "no");
        }));
    });
    let late = outcome(Some(secs(5)), |test| {
        let server = slow(test);
        test.drive(pin!(async move {
            a_task_waits(&server).await;
            tokio::time::sleep(secs(10)).await;
        }));
    });

    assert_eq!(returned, Ok(()));
    for failure in [failed, panicked, late] {
        let report = failure.expect_err("the body failed");
        assert!(!report.contains("a task panicked"), "{report}");
    }
}

#[provider_test]
async fn a_server_that_is_dropped_before_the_end_breaks_the_answers_off_while_the_test_goes_on() {
    let server = MockServer::new(mock_core::MockProvider::script([
        reply("Hi.").ttft(secs(60))
    ]));
    let mut client = Client::new(&server).await;
    let asked = tokio::spawn(async move { client.ask("POST", CHAT, chat("a").to_string()).await });
    server.wait_for_calls(1).await;
    let exchanges = server.exchanges();

    drop(server);

    assert!(asked.await.expect("no panic").is_err());
    assert_eq!(exchanges[0].ending(), Some(Ending::Stopped));
}
