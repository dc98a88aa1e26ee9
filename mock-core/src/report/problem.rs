//! The problems of a mock: as data ([`Problem`]), and with the lines that explain them.

use std::fmt;

use crate::journal::verdict::Verdict;
use crate::scenario::{SourceLocation, TurnIndex};

use super::WIDTH;
use super::detail::Detail;
use super::formatting::{short_place, shorten_left};
use super::turn::{label, place};
use crate::search::Search;

/// The remedy if a client blocks the thread on which the mock's server runs.
pub(super) const CLIENT_BLOCKS: &str = "the server runs on the test's own thread: use an async client, or `spawn_blocking`, or write \
     `#[provider_test(flavor = \"multi_thread\", clock = \"real\")]`";

/// The remedy if a client waits for a day while keep-alives come.
pub(super) const GIVE_UP: &str = "let the client give up when no content comes for a while: bytes come as long as the answer is kept alive";

/// One problem of a mock, in a [`Report`](crate::Report).
///
/// ```
/// use mock_core::{MockProvider, ProblemKind, builder::*, scenario::TurnIndex};
///
/// let mock = MockProvider::script([reply("Hi.")]);
/// let report = mock.verify().expect_err("nobody asked");
///
/// let problem = &report.problems()[0];
/// assert_eq!(problem.kind(), ProblemKind::UnusedTurn);
/// assert_eq!((problem.turn(), problem.call()), (Some(TurnIndex::Script(0)), None));
/// assert!(problem.to_string().contains("turn 1 was never used"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub(super) kind: ProblemKind,
    pub(super) mock: String,
    pub(super) message: String,
    pub(super) call: Option<usize>,
    pub(super) turn: Option<TurnIndex>,
    pub(super) place: SourceLocation,
}

/// The kind of a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A closure of the scenario panicked.
    ClosurePanicked,
    /// A turn could not be played: it takes time without a runtime, for example.
    Unplayable,
    /// No turn answers a request.
    Unscripted,
    /// The tool calls and results of a request do not pair.
    BrokenConversation,
    /// The mock was called more often than it may be: the code under test probably calls it in a loop.
    TooManyCalls,
    /// The server does not answer a request, because a feature of `mock-core` is off.
    MissingFeature,
    /// The server of the mock did not start, so that no client could reach it.
    ServerNotStarted,
    /// For a day on the test's clock, an answer contained only keep-alives.
    OnlyKeepalives,
    /// A turn was used fewer times than its minimum.
    UnusedTurn,
    /// A driver pushed events, and no call took them.
    UnreadEvents,
    /// An expectation beside the script was not met.
    UnmetExpectation,
}

impl Problem {
    /// Returns the kind of the problem.
    ///
    /// ```
    /// use mock_core::{MockProvider, ProblemKind, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems()[0].kind(), ProblemKind::UnusedTurn);
    /// ```
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// Returns the mock's name in reports: that of the declaration, or of the test's argument.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems()[0].mock(), "mock");
    /// ```
    pub fn mock(&self) -> &str {
        &self.mock
    }

    /// Returns what went wrong, and where, in one sentence. The same as [`to_string`](ToString::to_string).
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert!(report.problems()[0].message().contains("turn 1 was never used"));
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the number of the call that went wrong, from 1; `None` if the problem is not about a call, such as an unused turn.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems()[0].call(), None);
    /// ```
    pub fn call(&self) -> Option<usize> {
        self.call
    }

    /// Returns the turn that could not answer, or was not used; `None` if the problem is not about a turn.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    /// use mock_core::scenario::TurnIndex;
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems()[0].turn(), Some(TurnIndex::Script(0)));
    /// ```
    pub fn turn(&self) -> Option<TurnIndex> {
        self.turn
    }

    /// Returns the source file in which the turn is declared, or the scenario; `None` if it is unknown.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert_eq!(report.problems()[0].file(), Some(file!()));
    /// ```
    pub fn file(&self) -> Option<&'static str> {
        self.place.file
    }

    /// Returns the line of that file, from 1; 0 if it is unknown.
    ///
    /// ```
    /// use mock_core::{MockProvider, builder::*};
    ///
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// let report = llm.verify().expect_err("nobody asked");
    /// assert!(report.problems()[0].line() < line!());
    /// ```
    pub fn line(&self) -> u32 {
        self.place.line
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A problem of a mock, explained.
pub(super) struct Explanation<'v> {
    pub(super) verdict: &'v Verdict,
    /// Which kind of problem comes first.
    pub(super) rank: u8,
    /// Which of the same rank came first.
    pub(super) order: usize,
    pub(super) kind: ProblemKind,
    pub(super) call: Option<usize>,
    pub(super) turn: Option<TurnIndex>,
    /// In one sentence: what is wrong, and where.
    pub(super) headline: String,
    /// What was expected, why it did not happen, and what to do.
    pub(super) detail: Detail,
}

