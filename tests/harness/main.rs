//! The harness: runtimes, guards, seeds, and the arguments of tests.

mod agent_under_faults;
mod bad_input;
mod cases;
mod clock;
mod folders;
#[cfg(target_os = "linux")]
mod foreign;
#[cfg(target_os = "linux")]
mod network;
mod pictures;
mod seeds;
mod stuck;
mod sweep;

use std::borrow::Cow;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use mock_core::builder::script;
use mock_core::{FromMock, MockProvider, Request, TestSeed, mock_provider, provider_test};
use tests::private::{TestSpec, run};
use tokio::time::{Instant, sleep};

mock_provider!(Greeter, script = [reply("Hi.").forever()]);

fn ask() -> Request {
    Request::new("gpt-4o").user("hello")
}

#[provider_test(flavor = "multi_thread", clock = "real", worker_threads = 3)]
async fn tasks_run_on_worker_threads_and_their_mocks_are_of_the_test(llm: Greeter) {
    let here = thread::current().id();
    let task = tokio::spawn(async move {
        let of_task = mock_provider!(reply("made in a task"));
        let text = of_task.answer(ask()).await.expect("an answer");
        let hi = llm.answer(ask()).await.expect("an answer");
        (
            text.text().into_owned(),
            hi.text().into_owned(),
            thread::current().id(),
        )
    });
    let (text, hi, there) = task.await.expect("the task ends");
    assert_eq!((&*text, &*hi), ("made in a task", "Hi."));
    assert_ne!(here, there);
}

#[test]
#[should_panic(expected = "the test did not end within 50ms")]
fn s14_a_blocked_thread_is_given_up() {
    static BLOCKED: TestSpec = TestSpec {
        guard: Duration::from_millis(50),
        // A thread that never wakes up again is left to itself.
        body: |_| {
            loop {
                thread::park();
            }
        },
        ..TestSpec::EMPTY
    };
    run(&BLOCKED);
}

/// What cannot be made.
struct Broken;

impl FromMock for Broken {
    type Error = &'static str;

    fn from_mock(_: MockProvider) -> Result<Self, &'static str> {
        Err("no such device")
    }
}

#[test]
#[should_panic(expected = "the argument `device` cannot be made from its mock: no such device")]
fn an_argument_that_cannot_be_made_fails_the_test_with_its_reason() {
    static BROKEN: TestSpec = TestSpec {
        body: |test| {
            test.inject_mock::<Broken>("device", Cow::Owned(script([])));
        },
        ..TestSpec::EMPTY
    };
    run(&BROKEN);
}

#[provider_test(guard = 0s)]
async fn s14_a_guard_can_be_turned_off() {}

#[provider_test]
async fn s26_the_seed_comes_from_the_path_of_the_test(seed: TestSeed, again: TestSeed) {
    assert_eq!(seed, again);
    assert_ne!(seed.0, 0);
}

#[provider_test]
async fn one_instance_in_an_arc(llm: Arc<Greeter>) {
    let task = tokio::spawn({
        let llm = Arc::clone(&llm);
        async move { llm.answer(ask()).await }
    });
    task.await.expect("the task ends").expect("an answer");
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn an_arc_of_ones_own_type(#[mock(reply("Hi."))] llm: Arc<examples::MockLlm>) {
    let agent = agent::Agent::new(Arc::clone(&llm));
    assert_eq!(agent.ask("Hello").await.expect("an answer").text, "Hi.");
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn calls_start_at_the_time_of_the_test(
    #[mock(reply("one"), reply("two"))] llm: MockProvider,
) {
    let start = Instant::now();
    llm.answer(ask()).await.expect("an answer");
    sleep(Duration::from_secs(7)).await;
    llm.answer(ask()).await.expect("an answer");
    let calls = llm.calls();
    assert_eq!(calls[0].started_at(), Duration::ZERO);
    assert_eq!(calls[1].started_at(), start.elapsed());
}

#[provider_test]
#[ignore = "run by the test below, with the variable set"]
async fn s26_child_whose_seed_is_42(seed: TestSeed) {
    assert_eq!(seed, TestSeed(42));
}

#[test]
fn s26_the_environment_sets_the_seed_of_all_tests() {
    let run = |seed: &str| {
        let this = std::env::current_exe().expect("this test has a path");
        let output = std::process::Command::new(this)
            .args(["--exact", "--ignored", "s26_child_whose_seed_is_42"])
            .env("MOCK_CORE_SEED", seed)
            .output()
            .expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), printed)
    };

    let (passed, printed) = run("42");
    assert!(passed && printed.contains("1 passed"), "{printed}");
    let (passed, _) = run("43");
    assert!(!passed);
}

/// A thread on which it was used does not end.
struct Stays;

impl Drop for Stays {
    fn drop(&mut self) {
        loop {
            thread::park();
        }
    }
}

thread_local! {
    static STAYS: Stays = const { Stays };
}

#[provider_test]
async fn what_is_left_of_the_tests_thread_is_not_waited_for() {
    STAYS.with(|_| ());
}
