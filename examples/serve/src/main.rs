//! Serves a mock to a client in any language, as OpenAI, as Anthropic and as Gemini.
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

/// Serves until a line comes in.
fn serve(
    mock: MockProvider,
    mut until: impl BufRead,
    mut out: impl Write,
) -> Result<(), Box<dyn Error>> {
    let server = MockServer::new(mock);
    writeln!(out, "export OPENAI_BASE_URL={}", server.openai_url())?;
    writeln!(out, "export OPENAI_API_KEY=any")?;
    writeln!(out, "export ANTHROPIC_BASE_URL={}", server.anthropic_url())?;
    writeln!(out, "export ANTHROPIC_API_KEY=any")?;
    writeln!(out, "export GOOGLE_GEMINI_BASE_URL={}", server.gemini_url())?;
    writeln!(out, "export GEMINI_API_KEY=any")?;
    writeln!(out, "export OLLAMA_HOST={}", server.ollama_url())?;
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
        assert!(out.contains("export ANTHROPIC_BASE_URL=http://127.0.0.1:"));
        assert!(out.contains("export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:"));
        assert!(out.contains("turn 1"), "{out}");
        Ok(())
    }
}
