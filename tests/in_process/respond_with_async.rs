//! S42: `respond_with` and `respond_with_async` with closures that await what they answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::*;
use mock_core::{
    ErrorKind, Message, MockProvider, Outcome, ProviderError, Request, Response, mock_provider,
    provider_test,
};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, sleep};

use crate::helpers::{ask, say, streamed};

/// An answer that takes so long.
async fn after(time: Duration, text: &str) -> Response {
    sleep(time).await;
    Message::assistant(text).into()
}

/// How long this takes.
async fn took<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    (future.await, start.elapsed())
}

async fn greet(request: Request) -> Response {
    after(ms(10), &format!("Hi from {}.", request.model)).await
}

mock_provider!(
    Slow,
    script = [
        respond_with(greet),
        respond_with(async |request| {
            sleep(ms(20)).await;
            Response::from(Message::assistant(request.model))
        }),
        respond_with(async |request: Request| match request.tools.is_empty() {
            true => Err(ProviderError::new(ErrorKind::BadRequest)),
            false => Ok(Response::from(Message::assistant("x"))),
        }),
    ],
);

#[provider_test]
async fn s42_a_declared_mock_awaits_functions_and_closures(llm: Slow) {
    let (text, time) = took(say(&llm, "a")).await;
    assert_eq!((&*text, time), ("Hi from gpt-4o.", ms(10)));
    let (text, time) = took(say(&llm, "a")).await;
    assert_eq!((&*text, time), ("gpt-4o", ms(20)));
    let error = llm.answer(ask("a")).await.expect_err("no tools");
    assert_eq!(error.kind, ErrorKind::BadRequest);
}

#[provider_test]
async fn s42_an_anonymous_mock_awaits_what_it_captures() {
    let (name, asked) = ("Ada".to_owned(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    let llm = mock_provider!(
        respond_with(async move |request| {
            count.fetch_add(1, Ordering::Relaxed);
            sleep(ms(5)).await;
            Response::from(Message::assistant(format!(
                "{name}: {}",
                request.messages[0].text()
            )))
        })
        .times(2),
        respond_with(greet),
    );
    assert_eq!(say(&llm, "a").await, "Ada: a");
    assert_eq!(say(&llm, "b").await, "Ada: b");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(say(&llm, "c").await, "Hi from gpt-4o.");
}

#[provider_test]
async fn s42_a_closure_is_asked_when_the_latency_is_over_and_delays_what_follows() {
    let turn = respond_with_async(|_| after(ms(50), "a b"))
        .ttft(ms(7))
        .every(ms(20));
    let llm = MockProvider::new(script([turn.times(2)]).latency(ms(100)));
    let (answer, time) = took(llm.answer(ask("a"))).await;
    assert_eq!(
        (&*answer.expect("an answer").text(), time),
        ("a b", ms(177))
    );

    let start = Instant::now();
    let mut stream = llm.answer_stream(ask("a")).await.expect("a stream");
    assert_eq!(start.elapsed(), ms(150), "the await waits for the closure");
    for due in [157, 177, 177] {
        stream.next().await.expect("an event").expect("no failure");
        assert_eq!(start.elapsed(), ms(due));
    }
    assert!(stream.next().await.is_none());
}

#[provider_test]
async fn s42_calls_are_claimed_in_order_and_answered_as_their_closures_finish() {
    let slow = respond_with_async(|_| after(ms(30), "slow"));
    let llm = MockProvider::script([slow, respond_with_async(|_| after(ms(10), "fast"))]);
    let (slow, fast) = tokio::join!(took(say(&llm, "a")), took(say(&llm, "a")));
    assert_eq!(slow, ("slow".to_owned(), ms(30)));
    assert_eq!(fast, ("fast".to_owned(), ms(10)));
    assert_eq!(llm.max_in_flight(), 2);
}

#[provider_test]
async fn s42_a_closure_that_takes_no_time_delays_nothing() {
    let respond = async |request: Request| Response::from(Message::assistant(request.model));
    let llm = MockProvider::script([respond_with_async(respond).times(2)]);
    let answer = llm
        .answer(ask("a"))
        .now_or_never()
        .expect("no time is in it");
    assert_eq!(answer.expect("an answer").text(), "gpt-4o");
    let (whole, events) = streamed(&llm, "a").await;
    assert_eq!((&*whole.text(), events.len()), ("gpt-4o", 2));
}

#[provider_test]
async fn s42_a_failure_is_that_of_the_call() {
    let fails = || {
        respond_with_async(|_| async {
            sleep(ms(5)).await;
            Err::<Response, _>(ProviderError::new(ErrorKind::Overloaded))
        })
    };
    let llm = MockProvider::script([fails().times(2)]);
    let error = llm.answer(ask("a")).await.expect_err("it fails");
    assert_eq!(error.kind, ErrorKind::Overloaded);
    let error = llm.answer_stream(ask("a")).await.expect_err("it fails");
    assert_eq!(llm.calls()[1].outcome(), Some(&Outcome::Failed(error)));
}

#[provider_test]
async fn s42_the_time_of_a_fault_runs_on() {
    let never = || respond_with_async(|_| std::future::pending::<Response>());
    let llm = MockProvider::script([
        never().cut_after(ms(40)),
        never().cut_after(ms(40)),
        never().end_after(ms(40)),
        respond_with_async(|_| after(ms(10), "a b"))
            .every(ms(50))
            .cut_after(ms(40)),
    ]);
    let (error, time) = took(llm.answer(ask("a"))).await;
    assert_eq!(
        (error.expect_err("it is cut").kind, time),
        (ErrorKind::Connection, ms(40))
    );
    let (stream, time) = took(llm.answer_stream(ask("a"))).await;
    let error = stream.expect_err("it is cut");
    assert_eq!((error.kind, time), (ErrorKind::Connection, ms(40)));
    let (stream, time) = took(llm.answer_stream(ask("a"))).await;
    assert_eq!((stream.expect("it began").count().await, time), (0, ms(40)));
    assert_eq!(llm.calls()[2].outcome(), Some(&Outcome::Truncated));
    let (error, time) = took(llm.answer(ask("a"))).await;
    assert_eq!(
        (error.expect_err("it is cut").kind, time),
        (ErrorKind::Connection, ms(40))
    );
}

#[provider_test]
async fn s42_a_call_that_is_given_up_drops_its_closure() {
    struct OnDrop(Arc<Notify>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    let dropped = Arc::new(Notify::new());
    let notify = Arc::clone(&dropped);
    let llm = MockProvider::script([respond_with_async(move |_| {
        let guard = OnDrop(Arc::clone(&notify));
        async move {
            let _guard = guard;
            std::future::pending::<Response>().await
        }
    })]);
    let answer = tokio::time::timeout(ms(5), llm.answer(ask("a"))).await;
    answer.expect_err("it never answers");
    dropped.notified().now_or_never().expect("it is dropped");
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
}

#[provider_test]
async fn s42_an_answer_is_not_polled_again_after_its_closure_has_finished() {
    // A future of an async block panics if it is.
    let llm = MockProvider::script([respond_with_async(|_| async {
        tokio::task::yield_now().await;
        Response::from(Message::assistant("a b c"))
    })
    .every(ms(5))]);
    let (whole, _) = streamed(&llm, "a").await;
    assert_eq!(whole.text(), "a b c");
}
