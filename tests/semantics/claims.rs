//! What a call is, what it claims, and what the journal says of it: S3, S7, S12, S29.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use futures::future::{FutureExt as _, join_all};
use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{Call, Calls, ErrorKind, MockProvider, Outcome, ProviderError, provider_test};
use tests::private::Test;
use tokio::time::{sleep, timeout};

use crate::{ask, llm, outcome, say};

#[provider_test]
async fn s03_a_future_that_is_never_polled_is_no_call(#[mock(reply("first"))] llm: MockProvider) {
    drop(llm.answer(ask("never sent")));
    drop(llm.answer_stream(ask("never sent")));

    assert!(llm.calls().is_empty());
    assert_eq!(say(&llm, "sent").await, "first");
}

#[provider_test]
async fn s03_a_future_that_was_polled_once_is_a_call(
    #[mock(latency = 1s, script = [reply("first"), reply("second")])] llm: MockProvider,
) {
    assert!(llm.answer(ask("sent")).now_or_never().is_none());
    assert!(llm.answer_stream(ask("sent")).now_or_never().is_none());

    let turns: Vec<_> = llm.calls().iter().map(Call::turn).collect();
    assert_eq!(turns, [Some(0), Some(1)]);
}

#[provider_test]
async fn s07_number_and_turn_go_to_the_future_that_is_polled_first(
    #[mock(reply("{user} is call {call}"), reply("{user}, call {call}"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let made_first = llm.answer(ask("one"));
    let made_second = llm.answer(ask("other"));

    assert_eq!(made_second.await?.text(), "other is call 1");
    assert_eq!(made_first.await?.text(), "one, call 2");
    Ok(())
}

#[provider_test]
async fn s07_captures_go_with_the_first_poll(
    #[mock(
        latency = 1s,
        script = [on(user("in {city}")).reply("{city}"), reply("{city} again")],
    )]
    llm: MockProvider,
) {
    let mut paris = llm.answer(ask("in Paris"));
    assert!((&mut paris).now_or_never().is_none());

    assert_eq!(say(&llm, "where?").await, "Paris again");
    assert_eq!(paris.await.expect("a reply").text(), "Paris");
}

#[test]
fn s07_each_turn_is_claimed_once_however_many_threads_ask() {
    const THREADS: usize = 8;
    const CALLS: usize = 50;
    // Every other turn has a test of the user's own, which runs outside the lock and lets others in between.
    let turns = (0..THREADS * CALLS).map(|turn| match turn % 2 {
        0 => reply(turn.to_string()),
        _ => on(when(|_| {
            thread::yield_now();
            true
        }))
        .reply(turn.to_string()),
    });
    let llm = MockProvider::script(turns);
    let start = Barrier::new(THREADS);
    let call = || {
        let response = llm.answer(ask("hello")).now_or_never();
        let response = response.expect("no time is in it").expect("a turn is left");
        response.text().parse::<usize>().expect("a turn's number")
    };

    let answers: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    (0..CALLS).map(|_| call()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no call fails"))
            .collect()
    });

    let distinct: BTreeSet<_> = answers.iter().collect();
    assert_eq!(distinct.len(), THREADS * CALLS);
    for (index, call) in llm.calls().iter().enumerate() {
        assert_eq!((call.number(), call.turn()), (index + 1, Some(index)));
    }
}

/// How long each call takes, by number, if calls are made like this; in every run the same test.
fn latencies(body: fn(&mut Test)) -> Vec<Duration> {
    static RUNS: Mutex<()> = Mutex::new(());
    let _one_at_a_time = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(outcome(false, body), Ok(()));
    let calls = CALLS.lock().expect("no run panics").take();
    let calls = calls.expect("the run leaves its calls");
    let took = |call: &Call| Some(call.ended_at()?.saturating_sub(call.started_at()));
    calls
        .iter()
        .map(|call| took(call).expect("it has ended"))
        .collect()
}

static CALLS: Mutex<Option<Calls>> = Mutex::new(None);

