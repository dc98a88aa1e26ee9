//! A scenario from a file, read when the test runs.

use mock_core::builder::{fail, on, overloaded, rate_limit, secs, template, user};
use mock_core::scenario::Turn;
use mock_core::{MockProvider, Request, provider_test};
use serde::Deserialize;

/// A turn as the file has it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Reply { user: String, text: String },
    RateLimit { retry_after: u64 },
    Overloaded,
}

fn turn(line: Line) -> Turn {
    match line {
        // A `String` is sent as it is; `template` fills in its variables.
        Line::Reply {
            user: pattern,
            text,
        } => on(user(pattern)).reply(template(text)),
        Line::RateLimit { retry_after } => fail(rate_limit().retry_after(secs(retry_after))),
        Line::Overloaded => fail(overloaded()),
    }
}

fn load(path: &str) -> MockProvider {
    let text = std::fs::read_to_string(path).expect("the file is there");
    let lines: Vec<Line> = serde_json::from_str(&text).expect("the file holds turns");
    MockProvider::script(lines.into_iter().map(turn))
}

#[provider_test]
async fn the_file_is_played() {
    let llm = load("tests/scenarios/busy.json");
    let ask = || llm.answer(Request::new("gpt-4o").user("The weather in Paris?"));

    assert_eq!(ask().await.unwrap_err().retry_after, Some(secs(2)));
    assert!(ask().await.is_err());
    assert_eq!(ask().await.unwrap().text(), "18 °C in Paris.");
}
