//! The command for files of recorded exchanges: `mock-cassette scan`, `redact`, `convert` and `script`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, ExitCode, Output, Stdio};

use mock_core::cassette::{Cassette, CassetteError, Redaction, UnreadKey, scan, to_script};

const USAGE: &str = "\
mock-cassette scan PATH..     print the secrets in files and folders
mock-cassette redact FILE..   replace the secrets in files, and write the files again
mock-cassette convert FILE..  print recorded exchanges of other tools in the format of mock-core
mock-cassette script FILE..   print the source of a mock_provider! that answers as the recorded exchanges do

Exit codes: 0 if all went well, 1 if `scan` found secrets, 2 if a file cannot be read or written, if `scan`
found no files or could not search a compressed body, or the command is wrong.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match &*arguments {
        ["scan", paths @ ..] if !paths.is_empty() => scan_all(paths),
        ["redact", files @ ..] if !files.is_empty() => redact(files),
        ["convert", files @ ..] if !files.is_empty() => convert(files),
        ["script", files @ ..] if !files.is_empty() => script(files),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("{}\n", wrong_command(other));
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(2)
    })
}

/// Says why the arguments are not a command.
fn wrong_command(arguments: &[&str]) -> String {
    match arguments {
        [] => "the command is missing: write one of these".to_owned(),
        [command @ ("scan" | "redact" | "convert" | "script")] => {
            format!(
                "`{command}` has no file: write `mock-cassette {command} tests/cassettes/weather.yaml`"
            )
        }
        [command, ..] => format!("unknown command `{command}`: write one of these"),
    }
}

fn scan_all(paths: &[&str]) -> Result<ExitCode, CassetteError> {
    let (mut files, mut secrets, mut not_searched) = (0, 0, 0);
    for path in paths {
        let scan = scan(path)?;
        files += scan.files();
        secrets += scan.findings().len();
        scan.findings()
            .iter()
            .for_each(|finding| println!("{finding}"));
        let unread = scan.unread().iter();
        unread.for_each(|error| eprintln!("searched as a plain text: {error}"));
        not_searched += scan.not_searched().len();
        scan.not_searched()
            .iter()
            .for_each(|error| eprintln!("{error}"));
    }
    eprintln!("secrets: {secrets}, files: {files}");
    Ok(match (secrets, not_searched) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(2),
        _ => ExitCode::from(1),
    })
}

fn redact(files: &[&str]) -> Result<ExitCode, CassetteError> {
    for file in files {
        let cassette = Cassette::load(file)?;
        if cassette.is_foreign() {
            eprintln!(
                "{file}: it is of another tool; convert it first, as in `mock-cassette convert {file} > new.yaml`"
            );
            return Ok(ExitCode::from(2));
        }
        Redaction::default().apply(cassette).save(file)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn convert(files: &[&str]) -> Result<ExitCode, CassetteError> {
    for (index, file) in files.iter().enumerate() {
        let cassette = Cassette::load(file)?;
        if index > 0 {
            println!("---");
        }
        print!("{}", cassette.to_yaml());
        if cassette.is_foreign() {
            eprint!("{}", not_carried_over(file, cassette.unread()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A line for each key that is not carried over. A key that stands in several items of a list has one line, with their count.
fn not_carried_over(file: &str, keys: &[UnreadKey]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for unread in keys {
        *counts.entry(unread.without_indices()).or_default() += 1;
    }
    let mut lines = String::new();
    for unread in keys {
        let (line, key) = (unread.line, &unread.key);
        lines += &match counts.remove(&unread.without_indices()) {
            Some(1) => format!("{file}:{line}: `{key}` is not carried over\n"),
            Some(count) => {
                let key = unread.without_indices();
                format!("{file}:{line}: `{key}` is not carried over, {count} times\n")
            }
            None => continue,
        };
    }
    lines
}

fn script(files: &[&str]) -> Result<ExitCode, CassetteError> {
    for (index, file) in files.iter().enumerate() {
        let name = match index {
            0 => "Recorded".to_owned(),
            index => format!("Recorded{}", index + 1),
        };
        print!("{}", formatted(to_script(&Cassette::load(file)?, &name)));
    }
    Ok(ExitCode::SUCCESS)
}

/// The source as rustfmt has it, where there is one.
fn formatted(source: String) -> String {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024"]);
    rustfmt
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut run = || -> std::io::Result<Output> {
        let mut child = rustfmt.spawn()?;
        // It reads all of it before it writes.
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(source.as_bytes())?;
        }
        child.wait_with_output()
    };
    match run() {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap_or(source),
        _ => source,
    }
}
