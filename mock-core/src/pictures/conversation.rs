//! The calls of a mock: what was asked, and what the caller got.

use std::fmt::Write as _;

use super::html::Text;
use super::timeline::{Axis, caption, track};
use crate::chat::request::Request;
use crate::hide_secrets;
use crate::journal::calls::{Call, Outcome};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{RejectedRequest, Verdict};
use crate::report;
use crate::transcript::{self, Ids};

/// The most characters that are shown of a message.
const LONGEST: usize = 10_000;

/// Writes a card for each of these calls. The one that went wrong is marked.
pub(super) fn write(
    page: &mut String,
    mock: usize,
    verdict: &Verdict,
    calls: &[&Call],
    failing: Option<usize>,
) {
    let mut ids = Ids::numbered();
    let mut last: Vec<Last> = Vec::new();
    let mut rejected = verdict.rejected.iter().peekable();
    for call in calls {
        while let Some(request) = rejected.next_if(|request| request.calls < call.number()) {
            write_rejected(page, request);
        }
        let lines = transcript::lines(&call.request().messages, &mut ids);
        let before = last.iter_mut().find(|last| last.script == call.script);
        let same = before
            .as_ref()
            .map_or(0, |before| common(&lines, &before.lines));
        let repeated = before.as_ref().map(|before| (same, before.call));
        let is_failing = failing == Some(call.number());
        write_head(page, mock, verdict, call, is_failing);
        write_messages(page, mock, call.request(), &lines, repeated);
        write_answer(page, call, &mut ids);
        page.push_str("</article>\n");
        let now = Last {
            script: call.script,
            call: call.number(),
            lines,
        };
        match before {
            Some(before) => *before = now,
            None => last.push(now),
        }
    }
    rejected.for_each(|request| write_rejected(page, request));
    if verdict.calls.is_empty() && verdict.rejected.is_empty() {
        page.push_str("<p class=\"faint\">the mock was never called</p>\n");
    }
}

/// The last call of a script, and the messages of its request.
struct Last {
    script: ScriptId,
    call: usize,
    lines: Vec<String>,
}

/// How many messages are the same at the beginning of both.
fn common(lines: &[String], before: &[String]) -> usize {
    let pairs = lines.iter().zip(before);
    pairs.take_while(|(line, before)| line == before).count()
}

fn write_head(page: &mut String, mock: usize, verdict: &Verdict, call: &Call, is_failing: bool) {
    let (class, word) = match is_failing {
        true => (" failing", " <span class=\"failed\">went wrong here</span>"),
        false => ("", ""),
    };
    let scenario = &verdict.scenario;
    let answered_by = match call.answered_by() {
        Some(turn) => format!(
            "{} at {}",
            report::title(scenario, turn),
            report::location(scenario, turn)
        ),
        None => "no turn".to_owned(),
    };
    let streamed = if call.is_streamed() { ", streamed" } else { "" };
    let _ = write!(
        page,
        "<article class=\"call{class}\" id=\"mock-{mock}-call-{}\">\n<h3>{}{word}</h3>\n\
         <p class=\"faint\">{}{streamed}, at {}, by {}</p>\n",
        call.number(),
        Text(&report::call_of(call)),
        Text(&hide_secrets::hide(&call.request().model)),
        report::time(call.started_at()),
        Text(&answered_by),
    );
}

/// Writes the messages of a request, except those at its beginning that repeat another call: their number, and the call's.
fn write_messages(
    page: &mut String,
    mock: usize,
    request: &Request,
    lines: &[String],
    repeated: Option<(usize, usize)>,
) {
    let (same, before) = repeated.unwrap_or_default();
    if same > 0 {
        let count = report::count(same, "message");
        let _ = writeln!(
            page,
            "<p class=\"faint\"><a href=\"#mock-{mock}-call-{before}\">{count} as in call {before}</a></p>"
        );
    }
    let new = lines[same..].iter();
    new.for_each(|line| write_message(page, line));
    if lines.is_empty() {
        page.push_str("<p class=\"faint\">no messages</p>\n");
    }
    if !request.tools.is_empty() {
        let names: Vec<_> = request.tools.iter().map(|tool| &*tool.name).collect();
        let names = names.join(", ");
        let _ = writeln!(
            page,
            "<p class=\"faint\">tools: {}</p>",
            Text(&hide_secrets::hide(&names))
        );
    }
}

fn write_message(page: &mut String, line: &str) {
    let line = report::shorten(line, LONGEST);
    let (role, text) = line.split_once(':').unwrap_or(("", &line));
    let _ = writeln!(
        page,
        "<div class=\"message\"><b>{}</b>{}</div>",
        Text(role),
        Text(text)
    );
}

fn write_answer(page: &mut String, call: &Call, ids: &mut Ids) {
    let mut lines = transcript::answer(call, ids);
    // The last line says how an answer ended that is not complete.
    let ending = match call.outcome() {
        Some(Outcome::Completed) => None,
        _ => lines.pop(),
    };
    if !lines.is_empty() {
        let answer = report::shorten(&lines.join("\n"), LONGEST);
        let _ = writeln!(page, "<div class=\"answer\">{}</div>", Text(&answer));
    }
    if let Some(mut ending) = ending {
        if let Some(error) = call.error() {
            let message = hide_secrets::hide(&error.message);
            ending = format!("{ending}, {}", report::shorten(&message, LONGEST));
            if let Some(wait) = error.retry_after {
                ending = format!("{ending}, retry after {}", report::time(wait));
            }
        }
        let _ = writeln!(page, "<p class=\"odd\">{}</p>", Text(&ending));
    }
    track(page, Axis::new(&[call]), call);
    let _ = writeln!(page, "\n<p class=\"faint\">{}</p>", Text(&caption(call)));
}

/// Writes a card for a request over the wire that did not become a call.
fn write_rejected(page: &mut String, request: &RejectedRequest) {
    let _ = writeln!(
        page,
        "<article class=\"call rejected\"><p class=\"odd\">{}</p></article>",
        Text(report::rejected(request).trim())
    );
}
