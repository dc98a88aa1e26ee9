//! Runs a test with seeds and chaos, and returns what it reports.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::scenario::Scenario;
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, StreamEvent};
use tests::private::{Chaos, ChaosFault, Seeds, Test, TestSpec, run_seeds};
use tokio::time::timeout;

pub(crate) const NO_CHAOS: &[Chaos] = &[];

pub(crate) fn seeds(first: u64, last: u64, chaos: &'static [Chaos]) -> Seeds {
    Seeds { first, last, chaos }
}

pub(crate) fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

pub(crate) fn mock(test: &mut Test, scenario: Scenario) -> MockProvider {
    test.inject_mock("llm", scenario.into())
}

/// What the runs of a test with this body say.
pub(crate) fn failure(body: fn(&mut Test), seeds: Seeds) -> String {
    let spec = TestSpec {
        name: "harness::with_seeds",
        file: file!(),
        body,
        ..TestSpec::EMPTY
    };
    let panic = catch_unwind(AssertUnwindSafe(|| run_seeds(&spec, seeds)));
    let text = panic
        .err()
        .map(|panic| *panic.downcast::<String>().expect("a report"));
    text.unwrap_or_default()
}

/// Asks again, three times at most, and waits a minute for an answer.
pub(crate) async fn ask_again(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let mut last = ProviderError::new(ErrorKind::Timeout);
    for _ in 0..3 {
        match timeout(Duration::from_secs(60), llm.answer(ask(text))).await {
            Ok(Ok(answer)) => return Ok(answer.text().into_owned()),
            Ok(Err(error)) if !error.kind.is_retryable() => return Err(error),
            Ok(Err(error)) => last = error,
            Err(_) => {}
        }
    }
    Err(last)
}

/// Takes whatever comes for the whole answer.
pub(crate) async fn read_carelessly(
    llm: &MockProvider,
    text: &str,
) -> Result<String, ProviderError> {
    let mut stream = llm.answer_stream(ask(text)).await?;
    let mut answer = String::new();
    while let Some(event) = stream.next().await {
        if let StreamEvent::Text(piece) = event? {
            answer.push_str(&piece);
        }
    }
    Ok(answer)
}

pub(crate) const END_AND_SLOW: &[Chaos] = &[
    Chaos {
        fault: ChaosFault::End,
        probability: 0.2,
    },
    Chaos {
        fault: ChaosFault::Slow,
        probability: 0.4,
    },
];
