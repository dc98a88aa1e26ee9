//! The page of a test.

use std::fmt::Write as _;

use super::html::{END, Text, head};
use super::{Picture, conversation, timeline, turns};
use crate::journal::calls::Call;
use crate::journal::verdict::Verdict;
use crate::report::{self, LineKind, Report, RunningTasks};
use crate::search::Search;

/// The most calls of one mock that a page shows.
const CALLS: usize = 200;

/// How many calls a page shows after the one that went wrong.
const AFTER: usize = 20;

pub(super) fn page(picture: &Picture<'_>) -> String {
    let mut page = head(picture.name);
    let (class, word) = match picture.has_failed {
        true => ("failed", "failed"),
        false => ("passed", "passed"),
    };
    let _ = write!(
        page,
        "<p class=\"faint\"><a href=\"index.html\">all tests</a></p>\n<h1>{}</h1>\n\
         <p><span class=\"{class}\">{word}</span> <span class=\"faint\">seed {}</span></p>\n",
        // Allow a line break after the name of a module.
        Text(picture.name).to_string().replace("::", "::<wbr>"),
        picture.seed,
    );
    for text in &picture.texts {
        write_report(&mut page, text);
    }
    if picture.verdicts.is_empty() {
        page.push_str("<p class=\"faint\">the test has no mock</p>\n");
    }
    for (number, verdict) in picture.verdicts.iter().enumerate() {
        write_mock(&mut page, number + 1, verdict, &picture.texts);
    }
    page + END
}

/// Writes a report: what is wrong, which wraps, and the rest, whose columns stay below each other.
fn write_report(page: &mut String, text: &str) {
    let (headline, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let class = match headline.starts_with("note: ") {
        true => "faint",
        false => "headline",
    };
    let _ = writeln!(page, "<p class=\"{class}\">{}</p>", Text(headline));
    if rest.is_empty() {
        return;
    }
    page.push_str("<pre class=\"report\">");
    for line in rest.lines() {
        let (class, marked) = match report::kind_of(line) {
            LineKind::Headline => ("headline", line),
            LineKind::Labelled(label) => ("label", label),
            LineKind::Marks => ("marks", line),
            LineKind::Plain => ("", ""),
        };
        if !marked.is_empty() {
            let _ = write!(page, "<span class=\"{class}\">{}</span>", Text(marked));
        }
        let _ = writeln!(page, "{}", Text(&line[marked.len()..]));
    }
    page.push_str("</pre>\n");
}

fn write_mock(page: &mut String, number: usize, verdict: &Verdict, texts: &[String]) {
    let report = Report::from_verdicts(std::slice::from_ref(verdict), RunningTasks::NONE);
    let problem = report.as_ref().and_then(|report| report.problems().first());
    let failing = problem.and_then(|problem| problem.call());
    let timings = verdict.calls.timings();
    let _ = write!(
        page,
        "<section class=\"mock\">\n<h2>mock <code>{}</code></h2>\n<p class=\"faint\">{}</p>\n",
        Text(&verdict.mock),
        Text(&timings.in_words()),
    );
    if let Some(report) = &report
        && !texts.any(&|text| report::holds(text, report.headline()))
    {
        write_report(page, &report.to_string());
    }
    let (calls, hidden) = shown_calls(verdict, failing);
    if !calls.is_empty() {
        page.push_str("<h4>Timeline</h4>\n");
        timeline::write(page, number, &calls, failing);
    }
    turns::write(page, verdict, problem);
    page.push_str("<h4>Conversation</h4>\n");
    if hidden > 0 {
        let hidden = report::count(hidden, "other call");
        let _ = writeln!(page, "<p class=\"faint\">{hidden} left out</p>");
    }
    conversation::write(page, number, verdict, &calls, failing);
    if !calls.is_empty() {
        let _ = write!(
            page,
            "<details><summary>Mermaid diagram and timings</summary>\n<pre>{}</pre>\n<pre>{}</pre>\n</details>\n",
            Text(&verdict.calls.to_mermaid()),
            Text(&timings.to_string()),
        );
    }
    page.push_str("</section>\n");
}

/// The calls that a page shows, and how many it does not: the last ones, or those around the one that went wrong.
fn shown_calls(verdict: &Verdict, failing: Option<usize>) -> (Vec<&Call>, usize) {
    let all: Vec<_> = verdict.calls.iter().collect();
    let end = failing.map_or(all.len(), |failing| all.len().min(failing + AFTER));
    let start = end.saturating_sub(CALLS);
    (all[start..end].to_vec(), all.len() - (end - start))
}
