//! The public tester `llm-comply`, which compares answers with published schemas. `MOCK_CORE_COMPLY` names its program.

use std::process::Command;

use mock_core::{
    Message, MockProvider, MockServer, Part, Reasoning, Response, Role, Usage, mock_provider,
};
use serde_json::Value;

/// Runs the tester on a served mock, and says what it finds wrong; `base_url` is what the clients of the format take.
fn check(
    mock: MockProvider,
    format: &str,
    model: &str,
    base_url: impl FnOnce(&MockServer) -> String,
    passes: &str,
) {
    let Some(program) = std::env::var_os("MOCK_CORE_COMPLY") else {
        eprintln!("skipped: MOCK_CORE_COMPLY names no program");
        return;
    };
    let server = MockServer::new(mock);
    let tester = Command::new(program)
        .args(["--format", format, "--model", model, "--api-key", "any"])
        .args(["--base-url", &base_url(&server), "--verbose"])
        // Only Anthropic reads it.
        .args(["--header", "anthropic-version:2023-06-01"])
        .output()
        .expect("the tester runs");

    let told = String::from_utf8_lossy(&tester.stdout);
    eprintln!("{told}");
    assert!(tester.status.success() && told.contains(passes), "{told}");
}

#[test]
fn the_public_tester_finds_nothing_wrong_with_responses() {
    let mock = mock_provider!(
        openai_responses("gpt-5"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("reasoning") =>
                reasoning("15 * 37 is 555.").reply("555."),
            _ => reply("Hello there, friend."),
        },
    );
    let base_url = MockServer::openai_url;
    check(mock, "open-responses", "gpt-5", base_url, "13/13");
}

#[test]
fn the_public_tester_finds_nothing_wrong_with_chat_completions() {
    // The tester asks for reasoning as compatible servers take it, which OpenAI does not.
    let mock = mock_provider!(
        plain("gpt-5"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("reasoning") => reasoning("15 * 37 is 555.")
                .reply("555.")
                .usage(Usage::new(20, 30).reasoning(9)),
            _ => reply("Hello there, friend."),
        },
    );
    check(mock, "openai-chat", "gpt-5", MockServer::openai_url, "9/9");
}

#[test]
fn the_public_tester_finds_nothing_wrong_with_gemini() {
    let mock = mock_provider!(
        gemini("gemini-3-flash-preview"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("generationConfig") => reasoning("15 * 37 is 555.")
                .reply("555.")
                .usage(Usage::new(20, 30).reasoning(9)),
            _ => reply("Hello there, friend."),
        },
    );
    check(
        mock,
        "google-genai",
        "gemini-3-flash-preview",
        MockServer::gemini_url,
        "9/9",
    );
}

#[test]
fn the_public_tester_finds_nothing_wrong_with_interactions() {
    let mock = mock_provider!(
        gemini("gemini-3-flash"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("generation_config") =>
                reasoning("15 * 37 is 555.").reply("555."),
            _ => reply("Hello there, friend."),
        },
    );
    check(
        mock,
        "google-interactions",
        "gemini-3-flash",
        MockServer::gemini_url,
        "9/9",
    );
}

/// A text with the `citations` that the published schema requires, and that the provider leaves out of the answers which are recorded.
fn uncited(text: &str) -> [Part; 2] {
    let citations = [("citations".to_owned(), Value::Null)];
    [
        Part::Text(text.to_owned()),
        Part::Extra(citations.into_iter().collect()),
    ]
}

fn message(parts: impl Into<Vec<Part>>) -> Response {
    let mut response = Response::new("", "");
    response.message = Message::new(Role::Assistant, parts.into());
    response
}

#[test]
fn the_public_tester_finds_nothing_wrong_with_messages() {
    let mock = mock_provider!(
        anthropic("claude-sonnet-4-5"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("thinking") => respond_with(|_| {
                let thought = Reasoning::new("15 * 37 is 555.").with_signature("c2VhbA==");
                let mut parts = vec![Part::Reasoning(thought)];
                parts.extend(uncited("555."));
                message(parts)
            }),
            _ => respond_with(|_| message(uncited("Hello there, friend."))),
        },
    );
    let base_url = |server: &MockServer| format!("{}/v1", server.anthropic_url());
    check(mock, "anthropic", "claude-sonnet-4-5", base_url, "9/9");
}
