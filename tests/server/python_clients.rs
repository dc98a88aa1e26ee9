//! The official Python clients of the providers, in their current major versions. `MOCK_CORE_PYTHON` names an interpreter that has them.

use std::process::Command;

use mock_core::builder::*;
use mock_core::scenario::{Profile, Scenario};
use mock_core::{Allow, MockProvider, MockServer};
use serde_json::json;

/// Answers by the words of the user, which `python_clients.py` says.
fn rules() -> Scenario {
    let look = || json!({ "at": "sky" });
    script([])
        .tools([tool("look").arg("at", string())])
        .rules([
            on(tool_result("look")).reply("It is blue."),
            on(user("look twice"))
                .call("look", look())
                .call("look", look()),
            on(user("as JSON")).json(json!({ "colour": "blue" })),
            on(user("rate limit")).fail(rate_limit().retry_after(secs(1))),
            on(user("overloaded")).fail(overloaded()),
            on(user("wrong key")).fail(auth()),
            on(user("break"))
                .stream(["It ", "is"])
                .error_after(1, overloaded()),
            on(user("*")).reply("It is blue."),
            embed(),
        ])
        .allow(Allow::NONE.with_unused_turns())
}

/// Runs the checks of one client on a served mock.
fn check(client: &str, profile: Profile, base_url: fn(&MockServer) -> String) {
    let Some(python) = std::env::var_os("MOCK_CORE_PYTHON") else {
        eprintln!("skipped: MOCK_CORE_PYTHON names no interpreter");
        return;
    };
    let server = MockServer::new(MockProvider::new(rules().profile(profile)));
    let checked = Command::new(python)
        .args(["-W", "ignore", "server/python_clients.py", client])
        .arg(base_url(&server))
        .output()
        .expect("the interpreter runs");

    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{told}");
    assert!(!server.calls().is_empty(), "{told}");
}

#[test]
fn the_client_of_openai_is_answered() {
    check("openai", Profile::Openai, MockServer::openai_url);
}

#[test]
fn the_client_of_openai_is_answered_as_by_each_dialect() {
    for profile in [
        Profile::Openrouter,
        Profile::Deepseek,
        Profile::Mistral,
        Profile::Groq,
        Profile::Xai,
        Profile::Llamacpp,
    ] {
        check("openai_chat", profile, MockServer::openai_url);
    }
}

#[test]
fn the_client_of_anthropic_is_answered() {
    check("anthropic", Profile::Anthropic, MockServer::anthropic_url);
}

#[test]
fn the_client_of_gemini_is_answered() {
    check("gemini", Profile::Gemini, MockServer::gemini_url);
}

#[test]
fn the_client_of_ollama_is_answered() {
    check("ollama", Profile::Ollama, MockServer::ollama_url);
}

#[test]
fn the_client_of_mistral_is_answered() {
    check("mistral", Profile::Mistral, MockServer::url);
}
