//! The public tester `llm-comply`, which compares answers with published schemas. `MOCK_CORE_COMPLY` names its program.

use std::process::Command;

use mock_core::{MockServer, mock_provider};

#[test]
fn the_public_tester_finds_nothing_wrong_with_responses() {
    let Some(program) = std::env::var_os("MOCK_CORE_COMPLY") else {
        eprintln!("skipped: MOCK_CORE_COMPLY names no program");
        return;
    };
    let server = MockServer::new(mock_provider!(
        openai_responses("gpt-5"),
        rules = match request {
            has_tool(get_weather) => call(get_weather {
                location: "San Francisco"
            }),
            _ if request.extra.contains_key("reasoning") =>
                reasoning("15 * 37 is 555.").reply("555."),
            _ => reply("Hello there, friend."),
        },
    ));

    let tester = Command::new(program)
        .args(["--format", "open-responses", "--model", "gpt-5"])
        .args(["--base-url", &server.openai_url(), "--api-key", "any"])
        .output()
        .expect("the tester runs");

    let told = String::from_utf8_lossy(&tester.stdout);
    eprintln!("{told}");
    assert!(tester.status.success() && told.contains("13/13"), "{told}");
}
