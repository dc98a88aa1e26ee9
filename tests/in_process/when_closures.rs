//! S7: the closures of `when(..)` run before the claim and outside of the lock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use futures::future::FutureExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, ProviderError, provider_test};

use crate::helpers::{ask, llm, outcome};

#[test]
fn s07_a_closure_runs_outside_the_lock() {
    static LLM: OnceLock<MockProvider> = OnceLock::new();
    let asks_the_mock = when(|_| {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(LLM.get().map(|llm| llm.calls().len())));
        // The mock answers at once; the wait is only as long as this where it is locked.
        let calls = receiver.recv_timeout(Duration::from_secs(5));
        calls == Ok(Some(0))
    });
    let llm = LLM.get_or_init(|| MockProvider::script([on(asks_the_mock).reply("Free.")]));

    let response = llm.answer(ask("hello")).now_or_never();

    let response = response.expect("no time is in it");
    assert_eq!(response.expect("the mock was not locked").text(), "Free.");
}

/// What a closure does to its mock while it decides about a call, and what the call is answered then.
type Meanwhile = (
    &'static str,
    fn(&MockProvider),
    Result<&'static str, ErrorKind>,
);

const MEANWHILE: [Meanwhile; 6] = [
    ("nothing", |_| {}, Ok("Ann")),
    (
        "an outage",
        |llm| llm.outage(overloaded()),
        Err(ErrorKind::Overloaded),
    ),
    (
        "an outage that is over",
        |llm| {
            llm.outage(overloaded());
            llm.restore();
        },
        Ok("Ann"),
    ),
    ("a rewind", MockProvider::rewind, Ok("nobody")),
    ("a reset", MockProvider::reset, Ok("nobody")),
    (
        "another call",
        |llm| {
            let answer = llm.answer(ask("I am Bob")).now_or_never();
            answer.expect("it takes no time").expect("a rule answers");
        },
        Ok("Bob"),
    ),
];

#[provider_test]
async fn s07_a_turn_is_claimed_of_the_mock_as_it_is_after_its_closures_have_run() {
    for per in [None, Some(Per::Model), Some(Per::Conversation)] {
        for (what, meanwhile, expected) in MEANWHILE {
            let mock: Arc<OnceLock<MockProvider>> = Arc::default();
            let asked = Arc::clone(&mock);
            let runs = AtomicUsize::new(0);
            let closure = when(move |request| {
                let asks = request.user_text().is_some_and(|text| text == "who am I");
                if asks && runs.fetch_add(1, Ordering::Relaxed) == 0 {
                    meanwhile(asked.get().expect("it is there"));
                }
                asks
            });
            let scenario = script([]).rules([
                on(user("I am {name}")).reply("Hello."),
                on(closure).reply("{name}"),
                reply("nobody"),
            ]);
            let scenario = match per.clone() {
                Some(per) => scenario.per(per),
                None => scenario,
            };
            let llm = mock.get_or_init(|| MockProvider::new(scenario));
            let first = ask("I am Ann");
            let answer = llm.answer(first.clone()).await.expect("a rule answers");
            let next = first.with_message(answer.message).user("who am I");
            let answer = llm.answer(next).await;
            let answer = answer.map(|answer| answer.text().into_owned());
            let expected = match (what, &per) {
                // The other call belongs to another conversation.
                ("another call", Some(Per::Conversation)) => Ok("Ann"),
                _ => expected,
            };
            assert_eq!(
                answer.map_err(|error| error.kind),
                expected.map(str::to_owned),
                "{what}, {per:?}"
            );
        }
    }
}

#[test]
fn s07_a_call_whose_closure_outlives_the_test_claims_no_turn() {
    static BEGUN: Barrier = Barrier::new(2);
    static ENDED: Barrier = Barrier::new(2);
    static CALL: Mutex<Option<thread::JoinHandle<Option<ProviderError>>>> = Mutex::new(None);
    let outcome = outcome(false, |test| {
        let waits = when(|_| {
            BEGUN.wait();
            ENDED.wait();
            true
        });
        let llm = llm(test, [on(waits).reply("Hi.").times(0..)]);
        let call = thread::spawn(move || {
            let answer = llm.answer(ask("hello")).now_or_never();
            answer.expect("it takes no time").err()
        });
        BEGUN.wait();
        *CALL.lock().expect("no panic") = Some(call);
    });
    assert_eq!(outcome, Ok(()));
    ENDED.wait();
    let call = CALL.lock().expect("no panic").take().expect("it has begun");
    let error = call.join().expect("no panic").expect("the test has ended");
    assert_eq!(error.kind, ErrorKind::Unscripted);
}
