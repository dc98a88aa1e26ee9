//! The original's tests of its latency mock. There they measured the wall clock; here time is exact.

use std::time::Duration;

use mock_core::builder::{ms, reply, script};
use mock_core::testkit::collect;
use mock_core::{Call, ErrorKind, MockProvider, ProviderError, TestClock, provider_test};

use super::request;

/// How long each call took: what the original kept as `latency_history`.
fn history(llm: &MockProvider) -> Vec<Duration> {
    llm.calls().iter().filter_map(Call::duration).collect()
}

/// The original's `average_latency`; none is 0.
fn mean(history: &[Duration]) -> Duration {
    let count = u32::try_from(history.len()).expect("a few calls");
    history
        .iter()
        .sum::<Duration>()
        .checked_div(count)
        .unwrap_or_default()
}

async fn ask(llm: &MockProvider, times: usize) -> Result<(), ProviderError> {
    for _ in 0..times {
        llm.answer(request()).await?;
    }
    Ok(())
}

#[provider_test]
async fn constant(
    #[mock(latency = 100ms, script = [reply("Simulated response")])] llm: MockProvider,
    clock: TestClock,
) -> Result<(), ProviderError> {
    ask(&llm, 1).await?;
    assert_eq!(clock.elapsed(), ms(100));
    Ok(())
}

#[provider_test]
async fn tracking(
    #[mock(latency = 100ms, script = [reply("Hi.").forever()])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 3).await?;
    let history = history(&llm);
    assert_eq!(history.len(), 3);
    assert_eq!(mean(&history), ms(100));
    assert_eq!(history.iter().max(), Some(&ms(100)));
    Ok(())
}

#[provider_test]
async fn random(
    #[mock(latency = 70ms..130ms, script = [reply("Hi.").forever()])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 5).await?;
    let history = history(&llm);
    // Tokio rounds sleeps up to a millisecond.
    assert!(
        history.iter().all(|took| (ms(70)..=ms(131)).contains(took)),
        "{history:?}"
    );
    assert!(
        history.iter().any(|took| *took != history[0]),
        "{history:?}"
    );
    Ok(())
}

#[provider_test]
async fn random_of_a_seed() -> Result<(), ProviderError> {
    let mut histories = Vec::new();
    for seed in [7, 7, 8] {
        let scenario = script([reply("Hi.").forever()]).latency(ms(70)..ms(130));
        let llm = MockProvider::new(scenario.seed(seed));
        ask(&llm, 5).await?;
        histories.push(history(&llm));
    }
    assert_eq!(histories[0], histories[1]);
    assert_ne!(histories[0], histories[2]);
    Ok(())
}

#[provider_test]
async fn increasing(
    #[mock(latency = growing(100ms, 0.10), script = [reply("Hi.").forever()])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 3).await?;
    assert_eq!(history(&llm), [100, 110, 120].map(ms));
    Ok(())
}

#[provider_test]
async fn degrading(
    #[mock(latency = growing(100ms, 0.05), script = [reply("Hi.").forever()])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 3).await?;
    assert_eq!(history(&llm), [100, 105, 110].map(ms));
    Ok(())
}

#[provider_test]
async fn timeout(
    #[mock(latency = 200ms.timeout_over(150ms), script = [])] llm: MockProvider,
    clock: TestClock,
) {
    let error = llm.answer(request()).await.expect_err("it times out");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert_eq!(error.message, "the request timed out after 150ms");
    let error = llm.answer_stream(request()).await;
    assert_eq!(error.expect_err("it times out").kind, ErrorKind::Timeout);

    assert_eq!(clock.elapsed(), Duration::ZERO);
    assert_eq!(llm.calls().len(), 2);
}

/// The limit is the longest time that is waited for.
#[provider_test]
async fn timeout_of_what_takes_too_long(
    #[mock(
        latency = growing(100ms, 0.25).timeout_over(150ms),
        script = [reply("Hi.").times(3)],
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 3).await?;

    let error = llm.answer(request()).await.expect_err("it times out");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert_eq!(history(&llm), [100, 125, 150, 0].map(ms));
    Ok(())
}

#[provider_test]
async fn streaming(
    #[mock(reply("Hello world").ttft(50ms).every(50ms))] llm: MockProvider,
    clock: TestClock,
) -> Result<(), ProviderError> {
    let answer = collect(llm.answer_stream(request()).await?).await;
    assert_eq!(answer.pieces(), ["Hello ", "world"]);
    assert_eq!(clock.elapsed(), ms(100));
    assert_eq!(history(&llm), [ms(100)]);
    Ok(())
}

#[provider_test]
async fn reset(
    #[mock(latency = 100ms, script = [reply("Hi.").forever()])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 2).await?;
    assert_eq!(history(&llm).len(), 2);
    llm.reset();
    assert_eq!(mean(&history(&llm)), Duration::ZERO);
    ask(&llm, 1).await
}

#[provider_test]
async fn average(
    #[mock(latency = 100ms, script = [reply("Hi.").times(3)])] llm: MockProvider,
) -> Result<(), ProviderError> {
    ask(&llm, 3).await?;
    assert_eq!(mean(&history(&llm)), ms(100));
    Ok(())
}
