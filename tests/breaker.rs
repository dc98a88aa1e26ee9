//! The breaker of `examples/breaker` before mocks that fail, on the paused clock.

use std::sync::Arc;
use std::time::Duration;

use mock_core::builder::{auth, fail, generic, reply, secs};
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, TestClock, provider_test};

use breaker::{Breaker, BreakerError, Limits, State};

const LIMITS: Limits = Limits {
    failures: 2,
    ..Limits::DEFAULT
};

fn breaker() -> Breaker<ProviderError> {
    Breaker::new("mock", LIMITS).excluding(|error: &ProviderError| error.kind == ErrorKind::Auth)
}

async fn ask(
    breaker: &Breaker<ProviderError>,
    llm: &MockProvider,
) -> Result<String, BreakerError<ProviderError>> {
    let response = breaker.run(llm.answer(Request::new("gpt-4o"))).await?;
    Ok(response.text().into_owned())
}

/// A breaker that is about to become half open.
async fn recovering(llm: &MockProvider) -> Breaker<ProviderError> {
    let breaker = breaker();
    for _ in 0..LIMITS.failures {
        ask(&breaker, llm).await.expect_err("the call fails");
    }
    assert!(breaker.is_open());
    tokio::time::sleep(LIMITS.recovery).await;
    breaker
}

#[provider_test]
async fn failures_count_in_a_row(
    #[mock(fail(generic), reply("Hi."), fail(generic), fail(generic))] llm: MockProvider,
) {
    let breaker = breaker();
    for _ in 0..3 {
        let _ = ask(&breaker, &llm).await;
    }
    let stats = breaker.stats();
    assert_eq!(
        (stats.state, stats.failure_count, stats.total_failures),
        (State::Closed, 1, 2)
    );
    let _ = ask(&breaker, &llm).await;
    assert!(breaker.is_open());
}

#[provider_test]
async fn an_open_circuit_says_why_and_how_long(
    #[mock(fail(generic { message: "out of order" }).times(2), reply("Hi."))] llm: MockProvider,
    clock: TestClock,
) {
    let breaker = breaker();
    for _ in 0..2 {
        let _ = ask(&breaker, &llm).await;
    }
    clock.advance(secs(10)).await;
    let rejected = ask(&breaker, &llm).await.expect_err("it is open");
    assert_eq!(
        rejected.to_string(),
        "circuit `mock` is open, try again in 20s"
    );
    let BreakerError::Rejected {
        last_error: Some(error),
        ..
    } = rejected
    else {
        panic!("{rejected:?}");
    };
    assert_eq!(error.message, "out of order");
    clock.advance(secs(20) - Duration::from_millis(1)).await;
    assert!(ask(&breaker, &llm).await.is_err());
    clock.advance(Duration::from_millis(1)).await;
    assert_eq!(ask(&breaker, &llm).await.expect("half open"), "Hi.");
}

#[provider_test]
async fn a_failure_on_trial_opens_it_again(
    #[mock(fail(generic).times(2), reply("Hi."), fail(generic))] llm: MockProvider,
) {
    let breaker = recovering(&llm).await;
    ask(&breaker, &llm).await.expect("the first trial");
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.success_count), (State::HalfOpen, 1));
    ask(&breaker, &llm).await.expect_err("the second trial");
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.state_changes), (State::Open, 3));
    assert!(matches!(
        ask(&breaker, &llm).await,
        Err(BreakerError::Rejected { retry_after, .. }) if retry_after == LIMITS.recovery
    ));
}

#[provider_test]
async fn excluded_errors_count_neither_way(
    #[mock(fail(generic), fail(auth).times(9), fail(generic))] llm: MockProvider,
) {
    let breaker = breaker();
    for _ in 0..10 {
        let _ = ask(&breaker, &llm).await;
    }
    let stats = breaker.stats();
    assert_eq!(
        (stats.state, stats.failure_count, stats.total_calls),
        (State::Closed, 1, 10)
    );
    let _ = ask(&breaker, &llm).await;
    assert!(breaker.is_open());
}

#[provider_test]
async fn excluded_errors_leave_room_for_other_trials() {
    let llm = MockProvider::script([
        fail(generic()).times(2),
        fail(auth()).times(9),
        reply("Hi.").times(2),
    ]);
    let breaker = recovering(&llm).await;
    for _ in 0..9 {
        let failed = ask(&breaker, &llm).await.expect_err("the key is wrong");
        assert!(matches!(failed, BreakerError::Failed(error) if error.kind == ErrorKind::Auth));
    }
    for _ in 0..2 {
        ask(&breaker, &llm).await.expect("a trial");
    }
    assert_eq!(breaker.stats().state, State::Closed);
}

