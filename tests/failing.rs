//! Tests that must fail do so: the package `failing` is built once, and each of its tests is run in a process of its own. Only the first line
//! of a report is compared here; `tests/reports` has reports as a whole.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::thread;

/// Each test, and the first line of what it says about its mocks.
const RED: [(&str, &str); 25] = [
    (
        "error_is_swallowed",
        r#"mock `llm`: call 1 does not fit turn 1 (cases.rs:32): it says "Greet", not "Welcome""#,
    ),
    (
        "handle_is_dropped",
        r#"mock `llm`: call 1 does not fit turn 1 (cases.rs:37): it says "Greet", not "Welcome""#,
    ),
    (
        "task_is_detached",
        "mock `llm`: turn 1 was never used (cases.rs:42)",
    ),
    (
        "call_comes_after_the_body",
        "mock `llm`: call 2 is one too many: turn 1 was the last (cases.rs:50)",
    ),
    (
        "mock_is_made_in_the_body",
        "mock `mock`: turn 2 was never used (cases.rs:62)",
    ),
    (
        "mock_is_behind_a_trait_object",
        r#"mock `llm`: call 1 does not fit turn 1 (cases.rs:89): it says "Greet", not "Welcome""#,
    ),
    (
        "threads_are_many",
        "mock `llm`: call 5 is one too many: turn 1 was the last (cases.rs:96)",
    ),
    (
        "error_is_returned",
        r#"mock `llm`: call 1 does not fit turn 1 (cases.rs:108): it says "Greet", not "Welcome""#,
    ),
    (
        "another_error_is_returned",
        r#"the test returned an error: "Hello, Ada.""#,
    ),
    (
        "body_panics",
        r#"mock `llm`: call 1 does not fit turn 1 (cases.rs:122): it says "Greet", not "Welcome""#,
    ),
    (
        "thread_is_blocked",
        "the test did not end within 200ms: its thread blocks; call 1 of `llm` waits for turn 1\n(cases.rs:127)",
    ),
    (
        "stream_stalls",
        "the test did not end within 200ms: call 1 of `llm` waits: `.stall_after(2)` (cases.rs:137)",
    ),
    (
        "closure_panics_in_a_dropped_task",
        "mock `llm`: a closure panicked in call 1 (cases.rs:145): no such case",
    ),
    (
        "turn_is_unused",
        "mock `llm`: turn 2 was never used (cases.rs:151)",
    ),
    (
        "turn_is_used_too_often",
        "mock `llm`: call 2 is one too many: turn 1 was the last (cases.rs:156)",
    ),
    (
        "time_runs_out",
        "the test's time-out of 5s ran out: call 1 of `llm` waits for turn 1 (cases.rs:163)",
    ),
    (
        "time_runs_out_for_nothing",
        "the test's time-out of 5s ran out, and no call of a mock waits",
    ),
    (
        "should_panic_and_is_blocked",
        "the test did not end within 200ms: something other than a mock blocks its thread",
    ),
    (
        "should_panic_and_returns_an_error",
        r#"the test returned an error: "Hello, Ada.""#,
    ),
    (
        "call_never_comes",
        "the test did not end within 200ms: it waits for call 2 of `llm`, and there was 1 (cases.rs:189)",
    ),
    (
        "nothing_comes",
        "the test did not end within 200ms: it waits for something other than a mock",
    ),
    (
        "body_blocks_its_thread_where_others_run",
        "the test did not end within 200ms: something other than a mock blocks its thread",
    ),
    (
        "nothing_comes_where_others_run",
        "the test did not end within 200ms: it waits for something other than a mock",
    ),
    (
        "call_never_comes_while_time_goes_by",
        "the test did not end within 200ms: it waits for call 2 of `llm`, and there was 1 (cases.rs:217)",
    ),
    (
        "task_panics_unseen",
        "a task panicked (cases.rs:222): assertion `left == right` failed",
    ),
];

/// The program that the tests are in.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build)
}

/// Builds the package, and finds the program that its tests are in.
fn build() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("failing");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing");
    let build = |more: &[&str]| {
        Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["test", "--no-run", "--quiet", "--test", "failing"])
            .args(["--message-format", "json-render-diagnostics"])
            .args(more)
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_TEST_DEBUG", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs")
    };
    let is_missing = |built: &Output| {
        !built.status.success() && String::from_utf8_lossy(&built.stderr).contains("--offline")
    };
    let mut built = build(&["--offline"]);
    if is_missing(&built) {
        built = build(&[]);
    }
    let messages = String::from_utf8_lossy(&built.stdout);
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(
        built.status.success(),
        "the package `failing` is not built:\n{errors}"
    );
    let programs = messages.split("\"executable\":\"").skip(1);
    let program = programs.filter_map(|rest| rest.split('"').next()).next();
    PathBuf::from(program.expect("cargo names the program"))
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env("RUST_BACKTRACE", "0")
        .env_remove("CLICOLOR_FORCE");
    command.output().expect("the tests run")
}

#[test]
fn tests_that_must_fail_do_so_and_say_why() {
    // Beside each runs one that must not be affected.
    let runs =
        RED.map(|(name, _)| thread::spawn(move || run(&["--exact", name, "green", "--nocapture"])));
    let mut wrong = String::new();
    for ((name, expected), run) in RED.into_iter().zip(runs) {
        let output = run.join().expect("the test ran");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let is_right = output.status.code() == Some(101)
            && stdout.contains("test green ... ok")
            && stdout.contains("1 passed; 1 failed")
            && format!("\n{stderr}\n").contains(&format!("\n{expected}\n"));
        if !is_right {
            let status = output.status;
            wrong += &format!("{name}: {status}, without the line\n{expected}\n{stderr}\n{stdout}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn all_of_them_are_in_the_table() {
    let listed = run(&["--list"]);
    let listed = String::from_utf8_lossy(&listed.stdout);
    let tests = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    let mut tests: Vec<_> = tests.filter(|name| *name != "green").collect();
    let mut table = RED.map(|(name, _)| name);
    tests.sort_unstable();
    table.sort_unstable();
    assert_eq!(tests, table);
}
