//! The code of `docs/suites.md` about seeds and chaos.

use std::time::Duration;

use mock_core::{MockProvider, ProviderError, Request, provider_test};
use tokio::time::{sleep, timeout};

/// Asks up to four times, and waits up to a minute for each answer.
async fn ask(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let patience = Duration::from_secs(60);
    for pause in [1, 2, 4] {
        let answer = llm.answer(Request::new("gpt-4o").user(text));
        match timeout(patience, answer).await {
            Ok(Ok(answer)) => return Ok(answer.text().into_owned()),
            Ok(Err(error)) if !error.kind.is_retryable() => return Err(error),
            _ => sleep(Duration::from_secs(pause)).await,
        }
    }
    let answer = llm.answer(Request::new("gpt-4o").user(text)).await?;
    Ok(answer.text().into_owned())
}

#[provider_test(seeds = 0..100, chaos = [rate_limit(0.1), cut(0.05)])]
async fn two_questions_get_their_own_answers(
    #[mock(rules = match request {
        user("France") => reply("It is Paris."),
        user("Italy") => reply("It is Rome."),
    })]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let (france, italy) = tokio::join!(ask(&llm, "France?"), ask(&llm, "Italy?"));
    assert_eq!(france?, "It is Paris.");
    assert_eq!(italy?, "It is Rome.");
    Ok(())
}

#[provider_test(seeds = 0..100)]
async fn the_backup_answers_when_the_primary_fails(
    #[mock(chaos = [overloaded(0.3), cut(0.1)], script = [reply("It is Paris.")])]
    primary: MockProvider,
    #[mock(reply("It is Paris.").times(0..=1))] backup: MockProvider,
) -> Result<(), ProviderError> {
    let answer = match ask(&primary, "France?").await {
        Err(_) => ask(&backup, "France?").await?,
        answer => answer?,
    };
    assert_eq!(answer, "It is Paris.");
    Ok(())
}
