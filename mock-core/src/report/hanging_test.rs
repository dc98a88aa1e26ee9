//! A test that does not end: what waits, and for what.

use std::time::Duration;

use super::formatting::{count, short_place, time, wrap};
use super::problem::{
    CLIENT_BLOCKS, Explanation, GIVE_UP, ProblemKind, block, headline, in_full, insert,
};
use super::problems_of_a_mock::first_problem;
use super::turn::turn_lines;
use super::turn::{action, fault, label, location, stalls, title, waits_at};
use super::{CALLS, Report, WIDTH};
use crate::journal::verdict::{Awaited, Verdict, Wait};
use crate::scenario::{Action, Str, Turn, TurnIndex};
use crate::search::Search;

/// How the report of a test begins whose time ran out.
pub(super) const TIME_OUT: &str = "the test's time-out of";

/// How a test does not end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stuck {
    /// Its guard's time is up, and something blocks its thread.
    Blocked(Duration),
    /// Its guard's time is up, and it waits.
    Waits(Duration),
    /// The same, and its clock is held.
    WaitsWhileHeld(Duration),
    /// Its guard's time is up, and a task that never waits keeps its clock from advancing.
    Busy(Duration),
    /// It waits for something that cannot come any more.
    Idle,
    /// For a day of its clock, nothing has come of an answer but keep-alives.
    Silent,
    /// After this time, a call on a blocking thread waits for the clock which that thread holds.
    Held(Duration),
}

/// The report of a test that does not end.
pub(super) fn stuck(stuck: Stuck, verdicts: &[Verdict]) -> Report {
    let within = |guard| format!("the test did not end within {}", time(guard));
    match stuck {
        Stuck::Blocked(guard) => blocked(&within(guard), verdicts),
        Stuck::Waits(guard) => waits(&within(guard), verdicts, true),
        Stuck::WaitsWhileHeld(guard) => without_time(
            &within(guard),
            ": `spawn_blocking` holds its clock, which does not advance",
            HOLDS,
            verdicts,
        ),
        Stuck::Busy(guard) => {
            let head = format!("{}: a task never waits", within(guard));
            without_time(
                &head,
                ", so its clock does not advance",
                NEVER_WAITS,
                verdicts,
            )
        }
        Stuck::Idle => waits(
            "the test cannot end, since no task can go on",
            verdicts,
            false,
        ),
        Stuck::Silent => silent(verdicts),
        Stuck::Held(time) => report_held_clock(&within(time), verdicts),
    }
}

fn waits(head: &str, verdicts: &[Verdict], may_go_on: bool) -> Report {
    let nothing = ": it waits for something other than a mock";
    let remedy = "look for what the test awaits: a channel without a sender, a lock that is never released, \
         a task that does not end";
    waiting(&format!("{head}: "), &causes(verdicts))
        .unwrap_or_else(|| no_mock(head, nothing, remedy, verdicts, may_go_on))
}

/// The report of a test in which no time passes.
fn without_time(head: &str, why: &str, remedy: &str, verdicts: &[Verdict]) -> Report {
    let mut causes = causes(verdicts);
    for cause in &mut causes {
        if cause.remedy.is_empty() {
            // It waits for a time to come.
            cause.remedy = remedy.to_owned();
        }
    }
    waiting(&format!("{head}: "), &causes)
        .unwrap_or_else(|| no_mock(head, why, remedy, verdicts, false))
}

fn silent(verdicts: &[Verdict]) -> Report {
    let head = "the test does not end: for 24 h of its clock, only keep-alives came";
    let calls = calls_with(GIVE_UP, verdicts);
    waiting(&format!("{head}; "), &calls)
        .unwrap_or_else(|| no_mock(head, "", GIVE_UP, verdicts, false))
}

fn report_held_clock(head: &str, verdicts: &[Verdict]) -> Report {
    let head = format!("{head}: `spawn_blocking` holds its clock; ");
    let nothing = "a call waits for it";
    waiting(&head, &calls_with(HOLDS, verdicts))
        .unwrap_or_else(|| no_mock(&head, nothing, HOLDS, verdicts, false))
}

