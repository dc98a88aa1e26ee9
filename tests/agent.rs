//! The agent of `examples/agent`, behind its own trait, on mocks: eight ways in which an answer can go.
//!
//! `tests/mutations` has a patch for each, which deletes what the agent does about it.

use std::time::Duration;

use agent::{Agent, AgentError, LlmError, Progress, Tool, ToolSpec, WeatherTool};
use async_trait::async_trait;
use examples::MockLlm;
use mock_core::{mock_provider, provider_test};
use serde_json::Value;
use tokio::time::{Instant, sleep};

#[provider_test]
async fn a_question_gets_a_plain_answer(
    #[mock(on(user("capital of France")).reply("Paris."))] llm: MockLlm,
) -> anyhow::Result<()> {
    let answer = Agent::new(llm.clone())
        .ask("What is the capital of France?")
        .await?;

    assert_eq!(answer.text, "Paris.");
    assert_eq!(answer.usage.output, 1);
    assert_eq!(answer.rounds, 1);
    assert_eq!(llm.calls()[0].request().model, "gpt-4o");
    Ok(())
}

#[provider_test]
async fn an_answer_is_shown_as_it_is_written(
    #[mock(stream(["It ", "works", "."]).ttft(300ms).every(20ms))] llm: MockLlm,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut pieces = Vec::new();
    let mut times = Vec::new();

    let answer = Agent::new(llm.clone())
        .ask_streaming("Does it work?", &mut |progress| {
            if let Progress::Text(text) = progress {
                pieces.push(text.to_owned());
                times.push(start.elapsed());
            }
        })
        .await?;

    assert_eq!(answer.text, "It works.");
    assert_eq!(pieces, ["It ", "works", "."]);
    assert_eq!(times, [300, 320, 340].map(Duration::from_millis));
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
        .map(|result| result.text().into_owned())
        .collect();
    assert_eq!(results, [r#"{"city":"Paris","temp":18,"unit":"celsius"}"#]);
    Ok(())
}

/// The weather, which takes a second to find out, and in Paris two.
struct SlowWeather;

#[async_trait]
impl Tool for SlowWeather {
    fn spec(&self) -> ToolSpec {
        WeatherTool.spec()
    }

    async fn run(&self, input: Value) -> Result<String, String> {
        let seconds = if input["city"] == "Paris" { 2 } else { 1 };
        sleep(Duration::from_secs(seconds)).await;
        WeatherTool.run(input).await
    }
}

#[provider_test]
async fn tools_are_run_at_one_time_and_their_results_go_back_in_order(
    #[mock(
        on(user("Paris or in Cairo"))
            .call(get_weather { city: "Paris" })
            .call(get_weather { city: "Cairo" }),
        on(tool_result(get_weather)).reply("In Cairo."),
    )]
    llm: MockLlm,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let agent = Agent::new(llm.clone()).tool(SlowWeather);

    let answer = agent.ask("Is it warmer in Paris or in Cairo?").await?;

    assert_eq!(answer.text, "In Cairo.");
    let results: Vec<_> = llm.calls()[1]
        .request()
        .trailing_tool_results()
        .map(|result| result.text().into_owned())
        .collect();
    let expected = [
        r#"{"city":"Paris","temp":18,"unit":"celsius"}"#,
        r#"{"city":"Cairo","temp":31,"unit":"celsius"}"#,
    ];
    assert_eq!(results, expected);
    assert_eq!(start.elapsed(), Duration::from_secs(2));
    Ok(())
}

#[provider_test]
async fn a_rate_limit_is_waited_out(
    #[mock(
        fail(rate_limit { retry_after: 2s }).times(2),
        reply("Here I am."),
    )]
    llm: MockLlm,
) -> anyhow::Result<()> {
    let start = Instant::now();

    let answer = Agent::new(llm.clone()).ask("Are you there?").await?;

    assert_eq!(answer.text, "Here I am.");
    assert_eq!(start.elapsed(), Duration::from_secs(4));
    llm.assert_waited_retry_after();
    Ok(())
}

#[provider_test]
async fn a_failure_for_good_is_not_retried(
    #[mock(fail(auth { message: "no such key" }))] llm: MockLlm,
) {
    let answer = Agent::new(llm.clone()).ask("Are you there?").await;

    let error = LlmError::Unauthorized("no such key".to_owned());
    assert_eq!(answer, Err(AgentError::Llm(error)));
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn a_text_that_breaks_off_is_not_an_answer_and_not_requested_again(
    #[mock(stream(["It ", "is ", "18 °C."]).every(20ms).cut_after(2))] llm: MockLlm,
) {
    let answer = Agent::new(llm.clone())
        .ask_streaming("How warm is it?", &mut |_| {})
        .await;

    let Err(AgentError::Interrupted { partial, error }) = answer else {
        panic!("half a text is not an answer: {answer:?}");
    };
    assert_eq!(partial, "It is ");
    assert!(matches!(error, LlmError::Connection(_)), "{error:?}");
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn a_tool_call_that_breaks_off_is_not_run_but_asked_for_again(
    #[mock(
        on(user("weather in Paris"))
            .call(get_weather { city: "Paris" })
            .pieces(3)
            .cut_after(1),
        on(user("weather in Paris")).call(get_weather { city: "Paris" }),
        on(tool_result(get_weather)).reply("It is {get_weather.temp} °C."),
    )]
    llm: MockLlm,
) -> anyhow::Result<()> {
    let mut run = Vec::new();
    let agent = Agent::new(llm.clone()).tool(WeatherTool);

    let answer = agent
        .ask_streaming("What is the weather in Paris?", &mut |progress| {
            if let Progress::ToolStarted(tool) = progress {
                run.push(tool.input.clone());
            }
        })
        .await?;

    assert_eq!(answer.text, "It is 18 °C.");
    assert_eq!(run, [r#"{"city":"Paris"}"#]);
    Ok(())
}
