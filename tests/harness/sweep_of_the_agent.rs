//! The agent of `examples/agent` in a sweep, and under chaos.

use std::time::Duration;

use agent::{Agent, Progress, WeatherTool};
use examples::MockLlm;
use mock_core::{mock_provider, provider_test};
use tokio::time::timeout;

mock_provider!(
    Weather = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city:word}")).call(get_weather { city: "{city}" }),
        on(tool_result(get_weather)).reply("It is {get_weather.temp} °C in {city}."),
    ],
);

/// Asks for the weather while a model goes wrong, with a time limit, and checks an answer that comes all the same.
async fn the_weather_or_an_error(llm: &MockLlm) -> anyhow::Result<()> {
    let agent = Agent::new(llm.clone()).tool(WeatherTool);
    let mut ignore = |_: Progress<'_>| {};
    let answer = agent.ask_streaming("What is the weather in Paris?", &mut ignore);
    let answer = timeout(Duration::from_secs(120), answer).await??;
    assert_eq!(answer.text, "It is 18 °C in Paris.");
    Ok(())
}

#[provider_test(sweep = faults)]
async fn no_fault_passes_for_an_answer(#[mock(Weather)] llm: MockLlm) -> anyhow::Result<()> {
    the_weather_or_an_error(&llm).await
}

#[provider_test(
    seeds = 0..200,
    chaos = [rate_limit(0.1), server_error(0.05), cut(0.05), end(0.05), stall(0.02), slow(0.1)],
)]
async fn no_chaos_passes_for_an_answer(#[mock(Weather)] llm: MockLlm) -> anyhow::Result<()> {
    the_weather_or_an_error(&llm).await
}