/// The remedy if something holds the clock of a test.
const HOLDS: &str = "a paused clock does not advance while a task of `spawn_blocking` runs, or `TestClock::hold` holds it: \
     wait for time in an async task, or write `#[provider_test(clock = \"real\")]`";

/// The remedy if a task of a test never waits.
const NEVER_WAITS: &str = "the paused clock advances only when every task waits: in place of a loop of `yield_now`, await a \
     `tokio::time::sleep`, a channel or the handle of a task, or write `#[provider_test(clock = \"real\")]`";

fn blocked(head: &str, verdicts: &[Verdict]) -> Report {
    let client = verdicts.find(&|verdict| verdict.is_client_left);
    let mut blocked = Vec::from_iter(client.map(cause_of_client));
    blocked.append(&mut calls_with(BLOCKS, verdicts));
    waiting(&format!("{head}: its thread blocks; "), &blocked).unwrap_or_else(|| {
        let nothing = ": something other than a mock blocks its thread";
        no_mock(head, nothing, BLOCKS, verdicts, true)
    })
}

/// The remedy if something blocks the thread of a test.
const BLOCKS: &str =
    "use tokio's sleep, locks and channels in the test, and `spawn_blocking` for what blocks";

/// The report of a test whose body took too long on its own clock.
pub(super) fn timed_out(timeout: Duration, verdicts: &[Verdict]) -> Report {
    let head = format!("{TIME_OUT} {} ran out", time(timeout));
    waiting(&format!("{head}: "), &causes(verdicts))
        .unwrap_or_else(|| no_mock(&head, ", and no call of a mock waits", "", verdicts, true))
}

/// Describes a wait.
struct Cause<'v> {
    verdict: &'v Verdict,
    waits: String,
    /// The location of its declaration.
    place: String,
    /// The turn that it is about.
    turn: Option<TurnIndex>,
    remedy: String,
}

/// The waits of the test, and then the calls that wait.
fn causes(verdicts: &[Verdict]) -> Vec<Cause<'_>> {
    let mut causes = Vec::new();
    for verdict in verdicts {
        for wait in &verdict.waits {
            causes.push(cause_of_wait(verdict, wait));
        }
    }
    causes.append(&mut causes_of_calls(verdicts));
    causes
}

fn cause_of_wait<'v>(verdict: &'v Verdict, wait: &Wait) -> Cause<'v> {
    let mock = label(&verdict.mock);
    let turn_with = |wanted: &Action| {
        let is_wanted = |action: &Action| match (action, wanted) {
            (Action::Gate(name), Action::Gate(wanted))
            | (Action::Driven(name), Action::Driven(wanted)) => name == wanted,
            _ => false,
        };
        let has_it = |turn: &Turn| turn.actions.any(&is_wanted);
        verdict.scenario.first_turn(&has_it).map(|(index, _)| index)
    };
    let beside = "make a call that reaches it, in a task that runs beside the test";
    let (waits, turn, remedy) = match &wait.awaited {
        Awaited::Calls(calls) => {
            let there = match verdict.calls.len() {
                0 => "none".to_owned(),
                there => there.to_string(),
            };
            let was = if verdict.calls.len() > 1 {
                "were"
            } else {
                "was"
            };
            let fewer = match verdict.calls.len() {
                0 => String::new(),
                there => format!(", or wait for fewer: `wait_for_calls({there})`"),
            };
            (
                format!("it waits for call {calls} of `{mock}`, and there {was} {there}"),
                None,
                format!("make the call in a task that runs beside the test{fewer}"),
            )
        }
        Awaited::Turn(turn) => (
            format!(
                "it waits until {} of `{mock}` answers",
                title(&verdict.scenario, *turn)
            ),
            Some(*turn),
            beside.to_owned(),
        ),
        Awaited::Gate(name) => {
            let gate = Action::Gate(Str::clone(name));
            (
                format!("it waits for a call at `{}` of `{mock}`", action(&gate)),
                turn_with(&gate),
                beside.to_owned(),
            )
        }
        Awaited::Driver(name) => {
            let driver = Action::Driven(Str::clone(name));
            (
                format!("it waits for a call at `{}` of `{mock}`", action(&driver)),
                turn_with(&driver),
                beside.to_owned(),
            )
        }
        Awaited::Exchanges(exchanges) => (
            format!(
                "it waits until {} of `{mock}` {} ended",
                count(*exchanges, "exchange"),
                if *exchanges == 1 { "has" } else { "have" }
            ),
            None,
            "make the requests in a task that runs beside the test, or wait for fewer".to_owned(),
        ),
    };
    Cause {
        verdict,
        waits,
        place: short_place(wait.place),
        turn,
        remedy,
    }
}

