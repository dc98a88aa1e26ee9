//! Every word that a person reads when a test fails.

use std::any::Any;
use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::journal::{Call, Outcome};
use crate::message::{Message, Part, Role};
use crate::request::Request;
use crate::scenario::{Action, After, Failure, FaultKind, Matcher, Scenario, Turn};
use crate::verdict::{Mismatch, Miss, Reason, Unused, Verdict};

/// Why a test fails: what went wrong, where it is declared, and the conversation up to there.
///
/// It is shown the same by `{}` and `{:?}`, so that `mock.verify().unwrap()` reads well too.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    text: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Report {}

/// The longest a line is.
const WIDTH: usize = 100;

/// How many calls of one mock a report tells of.
const CALLS: usize = 8;

pub(crate) const NO_RUNTIME: &str = "this turn takes time, and time is tokio's: \
    call the mock inside a tokio runtime, or from a `#[provider_test]`";

impl Report {
    /// What the mocks of one test have to say; `None` if all went as scripted.
    ///
    /// The first problem, in this order, makes the report, and of several mocks the one that was hit first: a closure of a scenario
    /// panicked; a request did not fit; a turn was not used. The others are named at its end.
    pub(crate) fn of(verdicts: &[Verdict], running_tasks: usize) -> Option<Report> {
        let mut problems: Vec<_> = verdicts
            .iter()
            .filter_map(|verdict| Some((problem(verdict)?, verdict)))
            .collect();
        problems.sort_by_key(|(problem, _)| (problem.rank, problem.order));
        let ((first, verdict), others) = problems.split_first()?;
        let mut text = format!("{}\n", first.headline);
        conversation(&mut text, verdict);
        text.push_str(&first.detail);
        for (other, _) in others {
            let _ = write!(text, "\nalso, {}\n", other.headline);
        }
        if running_tasks > 0 {
            let _ = write!(
                text,
                "\nwhen the test ended, {running_tasks} tasks were still running\n"
            );
        }
        Some(Report {
            text: text.trim_end().to_owned(),
        })
    }
}

struct Problem {
    rank: u8,
    order: usize,
    headline: String,
    detail: String,
}

fn problem(verdict: &Verdict) -> Option<Problem> {
    let scenario = &verdict.scenario;
    if let Some(panic) = &verdict.panic {
        return Some(Problem {
            rank: 0,
            order: panic.order,
            headline: format!(
                "mock `{}`: a closure of the scenario panicked in call {}: {}",
                verdict.mock, panic.call, panic.message
            ),
            detail: String::new(),
        });
    }
    if let Some(mismatch) = &verdict.mismatch
        && let Some(call) = verdict.calls.get(mismatch.call - 1)
    {
        return Some(Problem {
            rank: 1,
            order: mismatch.order,
            headline: unscripted(&verdict.mock, scenario, mismatch, call),
            detail: expected(scenario, mismatch, call),
        });
    }
    let unused = verdict.unused?;
    Some(Problem {
        rank: 2,
        order: 0,
        headline: unused_turn(&verdict.mock, scenario, unused),
        detail: String::new(),
    })
}

/// One line: the request that the script does not expect, and why.
pub(crate) fn unscripted(
    mock: &str,
    scenario: &Scenario,
    mismatch: &Mismatch,
    call: &Call,
) -> String {
    let number = mismatch.call;
    match (mismatch.misses.as_slice(), scenario.turns.len()) {
        ([], 0) => format!("mock `{mock}`: call {number} is not scripted: the script is empty"),
        ([], turns) => format!(
            "mock `{mock}`: call {number} is one too many: the script ends with turn {turns} ({})",
            scenario.place_of(&scenario.turns[turns - 1]),
        ),
        ([.., miss], _) => format!(
            "mock `{mock}`: call {number} does not fit turn {} ({}): {}",
            miss.turn + 1,
            scenario.place_of(&scenario.turns[miss.turn]),
            reason(scenario, miss, call.request()),
        ),
    }
}

/// One line: a call that came after its test.
pub(crate) fn after_the_end(mock: &str) -> String {
    format!("mock `{mock}`: the test has ended; await what still calls the mock")
}

fn unused_turn(mock: &str, scenario: &Scenario, unused: Unused) -> String {
    let turn = &scenario.turns[unused.turn];
    let used = match (unused.used, turn.count.min) {
        (0, _) => "was never used".to_owned(),
        (used, min) => format!("was used {used} of {min} times"),
    };
    let more = match unused.more {
        0 => String::new(),
        more => format!(", nor the {more} after it"),
    };
    format!(
        "mock `{mock}`: turn {} {used}{more} ({}): {}",
        unused.turn + 1,
        scenario.place_of(turn),
        shorten(&describe(turn), 60),
    )
}

