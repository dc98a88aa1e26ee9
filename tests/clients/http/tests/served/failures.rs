//! What clients make of failures: the rules behind the table, which no new table changes.

use std::time::Duration;

use http_on_mocks::openai::AsyncOpenai;
use http_on_mocks::{CLIENTS, Failure, Setup, Wire};
use mock_core::{Ending, provider_test};

use crate::cases::{
    AUTH, CUT, Case, ERROR_WITHIN, KEPT_ALIVE, LEFT_OPEN, MALFORMED, ONLY_ALIVE, OVERLOADED, QUOTA,
    RATE_LIMIT, RECOVERS, REFUSED, RESET, SERVER_ERROR, SILENT, STALLED, TRUNCATED, UNMARKED,
    UNREADABLE,
};
use crate::run::{MODES, Mode, Seen, run, run_with};

/// The client of Ollama whose errors have neither status nor headers.
pub(crate) fn tells_no_status(name: &str) -> bool {
    name.starts_with("ollama-rs")
}

/// Gemini says in the body how long to wait.
pub(crate) fn tells_the_wait(name: &str, wire: Wire) -> bool {
    wire != Wire::Gemini && !tells_no_status(name)
}

/// The one client that tries again by itself.
fn tries_again(client: &Setup) -> bool {
    client.name.starts_with("async-openai")
}

/// The one client that holds a stream to its end.
fn knows_the_end(client: &Setup) -> bool {
    client.name.starts_with("rig-core")
}

#[track_caller]
fn failure<'s>(seen: &'s Seen, told: &str) -> &'s Failure {
    match &seen.result {
        Ok(answer) => panic!("{told}: {answer:?}"),
        Err(failure) => failure,
    }
}

/// Asks each client in each of these cases, whole and streamed.
async fn each(cases: &[Case], modes: &[Mode], check: impl Fn(&Setup, &Case, Mode, &Seen, &str)) {
    for client in &CLIENTS {
        for case in cases {
            for mode in modes {
                let seen = run(client, case, *mode).await;
                let told = format!("{}, {mode:?}, {}", client.name, case.name);
                check(client, case, *mode, &seen, &told);
            }
        }
    }
}

/// A failure on a wire: the status, and the code, or the first words of the message.
pub(crate) fn refusal(case: &str, wire: Wire) -> &'static str {
    let [openai, anthropic, gemini, ollama] = match case {
        name if name == AUTH.name => [
            "401 invalid_api_key",
            "401 authentication_error",
            "400 INVALID_ARGUMENT",
            "401 unauthorized",
        ],
        name if name == RATE_LIMIT.name => [
            "429 rate_limit_exceeded",
            "429 rate_limit_error",
            "429 RESOURCE_EXHAUSTED",
            "429 rate limit reached",
        ],
        name if name == QUOTA.name => [
            "429 insufficient_quota",
            "402 billing_error",
            "429 RESOURCE_EXHAUSTED",
            "429 the quota is used up",
        ],
        name if name == SERVER_ERROR.name => [
            "500 server_error",
            "500 api_error",
            "500 INTERNAL",
            "500 model runner has unexpectedly stopped",
        ],
        _ => [
            "503 server_is_overloaded",
            "529 overloaded_error",
            "503 UNAVAILABLE",
            "503 server busy",
        ],
    };
    match wire {
        Wire::OpenAI | Wire::Responses => openai,
        Wire::Anthropic => anthropic,
        Wire::Gemini => gemini,
        Wire::Ollama => ollama,
    }
}

/// Whether an error is this one, as a client tells it.
pub(crate) fn tells(name: &str, error: &str, refusal: &str) -> bool {
    match refusal.split_once(' ') {
        Some((_, words)) if tells_no_status(name) => error.contains(&format!("({words})")),
        _ => error.contains(&format!("({refusal})")),
    }
}

#[provider_test]
async fn a_refusal_comes_with_its_status_and_its_code() {
    let cases = [AUTH, RATE_LIMIT, QUOTA, SERVER_ERROR, OVERLOADED];
    each(&cases, &MODES, |client, case, _, seen, told| {
        let error = &failure(seen, told).error;
        let expected = refusal(case.name, client.wire);
        assert!(tells(client.name, error, expected), "{told}: {error}");
    })
    .await;
}

