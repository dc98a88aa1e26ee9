//! The report of a failing test: all of its text is in this module.

mod assertion;
mod broken_conversation;
mod call_lines;
mod call_without_turn;
mod calls_without_problem;
#[cfg(feature = "cassette")]
mod cassette_notes;
mod chaos;
mod closure_panic;
mod colour;
#[cfg(feature = "cassette")]
mod compared_exchange;
mod denied_network;
mod detail;
mod diff;
mod error_messages;
mod expectation;
mod extra_fields;
mod formatting;
mod hanging_test;
mod help;
#[cfg(feature = "cassette")]
mod help_to_equal_recording;
mod lanes_and_instances;
mod listed_calls;
mod matcher_mismatch;
mod message_summary;
mod misleading_circumstances;
mod mismatch_reason;
mod missing_feature;
mod near_miss;
mod only_keepalives;
mod problem;
mod problems_of_a_mock;
#[cfg(feature = "cassette")]
mod recorded_exchange;
mod rejected_request;
#[cfg(feature = "sweep")]
mod seeds;
mod server_not_started;
#[cfg(feature = "sweep")]
mod sweep;
mod task_panics;
mod test_end;
mod test_folder;
mod too_many_calls;
mod turn;
mod turn_mismatch;
mod unanswered_call;
mod unplayable_turn;
mod unread_events;
mod unused_turn;
mod why_not_reached;

use std::fmt;

use crate::environment_variables::SEED;
use crate::journal::verdict::Verdict;
use crate::scenario::{Delay, Split, Turn};
use crate::search::Search;

use detail::Detail;
use error_messages::why_frozen;
use formatting::wrap;

pub(crate) use assertion::{
    NOT_AFTERWARDS, OtherMessage, no_message, not_sent, other_conversation, other_tools,
};
pub(crate) use call_without_turn::unscripted;
pub(crate) use calls_without_problem::calls_without_problem;
#[cfg(feature = "sweep")]
pub(crate) use chaos::chaos_without_faults;
pub(crate) use chaos::chaos_without_seeds;
#[cfg(feature = "sweep")]
pub(crate) use chaos::{chaos, late};
pub(crate) use denied_network::{NO_NETWORK_GUARD, denied, network_unchecked};
pub(crate) use error_messages::{
    NO_PROMPT, NO_RUNTIME, after_the_end, cut, fault_beyond_the_end, frozen, lacks, malformed,
    mock_of_another_test, no_argument, no_json, not_waited, over_the_limit, panic_message,
    recorded_answer, unknown_model, unknown_name, unread_raw_answer, unsendable,
};
pub(crate) use expectation::{lane_patterns, unknown_lane, unmet};
#[cfg(any(feature = "pictures", feature = "server"))]
pub(crate) use formatting::shorten;
pub(crate) use formatting::{count, time};
pub(crate) use hanging_test::Stuck;
pub(crate) use misleading_circumstances::{clock_went_on, proxied, with_notes};
#[cfg(target_os = "linux")]
pub(crate) use misleading_circumstances::{jumped, lost_bytes};
#[cfg(feature = "sweep")]
pub(crate) use seeds::{FailedSeed, Repeat, happened, seeds};
#[cfg(feature = "server")]
pub(crate) use server_not_started::{cannot_listen, runtime_without_io, unserved};
#[cfg(feature = "sweep")]
pub(crate) use sweep::{
    FailedRun, no_such_run, nothing_to_sweep, panicked, place_of_change, plain_run_failed, sweep,
};
pub(crate) use task_panics::with_task_panics;
pub(crate) use test_end::{
    after_a_panic, body_error, failed, returned, stuck, timed_out, while_panicking,
};
pub(crate) use test_folder::{folder_kept, folder_stays, no_folder};
pub(crate) use too_many_calls::too_many_calls;
#[cfg(all(test, feature = "sweep"))]
pub(crate) use turn::turn_text;
#[cfg(feature = "pictures")]
pub(crate) use {
    call_lines::request as rejected,
    colour::{LineKind, kind_of, unpainted},
    formatting::{holds, moment, one_line},
    lanes_and_instances::call_of,
    turn::{location, source, title},
};
#[cfg(feature = "server")]
pub(crate) use {formatting::MAX_QUOTED, missing_feature::turn_on};

pub use problem::{Problem, ProblemKind};

/// The longest a line is.
const WIDTH: usize = 100;

/// The most lines that a report has.
const LINES: usize = 25;

/// The most calls of one mock that a report lists.
const CALLS: usize = 8;

/// The column of the text next to the labels.
const INDENT: usize = 12;

/// The report of a failing test: what went wrong, where it is declared, and the conversation so far.
///
/// `{}` and `{:?}` print the same text, so `mock.verify().unwrap()` is readable too. Programs can read [`problems`](Report::problems).
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let llm = MockProvider::script([on(user("weather")).reply("18 °C."), reply("Bye.")]);
/// let _ = llm.answer(Request::new("gpt-4o").user("Hello")).await;
///
/// let report = llm.verify().unwrap_err();
/// assert!(report.headline().contains("call 1 does not fit turn 1"));
/// println!("{report}"); // with the conversation, the difference, and what to change
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// In one sentence: what is wrong, and where.
    headline: String,
    problems: Vec<Problem>,
    /// The last calls, a line for each.
    calls: Vec<String>,
    /// How many calls came before these.
    earlier: usize,
    /// The word for what is counted: calls, or requests if the server rejected some.
    noun: &'static str,
    /// The expectation, the reason why it was not met, and the remedy.
    detail: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines(LINES).join("\n"))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report {}

/// The tasks that ran when a test ended.
#[derive(Clone, Copy)]
pub(crate) struct RunningTasks {
    pub(crate) running: usize,
    /// Those that the test may have forgotten to await.
    pub(crate) to_await: usize,
}