fn reason(scenario: &Scenario, miss: &Miss, request: &Request) -> String {
    match &miss.reason {
        Reason::NotTheUser => match request.last_message() {
            Some(message) => format!(
                "the last message is not the user's, but {}",
                said(message, request)
            ),
            None => "the request has no message of the user".to_owned(),
        },
        Reason::UserText => {
            let patterns = scenario.turns[miss.turn]
                .matchers
                .iter()
                .filter_map(|matcher| match matcher {
                    Matcher::User(pattern) => Some(pattern),
                    _ => None,
                });
            let text = request.user_text().unwrap_or_default();
            let missing = patterns
                .filter(|pattern| pattern.find(&text).is_none())
                .map(|pattern| format!("\"{pattern}\""))
                .next();
            format!(
                "the user's text {} does not contain {}",
                quote(&text, 40),
                missing.unwrap_or_default()
            )
        }
        Reason::NoResultOf(tool) => match request.last_message() {
            Some(message) => format!(
                "the last message is no result of `{tool}`, but {}",
                said(message, request)
            ),
            None => format!("the request has no result of `{tool}`"),
        },
        Reason::TestFailed => "its `when(..)` says no".to_owned(),
        Reason::NotOffered(tool) => {
            let offered: Vec<_> = request
                .tools
                .iter()
                .map(|tool| format!("`{}`", tool.name))
                .collect();
            match offered.as_slice() {
                [] => format!("it calls `{tool}`, and the request offers no tools"),
                _ => format!(
                    "it calls `{tool}`, and the request offers only {}",
                    offered.join(", ")
                ),
            }
        }
        Reason::NoValue(variable) => format!("its variable `{variable}` has no value"),
    }
}

/// The turn that was expected, and every other that declined.
fn expected(scenario: &Scenario, mismatch: &Mismatch, call: &Call) -> String {
    let mut text = String::new();
    for miss in mismatch.misses.iter().rev().take(3) {
        let turn = &scenario.turns[miss.turn];
        let _ = write!(
            text,
            "\n  expected: turn {} at {}\n            {}\n  but:      {}\n",
            miss.turn + 1,
            scenario.place_of(turn),
            shorten(&describe(turn), WIDTH - 12),
            shorten(&reason(scenario, miss, call.request()), WIDTH - 12),
        );
    }
    text
}

fn conversation(text: &mut String, verdict: &Verdict) {
    if verdict.calls.is_empty() {
        let _ = write!(text, "\n  the mock was never called\n");
        return;
    }
    let earlier = verdict.calls.len().saturating_sub(CALLS);
    text.push('\n');
    if earlier > 0 {
        let _ = writeln!(text, "  … {earlier} earlier calls");
    }
    for call in verdict.calls.iter().skip(earlier) {
        let asked = match call.request().last_message() {
            Some(message) => said(message, call.request()),
            None => "nothing".to_owned(),
        };
        let line = format!(
            "  call {} at {}: {asked} -> {}",
            call.number(),
            time(call.started_at()),
            answered(verdict, call),
        );
        let _ = writeln!(text, "{}", shorten(&line, WIDTH));
    }
}

fn answered(verdict: &Verdict, call: &Call) -> String {
    let turn = match call.turn() {
        Some(turn) => format!("turn {}", turn + 1),
        None => "no turn".to_owned(),
    };
    match call.outcome() {
        None => format!("{turn}, still going on"),
        Some(Outcome::Completed) => {
            let turn = call
                .turn()
                .and_then(|turn| verdict.scenario.turns.get(turn));
            let actions = turn
                .map(|turn| shorten(&actions(turn), 48))
                .unwrap_or_default();
            format!("turn {}: {actions}", call.turn().map_or(0, |turn| turn + 1))
        }
        Some(Outcome::Failed(error)) if call.turn().is_some() => {
            let wait = error
                .retry_after
                .map(|wait| format!(", retry after {}", time(wait)));
            format!("{turn}: {}{}", error.kind, wait.unwrap_or_default())
        }
        Some(Outcome::Failed(_)) => turn,
        Some(Outcome::Truncated) => format!("{turn}, ended without its finish"),
        Some(Outcome::Cancelled) => format!("{turn}, given up before the answer"),
        Some(Outcome::DroppedAfter(events)) => format!("{turn}, dropped after {events} events"),
        Some(Outcome::Panicked(_)) => "a closure panicked".to_owned(),
    }
}

/// A message in a few words.
fn said(message: &Message, request: &Request) -> String {
    match message.role {
        Role::Tool => {
            let results = message.tool_results().map(|result| {
                let tool = request
                    .tool_of_call(&result.call_id)
                    .unwrap_or("an unknown tool");
                format!("{tool} returned {}", quote(&result.content, 30))
            });
            results.collect::<Vec<_>>().join(", ")
        }
        role => {
            let calls = message
                .parts
                .iter()
                .filter(|part| matches!(part, Part::ToolCall(_)));
            match (message.text(), calls.count()) {
                (text, 0) => format!("{} {}", role.as_str(), quote(&text, 40)),
                (text, calls) => format!(
                    "{} {} and {calls} tool calls",
                    role.as_str(),
                    quote(&text, 30)
                ),
            }
        }
    }
}

