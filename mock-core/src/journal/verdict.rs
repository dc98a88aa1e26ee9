//! The problems of a test, as data. Their text is in `report`.

use std::sync::Arc;
use std::thread::ThreadId;
use std::time::Duration;

use crate::chat::conversation::Mistake;
use crate::chat::error_kind::ErrorKind;
use crate::journal::calls::{Call, Calls};
use crate::journal::script_id::ScriptId;
use crate::scenario::{
    Action, Expectation, OtherArguments, SharedScenario, SourceLocation, Str, TurnIndex, Variable,
};

/// The state of a mock at the end of a test.
pub(crate) struct Verdict {
    pub(crate) mock: String,
    pub(crate) scenario: SharedScenario,
    pub(crate) calls: Calls,
    /// The requests over the wire that did not become calls, in the order of their rejection.
    pub(crate) rejected: Vec<RejectedRequest>,
    /// The number of requests that were dropped before they were polled.
    pub(crate) unpolled: usize,
    /// The number of calls before the script was rewound.
    pub(crate) rewound: usize,
    /// Whether an outage was going on at the end.
    pub(crate) is_outage: bool,
    /// Whether a server of the mock refused connections at the end.
    pub(crate) refuses_connections: bool,
    /// Whether a client gave up because its server could not accept the connection: the thread of the test was blocked.
    pub(crate) is_client_left: bool,
    /// The numbers of the calls that wait for the test, and the gate or the driver at which each does.
    pub(crate) held: Vec<(usize, Action)>,
    /// The numbers of the calls that have ended, and whose clients wait all the same: over the wire they get no answer.
    pub(crate) unanswered: Vec<usize>,
    /// How many keep-alives the answers to calls contained: the numbers of the calls, and the counts.
    pub(crate) keepalives: Vec<(usize, usize)>,
    /// The calls whose streams have no usage because the request did not ask for it.
    pub(crate) without_usage: Vec<usize>,
    /// The numbers of the calls whose answers were kept alive for a day without content.
    pub(crate) silent: Vec<usize>,
    /// The things that the test waits for, the oldest first.
    pub(crate) waits: Vec<Wait>,
    /// The problems of its calls.
    pub(crate) problems: CallProblems,
    /// Why no client could reach the mock, if its server did not start.
    pub(crate) unserved: Option<Unserved>,
    /// The first turn that was used fewer times than its minimum.
    pub(crate) unused: Option<Unused>,
    /// The events that a driver pushed, and that no call took.
    pub(crate) unread_events: Option<UnreadEvents>,
    /// The expectations that are not met.
    pub(crate) unmet: Vec<Unmet>,
}

/// The first problem of each kind in the calls of a mock.
#[derive(Clone, Default)]
pub(crate) struct CallProblems {
    /// A request that the script did not expect.
    pub(crate) mismatch: Option<Arc<Mismatch>>,
    /// A call that asked for something unsupported.
    pub(crate) unsupported: Option<CallProblem>,
    /// A request whose tool calls and results do not pair.
    pub(crate) broken: Option<BrokenConversation>,
    /// The calls over the limit.
    pub(crate) too_many: Option<TooManyCalls>,
    /// A panic of a closure of the scenario.
    pub(crate) panic: Option<CallProblem>,
}

impl Verdict {
    /// Returns the turn that answers a call, if one does.
    pub(crate) fn answered_by(&self, call: usize) -> Option<TurnIndex> {
        self.calls.get(call - 1).and_then(Call::answered_by)
    }

    /// Expects nothing of a test whose body has not begun: its argument or its server says why.
    pub(crate) fn expect_nothing(&mut self) {
        self.unused = None;
        self.unmet.clear();
        self.unread_events = None;
    }

    /// The requests after the last call that did not become calls.
    pub(crate) fn last_rejected(&self) -> &[RejectedRequest] {
        let calls = self.calls.len();
        let first = self
            .rejected
            .partition_point(|request| request.calls < calls);
        &self.rejected[first..]
    }

    /// The number of the call that went wrong first, where one did.
    pub(crate) fn culprit(&self) -> Option<usize> {
        if let Some(panic) = &self.problems.panic {
            return Some(panic.call);
        }
        let mut first: Option<(usize, Option<usize>)> = None;
        let mut note = |order, call| {
            if first.is_none_or(|(first, _)| order < first) {
                first = Some((order, call));
            }
        };
        if let Some(mismatch) = &self.problems.mismatch {
            note(mismatch.order, Some(mismatch.call));
        }
        if let Some(unsupported) = &self.problems.unsupported {
            note(unsupported.order, Some(unsupported.call));
        }
        if let Some(broken) = &self.problems.broken {
            note(broken.order, broken.call);
        }
        first?.1
    }
}

