//! Nothing outlives its test: no descriptor, no thread, no mock.
//!
//! A single test, since others in the same process would be counted too.

#![cfg(target_os = "linux")]

use std::fs;
use std::future::pending;
use std::panic::{catch_unwind, panic_any, set_hook, take_hook};
use std::pin::pin;
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use mock_core::builder::*;
use mock_core::{MockProvider, MockServer, Request};
use tests::private::{Clock, Flavor, Test, TestSpec, run};
use tests::tries;

/// How many times each test runs, if all is tried.
const RUNS: usize = 2_000;

/// What the tests panic with that fail on purpose.
const ON_PURPOSE: &str = "on purpose";

/// A token for each mock: it lives as long as the closure in the mock's scenario.
static MOCKS: Mutex<Vec<Weak<()>>> = Mutex::new(Vec::new());

fn mock(test: &Test) -> MockProvider {
    let token = Arc::new(());
    MOCKS.lock().expect("no panic").push(Arc::downgrade(&token));
    let is_mine = move |_: &Request| Arc::strong_count(&token) > 0;
    test.mock(script([on(when(is_mine)).reply("Hi."), hang().times(0..)]))
}

fn ask() -> Request {
    Request::new("gpt-4o").user("hello")
}

/// Calls a mock, and leaves a task behind that waits for another call forever.
fn passes(test: &mut Test) {
    let llm = mock(test);
    test.drive(pin!(async move {
        llm.answer(ask()).await.expect("an answer");
        tokio::spawn(async move {
            let _ = llm.answer(ask()).await;
            pending::<()>().await
        });
    }));
}

fn fails(test: &mut Test) {
    let llm = mock(test);
    test.drive::<()>(pin!(async move {
        tokio::spawn(llm.answer(ask()));
        panic_any(ON_PURPOSE)
    }));
}

fn passes_with_a_server(test: &mut Test) {
    let server = MockServer::new(mock(test));
    test.drive(pin!(async move {
        let client = tokio::net::TcpStream::connect(server.addr()).await;
        client.expect("a connection");
        server.answer(ask()).await.expect("an answer");
        tokio::spawn(async move {
            let _ = server.answer(ask()).await;
        });
    }));
}

const fn spec(flavor: Flavor, should_panic: bool, body: fn(&mut Test)) -> TestSpec {
    TestSpec {
        should_panic,
        name: "leaks",
        flavor,
        clock: match flavor {
            Flavor::CurrentThread => Clock::Paused,
            Flavor::MultiThread(_) => Clock::Real,
        },
        body,
        ..TestSpec::EMPTY
    }
}

static SPECS: [TestSpec; 6] = [
    spec(Flavor::CurrentThread, false, passes),
    spec(Flavor::CurrentThread, false, passes_with_a_server),
    spec(Flavor::CurrentThread, true, fails),
    spec(Flavor::MultiThread(2), false, passes),
    spec(Flavor::MultiThread(2), false, passes_with_a_server),
    spec(Flavor::MultiThread(2), true, fails),
];

/// How many entries `/proc/self/{what}` has.
fn count(what: &str) -> usize {
    let entries = fs::read_dir(format!("/proc/self/{what}"));
    entries.expect("a folder").count()
}

fn live_mocks() -> usize {
    let mocks = MOCKS.lock().expect("no panic");
    mocks.iter().filter(|mock| mock.strong_count() > 0).count()
}

#[test]
fn nothing_outlives_its_test() {
    // The tests that fail on purpose fail in silence.
    let print = take_hook();
    set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref() != Some(&ON_PURPOSE) {
            print(panic);
        }
    }));
    let threads = count("task");
    let run = |spec: &'static TestSpec| catch_unwind(|| run(spec)).is_ok();
    // Run each test once first, to open what a process opens only once.
    SPECS.iter().for_each(|spec| _ = run(spec));
    let before = counts_with(threads);

    let runs = tries(RUNS);
    for spec in &SPECS {
        let passed = (0..runs).filter(|_| run(spec)).count();
        let expected = if spec.should_panic { 0 } else { runs };
        assert_eq!(passed, expected, "{spec:?}");
    }

    assert_eq!(
        counts_with(threads),
        before,
        "descriptors, threads and mocks"
    );
}

/// The numbers of descriptors, threads and mocks, when there are no more threads than this. After a test, the threads of its runtime
/// end on their own: they are given time to do so.
fn counts_with(threads: usize) -> (usize, usize, usize) {
    for _ in 0..10_000 {
        if count("task") <= threads {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    (count("fd"), count("task"), live_mocks())
}
