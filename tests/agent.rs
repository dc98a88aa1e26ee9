//! The agent of `examples/agent`, behind its own trait, on mocks.

use std::time::Duration;

use agent::{Agent, Progress, WeatherTool};
use examples::MockLlm;
use mock_core::{mock_provider, provider_test};

#[provider_test]
async fn a_question_gets_a_text_answer(
    #[mock(on(user("capital of France")).reply("Paris."))] llm: MockLlm,
) -> anyhow::Result<()> {
    let answer = Agent::new(llm.clone())
        .ask("What is the capital of France?")
        .await?;

    assert_eq!(answer.text, "Paris.");
    assert_eq!(answer.usage.output, 1);
    assert_eq!(llm.calls()[0].request().model, "gpt-4o");
    Ok(())
}

mock_provider!(
    Weather = openai("gpt-4o"),
    tools = [get_weather {
        city: string,
        unit: optional(one_of("celsius", "fahrenheit")),
    }],
    script = [
        on(user("weather in {city}")).call(get_weather {
            city: "{city}",
            unit: "celsius",
        }),
        on(tool_result(get_weather)).reply("It is {get_weather.temp} °C in {city}."),
    ],
);

#[provider_test]
async fn a_tool_is_run_and_its_result_goes_back(
    #[mock(Weather)] llm: MockLlm,
) -> anyhow::Result<()> {
    let agent = Agent::new(llm.clone()).tool(WeatherTool);

    let answer = agent.ask("What is the weather in Paris?").await?;

    assert_eq!(answer.text, "It is 18 °C in Paris.");
    assert_eq!(answer.rounds, 2);
    let results: Vec<_> = llm.calls()[1]
        .request()
        .trailing_tool_results()
        .map(|result| result.content.clone())
        .collect();
    assert_eq!(results, [r#"{"city":"Paris","temp":18,"unit":"celsius"}"#]);
    Ok(())
}

#[provider_test]
async fn a_rate_limit_is_waited_out_and_the_answer_streamed(
    #[mock(
        fail(rate_limit { retry_after: 2s }).times(2),
        stream(["It ", "works", "."]).every(20ms),
    )]
    llm: MockLlm,
) -> anyhow::Result<()> {
    let start = tokio::time::Instant::now();
    let mut pieces = Vec::new();
    let mut waits = Vec::new();

    let answer = Agent::new(llm.clone())
        .ask_streaming("Does it work?", &mut |progress| match progress {
            Progress::Text(text) => pieces.push(text.to_owned()),
            Progress::Retrying { wait, .. } => waits.push(wait),
            _ => {}
        })
        .await?;

    assert_eq!(answer.text, "It works.");
    assert_eq!(pieces, ["It ", "works", "."]);
    assert_eq!(waits, [Duration::from_secs(2); 2]);
    assert_eq!(start.elapsed(), Duration::from_millis(4_040));
    llm.assert_waited_retry_after();
    Ok(())
}
