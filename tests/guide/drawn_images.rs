//! The images of the README: a compile error and a failure report, as they look in a terminal.
//!
//! `UPDATE_IMAGES=1` draws them anew.

use std::fmt::Write as _;
use std::{env, fs};

use crate::helpers::{blocks, read, root};

/// In pixels. The font is monospaced, and each character as wide as this.
const CHARACTER: f64 = 8.4;
const LINE: usize = 20;
const MARGIN: usize = 20;

const PLAIN: &str = "#d4d4d4";
const RED: &str = "#f48771";
const BLUE: &str = "#7aa6da";
const CYAN: &str = "#70c0b1";

/// A piece of a line: its colour, whether it is bold, and the text.
type Run<'a> = (&'static str, bool, &'a str);

/// The colours that rustc gives a line.
fn of_error(line: &str) -> Vec<Run<'_>> {
    let text = line.trim_start();
    if let Some(message) = line.strip_prefix("error") {
        return vec![(RED, true, "error"), (PLAIN, true, message)];
    }
    if text.starts_with("-->") {
        let (before, after) = line.split_once("--> ").expect("an arrow");
        return vec![
            (PLAIN, false, before),
            (BLUE, true, "--> "),
            (PLAIN, false, after),
        ];
    }
    match line.split_once('|') {
        Some((number, rest)) => {
            let number = &line[..number.len() + 1];
            let is_marks = !rest.trim().is_empty() && rest.trim().chars().all(|c| c == '^');
            let colour = if is_marks { RED } else { PLAIN };
            vec![(BLUE, true, number), (colour, is_marks, rest)]
        }
        None => vec![(PLAIN, text.starts_with("help:"), line)],
    }
}

/// The colours that a report gives a line.
fn of_report(line: &str) -> Vec<Run<'_>> {
    let text = line.trim_start();
    if line.starts_with("mock `") {
        return vec![(RED, true, line)];
    }
    if !text.is_empty() && text.chars().all(|c| c == '^') {
        return vec![(RED, false, line)];
    }
    for label in ["  expected:", "  but:", "  help:"] {
        if let Some(rest) = line.strip_prefix(label) {
            return vec![(CYAN, false, &line[..label.len()]), (PLAIN, false, rest)];
        }
    }
    vec![(PLAIN, false, line)]
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// Draws these lines as a terminal shows them.
fn drawn(text: &str, runs: fn(&str) -> Vec<Run<'_>>) -> String {
    let longest = text.lines().map(|line| line.chars().count()).max();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let width = (longest.unwrap_or(0) as f64 * CHARACTER).ceil() as usize + 2 * MARGIN;
    let height = text.lines().count() * LINE + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e1e1e\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n",
        escaped(text.lines().next().unwrap_or_default())
    );
    for (number, line) in text.lines().enumerate() {
        let y = MARGIN + number * LINE + 15;
        let mut column = 0;
        for (colour, is_bold, run) in runs(line) {
            let length = run.chars().count();
            // Blanks at the start of a text may be dropped, so it begins after them.
            let shown = run.trim_start();
            let blanks = length - shown.chars().count();
            if !shown.is_empty() {
                #[expect(clippy::cast_precision_loss)]
                let (x, wide) = (
                    MARGIN as f64 + (column + blanks) as f64 * CHARACTER,
                    (length - blanks) as f64 * CHARACTER,
                );
                let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
                let shown = escaped(shown);
                writeln!(svg, "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{wide:.1}\" fill=\"{colour}\"{weight}>{shown}</text>")
                    .expect("a String takes all");
            }
            column += length;
        }
    }
    svg + "</g>\n</svg>\n"
}

fn is_drawn(name: &str, svg: &str) {
    let path = root().join("docs/images").join(name);
    if env::var_os("UPDATE_IMAGES").is_some() {
        fs::write(&path, svg).expect("the image can be written");
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|file| file == svg),
        "docs/images/{name} is older than what it shows: run this test with UPDATE_IMAGES=1"
    );
}

#[test]
fn the_compile_error_is_drawn() {
    let golden = read(&root().join("tests/compile_errors/templates.stderr"));
    let (first, _) = golden.split_once("\n\n").expect("more than one error");
    let first = first.replace("compile_errors/templates.rs", "tests/weather.rs");
    is_drawn("compile-error.svg", &drawn(&first, of_error));
}

#[test]
fn the_report_is_drawn() {
    let start = read(&root().join("docs/start.md"));
    let report = blocks(&start, "text").into_iter();
    let mut report = report.filter(|block| block.contains("mock `llm`"));
    let report = report.next().expect("the first failure");
    let (_, report) = report
        .split_once("when the test panicked:\n")
        .expect("a report");
    is_drawn("report.svg", &drawn(report, of_report));
}
