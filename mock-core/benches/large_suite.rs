//! What a suite of 10,000 tests takes, in one process and in one process each.
//!
//! ```text
//! cargo bench -p mock-core --bench large_suite
//! cargo bench -p mock-core --bench large_suite -- 10    # 1,000 tests
//! ```
//!
//! It writes a crate of [`FNS`] fns, or as many as its argument says, with [`VALUES`] values each, and as many plain `#[test]`s: what the
//! memory of a process grows by with these is libtest's own. Each test with mocks fails if it sees a call of another. One test in [`VALUES`]
//! writes down what its process uses, as `/proc/self` shows it; where there is no such folder, only times are printed. The last part needs
//! `cargo-nextest`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const FNS: usize = 100;
const VALUES: usize = 100;

/// Where the tests write what they use.
const USED: &str = "LARGE_SUITE_USED";

/// What all tests share: mocks of their own, and what they must not see of others.
const COMMON: &str = r#"#![cfg(test)]

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::time::Duration;

use mock_core::{MockProvider, Request, TestClock, TestJournal, mock_provider, provider_test};

mock_provider!(Echo, latency = 3s, script = [on(user("{text}")).reply("{text}")]);

async fn ask(llm: &MockProvider, text: &str) -> String {
    let answer = llm.answer(Request::new("gpt-4o").user(text)).await;
    answer.expect("an answer").text().into_owned()
}

async fn check(name: &str, own: &MockProvider, echo: &MockProvider, clock: &TestClock, journal: &TestJournal) {
    assert_eq!(ask(own, "hello").await, name);
    assert_eq!(ask(echo, name).await, name);
    assert_eq!(clock.elapsed(), Duration::from_secs(5));
    let calls: Vec<_> = journal.calls().iter().map(|(_, calls)| calls.len()).collect();
    assert_eq!(calls, [1, 1]);
    if name.ends_with(" 0") {
        note();
    }
}

/// Adds a line: the memory that is not of files in KB, the threads, the open files.
fn note() {
    let (Ok(path), Ok(status)) = (std::env::var("LARGE_SUITE_USED"), fs::read_to_string("/proc/self/status")) else {
        return;
    };
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().unwrap_or("0").to_owned()
    };
    let files = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let line = format!("{} {} {files}\n", field("RssAnon:"), field("Threads:"));
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("it can be written");
}
"#;

/// What a process had used at one time.
struct Used {
    memory: usize,
    threads: usize,
    files: usize,
}

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large-suite");
    // Cargo passes `--bench` too.
    let fns = std::env::args().find_map(|argument| argument.parse().ok());
    let fns = fns.unwrap_or(FNS);
    write_crate(&folder, fns);
    let seconds = run(&mut cargo(&folder, &["test", "--lib", "--no-run"]));
    let count = fns * VALUES;
    println!("{count} tests, and as many without mocks, built in {seconds:.1} s");

    for module in ["plain::", "mocks::"] {
        let (seconds, used) = note(&folder, &["test", "--lib", module]);
        print!("{module} in one process: {seconds:.1} s");
        if let [first, .., last] = &used[..] {
            let (threads, files) = (
                most(&used, |used| used.threads),
                most(&used, |used| used.files),
            );
            print!(
                "; memory {} KB at first and {} KB at the end; at most {threads} threads and {files} files",
                first.memory, last.memory
            );
        }
        println!();
    }

    let version = ["nextest", "--version"];
    let nextest = Command::new(env!("CARGO")).args(version).output();
    if !nextest.is_ok_and(|output| output.status.success()) {
        println!("in one process each: skipped, there is no cargo-nextest");
        return;
    }
    let arguments = ["nextest", "run", "--no-fail-fast", "mocks::"];
    let (seconds, used) = note(&folder, &arguments);
    print!("mocks:: in one process each: {seconds:.1} s");
    if !used.is_empty() {
        print!("; memory at most {} KB", most(&used, |used| used.memory));
    }
    println!();
}

/// Runs tests; the seconds that they take, and what they wrote down.
fn note(folder: &Path, arguments: &[&str]) -> (f64, Vec<Used>) {
    let used = folder.join("used");
    let _ = fs::remove_file(&used);
    let seconds = run(cargo(folder, arguments).env(USED, &used));
    (seconds, read(&used))
}

fn write_crate(folder: &Path, fns: usize) {
    fs::create_dir_all(folder.join("src")).expect("the folder can be made");
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"large-suite\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [lib]\ndoctest = false\n\n[dependencies]\nmock-core = {{ path = {core:?} }}\n\n\
         [profile.dev]\ndebug = false\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    let _ = fs::copy(core.join("../Cargo.lock"), folder.join("Cargo.lock"));
    let values: Vec<_> = (0..VALUES).map(|value| value.to_string()).collect();
    let values = values.join(", ");
    let mut source = format!("{COMMON}\nmod mocks {{\n    use super::*;\n");
    for number in 0..fns {
        write!(
            source,
            r#"
    #[provider_test]
    async fn test_{number}(
        #[values({values})] value: u32,
        #[mock(reply(format!("{number} {{value}}")).ttft(2s))] own: MockProvider,
        echo: Echo,
        clock: TestClock,
        journal: TestJournal,
    ) {{
        check(&format!("{number} {{value}}"), &own, &echo, &clock, &journal).await;
    }}
"#
        )
        .expect("a text");
    }
    source += "}\n\nmod plain {\n";
    for number in 0..fns * VALUES {
        let body = if number % VALUES == 0 {
            "super::note()"
        } else {
            ""
        };
        writeln!(source, "    #[test] fn test_{number}() {{ {body} }}").expect("a text");
    }
    source += "}\n";
    fs::write(folder.join("src/lib.rs"), source).expect("it can be written");
}

/// Cargo in the folder of the crate.
fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", "0");
    cargo
}

/// Runs a command to its end; the seconds that it takes.
fn run(command: &mut Command) -> f64 {
    let start = Instant::now();
    let output = command.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    start.elapsed().as_secs_f64()
}

/// What the tests wrote down, in the order in which they ran.
fn read(used: &Path) -> Vec<Used> {
    let lines = fs::read_to_string(used).unwrap_or_default();
    let numbers = |line: &str| {
        let mut numbers = line
            .split(' ')
            .map(|number| number.parse().expect("a number"));
        let mut next = || numbers.next().expect("three numbers");
        Used {
            memory: next(),
            threads: next(),
            files: next(),
        }
    };
    lines.lines().map(numbers).collect()
}

fn most(used: &[Used], of: impl Fn(&Used) -> usize) -> usize {
    used.iter().map(of).max().unwrap_or_default()
}
