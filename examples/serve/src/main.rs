//! Serves a mock to a client in any language, as OpenAI, Azure, Anthropic, Gemini and Ollama.
//!
//! ```text
//! cargo run -p serve
//! ```
//!
//! Set the variables that it prints where your client runs. When you press Enter, it tells what came, and whether all went as
//! scripted.

use std::error::Error;
use std::io::{BufRead, Write};

use mock_core::{MockProvider, MockServer, mock_provider};

mock_provider!(
    Weather = openai("gpt-4o"),
    tools = [get_weather { city: string }],
    script = [
        on(user("weather in {city}")).call(get_weather { city: "{city}" }),
        on(tool_result(get_weather))
            .reply("It is {get_weather.temp} °C in {city}.")
            .every(40ms),
    ],
    rules = match request {
        user("fail") => fail(rate_limit { retry_after: 2s }),
        user("cut") => reply("This breaks off in the middle.").cut_after(3),
        _ => reply("Ask me about the weather in a city.").every(40ms),
    },
);

fn main() -> Result<(), Box<dyn Error>> {
    serve(
        Weather::new().handle(),
        std::io::stdin().lock(),
        std::io::stdout(),
    )
}

/// The variables in which the SDKs of the providers look for a base URL and a key.
fn variables(server: &MockServer) -> [(&'static str, String); 9] {
    let key = || "any".to_owned();
    [
        // Chat Completions, Responses, and embeddings.
        ("OPENAI_BASE_URL", server.openai_url()),
        ("OPENAI_API_KEY", key()),
        ("AZURE_OPENAI_ENDPOINT", server.azure_url()),
        ("AZURE_OPENAI_API_KEY", key()),
        ("ANTHROPIC_BASE_URL", server.anthropic_url()),
        ("ANTHROPIC_API_KEY", key()),
        // `generateContent`, and Interactions.
        ("GOOGLE_GEMINI_BASE_URL", server.gemini_url()),
        ("GEMINI_API_KEY", key()),
        ("OLLAMA_HOST", server.ollama_url()),
    ]
}

/// Serves until a line comes in.
fn serve(
    mock: MockProvider,
    mut until: impl BufRead,
    mut out: impl Write,
) -> Result<(), Box<dyn Error>> {
    let server = MockServer::new(mock);
    for (variable, value) in variables(&server) {
        writeln!(out, "export {variable}={value}")?;
    }
    writeln!(out, "\nPress Enter to stop.")?;
    until.read_line(&mut String::new())?;

    for exchange in server.exchanges() {
        let status = exchange.status().map(|status| status.to_string());
        writeln!(
            out,
            "{} {} -> {}",
            exchange.method(),
            exchange.path(),
            status.as_deref().unwrap_or("no status")
        )?;
    }
    match server.verify() {
        Ok(()) => writeln!(out, "All went as scripted.")?,
        Err(report) => writeln!(out, "{report}")?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_the_variables_and_what_was_not_asked() -> Result<(), Box<dyn Error>> {
        let mut out = Vec::new();
        serve(Weather::new().handle(), "\n".as_bytes(), &mut out)?;
        let out = String::from_utf8(out)?;
        assert!(out.starts_with("export OPENAI_BASE_URL=http://127.0.0.1:"));
        for variable in [
            "AZURE_OPENAI_ENDPOINT",
            "ANTHROPIC_BASE_URL",
            "GOOGLE_GEMINI_BASE_URL",
            "OLLAMA_HOST",
        ] {
            let export = format!("export {variable}=http://127.0.0.1:");
            assert!(out.contains(&export), "{out}");
        }
        assert!(out.contains("turn 1"), "{out}");
        Ok(())
    }
}