/// Something of a mock that a test waits for, and the place of the wait.
#[derive(Clone)]
pub(crate) struct Wait {
    pub(crate) awaited: Awaited,
    pub(crate) place: SourceLocation,
}

/// The things that a test can wait for.
#[derive(Clone)]
pub(crate) enum Awaited {
    /// This many calls.
    Calls(usize),
    /// An answer of this turn.
    Turn(TurnIndex),
    /// A call that waits at this gate, or that takes the events of this driver.
    CallAt(Action),
    /// The end of this many exchanges of its server.
    Exchanges(usize),
}

/// A request over the wire that did not become a call.
#[derive(Debug)]
pub(crate) struct RejectedRequest {
    /// The number of calls before it.
    pub(crate) calls: usize,
    /// When it arrived, from the beginning of the test.
    pub(crate) at: Duration,
    /// Its method and its path; empty if no head arrived.
    pub(crate) head: String,
    /// The status of the answer; `None` if the connection was closed.
    pub(crate) status: Option<u16>,
    /// Why it did not become a call.
    pub(crate) problem: String,
    /// Whether a lenient server would answer the request.
    pub(crate) is_lenient_enough: bool,
    /// The feature of `mock-core` that its server needs to answer it, and that is off.
    pub(crate) missing_feature: Option<&'static str>,
    /// Whether it was rejected for its API key.
    pub(crate) lacks_key: bool,
}

/// A request that no turn answers.
pub(crate) struct Mismatch {
    /// The number of the call.
    pub(crate) call: usize,
    /// Its position among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// The script of the request.
    pub(crate) script: ScriptId,
    /// Why there is no script, if there is none.
    pub(crate) no_script: Option<NoScript>,
    /// The turns that were tried, in order; empty if the script was used up.
    pub(crate) misses: Vec<TurnMismatch>,
}

/// The reason why a request has no script.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum NoScript {
    /// The request matches no lane.
    NoLane,
    /// The request has no value for `per`.
    NoInstance,
    /// The request asks for embeddings, which belong to no conversation.
    Embedding,
}

/// A turn that did not answer, and why.
pub(crate) struct TurnMismatch {
    pub(crate) turn: TurnIndex,
    pub(crate) reason: Reason,
}

/// Why a turn did not answer a request.
pub(crate) enum Reason {
    /// The turn's matcher at this index does not hold.
    Unmatched(usize),
    /// The turn replays the response to another request.
    #[cfg(feature = "cassette")]
    NotRecorded,
    /// The turn calls a tool that the request does not offer.
    NotOffered(Str),
    /// The turn calls a tool that the request offers with other arguments than the scenario declares.
    OtherArguments { tool: Str, why: OtherArguments },
    /// The provider's model could not answer so, because of the choice of tools in this field of the request.
    ToolChoice {
        field: &'static str,
        violation: ToolChoiceViolation,
    },
    /// The turn's text needs a variable that has no value.
    NoValue(Variable),
    /// A result of this tool is not what the tool returns.
    ResultMisfit {
        tool: Str,
        /// The mistake, and its place.
        misfit: String,
    },
    /// The turn answers requests of the other kind: it has embeddings and the request asks for a chat answer, or the other way round.
    OtherKind,
    /// The turn's vectors have so many dimensions, and the request asks for another number.
    Dimensions { scripted: usize, requested: u32 },
    /// The turn has a vector for each of so many inputs, and the request has another number of them.
    Inputs { scripted: usize, requested: usize },
}

/// What an answer has that the choice of tools in a request excludes.
pub(crate) enum ToolChoiceViolation {
    /// A call of this tool, while none is allowed.
    Call(Str),
    /// A call of this tool, while only others are allowed.
    OtherTool { tool: Str, allowed: Vec<String> },
    /// So many calls, while one is allowed.
    ParallelCalls(usize),
    /// No call, while one is demanded.
    NoCall,
}

impl Reason {
    /// Whether the matchers of the turn do not hold. Otherwise they hold, but the turn cannot answer the request.
    pub(crate) fn is_mismatch(&self) -> bool {
        match self {
            Reason::Unmatched(_) => true,
            #[cfg(feature = "cassette")]
            Reason::NotRecorded => true,
            _ => false,
        }
    }
}

/// Why a server does not start, and what to do.
#[derive(Clone)]
pub(crate) struct Unserved {
    pub(crate) problem: String,
    pub(crate) help: String,
}

/// A turn that was used fewer times than its minimum.
#[derive(Clone, Copy)]
pub(crate) struct Unused {
    pub(crate) turn: TurnIndex,
    /// Its script.
    pub(crate) script: ScriptId,
    /// The number of its answers.
    pub(crate) used: u32,
    /// The number of later turns of that script that were not used either.
    pub(crate) more: usize,
    /// The number of other lanes or instances with unused turns.
    pub(crate) others: usize,
}

