//! What all clients take as it is.

use std::fs;
use std::time::Duration;

use futures::future::join_all;
use http_on_mocks::{CLIENTS, Setup, Talk, Wire};
use mock_core::{Message, MockServer, Role, Usage, mock_provider, provider_test};
use tokio::time::{Instant, sleep};

use crate::cases::{AUTH, Case, TEXT, TOOL_CALLS, TOOL_LOOP, USAGE};
use crate::failures::{refusal, tells};
use crate::run::{MODES, Mode, run};

#[provider_test]
async fn each_client_takes_text_and_calls_tools_whole_and_streamed() {
    for client in &CLIENTS {
        for mode in MODES {
            for (case, requests) in [(TEXT, 1), (TOOL_LOOP, 2), (TOOL_CALLS, 2)] {
                let told = format!("{}, {mode:?}, {}", client.name, case.name);
                let seen = run(client, &case, mode).await;
                let answer = seen.result.as_ref().expect(&told);
                assert_eq!(answer.text, case.answer, "{told}");
                assert!(answer.finish_reason.is_some(), "{told}");
                let calls = seen.server.calls();
                assert_eq!((seen.asked(), calls.len()), (requests, requests), "{told}");
                let streamed = mode == Mode::Streamed;
                let as_asked = |call: &mock_core::Call| call.is_streamed() == streamed;
                assert!(calls.iter().all(as_asked), "{told}");
            }
        }
    }
}

#[provider_test]
async fn each_client_reports_the_tokens_that_the_turn_says() {
    for client in &CLIENTS {
        for mode in MODES {
            let seen = run(client, &USAGE, mode).await;
            let answer = seen.result.expect(client.name);
            assert_eq!(
                answer.usage,
                Some(Usage::new(11, 7)),
                "{}, {mode:?}",
                client.name
            );
        }
    }
}

#[provider_test]
async fn the_mock_gets_the_parameters_that_each_client_sends() {
    for client in &CLIENTS {
        for mode in MODES {
            let seen = run(client, &TOOL_CALLS, mode).await;
            let calls = seen.server.calls();
            let request = calls[1].request();
            let told = format!("{}, {mode:?}: {request:#?}", client.name);

            let offered: Vec<_> = request.tools.iter().map(|tool| &*tool.name).collect();
            assert_eq!(offered, ["get_weather"], "{told}");
            assert_eq!(request.messages[0].role, Role::User, "{told}");
            assert_eq!(
                request.messages[0].text(),
                "What is the weather in Paris?",
                "{told}"
            );
            let called: Vec<_> = request
                .messages
                .iter()
                .flat_map(Message::tool_calls)
                .collect();
            let arguments: Vec<_> = called.iter().map(|call| &*call.arguments).collect();
            let cities = [r#"{"city":"Paris"}"#, r#"{"city":"Oslo"}"#];
            assert_eq!(arguments, cities, "{told}");
            let results: Vec<_> = request.trailing_tool_results().collect();
            let contents: Vec<_> = results.iter().map(|result| result.text()).collect();
            let weather = [
                r#"{"city":"Paris","temp":5}"#,
                r#"{"city":"Oslo","temp":4}"#,
            ];
            assert_eq!(contents, weather, "{told}");
            let answered = results.iter().map(|result| &result.call_id);
            assert!(answered.eq(called.iter().map(|call| &call.id)), "{told}");
        }
    }
}

#[provider_test]
async fn many_that_ask_at_once_wait_as_long_as_one(
    #[mock(reply("Hi.").ttft(9s).times(520))] server: MockServer,
) {
    for client in &CLIENTS {
        let client = (client.connect)(&server, reqwest::Client::new());
        let talk = Talk::new("Hello!");
        let start = Instant::now();
        let whole = join_all((0..20).map(|_| client.ask(&talk))).await;
        let streamed = join_all((0..20).map(|_| client.ask_streaming(&talk))).await;
        assert_eq!(start.elapsed().as_secs_f32(), 18.0);
        for answer in whole.into_iter().chain(streamed) {
            assert_eq!(answer.expect("an answer").text, "Hi.");
        }
    }
}

#[provider_test(guard = 5m)]
async fn a_stream_that_comes_byte_by_byte_is_the_same_answer() {
    for client in &CLIENTS {
        for case in [TEXT, TOOL_CALLS] {
            // Clients give up after 10 s, and there are some thousand bytes.
            let prepare = |server: &MockServer| server.throttle(1, Duration::from_millis(1));
            let slow = Case { prepare, ..case };
            let seen = run(client, &slow, Mode::Streamed).await;
            let told = format!("{}, {}", client.name, slow.name);
            let answer = seen.result.expect(&told);
            let expected = match client.name {
                // The client skips half characters.
                "ollama-rs 0.3.6" => slow.answer.replace(|c: char| !c.is_ascii(), ""),
                _ => slow.answer.to_owned(),
            };
            assert_eq!(answer.text, expected, "{told}");
            assert!(seen.took > Duration::from_millis(500), "{told}");
        }
    }
}

/// The clients of Ollama that send no key, as a daemon on the same machine asks for none.
fn sends_a_key(client: &Setup) -> bool {
    client.wire != Wire::Ollama || client.name.starts_with("rig-core")
}

#[provider_test]
async fn each_client_is_known_by_its_key() {
    for client in CLIENTS.iter().filter(|client| sends_a_key(client)) {
        for mode in MODES {
            let prepare = |server: &MockServer| server.require_key("any-key");
            let known = run(client, &Case { prepare, ..TEXT }, mode).await;
            assert!(known.result.is_ok(), "{}, {mode:?}", client.name);

            let prepare = |server: &MockServer| server.require_key("another key");
            let mock = || mock_provider!(script = []);
            let stranger = Case {
                prepare,
                mock,
                ..TEXT
            };
            let rejected = run(client, &stranger, mode).await;
            let error = rejected.result.expect_err(client.name).error;
            let told = format!("{}, {mode:?}: {error}", client.name);
            let expected = refusal(AUTH.name, client.wire);
            assert!(tells(client.name, &error, expected), "{told}");
        }
    }
}

#[provider_test]
async fn a_client_whose_connection_was_closed_meanwhile_opens_another(
    #[mock(reply("Hi.").times(39))] server: MockServer,
) {
    for client in &CLIENTS {
        let client = (client.connect)(&server, reqwest::Client::new());
        let talk = Talk::new("Hello!");
        for _ in 0..3 {
            let answer = client.ask(&talk).await;
            assert_eq!(answer.expect("an answer").text, "Hi.");
            server.close_idle_connections();
            // A client that asks before it has heard of that finds out by an error.
            sleep(Duration::from_millis(1)).await;
        }
    }
}

#[test]
fn the_versions_in_the_names_are_those_of_the_manifest() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let manifest = fs::read_to_string(path).expect("the manifest can be read");
    for client in &CLIENTS {
        let name = client.name.split(',').next().expect("a crate");
        let (name, version) = name.split_once(' ').expect("a version");
        let pinned = format!("\n{name} = {{ version = \"={version}\"");
        assert!(manifest.contains(&pinned), "{pinned}");
    }
}