/// A turn as it is written in a scenario.
fn describe(turn: &Turn) -> String {
    let matchers: Vec<_> = turn.matchers.iter().map(matcher).collect();
    let on = match matchers.as_slice() {
        [] => String::new(),
        _ => format!("on({}).", matchers.join(", ")),
    };
    let times = match (turn.count.min, turn.count.max) {
        (1, 1) => String::new(),
        (1, u32::MAX) => ".forever()".to_owned(),
        (min, u32::MAX) => format!(".times({min}..)"),
        (min, max) if min == max => format!(".times({min})"),
        (min, max) => format!(".times({min}..={max})"),
    };
    format!("{on}{}{}{times}", actions(turn), fault(turn))
}

fn fault(turn: &Turn) -> String {
    let Some(fault) = &turn.fault else {
        return String::new();
    };
    let after = match fault.after {
        After::Deltas(deltas) => deltas.to_string(),
        After::All => "all".to_owned(),
        After::Time(after) => time(after),
    };
    match &fault.kind {
        FaultKind::Cut => format!(".cut_after({after})"),
        FaultKind::End => format!(".end_after({after})"),
        FaultKind::Stall => format!(".stall_after({after})"),
        FaultKind::Error(failure) => {
            format!(".error_after({after}, {})", describe_failure(failure))
        }
        FaultKind::Malformed => format!(".malformed_after({after})"),
    }
}

fn matcher(matcher: &Matcher) -> String {
    match matcher {
        Matcher::User(pattern) => format!("user(\"{pattern}\")"),
        Matcher::ToolResult(tool) => format!("tool_result({tool})"),
        Matcher::When(when) => format!("when({})", when.source),
    }
}

fn actions(turn: &Turn) -> String {
    let actions = turn.actions.iter().map(|action| match action {
        Action::Reply(text) => format!("reply(\"{text}\")"),
        Action::Reasoning(text) => format!("reasoning(\"{text}\")"),
        Action::Refusal(text) => format!("refusal(\"{text}\")"),
        Action::Stream(pieces) => {
            let pieces: Vec<_> = pieces.iter().map(|piece| format!("\"{piece}\"")).collect();
            format!("stream([{}])", pieces.join(", "))
        }
        Action::Call(call) => format!("call({} {})", call.tool, call.arguments.source()),
        Action::Fail(failure) => format!("fail({})", describe_failure(failure)),
    });
    actions.collect::<Vec<_>>().join(".")
}

fn describe_failure(failure: &Failure) -> String {
    match failure.retry_after {
        Some(wait) => format!("{} {{ retry_after: {} }}", failure.kind, time(wait)),
        None => failure.kind.to_string(),
    }
}

/// A time to the millisecond.
fn time(time: Duration) -> String {
    match (time.as_millis(), time.subsec_millis()) {
        (0..1_000, millis) => format!("{millis}ms"),
        (_, 0) => format!("{}s", time.as_secs()),
        (_, millis) => format!("{}.{millis:03}s", time.as_secs()),
    }
}

fn quote(text: &str, width: usize) -> String {
    format!(
        "\"{}\"",
        shorten(
            &text
                .escape_debug()
                .to_string()
                .replace("\\\"", "\"")
                .replace("\\'", "'"),
            width
        )
    )
}

/// At most so many characters, an ellipsis in place of what is left out.
fn shorten(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a value that is no text".to_owned(),
    }
}

/// The message of a connection that is lost within an answer.
pub(crate) fn cut(deltas: u32) -> String {
    format!("the connection was lost after {deltas} deltas")
}

/// The message of something that cannot be read within an answer.
pub(crate) fn malformed(deltas: u32) -> String {
    format!("what came after {deltas} deltas could not be read")
}

/// The message of a fault that is to come after more deltas than there are.
pub(crate) fn fault_beyond_the_end(after: u32, deltas: u32) -> String {
    format!(
        "the turn breaks off after {after} deltas, and it has only {deltas}: write a smaller number, or `all`"
    )
}

/// What is printed below a panic of the test's body.
pub(crate) fn after_a_panic(report: &Report) -> String {
    format!("\nwhen the test panicked, {report}")
}

/// What a test says that took too long on the clock on the wall.
pub(crate) fn stuck(guard: Duration, verdicts: &[Verdict]) -> String {
    let mut text = format!(
        "the test did not end within {}; something blocks its thread, or waits for what never comes",
        time(guard)
    );
    for verdict in verdicts {
        let pending = verdict.calls.iter().filter(|call| call.outcome().is_none());
        for call in pending.take(CALLS) {
            let _ = write!(
                text,
                "\n\n  mock `{}`: call {} is waiting",
                verdict.mock,
                call.number()
            );
        }
    }
    text
}

/// What a test says whose body took too long on its own clock.
pub(crate) fn timed_out(timeout: Duration) -> String {
    format!("the test's time-out of {} ran out", time(timeout))
}

/// What a test says whose body returned an error.
pub(crate) fn body_error(error: &str, report: Option<&Report>) -> String {
    match report {
        None => format!("the test returned an error: {error}"),
        Some(report) => format!("the test returned an error: {error}\n\n{report}"),
    }
}
