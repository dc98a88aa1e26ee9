//! What went wrong in a test, as data. The words for it are in `report`.

use std::borrow::Cow;
use std::thread::ThreadId;
use std::time::Duration;

use crate::chat::conversation::Mistake;
use crate::journal::calls::Calls;
use crate::journal::script_id::ScriptId;
use crate::scenario::{Action, Place, Scenario, Str, TurnIndex, Variable};

/// What a mock has to say at the end of a test.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) mock: String,
    pub(crate) scenario: Cow<'static, Scenario>,
    pub(crate) calls: Calls,
    /// What came over the wire and became no call, in the order in which that turned out.
    pub(crate) rejected: Vec<RejectedRequest>,
    /// How many requests were built and dropped before they were polled.
    pub(crate) unpolled: usize,
    /// How many of the calls came before the script went back to its beginning.
    pub(crate) rewound: usize,
    /// Whether a client was left without an answer whose connection its server could not accept: the thread was blocked.
    pub(crate) is_client_left: bool,
    /// The numbers of the calls that wait for the test, and the gate or the driver at which each does.
    pub(crate) held: Vec<(usize, Action)>,
    /// The numbers of the calls that have ended, and whose clients wait all the same: over the wire they get no answer.
    pub(crate) unanswered: Vec<usize>,
    /// How many keep-alives the answers to calls contained: the numbers of the calls, and the counts.
    pub(crate) keepalives: Vec<(usize, usize)>,
    /// What the test waits for, the oldest first.
    pub(crate) waits: Vec<Wait>,
    /// The first request that the script did not expect.
    pub(crate) mismatch: Option<Mismatch>,
    /// The first call that asked for what the mock cannot do.
    pub(crate) unsupported: Option<Unsupported>,
    /// The first request whose tool calls and results do not pair.
    pub(crate) broken: Option<BrokenConversation>,
    /// The first turn that was not used as often as it must be.
    pub(crate) unused: Option<Unused>,
    /// The first panic of a closure of the scenario.
    pub(crate) panic: Option<ClosurePanic>,
}

impl Verdict {
    /// What came after the last call and became none.
    pub(crate) fn last_rejected(&self) -> &[RejectedRequest] {
        let calls = self.calls.len();
        let last = self
            .rejected
            .partition_point(|request| request.calls < calls);
        &self.rejected[last..]
    }

    /// The number of the call that went wrong first, where one did.
    pub(crate) fn culprit(&self) -> Option<usize> {
        if let Some(panic) = &self.panic {
            return Some(panic.call);
        }
        let mut first: Option<(usize, Option<usize>)> = None;
        let mut note = |order, call| {
            if first.is_none_or(|(first, _)| order < first) {
                first = Some((order, call));
            }
        };
        if let Some(mismatch) = &self.mismatch {
            note(mismatch.order, Some(mismatch.call));
        }
        if let Some(unsupported) = &self.unsupported {
            note(unsupported.order, Some(unsupported.call));
        }
        if let Some(broken) = &self.broken {
            note(broken.order, broken.call);
        }
        first?.1
    }
}

/// What a test waits for by a mock, and where it says so.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wait {
    pub(crate) awaited: Awaited,
    pub(crate) place: Place,
}

/// What a test can wait for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Awaited {
    /// So many calls.
    Calls(usize),
    /// That this turn answers.
    Turn(TurnIndex),
    /// That a call waits at this gate.
    Gate(Str),
    /// That a call takes what this driver says.
    Driver(Str),
    /// That so many exchanges of its server have ended.
    #[cfg_attr(not(feature = "server"), allow(dead_code))]
    Exchanges(usize),
}

/// What came over the wire and became no call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RejectedRequest {
    /// How many calls there were before.
    pub(crate) calls: usize,
    /// When it came, counted from the beginning of the test.
    pub(crate) at: Duration,
    /// Its method and its path; empty if no head came.
    pub(crate) head: String,
    /// The status it was answered with; `None` if the connection was closed.
    pub(crate) status: Option<u16>,
    /// Why it became no call.
    pub(crate) problem: String,
    /// Whether a lenient server would answer it.
    pub(crate) is_lenient_enough: bool,
}

/// A request that no turn answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mismatch {
    /// The number of the call.
    pub(crate) call: usize,
    /// Its place among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// The script that was asked.
    pub(crate) script: ScriptId,
    /// Why no script was asked, if none was.
    pub(crate) unasked: Option<Unasked>,
    /// The turns that were asked and declined, in order; empty if the script had run out.
    pub(crate) misses: Vec<TurnMismatch>,
}

/// Why a request is asked of no script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// It fits no lane.
    NoLane,
    /// It has nothing to tell an instance by.
    NoInstance,
    /// It asks for embeddings, and instances are told by their conversations.
    Embedding,
}

/// A turn that did not answer, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TurnMismatch {
    pub(crate) turn: TurnIndex,
    pub(crate) reason: Reason,
}

/// Why a turn did not answer a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reason {
    /// The turn's matcher at this index does not hold.
    Unmatched(usize),
    /// The turn calls a tool that the request does not offer.
    NotOffered(Str),
    /// The turn's text needs a variable that has no value.
    NoValue(Variable),
    /// A result of this tool is not what the tool returns.
    ResultMisfit {
        tool: Str,
        /// What is wrong where.
        misfit: String,
    },
    /// The turn answers requests of the other kind: it has embeddings and the request asks for a chat answer, or the other way round.
    OtherKind,
    /// The turn's vectors have so many dimensions, and the request asks for another number.
    Dimensions { has: usize, asked: u32 },
    /// The turn has a vector for each of so many inputs, and the request has another number of them.
    Inputs { has: usize, asked: usize },
}

impl Reason {
    /// Whether the turn is for other requests; else it is for this one, and cannot answer it.
    pub(crate) fn is_mismatch(&self) -> bool {
        matches!(self, Reason::Unmatched(_))
    }
}

/// A turn that was used too seldom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unused {
    pub(crate) turn: TurnIndex,
    /// The script that it is of.
    pub(crate) script: ScriptId,
    /// How often it was used.
    pub(crate) used: u32,
    /// How many later turns of that script were not used either.
    pub(crate) more: usize,
    /// How many other lanes or instances have turns that were not used.
    pub(crate) others: usize,
}

/// A call that asked for what the mock cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsupported {
    /// The number of the call.
    pub(crate) call: usize,
    /// Its place among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// What it cannot do, and what to do instead.
    pub(crate) message: String,
}

/// A request whose tool calls and results do not pair.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BrokenConversation {
    /// The number of the call; `None` if it came over the wire, and became no call.
    pub(crate) call: Option<usize>,
    /// Its place among the problems of all mocks of the test.
    pub(crate) order: usize,
    pub(crate) mistake: Mistake,
}

/// A closure of the scenario panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClosurePanic {
    /// The number of the call.
    pub(crate) call: usize,
    /// Its place among the problems of all mocks of the test.
    pub(crate) order: usize,
    /// What it said.
    pub(crate) message: String,
}

/// A task of the test panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskPanic {
    /// The file and the line.
    pub(crate) place: String,
    /// What it said.
    pub(crate) message: String,
    /// Whether the test fails for it.
    pub(crate) fails: bool,
    pub(crate) thread: ThreadId,
}
