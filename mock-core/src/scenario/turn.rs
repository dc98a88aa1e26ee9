//! A turn, with its matchers, actions and modifiers: [`Turn`].

use std::borrow::Cow;
use std::ops::{RangeFrom, RangeInclusive};
use std::time::Duration;

use super::action::{Action, Kind};
use super::fault::{After, Fault, FaultKind};
use super::pace::Pace;
#[cfg(feature = "cassette")]
use super::turn_replay::Replay;
use super::{Flush, Keepalive, List, Matcher, Responder, Setting, SourceLocation, Str, Variable};
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::search::Search;

/// One turn of a script: which requests it answers, with what, how fast and how often. Its methods are the actions and modifiers of the
/// grammar; the functions of [`builder`](crate::builder) begin one.
#[derive(Debug, Clone)]
#[must_use]
pub struct Turn {
    /// Where it is declared.
    #[doc(hidden)]
    pub place: SourceLocation,
    /// Its name for tests, if it has one.
    #[doc(hidden)]
    pub name: Option<Str>,
    /// The matchers, which must all hold.
    #[doc(hidden)]
    pub matchers: List<Matcher>,
    /// The parts of its answer, in order.
    #[doc(hidden)]
    pub actions: List<Action>,
    /// How often it answers.
    #[doc(hidden)]
    pub count: Count,
    /// The time from the answer's beginning to its first event.
    #[doc(hidden)]
    pub ttft: Duration,
    /// The time between one content delta and the next.
    #[doc(hidden)]
    pub pace: Pace,
    /// How a streamed text is split.
    #[doc(hidden)]
    pub split: Split,
    /// The number of pieces in which the arguments of each call are streamed.
    #[doc(hidden)]
    pub pieces: u32,
    /// The fault that breaks the answer off, if there is one.
    #[doc(hidden)]
    pub fault: Option<Fault>,
    /// The finish reason; unset for `tool_calls` if the turn calls a tool, and `stop` otherwise.
    #[doc(hidden)]
    pub finish: Setting<FinishReason>,
    /// The usage of the answer; unset for that of the scenario.
    #[doc(hidden)]
    pub usage: Setting<Usage>,
    /// The keep-alive that a silent stream sends over the wire, if it sends one.
    #[doc(hidden)]
    pub keepalive: Option<Keepalive>,
    /// How events that are due at the same time are written over the wire.
    #[doc(hidden)]
    pub flush: Flush,
    /// The status of a raw answer, from 200 to 999; `None` for 200.
    #[doc(hidden)]
    pub status: Option<u16>,
    /// Headers of the HTTP answer: names and values. They replace the provider's headers of the same names.
    #[doc(hidden)]
    pub headers: List<(Str, Str)>,
    /// Its relation to recorded exchanges.
    #[cfg(feature = "cassette")]
    #[doc(hidden)]
    pub replay: Replay,
}

impl Turn {
    /// A turn that answers any request once, and has no answer yet.
    #[doc(hidden)]
    pub const EMPTY: Turn = Turn {
        place: SourceLocation::UNKNOWN,
        name: None,
        matchers: Cow::Borrowed(&[]),
        actions: Cow::Borrowed(&[]),
        count: Count::ONCE,
        ttft: Duration::ZERO,
        pace: Pace::NONE,
        split: Split::Words,
        pieces: 1,
        fault: None,
        finish: Setting::Unset,
        usage: Setting::Unset,
        keepalive: None,
        flush: Flush::Together,
        status: None,
        headers: Cow::Borrowed(&[]),
        #[cfg(feature = "cassette")]
        replay: Replay::No,
    };

    /// Whether the turn requires a path. Only such turns answer requests for paths that are not those of a wire.
    pub(crate) fn names_paths(&self) -> bool {
        self.matchers.any(&Matcher::names_paths)
    }

    /// Whether it answers with a recorded response.
    pub(crate) fn is_replayed(&self) -> bool {
        #[cfg(feature = "cassette")]
        return self.replay.exchange().is_some();
        #[cfg(not(feature = "cassette"))]
        false
    }

    /// Whether the turn has words that only a stream shows.
    pub(crate) fn is_for_streams(&self) -> bool {
        let is_stream = |action: &Action| {
            use Action::{ReasoningStream, RefusalStream, Stream};
            matches!(action, Stream(_) | ReasoningStream(_) | RefusalStream(_))
        };
        self.keepalive.is_some() || self.flush != Flush::Together || self.actions.any(&is_stream)
    }

