//! A real agent talks to a mock: it calls a tool, is rejected twice, waits, and streams its answer.
//!
//! ```text
//! cargo run --example agent
//! cargo run --example agent -- "What is the weather in Oslo?"
//! ```

use std::io::Write as _;

use agent::{Agent, Progress, WeatherTool};
use examples::MockLlm;
use mock_core::mock_provider;

mock_provider!(
    Weather = openai("gpt-4o"),
    latency = 80ms..120ms,
    tools = [get_weather {
        city: string,
        unit: optional(one_of("celsius", "fahrenheit")),
    }],
    script = [
        on(user("weather in {city}"))
            .reply("Let me look that up.")
            .call(get_weather {
                city: "{city}",
                unit: "celsius",
            })
            .every(40ms),
        fail(rate_limit { retry_after: 1s }).times(2),
        on(tool_result(get_weather))
            .stream([
                "It is ",
                "{get_weather.temp}",
                " °C",
                " in ",
                "{city}",
                " today",
                ".",
            ])
            .every(60ms),
    ],
);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let question = std::env::args().nth(1);
    let question = question
        .as_deref()
        .unwrap_or("What is the weather in Paris?");
    let mock = Weather::new();
    let agent = Agent::new(MockLlm::from(mock.handle())).tool(WeatherTool);

    println!("you    {question}");
    print!("agent  ");
    let answer = agent.ask_streaming(question, &mut show).await?;
    println!();
    println!();
    println!(
        "{} requests, {} tokens read, {} tokens written",
        mock.calls().len(),
        answer.usage.input,
        answer.usage.output,
    );
    Ok(())
}

fn show(progress: Progress<'_>) {
    match progress {
        Progress::Text(text) => print!("{text}"),
        Progress::ToolStarted(tool) => print!("\ntool   {}({})", tool.name, tool.input),
        Progress::ToolFinished { output, .. } => print!(" -> {output}\nagent  "),
        Progress::Retrying { error, wait } => print!("[{error}, waiting {wait:?}] "),
    }
    // Ignore the error: the agent need not stop because the terminal cannot be written to.
    let _ = std::io::stdout().flush();
}
