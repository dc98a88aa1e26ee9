//! Cases and values with `sweep` or `seeds`: each case runs once for each fault, or with each seed.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::{
    ErrorKind, FinishReason, MockProvider, ProviderError, StreamEvent, mock_provider, provider_test,
};
use tests::this_binary;
use tokio::time::timeout;

use crate::helpers::ask;

/// Reads a stream. A careless reader takes whatever comes for the whole answer.
async fn read(llm: &MockProvider, is_careful: bool) -> Result<String, ProviderError> {
    let (mut text, mut is_whole) = (String::new(), false);
    let mut stream = llm.answer_stream(ask()).await?;
    loop {
        let next = timeout(Duration::from_secs(10), stream.next()).await;
        match next.map_err(|_| ProviderError::new(ErrorKind::Timeout))? {
            Some(Ok(StreamEvent::Text(piece))) => text.push_str(&piece),
            Some(Ok(StreamEvent::Finish { reason, .. })) => {
                is_whole = is_careful && reason == Some(FinishReason::Stop);
            }
            Some(event) => drop(event?),
            None if is_whole || !is_careful => return Ok(text),
            None => return Err(ProviderError::new(ErrorKind::Connection)),
        }
    }
}

#[provider_test(sweep = faults)]
#[case::short("Hi.")]
#[case::long("I am fine.")]
async fn each_case_is_swept(
    #[case] text: &str,
    #[values(1, 2)] times: u32,
    #[mock(reply(text).times(times))] llm: MockProvider,
) -> Result<(), ProviderError> {
    for _ in 0..times {
        assert_eq!(read(&llm, true).await?, text);
    }
    Ok(())
}

mock_provider!(Plain, script = [reply("I am fine.")]);
mock_provider!(
    Streamed = openai("gpt-4o"),
    script = [stream(["I am ", "fine."]).every(20ms)]
);

#[provider_test(sweep = faults)]
async fn each_mock_is_swept(
    #[mocks(Plain, Streamed)] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm, true).await?, "I am fine.");
    Ok(())
}

#[provider_test(seeds = 0..10, chaos = [cut(0.3), stall(0.3)])]
async fn each_mock_has_its_chaos(
    #[mocks(Plain, Streamed)] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm, true).await?, "I am fine.");
    Ok(())
}

#[ignore = "the tests below run it"]
#[provider_test(sweep = faults)]
#[case::careful(true)]
#[case::careless(false)]
async fn swept(
    #[case] is_careful: bool,
    #[mock(reply("I am fine."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm, is_careful).await?, "I am fine.");
    Ok(())
}

#[ignore = "the tests below run it"]
#[provider_test(seeds = 0..50, chaos = [end(0.2)])]
#[case::careful(true)]
#[case::careless(false)]
async fn seeded(
    #[case] is_careful: bool,
    #[mock(reply("I am fine."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm, is_careful).await?, "I am fine.");
    Ok(())
}

/// What this test prints, alone, with this variable; and whether it passes.
fn printed(test: &str, variable: Option<(&str, &str)>) -> (bool, String) {
    let mut command = this_binary();
    command.args([test, "--exact", "--ignored"]);
    command.envs(variable);
    let output = command.output().expect("the test binary runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("running 1 test"), "{printed}");
    (output.status.success(), printed)
}

#[test]
fn the_report_of_a_case_names_the_command_that_repeats_it_alone() {
    for (test, variable) in [("swept", "MOCK_CORE_SWEEP"), ("seeded", "MOCK_CORE_SEED")] {
        let (is_green, report) =
            printed(&format!("cases_with_several_runs::{test}::careful"), None);
        assert!(is_green, "{report}");

        let careless = format!("cases_with_several_runs::{test}::careless");
        let (is_green, report) = printed(&careless, None);
        assert!(!is_green, "{report}");
        let (_, rest) = report
            .split_once(&format!("`{variable}="))
            .expect("a command");
        let (number, rest) = rest.split_once(' ').expect("a number");
        assert!(
            rest.starts_with(&format!("cargo test -- --exact {careless}`")),
            "{report}"
        );

        let (is_green, report) = printed(&careless, Some((variable, number)));
        assert!(!is_green, "{report}");
    }
}

#[provider_test(seeds = 0..20)]
async fn each_value_is_run_with_each_seed(
    #[values("1", "2")] value: &str,
    #[mock(latency = 1s..2s, script = [reply(value)])] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm, true).await?, value);
    Ok(())
}