/// The rank of what is wrong at the end of a test.
pub(super) const AT_END: u8 = 2;

impl<'v> Explanation<'v> {
    /// Creates a problem that is about no call and no turn, and comes before others of its rank.
    pub(super) fn new(kind: ProblemKind, verdict: &'v Verdict, headline: String) -> Self {
        Explanation {
            verdict,
            rank: match kind {
                ProblemKind::ClosurePanicked => 0,
                ProblemKind::UnusedTurn | ProblemKind::UnreadEvents => AT_END,
                ProblemKind::UnmetExpectation => 3,
                _ => 1,
            },
            order: 0,
            kind,
            call: None,
            turn: None,
            headline,
            detail: Detail::default(),
        }
    }

    /// Whether a call went wrong, and not only a turn was left over.
    pub(super) fn is_of_a_call(&self) -> bool {
        self.rank < AT_END
    }

    /// Returns the problem as data.
    pub(super) fn to_problem(&self) -> Problem {
        Problem {
            kind: self.kind,
            mock: self.verdict.mock.clone(),
            message: self.headline.clone(),
            call: self.call,
            turn: self.turn,
            place: place(&self.verdict.scenario, self.turn),
        }
    }
}

/// Adds a problem to others, if there is one, in order of time.
pub(super) fn insert<'v>(problems: &mut Vec<Explanation<'v>>, problem: Option<Explanation<'v>>) {
    let Some(problem) = problem else {
        return;
    };
    let key = (problem.rank, problem.order);
    // Insert in order: the standard library's sort would be a fiftieth of the compiled code.
    let at = problems.position(&|known| (known.rank, known.order) > key);
    problems.insert(at.unwrap_or(problems.len()), problem);
}

/// The headline of a problem of a mock: what is wrong, where, and why.
pub(super) fn mock_headline(
    mock: &str,
    what: fmt::Arguments<'_>,
    place: SourceLocation,
    why: fmt::Arguments<'_>,
) -> String {
    headline(
        &format!("mock `{}`: {what}", label(mock)),
        &short_place(place),
        &why.to_string(),
    )
}

/// A sentence with a place in it. The place loses its beginning where that makes the sentence fit on one line.
pub(super) fn headline(before: &str, place: &str, after: &str) -> String {
    const LEAST: usize = 24;
    let line = |place: &str| format!("{before} ({place}){after}");
    let excess = line(place).chars().count().saturating_sub(WIDTH);
    match place.chars().count().checked_sub(excess) {
        Some(room @ LEAST..) => line(&shorten_left(place, room)),
        _ => line(place),
    }
}

/// The longest reason; a server's messages may be longer.
pub(super) const LONGEST: usize = 500;

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;
    use crate::builder::{on, reply, script, user};
    use crate::chat::request::Request;
    use crate::mock::MockProvider;

    #[test]
    fn a_program_reads_which_call_did_not_fit_which_turn_and_where_that_is() {
        let mock =
            MockProvider::new(script([reply("one"), on(user("two")).reply("2")]).named("llm"));
        for text in ["one", "three"] {
            let answer = mock.answer(Request::new("gpt-4o").user(text));
            let _ = answer.now_or_never().expect("it takes no time");
        }
        let report = mock.verify().expect_err("a request does not fit");
        let [problem] = report.problems() else {
            panic!("{report}");
        };
        assert_eq!(problem.kind(), ProblemKind::Unscripted);
        assert_eq!((problem.mock(), problem.call()), ("llm", Some(2)));
        assert_eq!(problem.turn(), Some(TurnIndex::Script(1)));
        assert_eq!(problem.file(), Some(file!()));
        assert!(problem.line() > 1);
        assert_eq!(problem.message(), report.headline());
    }

    #[test]
    fn a_line_that_is_too_long_keeps_the_end_of_its_place() {
        let deep = "a/very/long/way/to/the/tests/of/a/project/with/deep/folders.rs:12";
        let line = headline("mock `llm`: turn 1 was never used", deep, ": why");
        assert_eq!(line.chars().count(), WIDTH);
        assert!(
            line.contains("(…") && line.ends_with("folders.rs:12): why"),
            "{line}"
        );
    }

    #[test]
    fn a_line_that_is_much_too_long_is_said_in_full() {
        let line = headline("mock", "tests/first.rs:12", &"; why".repeat(40));
        assert!(
            line.starts_with("mock (tests/first.rs:12); why")
                && line.ends_with(&"; why".repeat(39)),
            "{line}"
        );
    }
}