#[provider_test]
async fn only_so_many_trials_go_on_at_one_time(
    #[mock(fail(generic).times(2), reply("Hi.").ttft(1s).times(4))] llm: MockProvider,
) {
    let breaker = Arc::new(recovering(&llm).await);
    let ask_alone = || {
        let (breaker, llm) = (Arc::clone(&breaker), llm.clone());
        tokio::spawn(async move { ask(&breaker, &llm).await })
    };
    let given_up = ask_alone();
    let trials = [ask_alone(), ask_alone()];
    llm.wait_for_calls(5).await;
    assert!(matches!(
        ask(&breaker, &llm).await,
        Err(BreakerError::Rejected {
            state: State::HalfOpen,
            ..
        })
    ));
    given_up.abort();
    assert!(given_up.await.is_err());
    let instead = ask_alone();
    for trial in trials.into_iter().chain([instead]) {
        let answer = trial.await.expect("the task ends");
        answer.expect("the trial succeeds");
    }
    assert_eq!(breaker.stats().state, State::Closed);
    assert_eq!(llm.max_in_flight(), 3);
}

#[provider_test]
async fn old_news_changes_no_state(
    #[mock(reply("late").ttft(60s), fail(generic).times(2), reply("Hi.").times(2))]
    llm: MockProvider,
) {
    let breaker = breaker();
    let (late, state) = tokio::join!(ask(&breaker, &llm), async {
        llm.wait_for_calls(1).await;
        for _ in 0..2 {
            let _ = ask(&breaker, &llm).await;
        }
        tokio::time::sleep(LIMITS.recovery).await;
        ask(&breaker, &llm).await.expect("the first trial");
        breaker.stats().state
    });
    assert_eq!(late.expect("an answer"), "late");
    assert_eq!(state, State::HalfOpen);
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.success_count), (State::HalfOpen, 1));
    ask(&breaker, &llm).await.expect("the second trial");
    assert_eq!(breaker.stats().state, State::Closed);
}

#[provider_test]
async fn a_reset_closes_it_and_keeps_the_totals(
    #[mock(fail(generic).times(2), reply("Hi."))] llm: MockProvider,
) {
    let breaker = breaker();
    let other = self::breaker();
    for _ in 0..2 {
        let _ = ask(&breaker, &llm).await;
    }
    assert!(breaker.is_open() && !other.is_open());
    breaker.reset();
    ask(&breaker, &llm).await.expect("it is closed");
    let stats = breaker.stats();
    assert_eq!(
        (stats.state, stats.failure_count, stats.total_failures),
        (State::Closed, 0, 2)
    );
}

#[provider_test]
async fn a_stream_that_cannot_be_opened_is_a_failure(
    #[mock(fail(generic).times(2))] llm: MockProvider,
) {
    let breaker = breaker();
    for _ in 0..2 {
        let stream = llm.answer_stream(Request::new("gpt-4o"));
        breaker.run(stream).await.expect_err("the stream fails");
    }
    assert!(breaker.is_open());
}

#[provider_test]
async fn every_round_of_trials_has_all_its_room(
    #[mock(latency = 1s, script = [fail(generic).times(5), reply("Hi.").times(2)])]
    llm: MockProvider,
) {
    let breaker = recovering(&llm).await;
    let ask = || ask(&breaker, &llm);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    assert!(first.is_err() && second.is_err() && third.is_err());
    tokio::time::sleep(LIMITS.recovery).await;
    for _ in 0..LIMITS.successes {
        ask().await.expect("a trial");
    }
    assert_eq!(breaker.stats().state, State::Closed);
}

#[provider_test]
async fn each_change_is_reported(
    #[mock(fail(generic).times(2), reply("Hi.").times(2))] llm: MockProvider,
) {
    let (tell, told) = std::sync::mpsc::channel();
    let breaker = breaker().on_change(move |from, to| tell.send((from, to)).expect("it is heard"));
    for _ in 0..LIMITS.failures {
        ask(&breaker, &llm).await.expect_err("the call fails");
    }
    tokio::time::sleep(LIMITS.recovery).await;
    for _ in 0..LIMITS.successes {
        ask(&breaker, &llm).await.expect("a trial");
    }
    let told: Vec<_> = told.try_iter().collect();
    let expected = [
        (State::Closed, State::Open),
        (State::Open, State::HalfOpen),
        (State::HalfOpen, State::Closed),
    ];
    assert_eq!(told, expected);
}
