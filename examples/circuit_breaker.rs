//! A circuit breaker before a provider that times out: it opens, rejects, tries again, and closes.
//!
//! ```text
//! cargo run --example circuit_breaker
//! ```
//!
//! The clock is paused, so that 30 seconds of recovery take no time, as they do in the tests below.

use std::time::Duration;

use breaker::{Breaker, BreakerError, Limits, Stats};
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, mock_provider};

mock_provider!(
    Overwhelmed = openai("gpt-4o"),
    script = [fail(timeout).times(3), reply("I am back.").times(2)],
);

const LIMITS: Limits = Limits {
    failures: 3,
    recovery: Duration::from_secs(30),
    ..Limits::DEFAULT
};

/// Asks once, through the breaker, and shows what comes of it.
async fn ask(
    llm: &MockProvider,
    breaker: &Breaker<ProviderError>,
) -> Result<String, BreakerError<ProviderError>> {
    let request = Request::new("gpt-4o").user("Are you there?");
    println!("asked");
    let result = breaker.run(llm.answer(request)).await;
    match &result {
        Ok(response) => println!("  answered: {}", response.text()),
        Err(error) => println!("  failed: {error}"),
    }
    Ok(result?.text().into_owned())
}

/// The provider fails until the circuit opens; after the recovery time it is asked again.
async fn outage(llm: &MockProvider) -> Result<Stats, BreakerError<ProviderError>> {
    let breaker = Breaker::new("openai", LIMITS)
        .excluding(|error: &ProviderError| error.kind == ErrorKind::Auth)
        .on_change(|from, to| println!("  the circuit was {from:?}, and is {to:?}"));
    while !breaker.is_open() {
        let _ = ask(llm, &breaker).await;
    }
    // This call does not reach the provider.
    let _ = ask(llm, &breaker).await;

    tokio::time::sleep(LIMITS.recovery).await;
    println!("{:?} later", LIMITS.recovery);
    for _ in 0..LIMITS.successes {
        ask(llm, &breaker).await?;
    }
    Ok(breaker.stats())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> anyhow::Result<()> {
    let stats = outage(&Overwhelmed::new()).await?;
    println!(
        "{} calls, {} failures, {} rejected; now {:?}",
        stats.total_calls, stats.total_failures, stats.total_rejected, stats.state
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use breaker::State;
    use mock_core::builder::ms;
    use mock_core::{TestClock, provider_test};

    use super::*;

    #[provider_test]
    async fn circuit_breaker(llm: Overwhelmed) -> Result<(), BreakerError<ProviderError>> {
        let stats = outage(&llm).await?;

        let expected = Stats {
            name: "openai",
            state: State::Closed,
            total_calls: 6,
            total_failures: 3,
            total_rejected: 1,
            failure_count: 0,
            success_count: 0,
            last_failure_time: Some(Duration::ZERO),
            state_changes: 3,
        };
        assert_eq!(stats, expected);
        assert_eq!(llm.calls().len(), 5);
        assert_eq!(llm.calls()[3].started_at(), LIMITS.recovery);
        Ok(())
    }

    #[provider_test]
    async fn the_circuit_is_half_open_to_the_millisecond(
        #[mock(fail(timeout).times(4), reply("I am back.").times(2))] llm: MockProvider,
        clock: TestClock,
    ) {
        let breaker = Breaker::new("openai", LIMITS);
        let starts = || {
            let calls = llm.calls();
            calls
                .iter()
                .map(|call| call.started_at())
                .collect::<Vec<_>>()
        };
        for _ in 0..LIMITS.failures {
            let _ = ask(&llm, &breaker).await;
        }

        clock.advance(LIMITS.recovery - ms(1)).await;
        assert!(ask(&llm, &breaker).await.is_err());
        assert_eq!(starts().len(), 3, "it is open still");

        // One call goes through, and fails: the circuit is open again from here on.
        clock.advance(ms(1)).await;
        assert!(ask(&llm, &breaker).await.is_err());
        assert_eq!(breaker.stats().state, State::Open);

        clock.advance(LIMITS.recovery).await;
        for _ in 0..LIMITS.successes {
            assert!(ask(&llm, &breaker).await.is_ok());
        }
        assert_eq!(breaker.stats().state, State::Closed);
        let (none, half_open) = (ms(0), LIMITS.recovery);
        let again = half_open * 2;
        assert_eq!(starts(), [none, none, none, half_open, again, again]);
    }
}