#[provider_test]
async fn a_client_waits_as_long_as_a_rate_limit_says_or_reports_it_to_the_program() {
    each(&[RATE_LIMIT], &MODES, |client, _, _, seen, told| {
        let failure = failure(seen, told);
        match tries_again(client) {
            true => {
                assert_eq!(seen.server.calls().len(), 4, "{told}");
                seen.server.assert_waited_retry_after();
                assert_eq!(seen.took, Duration::from_secs(6), "{told}");
            }
            false => {
                assert_eq!(seen.server.calls().len(), 1, "{told}");
                let wait = tells_the_wait(client.name, client.wire).then_some("2");
                assert_eq!(failure.retry_after.as_deref(), wait, "{told}");
            }
        }
    })
    .await;
}

#[provider_test]
async fn a_client_that_tries_again_is_answered_and_one_that_does_not_is_not() {
    each(
        &[RECOVERS],
        &MODES,
        |client, case, _, seen, told| match tries_again(client) {
            true => {
                let text = seen.result.as_ref().map(|answer| &*answer.text);
                assert_eq!(text, Ok(case.answer), "{told}");
                assert_eq!(seen.server.calls().len(), 3, "{told}");
                seen.server.assert_waited_retry_after();
            }
            false => {
                failure(seen, told);
                assert_eq!(seen.server.calls().len(), 1, "{told}");
            }
        },
    )
    .await;
}

#[provider_test]
async fn a_client_without_retries_asks_once() {
    for case in [RATE_LIMIT, SERVER_ERROR, OVERLOADED, REFUSED] {
        for mode in MODES {
            let seen = run_with(
                |server, http| Box::new(AsyncOpenai::without_retries(server, http)),
                &case,
                mode,
            )
            .await;
            failure(&seen, case.name);
            assert!(seen.server.calls().len() <= 1, "{}", case.name);
            assert_eq!(seen.took, Duration::ZERO, "{}", case.name);
        }
    }
}

#[provider_test]
async fn a_client_tries_again_after_a_failure_that_may_pass_and_after_no_other() {
    let requests = |case: &Case, client: &Setup| match tries_again(client) {
        true if [SERVER_ERROR, OVERLOADED]
            .iter()
            .any(|c| c.name == case.name) =>
        {
            4
        }
        _ => 1,
    };
    let cases = [
        AUTH,
        QUOTA,
        SERVER_ERROR,
        OVERLOADED,
        RESET,
        CUT,
        UNREADABLE,
        SILENT,
    ];
    each(&cases, &MODES, |client, case, _, seen, told| {
        assert_eq!(
            seen.server.exchanges().len(),
            requests(case, client),
            "{told}"
        );
    })
    .await;
}

#[provider_test]
async fn a_client_gives_up_after_its_own_time_out_and_not_before() {
    each(&[SILENT, STALLED], &MODES, |_, _, _, seen, told| {
        failure(seen, told);
        assert_eq!(seen.took, Duration::from_secs(10), "{told}");
    })
    .await;
}

/// The clients that pass over what they cannot read in a stream, or over an error in it.
fn passes_over(client: &Setup, case: &Case, mode: Mode) -> bool {
    let names: &[&str] = match case.name {
        name if name == MALFORMED.name => &["genai 0.7.2, Responses", "ollama-rs 0.3.6"],
        name if name == ERROR_WITHIN.name => &["genai 0.7.2, Ollama", "ollama-rs 0.3.6"],
        _ => &[],
    };
    mode == Mode::Streamed && names.contains(&client.name)
}

#[provider_test]
async fn no_client_takes_a_broken_connection_for_an_answer() {
    let cases = [REFUSED, RESET, CUT, MALFORMED];
    each(
        &cases,
        &MODES,
        |client, case, mode, seen, told| match passes_over(client, case, mode) {
            true => assert_eq!(seen.result.as_ref().expect(told).text, "Hel", "{told}"),
            false => {
                failure(seen, told);
            }
        },
    )
    .await;
}

