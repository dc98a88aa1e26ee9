//! Counts the instructions of a subject.

use std::process::Command;

use crate::{CHUNKS, MEASURED, Subject, Unit};

/// The instructions of one unit of a subject.
pub(crate) fn cost(index: usize, subject: &Subject) -> f64 {
    let (before, times, units) = match subject.unit {
        Unit::Chunk => (1, MEASURED / 100, MEASURED / 100 * CHUNKS),
        Unit::Item | Unit::Call => (subject.before, MEASURED, MEASURED),
    };
    (count(index, before + times) - count(index, before)) / units as f64
}

/// The instructions of a process that does what the subject does, so many times.
fn count(subject: usize, times: usize) -> f64 {
    let program = std::env::current_exe().expect("the benchmark has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .env("MOCK_CORE_BENCH", format!("{subject} {times}"))
        .output()
        .expect("valgrind is installed");
    let log = String::from_utf8_lossy(&output.stderr);
    let total = log
        .lines()
        .find_map(|line| line.split("Collected :").nth(1));
    let total = total.unwrap_or_else(|| panic!("callgrind collects nothing:\n{log}"));
    total.trim().parse().expect("callgrind prints a number")
}