/// The events that a driver pushed, and that no call took.
pub(crate) struct UnreadEvents {
    pub(crate) driver: Str,
    pub(crate) events: Vec<Pushed>,
    /// Whether they were pushed after an end; otherwise no call came to the driver's turn.
    pub(crate) are_after_end: bool,
}

/// An event that was pushed.
pub(crate) enum Pushed {
    Text(String),
    Failure(ErrorKind),
    End,
    /// Any other event.
    Event,
}

/// An expectation that is not met.
pub(crate) struct Unmet {
    pub(crate) expectation: Expectation,
    pub(crate) shortfall: Shortfall,
}

/// Why an expectation is not met. Calls are given by their numbers.
pub(crate) enum Shortfall {
    /// There was another number of calls.
    Calls(usize),
    /// Its matcher holds for no request.
    NeverSent,
    /// Its matcher holds for the request of this call.
    Sent(usize),
    /// It is unknown whether the matcher holds for the request of this call.
    Undecided(usize, Undecided),
    /// No request offers the tool.
    NotOffered,
    /// No request has such a result: the last one of the tool, and its call.
    Result(Option<(usize, String)>),
    /// There is no result of this tool.
    NoResult(Str),
    /// The first result of the second tool is in the request of this call, and that of the first tool in this one.
    Order { second: usize, first: usize },
    /// The calls took so long.
    Took(Duration),
    /// This call has not ended.
    InFlight(usize),
    /// The answers have so many tokens.
    Tokens(u64),
    /// The answer to this call is complete and has no usage, so its tokens are not known.
    NoUsage(usize),
    /// A call came too early after a rejected one.
    TooEarly {
        rejected: usize,
        next: usize,
        waited: Duration,
        wait: Duration,
    },
    /// No failure had a `retry_after`.
    NothingToWaitFor,
    /// No call was dropped before its end.
    NothingCancelled,
    /// This call was dropped before its end.
    Dropped(usize),
    /// A closure panicked in this call.
    Panicked(usize),
    /// A call started after this one was dropped.
    AfterCancel { dropped: usize, next: usize },
    /// The text of a request differs from that of an earlier one.
    Prefix(Box<PrefixBreak>),
}

/// Why nothing says whether a matcher holds for a request.
pub(crate) enum Undecided {
    /// The matcher needs the head of an HTTP request, which the call does not have.
    NoHead,
    /// The matcher needs the result of this tool, which has another shape than the tool declares.
    ResultMisfit {
        tool: Str,
        /// The mistake, and its place.
        misfit: String,
    },
}

/// The first difference between a request and the text of the request before it.
pub(crate) struct PrefixBreak {
    pub(crate) before: usize,
    pub(crate) call: usize,
    /// The part that differs: `the tools`, `message 2`, ..
    pub(crate) part: String,
    /// The offset of the difference in the part, in bytes.
    pub(crate) offset: usize,
    /// The old and the new text of the part, from shortly before that place.
    pub(crate) was: String,
    pub(crate) is: String,
}

/// A problem of one call.
#[derive(Clone)]
pub(crate) struct CallProblem {
    /// The number of the call.
    pub(crate) call: usize,
    /// Its position among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// The unsupported feature and the remedy, or the message of a panic.
    pub(crate) message: String,
}

/// A request whose tool calls and results do not pair.
#[derive(Clone)]
pub(crate) struct BrokenConversation {
    /// The number of the call; `None` if it arrived over the wire and did not become a call.
    pub(crate) call: Option<usize>,
    /// Its position among the problems of all mocks of the test.
    pub(crate) order: usize,
    pub(crate) mistake: Mistake,
}

/// The number of messages that the requests of a mock may have together, unless it limits its calls. In a conversation that grows with each
/// call, these are some 1,400 calls.
pub(crate) const MAX_MESSAGES: usize = 2_000_000;

/// Requests that were rejected because the mock had got as many calls, or as many messages, as it may. They are not in the journal.
#[derive(Clone, Copy)]
pub(crate) struct TooManyCalls {
    /// The position of the first among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// The number of calls before.
    pub(crate) calls: usize,
    /// The turn that answered most of these, and how many; `None` if no turn answered any.
    pub(crate) most: Option<(TurnIndex, usize)>,
}

/// A task of the test panicked.
#[derive(Clone)]
pub(crate) struct TaskPanic {
    /// The file and the line.
    pub(crate) place: String,
    /// The message of the panic.
    pub(crate) message: String,
    /// Whether the panic fails the test.
    pub(crate) fails: bool,
    pub(crate) thread: ThreadId,
}