fn make_calls(test: &mut Test, calls: impl AsyncFnOnce(&MockProvider)) {
    let scenario = script([reply("Hi.").forever()]).latency(ms(100)..secs(10));
    let llm: MockProvider = test.inject_mock("llm", scenario.into());
    test.drive(pin!(async {
        calls(&llm).await;
        *CALLS.lock().expect("no run panics") = Some(llm.calls());
    }));
}

#[test]
fn s07_the_order_of_calls_changes_no_draw() {
    let one_by_one = latencies(|test| {
        make_calls(test, async |llm| {
            for _ in 0..8 {
                say(llm, "hello").await;
            }
        });
    });
    let at_once = latencies(|test| {
        make_calls(test, async |llm| {
            join_all((0..8).map(|_| say(llm, "hello"))).await;
        });
    });
    let staggered = latencies(|test| {
        make_calls(test, async |llm| {
            let calls = (0..8).map(|call| async move {
                sleep(ms(1_700) * (8 - call)).await;
                say(llm, "hello").await
            });
            join_all(calls).await;
        });
    });

    assert_eq!(one_by_one.len(), 8);
    assert_eq!(at_once, one_by_one);
    assert_eq!(staggered, one_by_one);
}

#[test]
fn s07_each_call_has_a_draw_of_its_own_within_the_range() {
    let latencies = latencies(|test| {
        make_calls(test, async |llm| {
            join_all((0..32).map(|_| say(llm, "hello"))).await;
        });
    });
    // tokio rounds each sleep up to a millisecond.
    assert!(
        latencies
            .iter()
            .all(|latency| (ms(100)..=secs(10)).contains(latency)),
        "{latencies:?}"
    );
    let distinct: BTreeSet<_> = latencies.iter().collect();
    assert!(distinct.len() > 28, "{latencies:?}");
}

#[test]
fn s07_a_call_that_is_given_up_changes_no_later_draw() {
    let all = latencies(|test| {
        make_calls(test, async |llm| {
            for _ in 0..4 {
                say(llm, "hello").await;
            }
        });
    });
    let one_given_up = latencies(|test| {
        make_calls(test, async |llm| {
            say(llm, "hello").await;
            let given_up = timeout(ms(50), llm.answer(ask("hello"))).await;
            assert!(given_up.is_err());
            say(llm, "hello").await;
            say(llm, "hello").await;
        });
    });
    assert_eq!(one_given_up[1], ms(50));
    assert_eq!(
        [one_given_up[0], one_given_up[2], one_given_up[3]],
        [all[0], all[2], all[3]]
    );
}

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
                // It is a conversation of its own.
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

#[provider_test]
async fn s12_a_call_given_up_before_its_answer_is_cancelled_and_its_turn_used(
    #[mock(latency = 1s, script = [reply("first"), reply("second")])] llm: MockProvider,
) {
    let given_up = timeout(ms(100), llm.answer(ask("hello"))).await;
    assert!(given_up.is_err());

    assert_eq!(say(&llm, "hello").await, "second");
    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::Cancelled));
    assert_eq!(
        (calls[0].turn(), calls[0].ended_at()),
        (Some(0), Some(ms(100)))
    );
}

#[provider_test]
async fn s12_a_stream_dropped_before_its_first_event_is_cancelled(
    #[mock(stream(["a", "b"]).ttft(1s))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut events = llm.answer_stream(ask("hello")).await?;
    assert!(timeout(ms(100), events.next()).await.is_err());
    assert_eq!(llm.calls()[0].outcome(), None);
    drop(events);

    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
    Ok(())
}

#[provider_test]
async fn s12_a_stream_dropped_on_the_way_says_after_how_many_events(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("hello")).await?;
    let read: Vec<_> = events.take(2).try_collect().await?;
    assert_eq!(read.len(), 2);

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::DroppedAfter(2)));
    assert_eq!(calls[0].ended_at(), Some(ms(20)));
    Ok(())
}

