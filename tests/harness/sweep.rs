//! S80 to S84: `sweep`: a test runs once for each way in which the provider can fail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{
    ErrorKind, FinishReason, Message, MockProvider, ProviderError, Request, StreamEvent, ToolCall,
    mock_provider, provider_test,
};
use tests::private::{Sweep, SweepFault, Test, TestSpec, run_sweep};
use tokio::time::timeout;

fn ask() -> Request {
    Request::new("gpt-4o").user("How are you?")
}

/// Whether an answer with this finish reason is complete.
fn complete(reason: Option<FinishReason>) -> Result<(), ProviderError> {
    match reason {
        None | Some(FinishReason::Stop) => Ok(()),
        Some(_) => Err(ProviderError::new(ErrorKind::InvalidResponse)),
    }
}

/// Asks for a whole answer, and waits ten seconds for it.
async fn say(llm: &MockProvider, text: &str) -> Result<String, ProviderError> {
    let answer = llm.answer(Request::new("gpt-4o").user(text));
    let answer = timeout(Duration::from_secs(10), answer).await;
    let answer = answer.map_err(|_| ProviderError::new(ErrorKind::Timeout))??;
    complete(answer.finish_reason.clone())?;
    Ok(answer.text().into_owned())
}

/// Reads a stream to its end, and waits ten seconds for each event.
async fn read(llm: &MockProvider) -> Result<String, ProviderError> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let mut stream = llm.answer_stream(ask()).await?;
    let (mut text, mut is_whole) = (String::new(), false);
    while !is_whole {
        let next = timeout(PATIENCE, stream.next()).await;
        match next.map_err(|_| ProviderError::new(ErrorKind::Timeout))? {
            Some(Ok(StreamEvent::Text(piece))) => text.push_str(&piece),
            Some(Ok(StreamEvent::Finish { reason, .. })) => {
                is_whole = true;
                complete(reason)?;
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error),
            None => return Err(ProviderError::new(ErrorKind::Connection)),
        }
    }
    Ok(text)
}

/// The same, once more if that may help.
async fn read_twice(llm: &MockProvider) -> Result<String, ProviderError> {
    match read(llm).await {
        Err(error) if error.kind.is_retryable() => read(llm).await,
        read => read,
    }
}

/// Takes whatever comes for the whole answer.
async fn read_carelessly(llm: &MockProvider) -> Result<String, ProviderError> {
    let mut stream = llm.answer_stream(ask()).await?;
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        if let StreamEvent::Text(piece) = event? {
            text.push_str(&piece);
        }
    }
    Ok(text)
}

#[provider_test(sweep = faults)]
async fn s80_code_that_is_careful_survives_every_fault(
    #[mock(reply("I am fine."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read_twice(&llm).await?, "I am fine.");
    Ok(())
}

#[provider_test(sweep = [cut, stall], sweep_runs = 3)]
async fn a_sweep_is_narrowed_and_sampled(
    #[mock(reply("I am fine."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read_twice(&llm).await?, "I am fine.");
    Ok(())
}

mock_provider!(
    Rules = plain,
    rules = match request {
        user("Thank") => reply("You are welcome."),
        user("How") => reply("I am fine."),
    },
    otherwise = reply("Pardon?"),
);

#[provider_test(sweep = faults)]
async fn s83_rules_are_swept_if_there_is_no_script(llm: Rules) -> Result<(), ProviderError> {
    assert_eq!(read_twice(&llm).await?, "I am fine.");
    assert_eq!(say(&llm, "Thank you").await?, "You are welcome.");
    Ok(())
}

/// Code that gives up goes on with another question: the turns that are left out do not stand in its way.
#[provider_test(sweep = faults)]
async fn s81_code_that_gives_up_goes_on(
    #[mock(on(user("How")).reply("I am fine."), on(user("Bye")).reply("Bye."))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let first = read(&llm).await;
    assert!(first.is_err() || first.is_ok_and(|text| text == "I am fine."));
    assert_eq!(say(&llm, "Bye!").await?, "Bye.");
    Ok(())
}

/// How often the body ran, and what the sweep says.
fn swept(spec: &'static TestSpec, sweep: Sweep, runs: &AtomicUsize) -> (usize, String) {
    let panic = catch_unwind(AssertUnwindSafe(|| run_sweep(spec, sweep)));
    let text = panic
        .err()
        .map(|panic| *panic.downcast::<String>().expect("a report"));
    (runs.swap(0, Ordering::Relaxed), text.unwrap_or_default())
}

const ALL: Sweep = Sweep {
    faults: SweepFault::ALL,
    runs: None,
};

fn only(faults: &'static [SweepFault]) -> Sweep {
    Sweep { faults, ..ALL }
}