impl RunningTasks {
    pub(crate) const NONE: RunningTasks = RunningTasks {
        running: 0,
        to_await: 0,
    };
}

impl Report {
    /// Returns the first line of the report: what is wrong and where, in one sentence.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert!(report.headline().contains("turn 1 was never used"));
    /// ```
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// Returns the problems of the mocks, in the order in which they happened. It is empty if the report is about something else, such as a
    /// task that panicked.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems().len(), 1);
    /// ```
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// A report with the calls of a mock, if it is about one.
    fn new(headline: String, verdict: Option<&Verdict>, detail: Detail) -> Report {
        let (calls, earlier) = verdict.map_or((Vec::new(), 0), listed_calls::calls);
        Report {
            headline,
            problems: Vec::new(),
            calls,
            earlier,
            noun: verdict.map_or("call", listed_calls::noun),
            detail: detail.lines,
        }
    }

    /// The report of a test's mocks; `None` if all went as scripted.
    ///
    /// The first problem, in this order, makes the report, and of several mocks the one that was hit first: a closure of a scenario
    /// panicked; a request did not fit; a turn was not used. The others are named at its end.
    pub(crate) fn from_verdicts(verdicts: &[Verdict], tasks: RunningTasks) -> Option<Report> {
        let running_tasks = tasks.running;
        let mut problems = Vec::new();
        let mut failed_mocks = 0;
        for verdict in verdicts {
            let of_mock = problems_of_a_mock::problems(verdict, tasks.to_await);
            failed_mocks += usize::from(!of_mock.is_empty());
            for problem in of_mock {
                problem::insert(&mut problems, Some(problem));
            }
        }
        let mut public = Vec::new();
        for problem in &problems {
            public.push(problem.to_problem());
        }
        let first = problems.first_mut()?;
        let (verdict, is_of_a_call) = (first.verdict, first.is_of_a_call());
        let mut detail = std::mem::take(&mut first.detail);
        if !is_of_a_call {
            let is_one = first.kind == ProblemKind::UnmetExpectation;
            for unmet in verdict.unmet.iter().skip(usize::from(is_one)) {
                expectation::note(unmet, &verdict.calls, &mut detail);
            }
        }
        let mut report = Report::new(first.headline.clone(), Some(verdict), detail);
        if first.kind == ProblemKind::ServerNotStarted && verdict.calls.is_empty() {
            // The problem already says why there are no calls.
            report.calls = Vec::new();
        }
        // Show the first problem of at most two other mocks.
        let mut shown = vec![verdict];
        for other in &problems {
            if shown.len() <= 2 && !shown.any(&|known| std::ptr::eq(*known, other.verdict)) {
                shown.push(other.verdict);
                report.note(&format!("also, {}", other.headline));
            }
        }
        if failed_mocks > shown.len() {
            let more = count(failed_mocks - shown.len(), "more mock");
            report.note(&format!("also, {more}"));
        }
        if running_tasks > 0 {
            let were = if running_tasks == 1 { "was" } else { "were" };
            let tasks = count(running_tasks, "task");
            let help = if is_of_a_call {
                ": await the handles"
            } else {
                ""
            };
            report.note(&format!(
                "when the test ended, {tasks} {were} still running{help}"
            ));
        }
        report.problems = public;
        Some(report)
    }

    /// The same for a test with this seed, which the report names if a mock drew at random.
    pub(crate) fn from_test(
        verdicts: &[Verdict],
        tasks: RunningTasks,
        seed: u64,
    ) -> Option<Report> {
        let mut report = Report::from_verdicts(verdicts, tasks)?;
        let by_chance = |verdict: &Verdict| {
            let scenario = &verdict.scenario;
            let random = |turn: &Turn| matches!(turn.split, Split::Random(..));
            scenario.seed.is_none()
                && !verdict.calls.is_empty()
                && (matches!(scenario.latency.delay, Delay::Uniform(..))
                    || scenario.first_turn(&random).is_some())
        };
        if verdicts.any(&by_chance) {
            report.note(&format!(
                "the mock draws at random; `{SEED}={seed}` repeats this run"
            ));
        }
        Some(report)
    }

    /// The report of a test whose own mocks have no problem, as `problem` says.
    pub(crate) fn from_problem(problem: &str) -> Report {
        Report::new(problem.to_owned(), None, Detail::default())
    }

    /// Adds a note below all else.
    fn note(&mut self, note: &str) {
        if !self.detail.any(&String::is_empty) {
            self.detail.push(String::new());
        }
        self.detail.extend(wrap(note, WIDTH, usize::MAX));
    }

    /// At most this many lines, with as many of the last calls as there is room for.
    fn lines(&self, most: usize) -> Vec<String> {
        let mut lines = wrap(&self.headline, WIDTH, usize::MAX);
        let fixed = lines.len() + 2 + self.detail.len();
        let room = most.saturating_sub(fixed).max(1);
        let hidden = match self.calls.len() + usize::from(self.earlier > 0) > room {
            true => self.calls.len().saturating_sub((room - 1).max(1)),
            false => 0,
        };
        if !self.calls.is_empty() {
            lines.push(String::new());
        }
        if self.earlier + hidden > 0 {
            let noun = format!("earlier {}", self.noun);
            lines.push(format!("  … {}", count(self.earlier + hidden, &noun)));
        }
        lines.append(&mut self.calls[hidden..].to_vec());
        if self.detail.first().is_some_and(|first| !first.is_empty()) {
            lines.push(String::new());
        }
        lines.append(&mut self.detail.clone());
        lines.truncate(most);
        lines
    }
}

fn painted(lines: &[String]) -> String {
    colour::paint(&lines.join("\n")).into_owned()
}
