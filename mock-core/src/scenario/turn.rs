use std::borrow::Cow;
use std::time::Duration;

use super::{List, Matcher, Place, Profile, Str, Text, Variable};
use crate::error::{ErrorKind, ProviderError};

/// One turn of a script: when it answers, what it answers, in what time, how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Where it is declared.
    pub place: Place,
    /// What a request must be for the turn to answer it: all of these.
    pub matchers: List<Matcher>,
    /// What it answers, in order.
    pub actions: List<Action>,
    /// How often it answers.
    pub count: Count,
    /// The time from the answer's beginning to its first event.
    pub ttft: Duration,
    /// The time between one content delta and the next.
    pub every: Duration,
    /// How the answer breaks off, if it does.
    pub fault: Option<Fault>,
}

impl Turn {
    /// A turn that answers any request, once, with nothing.
    pub const NEW: Turn = Turn {
        place: Place::UNKNOWN,
        matchers: Cow::Borrowed(&[]),
        actions: Cow::Borrowed(&[]),
        count: Count::ONCE,
        ttft: Duration::ZERO,
        every: Duration::ZERO,
        fault: None,
    };

    /// Whether time goes by in it.
    pub(crate) fn takes_time(&self) -> bool {
        let fault = self.fault.as_ref();
        let timed = fault.is_some_and(|fault| matches!(fault.after, After::Time(_)));
        timed || !self.ttft.is_zero() || !self.every.is_zero()
    }

    /// Every text in it that may be a template.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        let fault = self.fault.iter().flat_map(|fault| match &fault.kind {
            FaultKind::Error(failure) => failure.message.as_slice(),
            _ => &[],
        });
        let actions = self.actions.iter().flat_map(|action| match action {
            Action::Reply(text) | Action::Reasoning(text) | Action::Refusal(text) => {
                std::slice::from_ref(text)
            }
            Action::Stream(texts) => &texts[..],
            Action::Call(call) => std::slice::from_ref(&call.arguments),
            Action::Fail(failure) => failure.message.as_slice(),
        });
        actions.chain(fault)
    }
}

/// How often a turn answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// At least so often, or the test fails.
    pub min: u32,
    /// At most so often; [`u32::MAX`] is without end.
    pub max: u32,
}

impl Count {
    /// Once, no more and no less.
    pub const ONCE: Count = Count { min: 1, max: 1 };
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

impl From<std::ops::RangeInclusive<u32>> for Count {
    fn from(times: std::ops::RangeInclusive<u32>) -> Self {
        Count {
            min: *times.start(),
            max: *times.end(),
        }
    }
}

impl From<std::ops::RangeFrom<u32>> for Count {
    fn from(times: std::ops::RangeFrom<u32>) -> Self {
        Count {
            min: times.start,
            max: u32::MAX,
        }
    }
}

/// A part of what a turn answers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// This text; streamed, it comes word by word.
    Reply(Text),
    /// These pieces of text.
    Stream(List<Text>),
    /// The model's reasoning, streamed as a reply is.
    Reasoning(Text),
    /// The words in which the model declines, streamed as a reply is.
    Refusal(Text),
    /// A tool call.
    Call(ScriptedCall),
    /// A failure.
    Fail(Failure),
}

/// A tool call that a turn makes.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptedCall {
    /// The tool.
    pub tool: Str,
    /// The arguments, a JSON text. Values of variables are escaped to stand in a JSON string.
    pub arguments: Text,
}

/// A failure that a turn answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What goes wrong.
    pub kind: ErrorKind,
    /// The message; `None` for the kind's own.
    pub message: Option<Text>,
    /// How long the client is told to wait.
    pub retry_after: Option<Duration>,
    /// The status; `None` for the kind's own.
    pub status: Option<u16>,
}

impl Failure {
    /// A failure of this kind with nothing else said. To be filled in: `Failure { kind, ..Failure::NEW }`.
    pub const NEW: Failure = Failure {
        kind: ErrorKind::Generic,
        message: None,
        retry_after: None,
        status: None,
    };

    /// The error that a provider of this profile reports.
    pub(crate) fn error<'a>(
        &self,
        profile: Profile,
        value: impl Fn(&Variable) -> Cow<'a, str>,
    ) -> ProviderError {
        let mut error = ProviderError::new(self.kind);
        if let Some(message) = &self.message {
            error.message = message.render(value);
        }
        error.status = self.status.or(error.status);
        error.retry_after = self.retry_after;
        error.provider = Some(profile.name().into());
        error
    }
}

/// How an answer breaks off.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// When.
    pub after: After,
}

/// What happens to an answer that breaks off.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is lost: a `connection` failure.
    Cut,
    /// The answer ends as if it were complete, but without its finish event.
    End,
    /// Nothing comes any more.
    Stall,
    /// The provider reports this failure.
    Error(Failure),
    /// Something comes that cannot be read: an `invalid_response` failure.
    Malformed,
}

/// When an answer breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// After so many content deltas: pieces of text, reasoning, refusal and arguments.
    Deltas(u32),
    /// After all content, before the finish event.
    All,
    /// So long after the answer began.
    Time(Duration),
}

impl From<u32> for After {
    fn from(deltas: u32) -> Self {
        After::Deltas(deltas)
    }
}

impl From<Duration> for After {
    fn from(time: Duration) -> Self {
        After::Time(time)
    }
}