    /// Whether the turn takes time.
    pub(crate) fn takes_time(&self) -> bool {
        let fault = self.fault.as_ref();
        let timed = fault.is_some_and(|fault| matches!(fault.after, After::Time(_)));
        let pauses = self
            .actions
            .any(&|action| matches!(action, Action::Pause(_)));
        timed || pauses || !self.ttft.is_zero() || self.pace != Pace::NONE
    }

    /// Whether the answer is only known at run time: from a closure, or from reading a raw answer.
    pub(crate) fn responds(&self) -> bool {
        let is_closure = |action: &Action| matches!(action, Action::Respond(_) | Action::Raw(_));
        self.actions.any(&is_closure)
    }

    /// Which requests it answers; `None` for either kind, as a failure does.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let ends = |fault: &Fault| fault.kind == FaultKind::End;
        let of_fault = self.fault.as_ref().is_some_and(ends).then_some(Kind::Chat);
        self.actions.iter().find_map(Action::kind).or(of_fault)
    }

    /// Its vectors, in order: `None` for one that is made from the text.
    pub(crate) fn embeddings(&self) -> Vec<Option<&[f32]>> {
        let mut vectors = Vec::new();
        for action in self.actions.iter() {
            match action {
                Action::Embed => vectors.push(None),
                Action::EmbedVector(vector) => vectors.push(Some(&**vector)),
                _ => {}
            }
        }
        vectors
    }

    /// The matchers that must all hold, those within `all_of(..)` one by one.
    pub(crate) fn conjuncts(&self) -> Vec<&Matcher> {
        Matcher::conjuncts(&self.matchers)
    }

    /// The tool whose result it answers, if it answers that of one.
    pub(crate) fn awaited_tool(&self) -> Option<&Str> {
        for &matcher in &self.conjuncts() {
            if let Matcher::ToolResult(tool) = matcher {
                return Some(tool);
            }
        }
        None
    }

    /// The async closure that answers, if one does.
    pub(crate) fn async_responder(&self) -> Option<&Responder> {
        self.actions.iter().find_map(|action| match action {
            Action::Respond(respond) => Some(&respond.responder).filter(|it| it.is_async()),
            _ => None,
        })
    }

    /// Whether a text in it has variables.
    pub(crate) fn has_templates(&self) -> bool {
        !self.variables().is_empty()
    }

    /// The variables of all its texts, in order.
    pub(crate) fn variables(&self) -> Vec<&Variable> {
        let mut variables = Vec::new();
        for action in self.actions.iter() {
            for text in action.texts() {
                text.add_variables(&mut variables);
            }
        }
        if let Some(Fault {
            kind: FaultKind::Error(failure),
            ..
        }) = &self.fault
            && let Some(message) = &failure.message
        {
            message.add_variables(&mut variables);
        }
        for &id in &self.call_ids() {
            id.add_variables(&mut variables);
        }
        variables
    }
}

/// How often a turn answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The minimum. If the turn answers fewer times, the test fails.
    #[doc(hidden)]
    pub min: u32,
    /// The maximum; [`u32::MAX`] for none.
    #[doc(hidden)]
    pub max: u32,
}

impl Count {
    /// Exactly once.
    pub const ONCE: Count = Count { min: 1, max: 1 };
    /// Any number of times, including none.
    pub const ALWAYS: Count = Count {
        min: 0,
        max: u32::MAX,
    };
    /// Once or more.
    pub const FOREVER: Count = Count {
        min: 1,
        max: u32::MAX,
    };
}

impl From<u32> for Count {
    fn from(times: u32) -> Self {
        Count {
            min: times,
            max: times,
        }
    }
}

impl From<RangeInclusive<u32>> for Count {
    fn from(times: RangeInclusive<u32>) -> Self {
        Count {
            min: *times.start(),
            max: *times.end(),
        }
    }
}

impl From<RangeFrom<u32>> for Count {
    fn from(times: RangeFrom<u32>) -> Self {
        Count {
            min: times.start,
            max: u32::MAX,
        }
    }
}

/// How a streamed text is split. The pieces of [`Action::Stream`] are not split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub enum Split {
    /// Words, each with the white space after it.
    #[doc(hidden)]
    Words,
    /// Pieces of this many characters.
    #[doc(hidden)]
    Chars(u32),
    /// Pieces of a random number of characters between the two, drawn uniformly from the mock's seed.
    #[doc(hidden)]
    Random(u32, u32),
    /// One piece.
    #[doc(hidden)]
    Whole,
}
