//! `assert_cmd`: a program under test asks a served mock.
//!
//! The tests are plain: a program has a clock of its own, and the server has its own thread.

use assert_cmd::Command;
use mock_core::{MockServer, mock_provider};

#[test]
fn the_program_prints_the_answer() {
    let server = MockServer::new(mock_provider!(
        on(user("weather in {city}")).reply("It is 18 °C in {city}.")
    ));

    Command::new(env!("CARGO_BIN_EXE_ask"))
        .env("OPENAI_BASE_URL", server.openai_url())
        .arg("What is the weather in Paris?")
        .assert()
        .success()
        .stdout("It is 18 °C in Paris.\n");

    server.verify().unwrap();
}

#[test]
fn the_program_fails_with_a_wrong_key() {
    let server = MockServer::new(mock_provider!(openai, script = [fail(auth)]));

    Command::new(env!("CARGO_BIN_EXE_ask"))
        .env("OPENAI_BASE_URL", server.openai_url())
        .arg("Hello")
        .assert()
        .failure();

    server.verify().unwrap();
}
