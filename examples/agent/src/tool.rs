//! Tools a model can use.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::llm::{ToolSpec, ToolUse};

/// Something a model can ask to have done.
#[async_trait]
pub trait Tool: Send + Sync {
    /// Describes the tool to the model.
    fn spec(&self) -> ToolSpec;

    /// Runs the tool on an input, a JSON object that may not match the schema.
    ///
    /// Both the output and the error are text for the model to read.
    async fn run(&self, input: Value) -> Result<String, String>;
}

/// The tools of an agent.
#[derive(Clone, Default)]
pub struct Toolbox {
    tools: Vec<Arc<dyn Tool>>,
}

impl Toolbox {
    /// Adds a tool, in place of any other of the same name.
    pub fn add(&mut self, tool: impl Tool + 'static) {
        let name = tool.spec().name;
        self.tools.retain(|other| other.spec().name != name);
        self.tools.push(Arc::new(tool));
    }

    /// Describes the tools, in the order they were added.
    pub fn specs(&self) -> Vec<ToolSpec> {
        self.tools.iter().map(|tool| tool.spec()).collect()
    }

    /// Runs the tool a model asked for and returns the text to give the model.
    ///
    /// A failure of any kind is such a text too, `error: ...`, so that the model
    /// can correct itself.
    pub async fn run(&self, tool_use: &ToolUse) -> String {
        match self.try_run(tool_use).await {
            Ok(output) => output,
            Err(message) => format!("error: {message}"),
        }
    }

    async fn try_run(&self, tool_use: &ToolUse) -> Result<String, String> {
        let name = &tool_use.name;
        let tool = self
            .tools
            .iter()
            .find(|tool| tool.spec().name == *name)
            .ok_or_else(|| format!("there is no tool named {name:?}"))?;
        // An object that parses is a whole one. `12` may be the start of `123`.
        let input: Map<String, Value> = serde_json::from_str(&tool_use.input)
            .map_err(|error| format!("the input is not a JSON object: {error}"))?;
        tool.run(Value::Object(input)).await
    }
}

/// Degrees Celsius by city.
const TEMPERATURES: &[(&str, i32)] = &[
    ("Berlin", 15),
    ("Cairo", 31),
    ("London", 14),
    ("New York", 21),
    ("Paris", 18),
    ("Reykjavik", -2),
    ("Tokyo", 23),
];

/// A tool that knows the temperature of a few cities.
#[derive(Debug, Clone, Copy, Default)]
pub struct WeatherTool;

#[async_trait]
impl Tool for WeatherTool {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "get_weather".to_owned(),
            description: "Returns the current temperature in a city.".to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "city": { "type": "string", "description": "The city, e.g. Paris" },
                    "unit": { "type": "string", "enum": ["celsius", "fahrenheit"] },
                },
                "required": ["city"],
            }),
        }
    }

    async fn run(&self, input: Value) -> Result<String, String> {
        let city = input["city"].as_str().ok_or("`city` must be a string")?;
        let (city, celsius) = TEMPERATURES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(city.trim()))
            .ok_or_else(|| format!("no weather is known for {city:?}"))?;
        // Models write `null` for a property they leave out.
        let (temp, unit) = match &input["unit"] {
            unit if unit.is_null() || unit == "celsius" => (*celsius, "celsius"),
            unit if unit == "fahrenheit" => (celsius * 9 / 5 + 32, "fahrenheit"),
            unit => return Err(format!("`unit` must be celsius or fahrenheit, not {unit}")),
        };
        Ok(json!({ "city": city, "temp": temp, "unit": unit }).to_string())
    }
}