#[provider_test]
async fn s12_a_stream_dropped_after_its_finish_is_complete(
    #[mock(stream(["a", "b"]))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("hello")).await?;
    let read: Vec<_> = events.take(3).try_collect().await?;
    assert_eq!(read.len(), 3);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));
    Ok(())
}

#[provider_test]
async fn s12_an_answer_that_is_not_streamed_is_cancelled_however_much_of_it_there_was(
    #[mock(stream(["a", "b", "c"]).every(100ms))] llm: MockProvider,
) {
    let given_up = timeout(ms(150), llm.answer(ask("hello"))).await;
    assert!(given_up.is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
}

#[provider_test]
async fn s12_a_stream_that_stalled_ends_when_it_is_dropped() -> Result<(), ProviderError> {
    let llm = MockProvider::script([stream(["a", "b"]).stall_after(1)]);
    let mut events = llm.answer_stream(ask("hello")).await?;
    events.next().await;
    assert!(timeout(secs(5), events.next()).await.is_err());
    drop(events);

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::DroppedAfter(1)));
    assert_eq!(calls[0].ended_at(), Some(secs(5)));
    Ok(())
}

#[provider_test]
async fn s29_calls_stand_in_the_order_of_their_claims(
    #[mock(reply("slow").ttft(300ms), reply("fast"))] llm: MockProvider,
) {
    let texts = join_all([say(&llm, "one"), say(&llm, "other")]).await;
    assert_eq!(texts, ["slow", "fast"]);

    let calls = llm.calls();
    let asked = calls.iter().map(|call| call.request().clone());
    assert!(asked.eq([ask("one"), ask("other")]));
    let ends: Vec<_> = calls.iter().map(Call::ended_at).collect();
    assert_eq!(ends, [Some(ms(300)), Some(ms(0))]);
}

#[provider_test]
async fn s29_a_snapshot_is_of_its_moment_and_outcomes_come_later(
    #[mock(reply("first").ttft(300ms), reply("second"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut first = llm.answer(ask("one"));
    assert!((&mut first).now_or_never().is_none());
    let snapshot = llm.calls();
    assert_eq!((snapshot.len(), snapshot[0].number()), (1, 1));
    assert_eq!(
        (snapshot[0].outcome(), snapshot[0].ended_at()),
        (None, None)
    );

    first.await?;
    say(&llm, "other").await;

    assert_eq!(snapshot[0].outcome(), Some(&Outcome::Completed));
    assert_eq!(snapshot[0].ended_at(), Some(ms(300)));
    assert_eq!((snapshot.len(), llm.calls().len()), (1, 2));
    assert!(snapshot.get(1).is_none());
    Ok(())
}

#[provider_test]
async fn s29_a_stream_ends_when_its_finish_is_read(
    #[mock(stream(["a", "b"]))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut events = llm.answer_stream(ask("hello")).await?;
    while let Some(event) = events.next().await {
        event?;
        sleep(secs(1)).await;
    }
    // The finish was read after two pauses of a second.
    assert_eq!(llm.calls()[0].ended_at(), Some(secs(2)));
    Ok(())
}

#[provider_test]
async fn s29_a_snapshot_copies_no_call(#[mock(reply("Hi.").forever())] llm: MockProvider) {
    say(&llm, "hello").await;
    let before = llm.calls();
    for _ in 0..1_000 {
        say(&llm, "hello").await;
    }
    assert!(std::ptr::eq(&before[0], &llm.calls()[0]));
}

#[provider_test]
async fn s29_a_failure_is_in_the_journal_with_its_error(
    #[mock(fail(rate_limit { retry_after: 2s }), reply("Hi."))] llm: MockProvider,
) {
    let error = llm.answer(ask("one")).await.expect_err("it is refused");
    say(&llm, "other").await;

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::Failed(error.clone())));
    assert_eq!(calls[0].error(), Some(&error));
    assert_eq!((calls[0].is_streamed(), calls[1].error()), (false, None));
    let beyond = catch_unwind(AssertUnwindSafe(|| calls[2].number()));
    assert!(beyond.is_err());
}