#[provider_test]
async fn the_program_keeps_the_text_before_a_stream_broke() {
    let cases = [STALLED, CUT, ERROR_WITHIN, MALFORMED];
    each(
        &cases,
        &[Mode::Streamed],
        |client, case, mode, seen, told| {
            if !passes_over(client, case, mode) {
                assert_eq!(failure(seen, told).said, "Hel", "{told}");
            }
            assert_eq!(seen.server.calls().len(), 1, "{told}");
        },
    )
    .await;
}

#[provider_test]
async fn an_answer_that_ends_early_and_cleanly_is_a_success_but_to_those_that_know_the_end() {
    each(&[TRUNCATED], &MODES, |client, _, mode, seen, told| {
        // An answer of Gemini that comes at once is a stream of one frame to it.
        let is_stream = mode == Mode::Streamed || client.wire == Wire::Gemini;
        if is_stream && knows_the_end(client) {
            let said = if mode == Mode::Streamed { "Hel" } else { "" };
            assert_eq!(failure(seen, told).said, said, "{told}");
            return;
        }
        let answer = seen.result.as_ref().expect(told);
        assert_eq!(answer.text, "Hel", "{told}");
        // A whole answer of Responses has the status `incomplete`.
        // The client of Ollama tells that there is an end, and not why.
        let tells_reasons = client.wire != Wire::Responses && !tells_no_status(client.name);
        if tells_reasons || mode == Mode::Streamed {
            assert_eq!(answer.finish_reason, None, "{told}");
        }
    })
    .await;
}

#[provider_test]
async fn a_stream_without_its_end_mark_is_a_success_and_some_lose_the_reason() {
    each(
        &[UNMARKED],
        &[Mode::Streamed],
        |client, _, _, seen, told| {
            let answer = seen.result.as_ref().expect(told);
            assert_eq!(answer.text, "Hello", "{told}");
            // genai reports the finish reason only when it reads the end mark, on wires that have one.
            let is_marked = matches!(client.wire, Wire::OpenAI | Wire::Anthropic);
            let loses_it = client.name.starts_with("genai") && is_marked;
            assert_eq!(answer.finish_reason.is_none(), loses_it, "{told}");
        },
    )
    .await;
}

#[provider_test]
async fn some_clients_wait_for_the_end_of_the_connection_where_a_stream_has_no_end_mark() {
    let check = |client: &Setup, seen: &Seen, told: &str| {
        let waiting = [
            "async-openai 0.43.0, Responses",
            "rig-core 0.44.0, Gemini",
            "ollama-rs 0.3.6",
        ];
        if waiting.contains(&client.name) {
            assert_eq!(failure(seen, told).said, "Hello", "{told}");
            assert_eq!(seen.took, Duration::from_secs(10), "{told}");
            return;
        }
        let answer = seen.result.as_ref().expect(told);
        assert_eq!(answer.text, "Hello", "{told}");
        assert_eq!(seen.took, Duration::ZERO, "{told}");
    };
    let modes = [Mode::Streamed];
    each(&[LEFT_OPEN], &modes, |client, _, _, seen, told| {
        check(client, seen, told);
    })
    .await;
}

#[provider_test]
async fn keep_alives_are_not_an_answer_for_any_client() {
    each(&[KEPT_ALIVE], &[Mode::Streamed], |_, _, _, seen, told| {
        let answer = seen.result.as_ref().expect(told);
        assert_eq!(answer.text, "Hello", "{told}");
    })
    .await;
    each(&[ONLY_ALIVE], &[Mode::Streamed], |_, _, _, seen, told| {
        assert_eq!(failure(seen, told).said, "Hel", "{told}");
        assert_eq!(seen.took, Duration::from_secs(10), "{told}");
    })
    .await;
}

#[provider_test]
async fn json_that_breaks_off_is_an_error_but_in_place_of_a_stream() {
    each(&[UNREADABLE], &MODES, |client, _, mode, seen, told| {
        match mode {
            // To it the body is a line of the stream.
            Mode::Streamed if client.name == "genai 0.7.2, Ollama" => {
                failure(seen, told);
            }
            Mode::Streamed if !knows_the_end(client) => {
                let answer = seen.result.as_ref().expect(told);
                assert_eq!(answer.text, "", "{told}");
            }
            _ => {
                failure(seen, told);
            }
        }
        let exchanges = seen.server.exchanges();
        assert_eq!(exchanges[0].ending(), Some(Ending::Malformed), "{told}");
    })
    .await;
}
