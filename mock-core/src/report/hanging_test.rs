//! A test that does not end: what waits, and for what.

use std::time::Duration;

use super::Report;
use super::detail::Detail;
use super::formatting::{count, short_place, time};
use super::problem::{CLIENT_BLOCKS, GIVE_UP, ProblemKind, headline};
use super::problems_of_a_mock::problems;
use super::turn::{action, fault, label, place, stalls, title, waits_at};
use crate::journal::calls::Call;
use crate::journal::verdict::{Awaited, Verdict, Wait};
use crate::scenario::{Action, SourceLocation, Turn, TurnIndex};
use crate::search::Search;

/// How the report of a test begins whose time ran out.
pub(super) const TIME_OUT: &str = "the test's time-out of";

/// How a test does not end.
#[derive(Clone, Copy)]
pub(crate) enum Stuck {
    /// Its guard's time is up, and something blocks its thread.
    Blocked(Duration),
    /// Its guard's time is up, and it waits.
    Waits(Duration),
    /// The same, and its clock is held.
    WaitsWhileHeld(Duration),
    /// Its guard's time is up, and a task that never waits keeps its clock from advancing.
    Busy(Duration),
    /// The test waits for something that can no longer come.
    Idle,
    /// For a day of its clock, nothing has come of an answer but keep-alives.
    Silent,
    /// After this time, a call on a blocking thread waits for the clock which that thread holds.
    Held(Duration),
    /// Its body took so long on its own clock.
    TimedOut(Duration),
}

/// The remedy if something holds the clock of a test.
const HOLDS: &str = "a paused clock does not advance while a task of `spawn_blocking` runs, or `TestClock::hold` holds it: \
     wait for time in an async task, or write `#[provider_test(clock = \"real\")]`";

/// The remedy if a task of a test never waits.
const NEVER_WAITS: &str = "the paused clock advances only when every task waits: in place of a loop of `yield_now`, await a \
     `tokio::time::sleep`, a channel or the handle of a task, or write `#[provider_test(clock = \"real\")]`";

/// The remedy if something blocks the thread of a test.
const BLOCKS: &str =
    "use tokio's sleep, locks and channels in the test, and `spawn_blocking` for what blocks";

/// The things that a test may wait for, other than a mock.
const OTHER: &str = "look for what the test awaits: a channel without a sender, a lock that is never released, \
     a task that does not end";

/// The words about a test that does not end.
struct Hang {
    head: String,
    /// The text before the first thing that waits.
    waits: &'static str,
    /// The problem if nothing of a mock waits.
    nothing: &'static str,
    remedy: &'static str,
}

impl Hang {
    fn new(stuck: Stuck, has_client: bool) -> Hang {
        let within = |guard| format!("the test did not end within {}", time(guard));
        let (head, waits, nothing, remedy) = match stuck {
            Stuck::Blocked(guard) => (
                within(guard),
                ": its thread blocks; ",
                ": something other than a mock blocks its thread",
                if has_client { CLIENT_BLOCKS } else { BLOCKS },
            ),
            Stuck::Waits(guard) => (
                within(guard),
                ": ",
                ": it waits for something other than a mock",
                OTHER,
            ),
            Stuck::WaitsWhileHeld(guard) => (
                within(guard),
                ": ",
                ": `spawn_blocking` holds its clock, which does not advance",
                HOLDS,
            ),
            Stuck::Busy(guard) => (
                within(guard) + ": a task never waits",
                ": ",
                ", so its clock does not advance",
                NEVER_WAITS,
            ),
            Stuck::Idle => (
                "the test cannot end, since no task can go on".to_owned(),
                ": ",
                ": it waits for something other than a mock",
                OTHER,
            ),
            Stuck::Silent => (
                "the test does not end: for 24 h of its clock, only keep-alives came".to_owned(),
                "; ",
                "",
                GIVE_UP,
            ),
            Stuck::Held(waited) => (
                within(waited) + ": `spawn_blocking` holds its clock; ",
                "",
                "a call waits for it",
                HOLDS,
            ),
            Stuck::TimedOut(timeout) => (
                format!("{TIME_OUT} {} ran out", time(timeout)),
                ": ",
                ", and no call of a mock waits",
                "",
            ),
        };
        Hang {
            head,
            waits,
            nothing,
            remedy,
        }
    }
}

