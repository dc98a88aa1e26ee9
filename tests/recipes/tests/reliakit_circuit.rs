//! `reliakit-circuit`: a circuit breaker that reads no clock, and is given tokio's, which is paused.

use std::time::Duration;

use mock_core::builder::{ms, secs};
use mock_core::{MockProvider, ProviderError, Request, TestClock, provider_test};
use reliakit_circuit::{CircuitBreaker, State};
use tokio::time::Instant;

const COOLDOWN: Duration = Duration::from_secs(30);

/// A client that asks nothing for 30 s once two requests in a row have failed.
struct Client {
    llm: MockProvider,
    circuit: CircuitBreaker,
    created: Instant,
}

#[derive(Debug, PartialEq)]
enum Rejected {
    Open,
    Failed(ProviderError),
}

impl Client {
    fn new(llm: MockProvider) -> Self {
        let cooldown = u64::try_from(COOLDOWN.as_millis()).expect("a short time");
        Client {
            llm,
            circuit: CircuitBreaker::new(2, cooldown),
            created: Instant::now(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.created.elapsed().as_millis()).expect("a short time")
    }

    async fn ask(&mut self) -> Result<String, Rejected> {
        if !self.circuit.allow(self.now()) {
            return Err(Rejected::Open);
        }
        let answer = self.llm.answer(Request::new("gpt-4o").user("hello"));
        match answer.await {
            Ok(answer) => {
                self.circuit.on_success();
                Ok(answer.text().into_owned())
            }
            Err(error) => {
                self.circuit.on_failure(self.now());
                Err(Rejected::Failed(error))
            }
        }
    }
}

/// A client whose circuit has just opened.
async fn opened(llm: &MockProvider) -> Client {
    let mut client = Client::new(llm.clone());
    for _ in 0..2 {
        let rejected = client.ask().await.expect_err("the request fails");
        assert!(matches!(rejected, Rejected::Failed(_)), "{rejected:?}");
    }
    assert_eq!(client.circuit.state(), State::Open);
    client
}

fn starts(llm: &MockProvider) -> Vec<Duration> {
    llm.calls().iter().map(|call| call.started_at()).collect()
}

#[provider_test]
async fn an_open_circuit_lets_one_through_after_its_time(
    #[mock(latency = 250ms, script = [fail(overloaded).times(2), reply("Hi.")])] llm: MockProvider,
    clock: TestClock,
) {
    let mut client = opened(&llm).await;

    clock.advance(COOLDOWN - ms(1)).await;
    assert_eq!(client.ask().await, Err(Rejected::Open));

    clock.advance(ms(1)).await;
    assert_eq!(client.ask().await.as_deref(), Ok("Hi."));
    assert_eq!(client.circuit.state(), State::Closed);
    assert_eq!(starts(&llm), [ms(0), ms(250), ms(30_500)]);
}

#[provider_test]
async fn a_failure_while_half_open_opens_it_for_the_whole_time_again(
    #[mock(fail(overloaded).times(3), reply("Hi."))] llm: MockProvider,
    clock: TestClock,
) {
    let mut client = opened(&llm).await;

    clock.advance(COOLDOWN).await;
    let rejected = client.ask().await.expect_err("the request fails");
    assert!(matches!(rejected, Rejected::Failed(_)), "{rejected:?}");

    clock.advance(COOLDOWN - ms(1)).await;
    assert_eq!(client.ask().await, Err(Rejected::Open));
    clock.advance(ms(1)).await;
    assert_eq!(client.ask().await.as_deref(), Ok("Hi."));
    assert_eq!(starts(&llm), [secs(0), secs(0), secs(30), secs(60)]);
}

#[provider_test]
async fn an_answer_in_between_keeps_it_closed(
    #[mock(fail(overloaded), reply("Hi."), fail(overloaded), reply("Hi."))] llm: MockProvider,
) {
    let mut client = Client::new(llm);
    for is_answered in [false, true, false, true] {
        assert_eq!(client.ask().await.is_ok(), is_answered);
    }
    assert_eq!(client.circuit.state(), State::Closed);
}