#[test]
fn s80_the_plain_run_goes_first_and_then_each_fault_once() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    static SPEC: TestSpec = TestSpec {
        name: "harness::counted",
        body: |test| {
            RUNS.fetch_add(1, Ordering::Relaxed);
            let llm = test.inject_mock("llm", script([reply("One two.")]).into());
            test.drive(pin!(async { read(&llm).await.map(drop) }));
        },
        ..TestSpec::EMPTY
    };
    // 0, 1, all, finish, and for a stall done.
    for (sweep, runs) in [
        (only(&[SweepFault::Cut]), 1 + 4),
        (only(&[SweepFault::Stall]), 1 + 5),
        (only(&[SweepFault::Fail]), 1 + 15),
        (
            Sweep {
                runs: Some(7),
                ..ALL
            },
            1 + 7,
        ),
    ] {
        assert_eq!(
            swept(&SPEC, sweep, &RUNS),
            (runs, String::new()),
            "{sweep:?}"
        );
    }
}

/// What a sweep says of a test with this body.
macro_rules! sweep_of {
    ($sweep:expr, $body:expr) => {{
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        static SPEC: TestSpec = TestSpec {
            name: "harness::of_a_sweep",
            file: file!(),
            body: $body,
            ..TestSpec::EMPTY
        };
        swept(&SPEC, $sweep, &RUNS).1
    }};
}

fn mock(test: &mut Test, scenario: Scenario) -> MockProvider {
    test.inject_mock("llm", scenario.into())
}

#[test]
fn s82_an_answer_that_is_taken_for_whole_is_found() {
    let report = sweep_of!(only(&[SweepFault::Cut, SweepFault::End]), |test| {
        let llm = mock(test, script([on(user("How")).reply("I am fine.")]));
        test.drive(pin!(async {
            assert_eq!(read_carelessly(&llm).await?, "I am fine.");
            Ok::<_, ProviderError>(())
        }));
    });
    assert!(
        report.starts_with("the sweep failed in 3 of 10 runs"),
        "{report}"
    );
    for turn in [0, 1, 2].map(|after| {
        format!("on(user(\"How\")).reply(\"I am fine.\").end_after({after}).times(0..=1)\n")
    }) {
        assert!(report.contains(&turn), "no {turn} in {report}");
    }
    assert!(
        report.contains("MOCK_CORE_SWEEP=6 cargo test -- --exact of_a_sweep"),
        "{report}"
    );
}

#[test]
fn s82_a_finish_reason_that_is_ignored_is_found() {
    let report = sweep_of!(only(&[SweepFault::Finish]), |test| {
        let llm = mock(test, script([on(user("How")).reply("I am fine.")]));
        test.drive(pin!(async {
            assert_eq!(read_carelessly(&llm).await?, "I am fine.");
            Ok::<_, ProviderError>(())
        }));
    });
    assert!(report.contains("in 2 of 2 runs"), "{report}");
    for reason in ["length", "content_filter"] {
        let turn = format!("on(user(\"How\")).reply(\"\").finish({reason}).times(0..=1)\n");
        assert!(report.contains(&turn), "no {turn} in {report}");
    }
}

#[test]
fn s82_code_that_waits_for_ever_is_found() {
    let report = sweep_of!(only(&[SweepFault::Stall]), |test| {
        let llm = mock(test, script([reply("I am fine.")]));
        test.drive(pin!(async { read_carelessly(&llm).await.map(drop) }));
    });
    assert!(report.contains("in 6 of 6 runs"), "{report}");
    assert!(
        report.contains("the test's time-out of 3600s ran out"),
        "{report}"
    );
}

#[test]
fn s82_a_request_that_no_turn_answers_is_found() {
    let report = sweep_of!(only(&[SweepFault::Cut]), |test| {
        let llm = mock(test, script([on(user("How")).reply("I am fine.")]));
        test.drive(pin!(async {
            if read(&llm).await.is_err() {
                llm.answer(Request::new("gpt-4o").user("Again!")).await?;
            }
            Ok::<_, ProviderError>(())
        }));
    });
    assert!(report.contains("Again!"), "{report}");
    assert!(report.contains("in 4 of 5 runs"), "{report}");
}

#[test]
fn s84_an_error_in_another_delivery_of_the_same_content_is_found() {
    let report = sweep_of!(only(&[SweepFault::Pieces]), |test| {
        let llm = mock(test, script([reply("I am fine.")]));
        test.drive(pin!(async {
            let mut stream = llm.answer_stream(ask()).await?;
            let mut pieces = 0;
            while let Some(event) = stream.next().await {
                pieces += usize::from(matches!(event?, StreamEvent::Text(_)));
            }
            let whole = Err(ProviderError::new(ErrorKind::InvalidResponse));
            if pieces > 3 { whole } else { Ok(()) }
        }));
    });
    assert!(report.contains("in 1 of 3 runs"), "{report}");
    assert!(
        report.contains("with this turn in place of turn 1"),
        "{report}"
    );
    assert!(
        report.contains("reply(\"I am fine.\").split(chars(1))\n"),
        "{report}"
    );
}