/// The report of a test that does not end.
pub(super) fn stuck(stuck: Stuck, verdicts: &[Verdict]) -> Report {
    let client = verdicts.find(&|verdict| verdict.is_client_left);
    let hang = Hang::new(stuck, client.is_some());
    // In these cases, no wait of the test is the cause, so the remedy of a waiting call would not help.
    let is_why = matches!(stuck, Stuck::Blocked(_) | Stuck::Silent | Stuck::Held(_));
    let mut causes = Vec::new();
    for verdict in verdicts {
        for wait in &verdict.waits {
            if !is_why {
                causes.push(cause_of_wait(verdict, wait));
            }
        }
    }
    if let (Stuck::Blocked(_), Some(client)) = (stuck, client) {
        causes.push(cause_of_client(client));
    }
    for verdict in verdicts {
        if let Some(cause) = cause_of_call(verdict) {
            causes.push(cause);
        }
        if let Some(cause) = cause_of_silence(verdict) {
            causes.push(cause);
        }
    }
    match causes.split_first() {
        None => {
            let may_go_on = matches!(
                stuck,
                Stuck::Blocked(_) | Stuck::Waits(_) | Stuck::TimedOut(_)
            );
            no_mock(&hang, verdicts, may_go_on)
        }
        Some((first, others)) => {
            // A call that waits for a time to come has no remedy of its own.
            let waits_for_clock = matches!(stuck, Stuck::WaitsWhileHeld(_) | Stuck::Busy(_))
                && first.remedy.is_empty();
            let remedy = match is_why || waits_for_clock {
                true => hang.remedy,
                false => &first.remedy,
            };
            waiting(&(hang.head + hang.waits), first, others, remedy)
        }
    }
}

/// Describes a wait.
struct Cause<'v> {
    verdict: &'v Verdict,
    waits: String,
    /// Its declaration.
    place: SourceLocation,
    /// The turn that it is about.
    turn: Option<TurnIndex>,
    remedy: String,
}

fn cause_of_wait<'v>(verdict: &'v Verdict, wait: &Wait) -> Cause<'v> {
    let mock = label(&verdict.mock);
    let scenario = &verdict.scenario;
    let beside = "make a call that reaches it, in a task that runs beside the test";
    let calls = verdict.calls.len();
    let (waits, turn, remedy) = match &wait.awaited {
        Awaited::Calls(wanted) => {
            let make = "make the call in a task that runs beside the test";
            let (there, remedy) = match calls {
                0 => ("was none".to_owned(), make.to_owned()),
                _ => (
                    format!("{} {calls}", if calls == 1 { "was" } else { "were" }),
                    format!("{make}, or wait for fewer: `wait_for_calls({calls})`"),
                ),
            };
            let waits = format!("it waits for call {wanted} of `{mock}`, and there {there}");
            (waits, None, remedy)
        }
        Awaited::Turn(turn) => {
            let title = title(scenario, *turn);
            let waits = format!("it waits until {title} of `{mock}` answers");
            (waits, Some(*turn), beside.to_owned())
        }
        Awaited::CallAt(wanted) => {
            let word = action(wanted);
            let is_wanted = |other: &Action| action(other) == word;
            let has_it = |turn: &Turn| turn.actions.any(&is_wanted);
            let turn = scenario.first_turn(&has_it).map(|(index, _)| index);
            let waits = format!("it waits for a call at `{word}` of `{mock}`");
            (waits, turn, beside.to_owned())
        }
        Awaited::Exchanges(exchanges) => {
            let has = if *exchanges == 1 { "has" } else { "have" };
            let exchanges = count(*exchanges, "exchange");
            (
                format!("it waits until {exchanges} of `{mock}` {has} ended"),
                None,
                "make the requests in a task that runs beside the test, or wait for fewer"
                    .to_owned(),
            )
        }
    };
    Cause {
        verdict,
        waits,
        place: wait.place,
        turn,
        remedy,
    }
}

/// The first call that has ended, and gets no answer over the wire.
fn cause_of_silence(verdict: &Verdict) -> Option<Cause<'_>> {
    let number = *verdict.unanswered.iter().min()?;
    let turn = verdict.calls.get(number - 1)?.answered_by();
    let what = match turn {
        Some(index) => format!("waits for {}", title(&verdict.scenario, index)),
        None => "gets no answer in an outage".to_owned(),
    };
    let mock = label(&verdict.mock);
    Some(Cause {
        verdict,
        waits: format!("the client of call {number} of `{mock}` {what}"),
        place: place(&verdict.scenario, turn),
        turn,
        remedy: "give the client a time-out: a call that times out has no answer on the wire"
            .to_owned(),
    })
}

