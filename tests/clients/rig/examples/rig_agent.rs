//! An agent of rig's, of rig-core and rig-agent 0.44.0, talks to a mock: it calls a tool, and streams its answer.
//!
//! ```text
//! cargo run --example rig_agent
//! cargo run --example rig_agent -- "What is the weather in Oslo?"
//! ```

use std::convert::Infallible;
use std::io::Write as _;

use futures::StreamExt as _;
use mock_core::mock_provider;
use rig_agent::AgentBuilder;
use rig_agent::agent::MultiTurnStreamItem;
use rig_agent::streaming::{Item, StreamEvent};
use rig_agent::tool::{Tool, ToolContext};
use rig_on_mocks::MockModel;
use serde_json::{Value, json};

mock_provider!(
    Forecast = openai("gpt-4o"),
    latency = 80ms..120ms,
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}"))
            .reply("Let me look that up.")
            .call(get_weather { city: "{city}" })
            .every(40ms),
        on(tool_result(get_weather))
            .reply("It is {get_weather.temp} °C in {city} today.")
            .every(60ms),
    ],
);

struct GetWeather;

impl Tool for GetWeather {
    const NAME: &'static str = "get_weather";
    type Args = Value;
    type Output = Value;
    type Error = Infallible;

    fn description(&self) -> String {
        "The weather in a city, now.".to_owned()
    }

    fn parameters(&self) -> Value {
        json!({
            "type": "object",
            "properties": { "city": { "type": "string" } },
            "required": ["city"],
        })
    }

    async fn call(&self, _: &mut ToolContext, place: Value) -> Result<Value, Infallible> {
        Ok(json!({ "city": place["city"], "temp": 18 }))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let question = std::env::args().nth(1);
    let question = question
        .as_deref()
        .unwrap_or("What is the weather in Paris?");
    let mock = Forecast::new();
    let agent = AgentBuilder::new(MockModel::from(mock.handle()))
        .preamble("You know the weather.")
        .tool(GetWeather)
        .default_max_turns(2)
        .build();

    println!("you    {question}");
    print!("agent  ");
    let mut run = agent.prompt(question).stream();
    while let Some(item) = run.next().await {
        show(item?);
    }
    Ok(())
}

fn show(item: MultiTurnStreamItem) {
    match item {
        MultiTurnStreamItem::StreamAssistantItem(Item::Event(StreamEvent::Text {
            text, ..
        })) => print!("{text}"),
        MultiTurnStreamItem::ToolCall { tool_call } => {
            let function = tool_call.function;
            print!(
                "\ntool   {}({})",
                function.name,
                Value::from(function.arguments)
            );
        }
        MultiTurnStreamItem::ToolResult { tool_result } => {
            let said = tool_result
                .content
                .iter()
                .filter_map(|content| content.as_json());
            print!(
                " -> {}\nagent  ",
                said.map(Value::to_string).collect::<String>()
            );
        }
        MultiTurnStreamItem::FinalResponse(answer) => println!(
            "\n\n{} requests, {} tokens read, {} tokens written",
            answer.requests(),
            answer.usage().input_tokens.unwrap_or_default(),
            answer.usage().output_tokens.unwrap_or_default(),
        ),
        _ => {}
    }
    // Ignore the error: the agent need not stop because the terminal cannot be written to.
    let _ = std::io::stdout().flush();
}
