//! Asks a client in a case, and tells what it did.

use std::panic;
use std::thread;
use std::time::Duration;

use http_on_mocks::{Answer, Client, Failure, Round, Setup, TIME_OUT, Talk};
use mock_core::MockServer;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::cases::Case;

/// How an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Whole,
    Streamed,
}

pub(crate) const MODES: [Mode; 2] = [Mode::Whole, Mode::Streamed];

/// What a client did.
pub(crate) struct Seen {
    pub(crate) server: MockServer,
    /// What was said, the answers that called tools among it.
    pub(crate) talk: Talk,
    /// What came of it in the end.
    pub(crate) result: Result<Answer, Failure>,
    pub(crate) took: Duration,
}

impl Seen {
    /// How often the program asked: once, and once more for each round of tools.
    pub(crate) fn asked(&self) -> usize {
        self.talk.rounds.len() + 1
    }
}

/// The HTTP client of each client.
pub(crate) fn http() -> reqwest::Client {
    let http = reqwest::Client::builder().no_proxy().timeout(TIME_OUT);
    http.build().expect("an HTTP client")
}

/// Runs on a thread and a runtime of its own, outside of the test, which a mismatch would fail. The clock there is real.
pub(crate) fn outside_of_the_test<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    let on_a_runtime = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(work())
    };
    let result = thread::scope(|scope| scope.spawn(on_a_runtime).join());
    result.unwrap_or_else(|panic| panic::resume_unwind(panic))
}

pub(crate) async fn run(setup: &Setup, case: &Case, mode: Mode) -> Seen {
    run_with(setup.connect, case, mode).await
}

pub(crate) async fn run_with(
    connect: fn(&MockServer, reqwest::Client) -> Box<dyn Client>,
    case: &Case,
    mode: Mode,
) -> Seen {
    let server = MockServer::new((case.mock)());
    let client = connect(&server, http());
    (case.prepare)(&server);

    let start = Instant::now();
    let mut talk = (case.talk)();
    let result = loop {
        let answer = match mode {
            Mode::Whole => client.ask(&talk).await,
            Mode::Streamed => client.ask_streaming(&talk).await,
        };
        match answer {
            Ok(answer) if !answer.calls.is_empty() && talk.rounds.len() < 3 => {
                let results = answer.calls.iter().map(|call| weather(&call.arguments));
                let results = results.collect();
                talk.rounds.push(Round { answer, results });
            }
            result => break result,
        }
    };
    Seen {
        server,
        talk,
        result,
        took: start.elapsed(),
    }
}

/// The tool: as many degrees as the city has letters.
fn weather(arguments: &str) -> String {
    let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
    let city = arguments["city"].as_str().unwrap_or_default();
    json!({ "city": city, "temp": city.len() }).to_string()
}
