//! The code of the README.

use agent::{Agent, WeatherTool};
use examples::MockLlm;
use mock_core::{mock_provider, provider_test};

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
        fail(rate_limit { retry_after: 2s }).times(2),
        on(tool_result(get_weather))
            .stream(["It is ", "{get_weather.temp}", " °C in {city}."])
            .every(20ms),
    ],
);

#[provider_test]
async fn the_agent_waits_out_the_rate_limit(#[mock(Weather)] llm: MockLlm) -> anyhow::Result<()> {
    let agent = Agent::new(llm.clone()).tool(WeatherTool);

    let answer = agent
        .ask_streaming("What is the weather in Paris?", &mut |_| {})
        .await?;

    assert_eq!(answer.text, "It is 18 °C in Paris.");
    assert_eq!(llm.calls().len(), 4);
    llm.assert_waited_retry_after();
    Ok(())
}
