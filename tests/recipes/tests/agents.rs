//! Several agents on one mock: each has its own lane, and the calls of each are asserted alone.

use mock_core::builder::expect;
use mock_core::{MockProvider, ProviderError, Request, provider_test};

/// Code under test: a planner, and a worker for each of its steps, all at once.
async fn run(llm: &MockProvider) -> Result<Vec<String>, ProviderError> {
    let ask = |agent: &str, text: &str| llm.answer(Request::new("gpt-4o").system(agent).user(text));
    let plan = ask("You plan.", "Fix the parser.").await?;
    let steps: Vec<_> = plan.text().split(", ").map(str::to_owned).collect();
    let work = steps.iter().map(|step| ask("You work.", step));
    let done = futures::future::try_join_all(work).await?;
    Ok(done
        .iter()
        .map(|answer| answer.text().into_owned())
        .collect())
}

#[provider_test]
async fn each_step_has_a_worker(
    #[mock(
        lanes = match request {
            system("You plan") => [reply("read, write")],
            system("You work") => [
                on(user("read")).reply("It is read.").ttft(2s),
                on(user("write")).reply("It is written.").ttft(1s),
            ],
        },
    )]
    llm: MockProvider,
) {
    assert_eq!(run(&llm).await.unwrap(), ["It is read.", "It is written."]);

    let work = llm.calls().to("You work");
    work.assert(expect::calls(2));
    assert_eq!(llm.max_in_flight(), 2);
}