/// The tool reports wrong arguments, the model gets that report, and the script has no turn for it.
#[test]
fn s84_a_request_that_the_script_does_not_know_does_not_fail_the_run() {
    let body = |test: &mut Test| {
        let turns = [
            on(user("How")).call("weather", [("city", "Paris")]),
            on(tool_result("weather")).reply("It is {weather.temp} °C."),
        ];
        let llm = mock(test, script(turns));
        test.drive(pin!(async {
            let answer = llm.answer(ask()).await?;
            let called: Vec<ToolCall> = answer.tool_calls().cloned().collect();
            let result = match serde_json::from_str::<serde_json::Value>(&called[0].arguments) {
                Ok(arguments) if arguments["city"] == "Paris" => r#"{"temp": 18}"#,
                _ => "no such city",
            };
            let request = ask()
                .with_message(answer.message.clone())
                .with_message(Message::tool(called[0].id.clone(), result));
            assert_eq!(llm.answer(request).await?.text(), "It is 18 °C.");
            Ok::<_, ProviderError>(())
        }));
    };
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let spec = TestSpec {
        body,
        ..TestSpec::EMPTY
    };
    let spec = Box::leak(Box::new(spec));
    let (_, report) = swept(spec, only(&[SweepFault::Arguments]), &RUNS);
    assert_eq!(report, "");
}

#[test]
fn a_sweep_with_nothing_to_try_says_so() {
    let empty = sweep_of!(ALL, |test| test
        .drive(pin!(async { Ok::<_, ProviderError>(()) })));
    assert!(
        empty.contains("the test has no mock; give it one"),
        "{empty}"
    );
    let turns = sweep_of!(ALL, |test| {
        let _llm = mock(test, script([]));
        test.drive(pin!(async { Ok::<_, ProviderError>(()) }));
    });
    assert!(
        turns.contains("no mock of the test has a turn; write one"),
        "{turns}"
    );
    let ways = sweep_of!(only(&[SweepFault::Keepalive]), |test| {
        let llm = mock(test, script([reply("Hi.")]));
        test.drive(pin!(async { read(&llm).await.map(drop) }));
    });
    assert!(ways.contains("write `sweep = faults`"), "{ways}");
    let uncalled = sweep_of!(ALL, |test| {
        let _llm = mock(test, script([reply("Hi.").times(0..)]));
        test.drive(pin!(async { Ok::<_, ProviderError>(()) }));
    });
    assert!(
        uncalled.contains("no turn answered a call of the test as it is written"),
        "{uncalled}"
    );
    for report in [&empty, &turns, &uncalled] {
        assert!(!report.contains("write `sweep = faults`"), "{report}");
    }
}

#[test]
fn s80_a_test_that_fails_as_it_is_written_is_not_swept() {
    let report = sweep_of!(ALL, |test| {
        let _llm = mock(test, script([reply("Hi.")]));
        test.drive(pin!(async { Ok::<_, ProviderError>(()) }));
    });
    assert!(report.contains("turn 1 was never used"), "{report}");
    assert!(report.ends_with("the test fails as it is written, so no fault was tried"));
}

/// Code that asks twice, and takes the first answer for the second if that fails.
#[test]
fn s81_the_second_answer_of_a_turn_goes_wrong_too() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    const SPEC: TestSpec = TestSpec {
        name: "harness::remembers",
        body: |test| {
            let turns = script([reply("I am fine.").times(2)]);
            let llm: MockProvider = test.inject_mock("llm", turns.into());
            test.drive(pin!(async {
                RUNS.fetch_add(1, Ordering::Relaxed);
                say(&llm, "How are you?").await?;
                assert!(say(&llm, "And now?").await.is_ok(), "it gave up");
                Ok::<(), ProviderError>(())
            }));
        },
        ..TestSpec::EMPTY
    };
    let sweep = Sweep {
        faults: &[SweepFault::Fail],
        runs: None,
    };
    let (runs, report) = swept(&SPEC, sweep, &RUNS);
    assert_eq!(runs, 1 + 2 * 15);
    assert!(report.contains("failed in 15 of 30 runs"), "{report}");
    assert!(
        report.contains("with these turns in place of turn 1"),
        "{report}"
    );
    for line in [
        "    16  reply(\"I am fine.\"),\n",
        "        fail(timeout).times(0..=1),\n",
        "        reply(\"I am fine.\")\n",
    ] {
        assert!(report.contains(line), "no {line} in {report}");
    }
}

/// Without matchers, the request after an answer that broke off behind its finish is a retry or the next question. Both are right.
#[provider_test(sweep = [cut, end, stall])]
async fn s81_code_that_takes_a_finish_for_the_end_passes_with_turns_without_matchers(
    #[mock(stream(["One ", "two."]), stream(["Three ", "four."]), reply("Five."))]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    assert_eq!(read(&llm).await?, "One two.");
    assert_eq!(read(&llm).await?, "Three four.");
    assert_eq!(read(&llm).await?, "Five.");
    Ok(())
}