/// Of each mock the first call that waits, and the first whose client does.
fn causes_of_calls(verdicts: &[Verdict]) -> Vec<Cause<'_>> {
    let mut causes = Vec::new();
    for verdict in verdicts {
        causes.extend(cause_of_call(verdict));
        causes.extend(cause_of_silence(verdict));
    }
    causes
}

/// Sets the remedy.
fn calls_with<'v>(remedy: &str, verdicts: &'v [Verdict]) -> Vec<Cause<'v>> {
    let mut causes = causes_of_calls(verdicts);
    for cause in &mut causes {
        cause.remedy = remedy.to_owned();
    }
    causes
}

/// The first call that has ended, and gets no answer over the wire.
fn cause_of_silence(verdict: &Verdict) -> Option<Cause<'_>> {
    let number = *verdict.unanswered.iter().min()?;
    let turn = verdict.calls.get(number - 1)?.answered_by();
    let (what, place) = match turn {
        Some(index) => (
            format!("waits for {}", title(&verdict.scenario, index)),
            location(&verdict.scenario, index),
        ),
        None => (
            "gets no answer in an outage".to_owned(),
            short_place(verdict.scenario.place),
        ),
    };
    let mock = label(&verdict.mock);
    Some(Cause {
        verdict,
        waits: format!("the client of call {number} of `{mock}` {what}"),
        place,
        turn,
        remedy: "give the client a time-out: a call that times out has no answer on the wire"
            .to_owned(),
    })
}

/// The first call that waits, if one does.
fn cause_of_call(verdict: &Verdict) -> Option<Cause<'_>> {
    // Only calls that a turn answers are pending.
    let mut calls = verdict.calls.iter();
    let call = calls.find(|call| call.outcome().is_none() && call.answered_by().is_some())?;
    let index = call.answered_by().unwrap_or(TurnIndex::Otherwise);
    let turn = verdict.scenario.turn(index);
    let stalls = || stalls(turn).and_then(|_| fault(turn));
    let call_waits = format!("call {} of `{}` waits", call.number(), label(&verdict.mock));
    let (waits, remedy) = match waits_at(verdict, call).or_else(stalls) {
        Some(word) => (format!("{call_waits}: `.{word}`"), remedy_of(&word)),
        None => {
            let title = title(&verdict.scenario, index);
            (format!("{call_waits} for {title}"), String::new())
        }
    };
    Some(Cause {
        verdict,
        waits,
        place: location(&verdict.scenario, index),
        turn: Some(index),
        remedy,
    })
}

/// A client of the mock's server, which runs on the thread that the client blocks.
fn cause_of_client(verdict: &Verdict) -> Cause<'_> {
    Cause {
        verdict,
        waits: format!("a client waits for `{}`", label(&verdict.mock)),
        place: short_place(verdict.scenario.place),
        turn: None,
        remedy: CLIENT_BLOCKS.to_owned(),
    }
}