/// The first call that waits, if one does.
fn cause_of_call(verdict: &Verdict) -> Option<Cause<'_>> {
    // Only calls that a turn answers are pending.
    let waits = |call: &Call| call.outcome().is_none() && call.answered_by().is_some();
    let call = verdict.calls.find(&waits)?;
    let index = call.answered_by()?;
    let scenario = &verdict.scenario;
    let turn = scenario.turn(index);
    let stalls = || stalls(turn).and_then(|_| fault(turn));
    let (what, remedy) = match waits_at(verdict, call).or_else(stalls) {
        Some(word) => (format!(": `.{word}`"), remedy_of(&word)),
        None => (format!(" for {}", title(scenario, index)), String::new()),
    };
    let (number, mock) = (call.number(), label(&verdict.mock));
    Some(Cause {
        verdict,
        waits: format!("call {number} of `{mock}` waits{what}"),
        place: place(scenario, Some(index)),
        turn: Some(index),
        remedy,
    })
}

/// A client of the mock's server, which runs on the thread that the client blocks.
fn cause_of_client(verdict: &Verdict) -> Cause<'_> {
    Cause {
        verdict,
        waits: format!("a client waits for `{}`", label(&verdict.mock)),
        place: verdict.scenario.place,
        turn: None,
        remedy: String::new(),
    }
}

/// The report of a test that did not end, as `head` says: the first of its causes in full, and two more.
fn waiting(head: &str, first: &Cause<'_>, others: &[Cause<'_>], remedy: &str) -> Report {
    let mut detail = Detail::default();
    if let Some(turn) = first.turn {
        detail.turn("waits:", &first.verdict.scenario, turn);
    }
    if !remedy.is_empty() {
        detail.help(format_args!("{remedy}"));
    }
    let what = format!("{head}{}", first.waits);
    let headline = headline(&what, &short_place(first.place), "");
    let mut report = Report::new(headline, Some(first.verdict), detail);
    for also in others.iter().take(2) {
        report.note(&format!(
            "also, {} ({})",
            also.waits,
            short_place(also.place)
        ));
    }
    if let Some(more @ 1..) = others.len().checked_sub(2) {
        report.note(&format!("also, {}", count(more, "more wait")));
    }
    report
}

/// Whether a call went wrong, which may be why a test does not end. That only keep-alives came is why it is stuck.
pub(super) fn has_wrong_call(verdicts: &[Verdict]) -> bool {
    verdicts.any(&|verdict| match problems(verdict, 0).first() {
        Some(first) => first.is_of_a_call() && first.kind != ProblemKind::OnlyKeepalives,
        None => false,
    })
}

/// The fewest calls of one mock with which the code under test may call it in a loop.
const LOOP: usize = 30;

/// The remedy if the code under test calls a mock in a loop.
const ENDS_LOOP: &str = "if the code under test calls it in a loop, limit the retries and the steps of that code, or let the script end them: \
     `.times(3)` in place of `.forever()` or `.times(0..)`";

/// The report of a test that did not end although no mock waits. It has the calls of the mock that was called most. `may_go_on` is whether
/// the test may still make calls.
fn no_mock(hang: &Hang, verdicts: &[Verdict], may_go_on: bool) -> Report {
    let mut most: Option<&Verdict> = None;
    for verdict in verdicts {
        if most.is_none_or(|most| verdict.calls.len() >= most.calls.len()) {
            most = Some(verdict);
        }
    }
    let mut detail = Detail::default();
    let (what, or) = match most {
        Some(most) if may_go_on && most.calls.len() >= LOOP => {
            detail.help(format_args!("{ENDS_LOOP}"));
            let (mock, times) = (label(&most.mock), most.calls.len());
            let what = format!(": `{mock}` was called {times} times, and no call waits");
            (what, "or ")
        }
        _ => (hang.nothing.to_owned(), ""),
    };
    if !hang.remedy.is_empty() {
        detail.help(format_args!("{or}{}", hang.remedy));
    }
    Report::new(format!("{}{what}", hang.head), most, detail)
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
