//! Runs a test that fails in a process of its own, and compares what it prints with a file.

use std::panic::Location;
use std::path::Path;
use std::process::Output;
use std::time::Duration;
use std::{env, fs};

use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{Message, MockProvider, Request, ToolCall};
use tests::private::{Seeds, Sweep, SweepFault, Test, TestSpec, run, run_seeds, run_sweep};
use tests::this_binary;

/// Tells the process of its own that it is one.
const ALONE: &str = "REPORT_ALONE";

/// A question of the user.
pub(crate) fn ask(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

/// The same conversation after the model has called a tool, and the tool has returned.
pub(crate) fn after_tool(request: Request, tool: &str, result: &str) -> Request {
    request
        .with_message(Message::assistant("").with_tool_calls([ToolCall::new("call_1", tool, "{}")]))
        .with_message(Message::tool("call_1", result))
}

/// Code under test that makes nothing of errors.
pub(crate) async fn say(llm: &MockProvider, request: Request) -> String {
    let answer = llm.answer(request).await;
    answer.map_or_else(|_| "Sorry.".to_owned(), |answer| answer.text().into_owned())
}

/// One call, and then what never comes.
pub(crate) async fn greet(llm: &MockProvider) {
    say(llm, ask("hello")).await;
}

pub(crate) fn mock(test: &mut Test, name: &'static str, scenario: Scenario) -> MockProvider {
    test.inject_mock(name, scenario.into())
}

/// Whether this is the separate process of [`run_alone`].
pub(crate) fn is_alone() -> bool {
    env::var_os(ALONE).is_some()
}

/// Runs the test at this path, such as `mismatch::near_miss`, in a separate process.
pub(crate) fn run_alone(path: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = this_binary();
    command
        .args(["--exact", path, "--nocapture", "--test-threads=1"])
        .env(ALONE, "1")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .envs(variables.iter().copied());
    command.output().expect("this test runs")
}

/// What a failed test has printed, without what differs from run to run.
pub(crate) fn printed(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines = stderr.lines().filter(|line| !line.starts_with("note: "));
    let lines = lines.map(|line| match line.strip_prefix("thread '") {
        // The number of the thread goes.
        Some(rest) => match (rest.split_once(" ("), rest.split_once(") ")) {
            (Some((thread, _)), Some((_, rest))) => format!("thread '{thread} {rest}"),
            _ => line.to_owned(),
        },
        None => line.to_owned(),
    });
    let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    format!("{}\n", text.trim())
}

/// The report itself, without the lines that come from the standard library or from the test's own panic.
pub(crate) fn report(printed: &str) -> &str {
    let after = ["\n", "value: "];
    let begins = after.iter().flat_map(|after| {
        let begins = [
            "mock `",
            "the test",
            "the argument",
            "the sweep",
            "a task panicked",
            "`chaos` tests nothing",
            "when the test panicked:",
            "when the thread panicked:",
        ]
        .map(|begin| printed.find(&format!("{after}{begin}")));
        begins
            .into_iter()
            .flatten()
            .map(|begin| begin + after.len())
    });
    &printed[begins.min().expect("there is a report")..]
}

/// A test with this body fails, and prints what is in `{name}.txt`, in the folder of its file.
#[track_caller]
pub(crate) fn fails(name: &'static str, body: fn(&mut Test)) {
    if is_alone() {
        let spec = TestSpec {
            name,
            file: Location::caller().file(),
            body,
            guard: match name {
                "client_that_holds_the_clock" => secs(3),
                name if name.starts_with("wall_guard") => Duration::from_millis(200),
                _ => TestSpec::EMPTY.guard,
            },
            timeout: name.starts_with("time_out").then(|| secs(5)),
            ..TestSpec::EMPTY
        };
        return run(Box::leak(Box::new(spec)));
    }
    compare(name);
}

/// A sweep of a test with this body fails, and prints what is in `{name}.txt`, in the folder of its file.
#[track_caller]
pub(crate) fn fails_in_a_sweep(
    name: &'static str,
    faults: &'static [SweepFault],
    body: fn(&mut Test),
) {
    if is_alone() {
        let spec = TestSpec {
            name,
            file: Location::caller().file(),
            body,
            ..TestSpec::EMPTY
        };
        let sweep = Sweep { faults, runs: None };
        return run_sweep(Box::leak(Box::new(spec)), sweep);
    }
    compare(name);
}

/// A test with this body fails with some of its seeds, and prints what is in `{name}.txt`, in the folder of its file.
#[track_caller]
pub(crate) fn fails_with_seeds(name: &'static str, seeds: Seeds, body: fn(&mut Test)) {
    if is_alone() {
        let spec = TestSpec {
            name,
            file: Location::caller().file(),
            body,
            ..TestSpec::EMPTY
        };
        return run_seeds(&spec, seeds);
    }
    compare(name);
}

/// A test that does this fails, and prints what is in `{name}.txt`, in the folder of its file.
#[track_caller]
pub(crate) fn fails_alone(name: &'static str, test: impl FnOnce()) {
    if is_alone() {
        return test();
    }
    compare(name);
}

/// Runs a test in a separate process, and compares what it prints.
#[track_caller]
pub(crate) fn compare(name: &str) {
    // The file of a test is the module it is in.
    let module = Path::new(Location::caller().file()).file_stem();
    let module = module.expect("a file").to_string_lossy();
    let output = run_alone(&format!("{module}::{name}"), &[]);
    assert_eq!(output.status.code(), Some(101), "{name} fails");
    let printed = printed(&output);

    let of_report = report(&printed);
    assert!(
        of_report.lines().count() <= 25,
        "at most 25 lines:\n{of_report}"
    );
    for line in of_report.lines() {
        assert!(line.chars().count() <= 100, "at most 100 columns: {line}");
        assert!(line.trim_end() == line, "no space at the end: {line:?}");
    }
    for word in ["\x1b", "Outcome", "Mismatch", "Reason::", "ProviderError {"] {
        assert!(!of_report.contains(word), "no {word:?} in:\n{of_report}");
    }

    let folder = format!("{}/reports/{module}", env!("CARGO_MANIFEST_DIR"));
    let file = format!("{folder}/{name}.txt");
    if env::var_os("UPDATE_REPORTS").is_some() {
        fs::create_dir_all(&folder).expect("the folder can be made");
        return fs::write(&file, printed).expect("the report can be written");
    }
    let expected = fs::read_to_string(Path::new(&file)).unwrap_or_default();
    assert!(
        printed == expected,
        "{file} differs; `UPDATE_REPORTS=1` rewrites it.\n\n{printed}\ninstead of\n\n{expected}"
    );
}