/// The report of a test that did not end, as `head` says: the first of its causes in full, and two more.
fn waiting(head: &str, causes: &[Cause<'_>]) -> Option<Report> {
    let (first, others) = causes.split_first()?;
    let verdict = first.verdict;
    let mut detail = Vec::new();
    if let Some(turn) = first.turn {
        detail.extend(block("waits:", turn_lines(&verdict.scenario, turn)));
    }
    if !first.remedy.is_empty() {
        detail.extend(block("help:", in_full(&first.remedy)));
    }
    let mut notes = Vec::new();
    for also in others.iter().take(2) {
        notes.push(format!("also, {} ({})", also.waits, also.place));
    }
    if let Some(more @ 1..) = others.len().checked_sub(2) {
        notes.push(format!("also, {}", count(more, "more wait")));
    }
    if !notes.is_empty() {
        detail.push(String::new());
    }
    for note in &notes {
        detail.extend(wrap(note, WIDTH, usize::MAX));
    }
    let (calls, earlier) = super::calls(verdict, CALLS);
    Some(Report {
        headline: headline(&format!("{head}{}", first.waits), &first.place, ""),
        problems: Vec::new(),
        calls,
        earlier,
        noun: super::noun(verdict),
        detail,
    })
}

/// The first problem of a call.
pub(super) fn wrong_call(verdicts: &[Verdict]) -> Option<Explanation<'_>> {
    let mut problems = Vec::new();
    for verdict in verdicts {
        // That only keep-alives came is why the test is stuck.
        let problem = first_problem(verdict, 0);
        if let Some(problem) = problem.filter(|it| it.kind != ProblemKind::EndlessSilence) {
            insert(&mut problems, problem);
        }
    }
    problems
        .into_iter()
        .next()
        .filter(Explanation::is_of_a_call)
}

/// The fewest calls of one mock with which the code under test may call it in a loop.
const LOOP: usize = 30;

/// The remedy if the code under test calls a mock in a loop.
const ENDS_LOOP: &str = "if the code under test calls it in a loop, limit the retries and the steps of that code, or let the script end them: \
     `.times(3)` in place of `.forever()` or `.times(0..)`";

/// The report of a test that did not end although no mock waits. It has the calls of the mock that was called most. `may_go_on` is whether
/// the test may still make calls.
fn no_mock(
    head: &str,
    nothing: &str,
    remedy: &str,
    verdicts: &[Verdict],
    may_go_on: bool,
) -> Report {
    let most = verdicts.iter().max_by_key(|verdict| verdict.calls.len());
    let (calls, earlier) = most.map_or((Vec::new(), 0), |most| super::calls(most, CALLS));
    let mut headline = format!("{head}{nothing}");
    let mut remedies = Vec::new();
    if let Some(most) = most.filter(|most| may_go_on && most.calls.len() >= LOOP) {
        let (mock, times) = (label(&most.mock), most.calls.len());
        headline = format!("{head}: `{mock}` was called {times} times, and no call waits");
        remedies.push(ENDS_LOOP.to_owned());
    }
    if !remedy.is_empty() {
        remedies.push(match remedies.is_empty() {
            true => remedy.to_owned(),
            false => format!("or {remedy}"),
        });
    }
    let mut help = Vec::new();
    for remedy in &remedies {
        help.extend(in_full(remedy));
    }
    Report {
        headline,
        problems: Vec::new(),
        calls,
        earlier,
        noun: most.map_or("call", super::noun),
        detail: match help.is_empty() {
            true => Vec::new(),
            false => block("help:", help),
        },
    }
}

/// The remedy for a call that waits at this word of its turn.
fn remedy_of(word: &str) -> String {
    match word.split_once('(').unwrap_or_default() {
        ("gate", _) => format!("open the gate in the test: `mock.{word}.open()`"),
        ("driven", name) => {
            format!("drive the answer to its end in the test: `mock.driver({name}.finish()`")
        }
        _ => "put a time-out around the call: `tokio::time::timeout(..)`".to_owned(),
    }
}
